"""`cairn backup` and `cairn restore`: copied by the command itself, and told to a person.

The daemon only holds a copy still: where it runs as a service it may write to its own folders
alone, and indexing goes on while the copy is carried away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cairn.app import client, protocol, render, service
from cairn.core.backup.manifest import Manifest
from cairn.core.backup.snapshot import LOCK
from cairn.core.backup.store import Backups
from cairn.core.destination import check_destination
from cairn.core.errors import Busy
from cairn.core.home import Home, Lock, home_path

Json = dict[str, Any]
_OFTEN_S = 0.1


def back_up(folder: Path, keep: int) -> Json:
    home = Home(home_path(), "")
    client.call("status")  # so that there is a home
    lock = Lock(home, LOCK)
    try:
        lock.acquire()
    except Busy:
        raise Busy("another backup of this memory is under way", "wait for it") from None
    try:
        return _back_up(folder, home, keep)
    finally:
        lock.release()


def _back_up(folder: Path, home: Home, keep: int) -> Json:
    check_destination(folder, home.path)
    began = datetime.now(UTC).isoformat(timespec="milliseconds")
    snapshot = client.call("snapshot")
    backups = Backups(folder)
    try:
        check_destination(folder, home.path, snapshot["watched"])
        with backups.held(snapshot["home"]):
            _note(backups, began)
            made = backups.make(
                snapshot_of(snapshot), Path(protocol.config_of()), began, protocol.VERSION,
                _teller("copying"),
            )  # fmt: skip
            pruned = backups.prune(keep) if keep else ()
    finally:
        _note(backups)
    return {
        "folder": str(folder), **_told(made), "written": backups.written, "pruned": len(pruned),
        "backups": len(backups.made()), "open": backups.is_open,
    }  # fmt: skip


def _note(backups: Backups, begun: str = "") -> None:
    """What is there; and before a byte is copied, what is begun: a kill would leave it untold."""
    names = backups.made() if backups.is_there else []
    made = [*map(_moment, names), *([begun] if begun else [])]
    told = {"path": str(backups.folder), "made": made, "is_begun": bool(begun)}
    client.call("backed_up", told)


def check(folder: Path) -> Json:
    found = Backups(folder).check(_teller("reading back", "blocks"))
    return {
        "folder": str(folder), "backups": [_told(each) for each in found.made],
        "bytes": found.bytes_read, "unneeded": found.unneeded,
        "faults": [{"at": at, "problem": problem} for at, problem in found.faults],
    }  # fmt: skip


def restore(source: Path, at: datetime | None, replace: bool) -> Json:
    """The daemon leaves before, and comes back after it."""
    from cairn.core.restoring import restore as bring_back

    moment = at.astimezone(UTC).isoformat(timespec="milliseconds") if at else ""
    client.stop()
    try:
        done = bring_back(
            source, home_path(), Path(protocol.config_of()), at=moment, replace=replace,
            tell=_teller("restoring"),
        )  # fmt: skip
    finally:
        if service.state().running or service.state().enabled:
            service.restart()
    client.call("status")
    return {
        "folder": str(source), "home": str(home_path()), **asdict(done),
        "models": [each.name for each in done.models],
    }  # fmt: skip


def tell_made(data: Json) -> None:
    held = data["held"]
    render.note(
        f"backed up to {render.home_path(data['folder'])}: "
        f"{render.count(held['entries'], 'entry', 'entries')}, "
        f"{render.count(held['turns'], 'turn')}, {render.count(held['passages'], 'passage')}; "
        f"{render.size(data['size'])}, of which {render.size(data['written'])} are new"
    )
    if data["pruned"]:
        render.note(f"{render.count(data['pruned'], 'older backup')} deleted")
    if data["models"]:
        render.note(f"not in it: the models {', '.join(map(render.clean, data['models']))}")
    if data["index"]:
        render.note(f"not in it: the index, which lies at {render.clean(data['index'])}")
    if data["open"]:
        render.note("others can read it there: that disk knows no owners")


def tell_checked(data: Json) -> None:
    for each in data["backups"]:
        held = each["held"]
        render.out(
            f"{_local(each['at'])}\t{render.size(each['size'])}\t"
            f"{render.count(held['entries'], 'entry', 'entries')}\t"
            f"{render.count(held['turns'], 'turn')}\t{render.count(held['passages'], 'passage')}"
        )
    for fault in data["faults"]:
        render.error(f"{render.clean(fault['at'])}: {fault['problem']}", "")
    if data["faults"]:
        render.note(f"back up anew: `cairn backup {render.quoted(data['folder'])}` mends a block "
                    "that it has still; what is said to be damaged can't be restored")  # fmt: skip
    else:
        render.note(f"every byte is as it was stored, {render.size(data['bytes'])} in all")


def tell_restored(data: Json) -> None:
    entries = render.count(data["entries"], "entry", "entries")
    made = f" of {_local(data['made'])}" if data["made"] else ""
    render.note(f"restored the memory{made}: {entries}, {render.count(data['turns'], 'turn')}")
    if data["put_aside"]:
        render.note(f"what was here before is kept in {render.home_path(data['put_aside'])}")
    if not data["is_forgotten"]:
        reason = (
            "not all can be read of what had been forgotten in the home before, so it may be here"
            if data["made"] else
            "an export does not keep out what had been forgotten, so it may come back with files "
            "and conversations that are read"
        )  # fmt: skip
        render.note(f"{reason}: look for it with `cairn search`, and forget it again")
    if data["unconfirmed"]:
        named = ", ".join(map(render.clean, data["unconfirmed"]))
        here = data["settings"].removesuffix(".restored")
        render.note(
            f"its settings are not in use, for the sake of {named}. Look at them, and if they are "
            f"yours: `mv {render.quoted(data['settings'])} {render.quoted(here)}`"
        )
    elif data["settings"].endswith(".restored"):
        render.note(f"your settings stay; those of the backup: {data['settings']}")
    elif data["settings"]:
        render.note(f"settings: {render.home_path(data['settings'])}")
    if data["models"]:
        named = ", ".join(map(render.clean, data["models"]))
        render.note(f"models that are not here: {named}; `cairn model list` says how to get them")
    if data["models_left"]:
        named = ", ".join(map(render.clean, data["models_left"]))
        models = render.home_path(str(Path(data["put_aside"], "models")))
        render.note(f"not taken along, and still in {models}: {named}")


def snapshot_of(data: Json) -> Any:
    from cairn.core.backup.snapshot import Snapshot

    fields = {name: data[name] for name in Snapshot.__slots__}
    return Snapshot(**fields)


def _told(manifest: Manifest) -> Json:
    return {
        "at": manifest.made, "size": manifest.size, "held": asdict(manifest.held),
        "models": [each.name for each in manifest.models], "index": manifest.index,
        "version": manifest.version,
    }  # fmt: skip


def _teller(words: str, unit: str = "") -> Callable[[int, int], None]:
    shown = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > _OFTEN_S:
            shown = time.monotonic()
            of = f"{total} {unit}" if unit else render.size(total)
            render.progress({
                "stage": "backup", "text": f"{words} {of}", "done": done, "total": total,
                "share": done / total if total else 0.0, "eta_s": None,
            })  # fmt: skip

    return tell


def _moment(name: str) -> str:
    """When the backup of that list was made: its name without what some disks don't allow."""
    day, _, time_of = name.removesuffix(".json").removesuffix("Z").partition("T")
    return f"{day}T{time_of.replace('-', ':')}+00:00"


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")
