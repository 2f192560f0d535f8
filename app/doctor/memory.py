"""What only the daemon knows of itself and the memory: one check for each part.

Called by the package; `told` asks the daemon, each thing once.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cairn.app import client, render

Json = dict[str, Any]
Told = Callable[..., Json]
Finding = tuple[str, str, str]
"""ok, warn or fail; what it is; the next command."""
_FEWEST_TRIED = 20
"""Questions; of fewer no share is told."""
_MOST_DEAD, _LITTLE = 3, 100 << 20
_NEARLY = 0.8


def _daemon(told: Told) -> Finding:
    state = client.call_running("status")
    if state is None:
        return "ok", "not running; it starts by itself when needed", ""
    if state["trouble"]:
        return "fail", state["trouble"], "cairn daemon restart"
    if state["paused"]:
        return "warn", "indexing is paused", "cairn daemon resume"
    return "ok", f"pid {state['daemon']['pid']}, version {state['daemon']['version']}", ""


def _journal(told: Told) -> Finding:
    verdict = told("check")["journal"]
    if verdict != "ok":
        return "fail", f"damaged: {verdict}", "cairn doctor --repair"
    return "ok", "sound", ""


def _index(told: Told) -> Finding:
    found = told("check")
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
    room = found["room"]
    kept = f"{room['taken'] / 1e6:.1f} MB of disk, {room['used'] / 1e6:.1f} MB of it in use"
    if room["taken"] > _MOST_DEAD * room["used"] + _LITTLE:
        return "warn", f"{kept}: old versions were not tidied away", "cairn rebuild"
    return "ok", f"{found['rows']} passages, all searchable by words and meaning; {kept}", ""


def _vectors(told: Told) -> Finding:
    """How the nearest in meaning are searched, and whether that finds them."""
    found = told("check")
    if found["doubt"]:
        return "warn", found["doubt"], "cairn rebuild"
    return "ok", f"{render.count(found['hot'], 'vector')}, {found['way']}", ""


def _queue(told: Told) -> Finding:
    counts = told("status")["counts"]
    if counts["dead"]:
        failed = [each for each in told("failed")["files"] if each["state"] == "failed"]
        dead = [each for each in failed if each["code"] in ("given-up", "crashed", "disk-error")]
        such = [f", such as {each['path'] or each['uri']}: {each['reason']}" for each in dead[:1]]
        many = render.count(counts["dead"], "file or conversation", "files or conversations")
        were = "was" if counts["dead"] == 1 else "were"
        return "warn", f"{many} {were} given up on{''.join(such)}", "cairn status --failed"
    return "ok", f"{render.count(counts['queued'] + counts['to_embed'], 'file')} waiting", ""


def _folders(told: Told) -> Finding:
    state = told("status")
    for root in state["roots"]:
        if root["problem"]:
            return (
                "warn", f"{root['path']}: {root['problem']}",
                "plug its disk in, or mount it, again; `cairn remove` only if it is gone for good",
            )  # fmt: skip
    if len(state["roots"]) < 2:
        return "warn", "no folder is watched yet", "cairn add ~/notes"
    return "ok", f"{len(state['roots']) - 1} watched", ""


def _coverage(told: Told) -> Finding:
    """How much of the files is searchable, and what is not."""
    counts = told("status")["counts"]
    whole = counts["indexed"] + counts["skipped"] + counts["failed"] + counts["named"]
    if not whole:
        return "ok", "no files yet", ""
    aside = [
        f"{counts[name]} {words}"
        for name, words in (("named", "by name so far"), ("skipped", "passed over"))
        if counts[name]
    ]
    message = "; ".join([f"{counts['indexed']} of {whole} files are searchable", *aside])
    if counts["failed"]:
        many = render.count(counts["failed"], "file")
        return "warn", f"{message}; {many} could not be read", "cairn status --failed"
    return "ok", message, ""


def _watching(told: Told) -> Finding:
    """Whether changes are seen as they happen, and how near the system's limit is."""
    for path, reason in told("status")["watch_problems"].items():
        sysctl = "sudo sysctl fs.inotify.max_user_watches=1048576"
        if "instances" in reason:
            sysctl = "sudo sysctl fs.inotify.max_user_instances=1024"
        return (
            "warn", f"{path} is not watched live: {reason}",
            sysctl if "inotify" in reason else "cairn status",
        )  # fmt: skip
    most = _number(Path("/proc/sys/fs/inotify/max_user_watches"))
    if not most:
        return "ok", "changes are seen as they happen", ""
    used = _watches(told("status")["daemon"]["pid"])
    message = f"{used} of the system's {most} watches are used"
    if used > _NEARLY * most:
        return "warn", message, f"sudo sysctl fs.inotify.max_user_watches={2 * most}"
    return "ok", message, ""


