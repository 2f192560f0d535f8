"""What a request may ask about the tree: one function for each operation, JSON in and out.

Called by the daemon, and by a command itself where it is to do without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cairn.app import agenda, forget_operations, tree_wire, wire
from cairn.app.wire import place_of
from cairn.core.conversing import judge, take_back
from cairn.core.errors import ConfigError, NotFound
from cairn.core.records import ENTRY_KINDS, digest
from cairn.core.tree.outline import leaves, relations_to, succession

if TYPE_CHECKING:
    from cairn.core.answer.feedback import Verdict
    from cairn.core.engine import Engine
    from cairn.core.tree.catalogue import Filed
    from cairn.core.tree.ledger import Operation
    from cairn.core.tree.review import Review

Json = dict[str, Any]


def run(engine: Engine, op: str, args: Json) -> Json:
    data = OPERATIONS[op](engine, args)
    return {"private": engine.private.words, **data}


# -- looking


def _tree(engine: Engine, args: Json) -> Json:
    folder, kind = str(args.get("folder", "")).strip("/"), str(args.get("kind", ""))
    is_archived = bool(args.get("archived"))
    if kind and kind not in ENTRY_KINDS:
        raise ConfigError(f"there is no kind {kind}", f"kinds are {', '.join(ENTRY_KINDS)}")
    below = f"archive/{folder}".rstrip("/") if is_archived and folder else folder
    found = leaves(engine.journal, below, kind, archived=is_archived)
    if folder and not found and not (engine.home.tree / below).is_dir():
        one = engine.memory.tree.catalogue.named(folder)
        hint = f"it is an entry: `cairn tree show {one[0].entry.id}`" if one else ""
        raise NotFound(
            f"there is no folder {folder} in the tree", hint or "`cairn tree` lists them"
        )
    entries, archived = engine.memory.tree.catalogue.count()
    return {
        "root": str(engine.home.tree), "folder": below,
        "counts": {"entries": entries - archived, "archived": archived},
        "entries": [tree_wire.leaf(each) for each in found],
        "troubles": [asdict(each) for each in engine.memory.troubles()],
        "waiting": engine.memory.curation.reviews.count(),
    }  # fmt: skip


def _entry(engine: Engine, args: Json) -> Json:
    return _detail(engine, str(args["name"]))


def _detail(engine: Engine, name: str) -> Json:
    kept = engine.memory.kept(name)
    entry = kept.filed.entry
    into = relations_to(engine.journal, entry.id)
    line = succession(engine.journal, entry.id)
    known = _known(
        engine,
        *line, *(each.to for each in (*entry.relations, *into)),
        *(id for asked in kept.reviews for id in asked.entries),
        *(id for done in kept.history for id in done.entries),
    )  # fmt: skip
    chain = [known[id] for id in line if id in known] if len(line) > 1 else []
    said = [wire.judged(each) for each in engine.asking.feedback.of_entry(entry.id)]
    return {**tree_wire.entry(kept, str(engine.home.tree), into, chain, known), "feedback": said}


def _known(engine: Engine, *ids: str) -> dict[str, Filed]:
    return engine.memory.tree.catalogue.many(ids)


def _text(engine: Engine, args: Json) -> Json:
    """The file of an entry, for an editor."""
    filed = engine.memory.find(str(args["name"]))
    text = engine.memory.tree.files.read(filed.path) or ""
    return {"id": filed.entry.id, "path": filed.path, "text": text, "hash": digest(text),
            "file": str(engine.memory.tree.files.path(filed.path))}  # fmt: skip


# -- history


def _log(engine: Engine, args: Json) -> Json:
    limit, before = int(args.get("limit", 20)), int(args.get("before", 0))
    return _told(engine, engine.memory.log(str(args.get("name", "")), limit, before))


def _told(engine: Engine, done: Iterable[Operation]) -> Json:
    listed = list(done)
    known = _known(engine, *(id for each in listed for id in each.entries))
    return {"operations": [tree_wire.operation(each, known) for each in listed]}


def _diff(engine: Engine, args: Json) -> Json:
    id = int(args["operation"])
    (told,) = _told(engine, [engine.memory.tree.ledger.operation(id)])["operations"]
    return {"operation": told, "diff": engine.memory.diff(id)}


def _undo(engine: Engine, args: Json) -> Json:
    """Without a number the user's latest one; `only_say`: what it would change."""
    if args.get("only_say"):
        return {"diff": engine.memory.undoing(int(args["operation"]))}
    number = args.get("operation")
    done = engine.memory.undo(None if number is None else int(number))
    undone = engine.memory.tree.ledger.operation(done.undoes)
    told = _told(engine, [done, undone])["operations"]
    return {"operation": told[0], "undone": told[1]}


def _restore(engine: Engine, args: Json) -> Json:
    return _done(engine, engine.memory.bring_back(str(args["name"])))


def _restore_as_of(engine: Engine, args: Json) -> Json:
    """What it would come to, until somebody has said yes."""
    moment = datetime.fromisoformat(args["moment"])
    if not args.get("yes"):
        return {"moment": args["moment"], "changes": len(engine.memory.as_of(moment).edits)}
    return _done(engine, engine.memory.restore_as_of(moment))


def _done(engine: Engine, done: Operation | None) -> Json:
    told = _told(engine, [done] if done else [])["operations"]
    return {"operation": told[0] if told else None}


# -- changing


def _edit(engine: Engine, args: Json) -> Json:
    name = str(args["name"])
    _check_unchanged(engine, name, args)
    return _done(engine, engine.memory.edit(name, str(args["text"])))


def _check_unchanged(engine: Engine, name: str, args: Json) -> None:
    """Is it the very text that was edited? A curator or an editor may have been there meanwhile."""
    if "hash" in args and _text(engine, {"name": name})["hash"] != args["hash"]:
        raise ConfigError(f"{name} was changed meanwhile by somebody else", "edit it again")


