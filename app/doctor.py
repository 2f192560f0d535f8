"""`cairn doctor`: one check for each part, with the next command to run where one is not well.

Looks for itself wherever it can, and asks the daemon only for what only the daemon knows, so that
it still works when the daemon does not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cairn import assets, native
from cairn.app import client, protocol, render
from cairn.core.config import load_config
from cairn.core.errors import CairnError
from cairn.core.home import home_path, open_home

Json = dict[str, Any]
_LOW_DISK = 500 << 20
_FEWEST_TRIED = 20
"""Questions; of fewer no share is told."""


def examine() -> Json:
    checks = [_run(name, check) for name, check in _CHECKS.items()]
    return {"checks": checks}


def _run(name: str, check: Callable[[], tuple[str, str, str]]) -> Json:
    try:
        state, message, command = check()
    except CairnError as error:
        state, message, command = "fail", error.message, error.hint
    except Exception as error:  # a check that breaks is a finding, not the end of the report
        state, message, command = "fail", f"the check broke ({type(error).__name__})", ""
    return {"name": name, "state": state, "message": message, "next": command}


def _settings() -> tuple[str, str, str]:
    load_config()
    return "ok", "valid", ""


def _home() -> tuple[str, str, str]:
    home = open_home(home_path())
    loose = [
        path
        for path in (home.path, home.journal, home.run / "address")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if loose:
        return "warn", f"others may look into {loose[0]}", f"chmod go= {loose[0]}"
    return "ok", f"{home.path}, yours alone", ""


def _disk() -> tuple[str, str, str]:
    free = shutil.disk_usage(open_home(home_path()).path).free
    if free < _LOW_DISK:
        return "warn", f"only {free >> 20} MB are free", "free some space on that disk"
    return "ok", f"{free / 1e9:.0f} GB free", ""


def _native() -> tuple[str, str, str]:
    if native.load_error():
        return (
            "fail", f"searching without native code, many times slower: {native.load_error()}",
            "pip install --force-reinstall --no-binary cairn cairn",
        )  # fmt: skip
    return "ok", f"{native.level()} of {', '.join(native.levels())}", ""


def _embedder() -> tuple[str, str, str]:
    custom = load_config().models.embedder
    if custom:
        found = Path(custom).expanduser().is_file()
        return (
            ("ok", custom, "")
            if found
            else ("fail", f"{custom} is missing", "cairn config set models.embedder ''")
        )
    manifest = json.loads(assets.path("embedder.json").read_text("utf-8"))
    with assets.path("embedder.gguf").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != manifest["sha256"]:
            return "fail", "the shipped model is damaged", "pip install --force-reinstall cairn"
    return "ok", f"{manifest['name']}, checksum right", ""


def _worker() -> tuple[str, str, str]:
    """Start a worker of its own and embed a sentence: the daemon's may be busy or broken."""
    from cairn.core.models.embedding import Embedding

    embedding = Embedding(load_config().models, open_home(home_path()).logs)
    try:
        vectors = embedding.embed(["is anybody there?"])
    finally:
        embedding.close()
    return "ok", f"embeds, {vectors.shape[1]} dimensions, by {embedding.made_by}", ""


def _model() -> tuple[str, str, str]:
    """The model that writes, if there is one; what it says of itself, and whether it fits now."""
    from cairn.core.models.plan import plan_file

    chosen = load_config().models.generator
    if not chosen:
        return "ok", "none is used; answers are put together from your own words", ""
    path = Path(chosen).expanduser()
    try:
        planned = plan_file(path)
    except CairnError as error:
        return "warn", f"{error.message}; answers do without it", "cairn model recommend"
    needs, takes = f"{planned.need / 1e9:.1f} GB", f"{planned.window} tokens"
    return "ok", f"{path.name} fits: needs {needs} of memory, takes in {takes}", ""


