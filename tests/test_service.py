"""`cairn service`: the unit that is written, what the manager is told, logs, and upgrades."""

from __future__ import annotations

import json
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from cairn.app import protocol, service
from cairn.app.log import shorten
from tests.conftest import Cairn, wait_until

MANAGER = """#!/bin/sh
echo "$*" >> "$0.log"
case "$2" in
  is-active) test -e "$0.active";;
  enable) touch "$0.enabled";;
  is-enabled) test -e "$0.enabled";;
  restart) touch "$0.active";;
  disable) rm -f "$0.enabled" "$0.active";;
esac
"""


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for systemd: notes what it is told, and believes it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemctl"
    program.write_text(MANAGER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "systemctl.log"


@pytest.fixture
def no_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "none"))


def test_it_is_installed_once_and_started(manager: Path) -> None:
    first = service.install()
    assert (first.written, first.current, first.enabled, first.running) == (True,) * 4
    told = manager.read_text()
    assert "daemon-reload" in told and f"enable {service.name()}" in told
    service.install()
    again = manager.read_text()[len(told) :]
    assert "restart" not in again and "daemon-reload" not in again


def test_a_unit_of_an_older_version_is_renewed(manager: Path) -> None:
    service.install()
    unit = service.unit_path()
    unit.write_text(unit.read_text().replace("Nice=5", "Nice=7"))
    assert not service.state().current
    before = len(manager.read_text())
    assert service.install().current
    assert "restart" in manager.read_text()[before:]


def test_uninstalling_leaves_nothing_and_may_be_repeated(manager: Path) -> None:
    service.install()
    assert service.uninstall()
    assert not service.unit_path().exists()
    assert not service.uninstall()
    assert not service.state().written


def test_without_a_manager_the_unit_is_written_and_the_command_told(
    cairn: Cairn, no_manager: None
) -> None:
    ran = cairn("service", "install")
    assert ran.code == 0
    assert Path(ran.out.strip()).is_file()
    assert "systemctl --user enable --now" in ran.err
    assert cairn("service", "status").code == 3
    assert cairn("service", "uninstall").code == 0


@pytest.mark.parametrize("name", ["home", 'a home\'s 50% "$HOME"'])
def test_systemd_takes_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path / name))
    service.install()
    text = service.unit_path().read_text()
    assert "NoNewPrivileges=yes" in text and "RestrictAddressFamilies=AF_UNIX" in text
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(service.unit_path())],
        capture_output=True, text=True, check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_line_that_systemd_runs_makes_a_daemon_that_stays(cairn: Cairn) -> None:
    service.install()
    line = next(
        row.partition("=")[2]
        for row in service.unit_path().read_text().splitlines()
        if row.startswith("ExecStart=")
    )
    process = subprocess.Popen(shlex.split(line), stdout=subprocess.DEVNULL, cwd="/")
    try:
        wait_until(lambda: cairn("daemon", "status").code == 0)
        daemon = json.loads(cairn("daemon", "status", "--json").out)["data"]["daemon"]
        assert (daemon["pid"], daemon["keep"], daemon["service"]) == (process.pid, True, True)
        assert cairn("daemon", "stop").code == 0
        assert process.wait(30) == 0  # no reason to start it again
    finally:
        process.kill()
        process.wait()


OLD = """
import sys
from cairn.app import protocol
protocol.VERSION = "0.0.1"
from cairn.app import daemon
daemon.main()
"""


def old_daemon(flag: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", OLD, flag], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert "ready" in process.stdout.readline()
    process.stdout.close()
    return process


def test_a_daemon_of_an_older_version_is_succeeded_by_one_that_stays_as_well(cairn: Cairn) -> None:
    process = old_daemon("--keep")
    daemon = json.loads(cairn("status", "--json").out)["data"]["daemon"]
    assert process.wait(30) == 0
    assert (daemon["version"], daemon["keep"]) == (protocol.VERSION, True)


def test_a_service_of_an_older_version_leaves_to_be_started_again(cairn: Cairn) -> None:
    process = old_daemon(service.FLAG)
    asking = cairn.start("status", "--json")
    assert process.wait(30) == service.AGAIN
    successor = subprocess.Popen(service.command(), stdout=subprocess.DEVNULL, cwd="/")
    try:
        out, err = asking.communicate(timeout=60)
        assert asking.returncode == 0, err
        assert json.loads(out)["data"]["daemon"]["pid"] == successor.pid
    finally:
        cairn("daemon", "stop")
        assert successor.wait(30) == 0


def test_the_version_is_that_of_the_package() -> None:
    assert version("cairn") == protocol.VERSION


def test_a_version_that_took_its_place_is_noticed_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "protocol.py"
    monkeypatch.setattr(protocol, "__file__", str(file))
    assert not protocol.is_replaced()  # removed: there is nothing to start
    file.write_text('"""x"""\nVERSION = "99.0"\n')
    assert not protocol.is_replaced()  # it may be written still
    os.utime(file, (1, 1))
    assert protocol.is_replaced()
    file.write_text(f'"""x"""\nVERSION = "{protocol.VERSION}"\n')
    os.utime(file, (1, 1))
    assert not protocol.is_replaced()


def test_a_log_keeps_its_end_and_those_who_append_go_on(tmp_path: Path) -> None:
    log = tmp_path / "daemon.log"
    with log.open("a") as writer:
        writer.write("old\n" * 100 + "the last line\n")
        writer.flush()
        shorten(log, most=50)
        writer.write("new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "daemon.log.1").read_text().endswith("the last line\n")
    shorten(log, most=50)
    assert log.read_text() == "new\n"


def test_macos_gets_an_agent_that_starts_again_after_a_fall_only(
    monkeypatch: pytest.MonkeyPatch, no_manager: None
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert service.install().written
    agent = plistlib.loads(service.unit_path().read_bytes())
    assert service.unit_path().suffix == ".plist"
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["ProgramArguments"] == service.command()
    assert agent["EnvironmentVariables"]["CAIRN_HOME"] == os.environ["CAIRN_HOME"]
    assert service.by_hand()[0].startswith("launchctl bootstrap gui/")
