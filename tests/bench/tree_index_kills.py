"""kill -9 of a whole engine that works on a tree and notes, while a user edits both: does the index
hold what the files on disk say, each once?

Called by `tests.bench.tree` and, short, by `tests/tree/test_index_kills.py`. After every kill a
fresh engine takes up the home and works off its queue; then the rows of the table, the journal's
records, the catalogue and the history are compared with what is worked out from the files alone.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.home import open_home
from cairn.core.redact import redact
from cairn.core.tree.catalogue import text_hash
from cairn.core.uris import file_uri
from tests.bench.common import say

Figures = dict[str, Any]
_WORDS = "garden lease boiler holiday budget school river letter bridge winter market".split()
_MOST = 30
"""Files; when there are more, the user deletes some."""
_PATIENCE, _TOLD = 100, 10
"""How often it is looked whether all is done; after how many kills there is a line of progress."""


def claim(chance: random.Random) -> str:
    """One of which curators make an entry, a sentence, or something that must not be kept."""
    thing, other = chance.sample(_WORDS, 2)
    return chance.choice((
        f"The {thing} {other} budget is {chance.randrange(100, 999)} euros.",
        f"We talked about the {thing} and the {other}, zq{chance.randrange(10**8)}x.",
        f"The {thing} needs a {other}, zq{chance.randrange(10**8)}x; key AKIAIOSFODNN7EXAMPLE.",
    ))  # fmt: skip


def edited(text: str, chance: random.Random) -> str:
    """With one more claim, or this one alone, as what is long would be several passages."""
    fence, body = text.rfind("\n---\n") + 5 if text.startswith("---\n") else 0, claim(chance)
    return f"{text[:fence]}{body}\n" if len(text) - fence > 300 else f"{text}\n{body}\n"


def live(home: Path, notes: Path, config: Config, seed: int, pipe: Connection) -> None:
    """The process that is killed: it takes up the home, says so, and does this and that."""
    engine = Engine(open_home(home), config)
    engine.add(notes)
    pipe.send("ready")
    chance = random.Random(seed)
    while True:
        with suppress(CairnError):  # such as to merge what its user has just deleted
            _act(engine, chance)
        pipe.send("did")
        if chance.random() < 0.4:
            engine.sweep()
        pipe.send("will work")
        if chance.random() < 0.6:
            engine.work()
        if chance.random() < 0.05:
            chance.choice((engine.compact, engine.rebuild, engine.upkeep.round))()


def _act(engine: Engine, chance: random.Random) -> None:
    memory = engine.keeping.memory
    filed = list(engine.keeping.tree.catalogue.all())
    ids = [each.entry.id for each in chance.sample(filed, min(2, len(filed)))]
    do = chance.choice(("remember", "edit", "edit", "move", "put away", "merge", "undo", "end"))
    if do == "remember" or len(ids) < 2:
        memory.remember(claim(chance))
    elif do == "edit":
        memory.edit(ids[0], edited(memory.kept(ids[0]).text, chance))
    elif do == "move":
        memory.move(ids[0], chance.choice(("home", "work/Portal", "Öl & Größe")))
    elif do == "put away":
        is_away = next(each for each in filed if each.entry.id == ids[0]).is_archived
        memory.bring_back(ids[0]) if is_away else memory.archive(ids[:1])
    elif do == "merge":
        memory.merge(ids)
    elif do == "end":
        memory.end(ids[0], "2026-05-01")
    else:
        memory.undo(chance.choice(memory.log(limit=10)).id)


class IndexTrial:
    """The one that kills: one home, many engines."""

    def __init__(self, base: Path, seed: int, config: Config | None = None) -> None:
        self.home, self.notes = base / "home", base / "notes"
        self.config = config or Config()
        self.chance = random.Random(seed)
        self.count: Counter[str] = Counter()
        self.faults: list[str] = []
        self.notes.mkdir(parents=True)
        for _ in range(6):
            self._write(self._new(self.notes), claim(self.chance))
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.bench.tree_index_kills"])

    def run(self, kills: int) -> Figures:
        began = time.monotonic()
        while self.count["kills"] < kills:
            self._round()
            if self.count["kills"] % _TOLD == 0:
                say(f"{self.count['kills']} kills, {len(self.faults)} faults, "
                    f"{time.monotonic() - began:.0f} s")  # fmt: skip
        names = ("kills", "killed_at_start", "operations", "user_edits", "queued_after", "compared")
        return {
            **{name: self.count[name] for name in names},
            "seconds": round(time.monotonic() - began),
            "faults": len(self.faults),
            "by_fault": dict(Counter(fault.partition(":")[0] for fault in self.faults)),
            "first_faults": self.faults[:5],
        }

    def _round(self) -> None:
        for _ in range(self.chance.choice((0, 0, 1))):
            self._kill_one(at_start=True)
        self._kill_one(at_start=False)
        if self.chance.random() < 0.5:
            self._edit()
        engine = Engine(open_home(self.home), self.config)
        try:
            self._settle(engine)
            found = differences(engine, self.notes)
            self.faults += found
            for fault in found:
                say(fault)
        finally:
            engine.close()

    def _kill_one(self, at_start: bool) -> None:
        ours, theirs = self._context.Pipe()
        told = (self.home, self.notes, self.config, self.chance.randrange(1 << 30), theirs)
        process = self._context.Process(target=live, args=told)
        process.start()
        theirs.close()
        with suppress(EOFError):
            for _ in range(0 if at_start else self.chance.randrange(1, 14)):
                self.count["operations"] += ours.recv() == "did"
                if self.chance.random() < 0.2:
                    self._edit()
        time.sleep(self.chance.uniform(0, 1 if at_start else 0.3))
        if not process.is_alive():
            self.faults.append(f"the process ended by itself: {process.exitcode}")
        process.kill()
        process.join()
        ours.close()
        self.count["killed_at_start" if at_start else "kills"] += 1

    def _edit(self) -> None:
        """What a user does to one file, of the notes or of the tree."""
        self.count["user_edits"] += 1
        root = self.chance.choice((self.notes, self.home / "tree"))
        there = list(_files(root))
        kinds = ("add", "text", "text", "move", "delete")
        kind = "delete" if len(there) > _MOST else self.chance.choice(kinds)
        path = self.chance.choice(there) if there else root
        with suppress(OSError):  # the engine has moved it meanwhile
            if kind == "add" or not there:
                self._write(self._new(root), claim(self.chance))
            elif kind == "text":
                self._write(path, edited(path.read_text("utf-8"), self.chance))
            elif kind == "delete":
                path.unlink()
            elif root == self.notes or "\nid: " in path.read_text("utf-8"):
                path.rename(self._new(root))

    def _new(self, root: Path) -> Path:
        return root / f"{self.chance.choice(_WORDS)} {self.chance.randrange(10**8)}.md"

    def _write(self, path: Path, text: str) -> None:
        draft = path.with_name(f".draft-{path.name}")
        draft.write_text(text, "utf-8")
        draft.replace(path)

    def _settle(self, engine: Engine) -> None:
        """Until nothing is queued; of two files of one id its user deletes the one listed."""
        engine.sweep()
        self.count["queued_after"] += engine.waiting
        for _ in range(_PATIENCE):
            engine.work()
            for trouble in engine.memory.troubles():
                (self.home / "tree" / trouble.path).unlink(missing_ok=True)
            if engine.sweep() + engine.waiting == 0:
                break
            time.sleep(0.1)  # what could not be read is tried again after a while
        self.count["compared"] += sum(len(list(_files(root))) for root in engine.folders.roots)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*.md")):
        names = path.relative_to(root).parts
        hidden = any(name.startswith(".") for name in names)
        if not hidden and path.name != "_context.md" and names != ("profile.md",):
            yield path


def _said(text: str) -> str:
    """What of a file is to be found: all but its front matter and its secrets."""
    body = text.split("\n---\n", 1)[1] if text.startswith("---\n") else text
    return redact(body).text.strip()


def differences(engine: Engine, notes: Path) -> list[str]:
    """What the index, the journal, the catalogue and the history have otherwise than the files."""
    tree = engine.home.tree
    texts = {path: path.read_text("utf-8") for root in (notes, tree) for path in _files(root)}
    documents = engine.index.table._select(None, ["doc_id"])["doc_id"].to_pylist()
    rows = engine.index.table.passages(documents)
    held = Counter((chunk.uri, chunk.text.strip()) for each in rows.values() for chunk in each)
    told = Counter((file_uri(path), _said(text)) for path, text in texts.items())
    found = _compared("the index", Counter(told), Counter(held))
    records = {r.uri: (r.state, r.chunks, r.vectors) for r in engine.journal.files()}
    vectors = int(engine.embedding.path.is_file())
    expected = {file_uri(path): ("indexed", 1, vectors) for path in texts}
    found += _compared("the journal's records", expected, records)
    inside = {p.relative_to(tree).as_posix(): t for p, t in texts.items() if p.is_relative_to(tree)}
    listed = {each.path: (each.entry.id, each.hash) for each in engine.tree.catalogue.all()}
    hashes = {path: text_hash(text) for path, text in inside.items()}
    found += _compared("the catalogue", hashes, {path: hash for path, (_, hash) in listed.items()})
    last = engine.tree.ledger.as_of("9999").items()
    latest = {id: edit.path_after for id, edit in last if edit.path_after}
    found += _compared("the history", {id: path for path, (id, _) in listed.items()}, latest)
    health, counts = engine.check(), engine.journal.counts()
    if (health.rows, health.chunks, health.hot, health.vectors) != (
        len(texts), len(texts), vectors * len(texts), vectors * len(texts)
    ):  # fmt: skip
        found.append(f"counts differ: {len(texts)} files, {health}")
    if health.journal != "ok" or counts.dead or engine.waiting or engine.sweep():
        found.append(f"something is left to do: {health.journal} {counts} {engine.waiting}")
    found += [f"it stays open: operation {each.id}" for each in engine.tree.ledger.unfinished()]
    return found


def _compared(what: str, told: Mapping[Any, Any], held: Mapping[Any, Any]) -> list[str]:
    apart = [(key, told.get(key), held.get(key)) for key in {**told, **held}
             if told.get(key) != held.get(key)]  # fmt: skip
    return [f"{what} differs: {len(apart)} of {len(told)}, {apart[:3]}"] if apart else []