def _kernels() -> tuple[str, str, str]:
    """Whether models write faster by our own kernels within llama.cpp, or why they can't."""
    from cairn.core.models.fit.kernels import KERNELS, settle

    models = load_config().models
    if not models.kernels or not models.generator:
        return "ok", "not used: " + ("no model writes" if models.kernels else "switched off"), ""
    found = settle(open_home(home_path()).cache / KERNELS)
    if found.reason:
        return (
            "warn", f"models run by llama.cpp's own kernels: {found.reason}",
            "pip install --force-reinstall cairn",
        )  # fmt: skip
    gains = [f"{kind} {pace.gain:.1f}×" for kind, pace in found.paces if pace.is_worth_it]
    if not gains:
        return "ok", "llama.cpp's own are as fast here, and used", ""
    return "ok", f"our own write as many times as fast as llama.cpp's: {', '.join(gains)}", ""


def _daemon() -> tuple[str, str, str]:
    state = client.call_running("status")
    if state is None:
        return "ok", "not running; it starts by itself when needed", ""
    if state["trouble"]:
        return "fail", state["trouble"], "cairn daemon restart"
    if state["paused"]:
        return "warn", "indexing is paused", "cairn daemon resume"
    return "ok", f"pid {state['daemon']['pid']}, version {state['daemon']['version']}", ""


def _journal() -> tuple[str, str, str]:
    verdict = client.call("check")["journal"]
    if verdict != "ok":
        return "fail", f"damaged: {verdict}", "restore the home from a backup"
    return "ok", "sound", ""


def _index() -> tuple[str, str, str]:
    found = client.call("check")
    if found["rows"] != found["chunks"] or found["vectors"] != found["hot"]:
        return (
            "warn",
            f"{found['rows']} rows and {found['hot']} vectors for {found['chunks']} passages",
            "cairn rebuild",
        )
    if found["vectors"] < found["chunks"]:
        return (
            "warn", f"{found['chunks'] - found['vectors']} passages have no vector yet",
            "cairn status",
        )  # fmt: skip
    how = f"vectors by {found['way']}"
    return "ok", f"{found['rows']} passages, all searchable by words and meaning; {how}", ""


def _queue() -> tuple[str, str, str]:
    counts = client.call("status")["counts"]
    if counts["dead"]:
        failed = [each for each in client.call("failed")["files"] if each["state"] == "failed"]
        dead = [each for each in failed if each["code"] in ("given-up", "crashed")]
        such = [f", such as {each['path'] or each['uri']}: {each['reason']}" for each in dead[:1]]
        many = render.count(counts["dead"], "file or conversation", "files or conversations")
        were = "was" if counts["dead"] == 1 else "were"
        return "warn", f"{many} {were} given up on{''.join(such)}", "cairn status --failed"
    return "ok", f"{render.count(counts['queued'] + counts['to_embed'], 'file')} waiting", ""


def _folders() -> tuple[str, str, str]:
    state = client.call("status")
    for root in state["roots"]:
        if root["problem"]:
            return (
                "warn", f"{root['path']}: {root['problem']}",
                "plug its disk in, or mount it, again; `cairn remove` only if it is gone for good",
            )  # fmt: skip
    for path, reason in state["watch_problems"].items():
        return "warn", f"{path} is not watched live: {reason}", "cairn status"
    if len(state["roots"]) < 2:
        return "warn", "no folder is watched yet", "cairn add ~/notes"
    return "ok", f"{len(state['roots']) - 1} watched", ""


def _conversations() -> tuple[str, str, str]:
    sources = client.call("sources")["sources"]
    for source in sources:
        if source["problems"]:
            count, (uri, reason) = len(source["problems"]), source["problems"][0]
            return "warn", f"{count} not read, such as {uri}: {reason}", "cairn sources"
        if source["unknown"]:
            kinds, version = ", ".join(source["unknown"]), source["version"] or "unknown"
            message = f"{source['words']} (version {version}) writes what is unknown here: {kinds}"
            return "warn", message, "cairn sources"
    found = client.call("detect", {"env": dict(os.environ)})["found"]
    for store in found:
        if store["expires"] and not store["followed"]:
            return (
                "warn",
                f"{store['expires']}; they are not read",
                f"cairn sources add {store['kind']}",
            )
    count = client.call("status")["counts"]["conversations"]
    notes = [source["expires"] for source in sources if source["expires"]]
    kept = f"; {'; '.join(notes)}, what was read stays" if notes else ""
    return "ok", f"{count} from {render.count(len(sources), 'source')}{kept}", ""


