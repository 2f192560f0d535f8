"""What a backup needs of the daemon: a still copy of the home, and a note that it was made."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cairn.core.backup.snapshot import drop

if TYPE_CHECKING:
    from cairn.core.engine import Engine

Json = dict[str, Any]
_BACKUPS = "backups"


def snapshot(engine: Engine, args: Json) -> Json:
    return asdict(engine.snapshot())


def backed_up(engine: Engine, args: Json) -> Json:
    """These are the backups in that folder now, with one that is only begun and may be killed;
    the still copy is needed no longer once it is made."""
    if not args.get("is_begun"):
        drop(engine.home)
    noted = json.loads(engine.journal.get_meta(_BACKUPS, "[]"))
    others = [each for each in noted if each["path"] != args["path"]]
    made = [{"path": args["path"], "at": at} for at in args["made"]]
    engine.journal.set_meta(_BACKUPS, json.dumps([*others, *made]))
    return {}


OPERATIONS = {"snapshot": snapshot, "backed_up": backed_up}
