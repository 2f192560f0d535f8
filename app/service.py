"""`cairn service`: has the system start the daemon at login, and again after a fall.

Called by commands/service.py and by `cairn daemon`. A systemd user unit on Linux, a LaunchAgent on
macOS; where neither runs the file is written all the same, and the command to run is told.
"""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cairn import assets
from cairn.app import protocol
from cairn.core.errors import Unavailable
from cairn.core.home import open_home
from cairn.core.records import digest

AGAIN = 75
"""The exit status with which a daemon asks to be started anew."""
FLAG = "--service"
_LABEL = "org.cairn.daemon"
_PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class State:
    path: str
    """Of the unit, there or not."""
    written: bool
    current: bool
    """It says what `install` would write now."""
    manager: bool
    """The system's manager of services can be reached for this user."""
    enabled: bool
    running: bool


def state() -> State:
    path = unit_path()
    written = path.is_file()
    manager = _has_manager()
    return State(
        str(path), written, written and path.read_bytes() == _content(), manager,
        manager and written and _asks("is-enabled"), manager and written and _asks("is-active"),
    )  # fmt: skip


def install() -> State:
    """Write the unit and start it; again it changes nothing, or renews an old version's unit."""
    path, content = unit_path(), _content()
    is_new = not path.is_file() or path.read_bytes() != content
    if is_new:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if _has_manager():
        _start(is_new=is_new)
    return state()


def uninstall() -> bool:
    """Stop it and take the unit away; False where there was none."""
    path = unit_path()
    if not path.is_file():
        return False
    if _has_manager():
        if _is_mac():
            _run("launchctl", "bootout", f"{_domain()}/{_label()}", check=False)
        else:
            _run("systemctl", "--user", "disable", "--now", name())
    path.unlink()
    if _has_manager() and not _is_mac():
        _run("systemctl", "--user", "daemon-reload")
    return True


def restart() -> bool:
    """By the manager, if the daemon is its business; False where it isn't."""
    if not (unit_path().is_file() and _has_manager()):
        return False
    if _is_mac():
        _run("launchctl", "kickstart", "-k", f"{_domain()}/{_label()}")
    else:
        _run("systemctl", "--user", "restart", name())
    return True


def by_hand() -> list[str]:
    """What to run where the manager can't be reached from here."""
    if _is_mac():
        return [f"launchctl bootstrap {_domain()} {unit_path()}"]
    return ["systemctl --user daemon-reload", f"systemctl --user enable --now {name()}"]


def stays_after_logout() -> bool:
    """Whether systemd keeps this user's services without a login."""
    if _is_mac() or not shutil.which("loginctl"):
        return True
    told = _run("loginctl", "show-user", str(os.getuid()), "--property=Linger", check=False)
    return told.stdout.strip() != "Linger=no"


def name() -> str:
    """Of the unit; a home elsewhere has one of its own."""
    usual = protocol.home_of({k: v for k, v in os.environ.items() if k != "CAIRN_HOME"})
    home = protocol.home_of()
    return "cairn" if home == usual else f"cairn-{digest(home, size=4)}"


def unit_path() -> Path:
    user = Path.home()
    if _is_mac():
        return user / "Library" / "LaunchAgents" / f"{_label()}.plist"
    base = Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config")
    return base / "systemd" / "user" / f"{name()}.service"


def command() -> list[str]:
    return [sys.executable, "-P", "-m", "cairn.app.daemon", FLAG]


# -- what is written


def _content() -> bytes:
    home = open_home(Path(protocol.home_of()))
    env = {"CAIRN_HOME": str(home.path), "CAIRN_CONFIG": protocol.config_of()}
    log = str(home.logs / "daemon.log")
    if _is_mac():
        return _agent(env, log)
    # The runtime folder is where the socket is; converters of old formats write below /tmp.
    writes = [_word(str(home.path)), "%t", "/tmp"]
    text = assets.path("cairn.service").read_text("utf-8").format(
        name=name(), again=AGAIN, log=_escaped(log), writes=" ".join(writes),
        command=" ".join(_word(each).replace("$", "$$") for each in command()),
        environment=" ".join(_word(f"{key}={value}") for key, value in env.items()),
    )  # fmt: skip
    return text.encode()


def _agent(env: dict[str, str], log: str) -> bytes:
    return plistlib.dumps(
        {
            "Label": _label(), "ProgramArguments": command(), "EnvironmentVariables": env,
            "RunAtLoad": True, "KeepAlive": {"SuccessfulExit": False}, "ThrottleInterval": 20,
            "ProcessType": "Background", "LowPriorityIO": True, "Nice": 5, "Umask": 0o077,
            "StandardErrorPath": log,
        }
    )  # fmt: skip


def _word(text: str) -> str:
    """As one word of a unit file."""
    escaped = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    if "\n" in text:
        raise Unavailable(f"a unit can't name {text!r}", "move it to a path without a line break")
    return text.replace("%", "%%")


# -- the manager


def _start(*, is_new: bool) -> None:
    """Enable it, and have it take over from a daemon that a command started."""
    from cairn.app import client

    if _is_mac():
        if is_new:
            _run("launchctl", "bootout", f"{_domain()}/{_label()}", check=False)
            client.stop()
            _run("launchctl", "bootstrap", _domain(), str(unit_path()))
        return
    if is_new:
        _run("systemctl", "--user", "daemon-reload")
    if not is_new and _asks("is-active"):
        return
    client.stop()
    _run("systemctl", "--user", "enable", name())
    _run("systemctl", "--user", "restart", name())


def _has_manager() -> bool:
    if _is_mac():
        return shutil.which("launchctl") is not None
    if not shutil.which("systemctl"):
        return False
    return _run("systemctl", "--user", "show-environment", check=False).returncode == 0


def _asks(what: str) -> bool:
    if _is_mac():
        told = _run("launchctl", "print", f"{_domain()}/{_label()}", check=False)
        return told.returncode == 0 and (what == "is-enabled" or "state = running" in told.stdout)
    return _run("systemctl", "--user", what, "--quiet", name(), check=False).returncode == 0


def _run(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"`{' '.join(words)}` does not answer", "run it by hand") from error
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        told = f": {said[-1]}" if said else ""
        raise Unavailable(f"`{' '.join(words)}` failed{told}", "run it by hand to see more")
    return done


def _is_mac() -> bool:
    return sys.platform == "darwin"


def _label() -> str:
    return _LABEL + name().removeprefix("cairn")


def _domain() -> str:
    return f"gui/{os.getuid()}"