def _tree() -> tuple[str, str, str]:
    state = client.call("status")["tree"]
    if state["troubles"]:
        first = state["troubles"][0]
        many = render.count(len(state["troubles"]), "file")
        told = f"{many} not read as an entry, such as {first['path']}: {first['reason']}"
        return "warn", told, "cairn tree"
    if state["given_up"]:
        count, (uri, reason) = len(state["given_up"]), state["given_up"][0]
        return (
            "warn", f"{count} not looked through for entries, such as {uri}: {reason}",
            "cairn rebuild",
        )  # fmt: skip
    waiting = f", {render.count(state['waiting'], 'question')} for you" if state["waiting"] else ""
    return "ok", f"{render.count(state['entries'], 'entry', 'entries')}{waiting}", ""


def _privacy() -> tuple[str, str, str]:
    state = client.call("status")
    if state["private"]:
        return "warn", state["private"], "cairn private off"
    if state["tree_secrets"]:
        named = ", ".join(state["tree_secrets"][:3])
        return "warn", f"secrets stand in files of your own tree: {named}", "edit them out there"
    files = render.count(state["counts"]["redacted"], "file")
    secrets = [sum(each["redacted"].values()) for each in client.call("sources")["sources"]]
    chats = f"; {render.count(sum(secrets), 'secret')} left out of conversations"
    return "ok", f"secrets left out of {files}{chats if sum(secrets) else ''}", ""


def _languages() -> tuple[str, str, str]:
    found = client.call("status")["languages"]
    if not found:
        return "ok", "all that was read is in a language that the embedder knows", ""
    named = ", ".join(f"{count} in {name}" for name, count in found[:5])
    more = f" and {len(found) - 5} more languages" if len(found) > 5 else ""
    return "ok", f"found by their words only, not by meaning: {named}{more}", ""


def _answers() -> tuple[str, str, str]:
    """Whether it tells what it knows from what it doesn't, tried out while nothing else was due."""
    tried = client.call("check")["tried"]
    if not tried:
        return "ok", "not tried out yet; that is done while cairn is idle", ""
    if min(tried["asked"], tried["absent"]) < _FEWEST_TRIED:
        return "ok", "there are too few sentences in your memory to try it out", ""
    answered = round(100 * tried["answered"] / tried["asked"])
    mistaken = round(100 * tried["mistaken"] / tried["absent"])
    return (
        "ok",
        f"of {tried['asked']} questions made from your own notes {answered} % would be answered, "
        f"of {tried['absent']} about nothing in them {mistaken} %; "
        "it is harder in other words than theirs",
        "",
    )


def _programs() -> tuple[str, str, str]:
    """What reads the few kinds of files that cairn can't read alone."""
    missing = [
        f"{program} ({what})"
        for program, what in _HELPERS.items()
        if not any(shutil.which(name) for name in program.split("/"))
    ]
    if not missing:
        return "ok", "all of those that cairn can make use of are installed", ""
    return "ok", f"not installed, and missed by such files only: {', '.join(missing)}", ""


_HELPERS = {
    "tesseract": "scanned pages", "soffice": "Pages, Numbers, WordPerfect",
    "antiword/catdoc": "Word before 97",
}  # fmt: skip


def _socket() -> tuple[str, str, str]:
    address = protocol.read_address(str(home_path()))
    if not address:
        return "ok", "none while no daemon runs", ""
    path = Path(address)
    if path.exists() and (
        stat.S_IMODE(path.stat().st_mode) & 0o077 or path.stat().st_uid != os.geteuid()
    ):
        return "fail", f"{path} is open to others", "cairn daemon restart"
    return "ok", "yours alone", ""


_CHECKS: dict[str, Callable[[], tuple[str, str, str]]] = {
    "settings": _settings,
    "home": _home,
    "disk": _disk,
    "native code": _native,
    "embedder": _embedder,
    "worker": _worker,
    "model": _model,
    "kernels": _kernels,
    "journal": _journal,
    "index": _index,
    "queue": _queue,
    "folders": _folders,
    "chats": _conversations,
    "tree": _tree,
    "privacy": _privacy,
    "languages": _languages,
    "answers": _answers,
    "programs": _programs,
    "daemon": _daemon,
    "socket": _socket,
}