def _watches(pid: int) -> int:
    """One for each folder that the daemon watches."""
    used = 0
    for file in Path(f"/proc/{pid}/fdinfo").glob("*"):
        with contextlib.suppress(OSError):
            used += file.read_text().count("inotify wd:")
    return used


def _number(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0


def _conversations(told: Told) -> Finding:
    sources = told("sources")["sources"]
    for source in sources:
        if source["problems"]:
            count, (uri, reason) = len(source["problems"]), source["problems"][0]
            return "warn", f"{count} not read, such as {uri}: {reason}", "cairn sources"
        if source["unknown"]:
            kinds, version = ", ".join(source["unknown"]), source["version"] or "unknown"
            message = f"{source['words']} (version {version}) writes what is unknown here: {kinds}"
            return "warn", message, "cairn sources"
    found = told("detect", {"env": dict(os.environ)})["found"]
    for store in found:
        if store["expires"] and not store["followed"]:
            return (
                "warn",
                f"{store['expires']}; they are not read",
                f"cairn sources add {store['kind']}",
            )
    count = told("status")["counts"]["conversations"]
    notes = [source["expires"] for source in sources if source["expires"]]
    kept = f"; {'; '.join(notes)}, what was read stays" if notes else ""
    return "ok", f"{count} from {render.count(len(sources), 'source')}{kept}", ""


def _tree(told: Told) -> Finding:
    state = told("status")["tree"]
    if state["troubles"]:
        first = state["troubles"][0]
        many = render.count(len(state["troubles"]), "file")
        message = f"{many} not read as an entry, such as {first['path']}: {first['reason']}"
        return "warn", message, "cairn tree"
    if state["given_up"]:
        count, (uri, reason) = len(state["given_up"]), state["given_up"][0]
        return (
            "warn", f"{count} not looked through for entries, such as {uri}: {reason}",
            "cairn rebuild",
        )  # fmt: skip
    waiting = f", {render.count(state['waiting'], 'question')} for you" if state["waiting"] else ""
    return "ok", f"{render.count(state['entries'], 'entry', 'entries')}{waiting}", ""


def _privacy(told: Told) -> Finding:
    state = told("status")
    if state["private"]:
        return "warn", state["private"], "cairn private off"
    if state["tree_secrets"]:
        named = ", ".join(state["tree_secrets"][:3])
        return "warn", f"secrets stand in files of your own tree: {named}", "edit them out there"
    files = render.count(state["counts"]["redacted"], "file")
    secrets = [sum(each["redacted"].values()) for each in told("sources")["sources"]]
    chats = f"; {render.count(sum(secrets), 'secret')} left out of conversations"
    return "ok", f"secrets left out of {files}{chats if sum(secrets) else ''}", ""


def _languages(told: Told) -> Finding:
    found = told("status")["languages"]
    if not found:
        return "ok", "all that was read is in a language that the embedder knows", ""
    named = ", ".join(f"{count} in {name}" for name, count in found[:5])
    more = f" and {len(found) - 5} more languages" if len(found) > 5 else ""
    return "ok", f"found by their words only, not by meaning: {named}{more}", ""


def _answers(told: Told) -> Finding:
    """Whether it tells what it knows from what it doesn't, tried out while nothing else was due."""
    tried = told("check")["tried"]
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


CHECKS: dict[str, Callable[[Told], Finding]] = {
    "daemon": _daemon,
    "journal": _journal,
    "index": _index,
    "vector search": _vectors,
    "queue": _queue,
    "folders": _folders,
    "coverage": _coverage,
    "watching": _watching,
    "chats": _conversations,
    "tree": _tree,
    "privacy": _privacy,
    "languages": _languages,
    "answers": _answers,
}