def _move(engine: Engine, args: Json) -> Json:
    return _done(engine, engine.memory.move(str(args["name"]), str(args["to"])))


def _merge(engine: Engine, args: Json) -> Json:
    return _done(engine, engine.memory.merge([str(name) for name in args["names"]]))


def _archive(engine: Engine, args: Json) -> Json:
    """`wrong`: what they say is not proposed again, either."""
    names = [str(name) for name in args["names"]]
    if not args.get("wrong"):
        return _done(engine, engine.memory.archive(names))
    return _done(engine, engine.memory.throw_out(names))


def _end(engine: Engine, args: Json) -> Json:
    return _done(engine, engine.memory.end(str(args["name"]), str(args["until"])))


# -- questions


def _reviews(engine: Engine, args: Json) -> Json:
    asked = engine.memory.curation.reviews.open()
    known = _known(engine, *(id for each in asked for id in each.entries))
    return {"questions": [tree_wire.review(each, known) for each in asked]}


def _review(engine: Engine, args: Json) -> Json:
    return _asked(engine, engine.memory.curation.reviews.get(int(args["id"])))


def _asked(engine: Engine, asked: Review) -> Json:
    return {"question": tree_wire.review(asked, _known(engine, *asked.entries))}


def _decide(engine: Engine, args: Json) -> Json:
    id, verdict = int(args["id"]), args["verdict"]
    if verdict == "reopen":
        return {**_asked(engine, engine.memory.reopen(id)), "operation": None}
    asked = engine.memory.curation.reviews.get(id)
    if asked.state not in ("open", "lapsed"):
        raise NotFound(
            f"question {id} is answered already: {asked.state.replace('-', ' ')}",
            f"`cairn review {id} --reopen` asks it again",
        )
    if verdict == "edit":
        _check_unchanged(engine, asked.entries[-1], args)
    done = engine.memory.review(id, verdict, str(args.get("text", "")))
    return {**_review(engine, {"id": id}), **_done(engine, done)}


# -- what an answer rests on


def _wrong(engine: Engine, args: Json) -> Json:
    """The entry that is meant; of a source, all entries that rest on it."""
    target = str(args["target"])
    names, address = _meant(engine, target)
    return {
        "address": address,
        **({"place": place_of(address)} if address else {}),
        "is_entry": not address,
        "entries": [_detail(engine, name) for name in names],
    }


def _meant(engine: Engine, target: str) -> tuple[list[str], str]:
    if not target.startswith(("file:", "chat:")):
        return [engine.memory.find(target).entry.id], ""
    if filed := engine.memory.at(target):
        return [filed.entry.id], ""
    return [filed.entry.id for filed in engine.memory.resting_on(target)], target


# -- what is said of answers


def _feedback(engine: Engine, args: Json) -> Json:
    verdict: Verdict = "good" if args["verdict"] == "good" else "bad"
    judged, is_new = judge(engine.asking, engine.private, verdict, int(args.get("ago", 1)))
    return {**wire.judged(judged), "changed": is_new}


def _take_back(engine: Engine, args: Json) -> Json:
    given, was_said = take_back(engine.asking, int(args.get("ago", 1)))
    return {"question": given.exchange.question, "verdict": "", "changed": was_said}


def _judged(engine: Engine, args: Json) -> Json:
    return {"answers": [wire.judged(each) for each in engine.asking.feedback.all()]}


# -- pages, pictures, folders


def _graph(engine: Engine, args: Json) -> Json:
    from cairn.core.tree.graph.asked import Asked

    wanted = Asked(
        str(args["topic"]), str(args.get("to", "")), int(args.get("depth", 2)),
        args.get("format", "text"), int(args.get("width", 80)),
    )  # fmt: skip
    return asdict(engine.curation.picture(wanted))


def _profile(engine: Engine, args: Json) -> Json:
    if not engine.private.is_on:
        engine.upkeep.write_profile()
    path = engine.home.tree / "profile.md"
    return {"file": str(path), "text": path.read_text("utf-8") if path.is_file() else ""}


def _export(engine: Engine, args: Json) -> Json:
    return asdict(engine.keeping.export.write(Path(str(args["path"]))))


def _import(engine: Engine, args: Json) -> Json:
    moved = engine.keeping.export.read(Path(str(args["path"])))
    engine.sweep()
    return asdict(moved)


def counts(engine: Engine) -> Json:
    """For the status: what is kept, and what waits for somebody."""
    entries, archived = engine.memory.tree.catalogue.count()
    return {
        "entries": entries - archived, "archived": archived,
        "waiting": engine.memory.curation.reviews.count(),
        "troubles": [asdict(each) for each in engine.memory.troubles()],
        "given_up": [list(pair) for pair in engine.memory.given_up()],
    }  # fmt: skip


OPERATIONS: dict[str, Callable[[Engine, Json], Json]] = {
    "tree": _tree,
    "tree_entry": _entry,
    "tree_text": _text,
    "tree_log": _log,
    "tree_diff": _diff,
    "tree_undo": _undo,
    "tree_restore": _restore,
    "tree_restore_as_of": _restore_as_of,
    "tree_edit": _edit,
    "tree_move": _move,
    "tree_merge": _merge,
    "tree_archive": _archive,
    "tree_end": _end,
    **forget_operations.OPERATIONS,
    "tree_export": _export,
    "tree_import": _import,
    "reviews": _reviews,
    "review": _review,
    "review_decide": _decide,
    "wrong": _wrong,
    "feedback": _feedback,
    "take_back": _take_back,
    "judged": _judged,
    "graph": _graph,
    "profile": _profile,
    "agenda": agenda.run,
}
