"""kill -9 of a process that works on a tree, while a user edits its files: what is lost or half?

Called by `tests.bench.tree` and, short, by `tests/tree/test_kills.py`. After every kill the tree is
opened again: it must be as the model says after some prefix of the commands that were sent, files,
history and catalogue must agree, and what the user wrote must be on disk or in the history.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cairn.core.records import Entry
from cairn.core.redact import redact
from cairn.core.tree.catalogue import text_hash
from cairn.core.tree.markdown import Broken, parse
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree, fallback_id
from tests.bench.common import say
from tests.bench.tree_child import Command, Reply, open_tree, work
from tests.bench.tree_model import SECRET, Author, Done, State, expected, is_kept, undone

Figures = dict[str, Any]
_BATCH = 70
"""Commands that are sent at once; a kill comes somewhere among them."""
_TOLD = 25
"""After so many kills a line of progress."""
_NOT_KEPT = "held a password or key, which its history has not kept"


@dataclass(slots=True)
class _Round:
    """What was sent to one process, and what the user did meanwhile."""

    states: list[State]
    """Before the first command, and after each."""
    commands: list[Command] = field(default_factory=list)
    undoing: list[Done | None] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    wild: set[str] = field(default_factory=set)
    """Entries of which only the disk can tell what they are."""
    written: dict[str, str | None] = field(default_factory=dict)
    """By path what the user last wrote there; None where it was deleted."""


class Trial:
    """One home, many processes."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home = home
        self.without_ids = 0.5
        """How many of the user's new files name no id."""
        self.author = Author(seed)
        self.chance = self.author.chance
        self.state: State = {}
        self.done: list[Done] = []
        self.count: Counter[str] = Counter()
        self.faults: list[str] = []
        self._parsed: dict[str, Entry] = {}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.bench.tree_child"])

    def run(self, kills: int, operations: int) -> Figures:
        began = time.monotonic()
        while self.count["kills"] < kills or self.count["operations"] < operations:
            known = len(self.faults)
            self._round()
            for fault in self.faults[known : known + 2]:
                say(fault)
            if self.count["kills"] % _TOLD == 0:
                say(
                    f"{self.count['kills']} kills, {self.count['operations']} operations, "
                    f"{len(self.faults)} faults, {time.monotonic() - began:.0f} s"
                )
        self._check_secrets()
        self.count["seconds"] = round(time.monotonic() - began)
        names = (
            "kills", "operations", "user_edits", "killed_in_recovery", "in_doubt", "not_kept",
            "seconds",
        )  # fmt: skip
        return {
            **{name: self.count[name] for name in names},
            "completed_after_a_kill": self.count["completed"],
            "conflicts_named": self.count["conflicts"],
            "left_behind_files": self.count["left behind"],
            "faults": len(self.faults),
            "by_fault": dict(Counter(fault.partition(":")[0] for fault in self.faults)),
            "first_faults": self.faults[:5],
        }

    # -- one process

    def _round(self) -> None:
        round = _Round([self.state])
        process, pipe = self._start()
        pipe.recv()  # it has recovered
        for _ in range(_BATCH):
            self._send(pipe, round)
        if self.chance.random() < 0.35:
            self._edit_live(round)
        self._collect(pipe, round, self.chance.randrange(_BATCH))
        time.sleep(self.chance.uniform(0, 0.02))
        process.kill()
        process.join()
        self._collect(pipe, round, _BATCH)
        pipe.close()
        process.close()
        self.count["kills"] += 1
        if self.chance.random() < 0.4:
            self._edit_dead(round)
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            self._kill_in_recovery()
        self._examine(round)

    def _start(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(self.home, theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _kill_in_recovery(self) -> None:
        process, pipe = self._start()
        time.sleep(self.chance.uniform(0, 0.06))
        process.kill()
        process.join()
        pipe.close()
        process.close()
        self.count["killed_in_recovery"] += 1

    def _send(self, pipe: Connection, round: _Round) -> None:
        state = round.states[-1]
        command = self.author.command(state, self.done)
        undoing = None
        if command.do == "undo":
            undoing = next(each for each in self.done if each.operation == command.operation)
            self.done.remove(undoing)
            after = undone(state, undoing)
            if after is None:
                round.wild |= set(command.ids)
            elif is_kept(undoing):
                state = after
        else:
            state = expected(state, command)
        round.states.append(state)
        round.commands.append(command)
        round.undoing.append(undoing)
        pipe.send(command)

    def _collect(self, pipe: Connection, round: _Round, upto: int) -> None:
        try:
            while len(round.replies) < upto:
                round.replies.append(pipe.recv())
        except (EOFError, OSError):
            return

    # -- the user

    def _edit_live(self, round: _Round) -> None:
        """While the process works; what it touches as well is in doubt from then on."""
        for _ in range(self.chance.randrange(1, 4)):
            time.sleep(self.chance.uniform(0, 0.05))
            self._edit(round, round.states[0])

    def _edit_dead(self, round: _Round) -> None:
        for _ in range(self.chance.randrange(1, 4)):
            self._edit(round, round.states[min(len(round.replies), len(round.states) - 1)])

    def _edit(self, round: _Round, state: State) -> None:
        kind = self.chance.choice(("text", "text", "front matter", "move", "delete", "new"))
        if kind == "new":
            path = f"{self.author.folder()}/note {self.chance.randrange(10**7, 10**8)}.md"
            id = fallback_id(path) if self.chance.random() < self.without_ids else path[-11:-3]
            head = "" if id == fallback_id(path) else f"---\nid: {id}\n---\n"
            text = f"{head}{self.author.claim()}\n"
            round.wild.add(id)
            self._write(round, path, text)
            return
        places = [(id, path) for id, (path, _) in state.items() if path not in round.written]
        if not places:
            return
        id, path = self.chance.choice(places)
        file = self.home / "tree" / path
        try:
            text = file.read_text("utf-8")
        except OSError:
            return
        round.wild.add(id)
        if kind == "delete":
            file.unlink(missing_ok=True)
            round.written[path] = None
        elif kind == "move" and "\nid: " in text:
            target = f"moved/{id}-{self.chance.randrange(10**6)}.md"
            (self.home / "tree" / "moved").mkdir(exist_ok=True)
            try:
                file.rename(self.home / "tree" / target)
            except OSError:
                return
            round.written |= {path: None, target: None}
            del round.written[target]
        elif kind == "front matter" and text.startswith("---\n"):
            self._write(
                round, path, text.replace("---\n", f"---\nmood{time.time_ns()}: calm  # mine\n", 1)
            )
        else:
            self._write(round, path, f"{text}\n{self.author.claim()} {time.time_ns()}\n")
        self.count["user_edits"] += 1

    def _write(self, round: _Round, path: str, text: str) -> None:
        file = self.home / "tree" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".draft-{file.name}")
        draft.write_text(text, "utf-8")
        draft.replace(file)
        round.written[path] = text

    # -- after the kill

    def _examine(self, round: _Round) -> None:
        tree = open_tree(self.home)
        try:
            self.count["in_doubt"] += len(tree.ledger.unfinished())
            notice(tree)
            self._check_written(tree, round)
            self._settle_conflicts(tree, round)
            found = self._agree(tree)
            self._match(tree, round, found)
            self._prepare_next(tree, round, found)
        finally:
            tree.journal.close()

    def _check_written(self, tree: Tree, round: _Round) -> None:
        """The user's text is where it was put, or history knows it."""
        known: set[str] | None = None
        for path, text in round.written.items():
            there = tree.files.read(path)
            if text is None or there == text:
                continue
            if known is None:
                rows = tree.journal.read("SELECT before, after FROM changes")
                known = {str(each) for row in rows for each in row}
                known |= {tree.files.read(name) or "" for name, _ in tree.files.walk()}
            if redact(text).text not in known and text not in known:
                self.faults.append(f"an edit of the user is lost: {path}")

    def _settle_conflicts(self, tree: Tree, round: _Round) -> None:
        """Two files of one id: the user deletes the one that is listed."""
        for trouble in tree.catalogue.troubles():
            self.count["conflicts"] += 1
            text = tree.files.read(trouble.path)
            if trouble.code != "duplicate" or text is None:
                self.faults.append(f"unexpected trouble: {trouble.path} {trouble.reason}")
            else:
                round.wild.add(parse(text, "none", "").id)
            tree.files.path(trouble.path).unlink(missing_ok=True)
        notice(tree)

    def _agree(self, tree: Tree) -> dict[str, tuple[str, Entry]]:
        """Files, catalogue and history say the same; what the files say."""
        found: dict[str, tuple[str, Entry]] = {}
        hashes: dict[str, str] = {}
        for path, _ in tree.files.walk():
            text = tree.files.read(path) or ""
            entry = self._parse(text, path)
            if entry is None or entry.id in found:
                self.faults.append(f"a file is broken or double: {path}")
                continue
            found[entry.id], hashes[entry.id] = (path, entry), text_hash(text)
        filed = {each.entry.id: each for each in tree.catalogue.all()}
        listed = {id: (each.path, each.hash) for id, each in filed.items()}
        there = {id: (path, hashes[id]) for id, path in _paths(found).items()}
        if listed != there:
            self.faults.append(f"the catalogue differs: {_differing(listed, there)}")
        for id, each in filed.items():
            told = found[id][1] if id in found else None
            if told and (each.entry.relations, each.entry.sources) != (
                told.relations, told.sources
            ):  # fmt: skip
                self.faults.append(f"the catalogue's rows differ: {id}")
        history = tree.ledger.as_of("9999")
        latest = {id: edit.path_after for id, edit in history.items() if edit.path_after}
        if latest != _paths(found):
            self.faults.append(f"the history differs: {_differing(latest, _paths(found))}")
        for id, edit in history.items():
            if edit.exact and id in hashes and text_hash(edit.after) != hashes[id]:
                self.faults.append(f"the history's text differs: {id}")
        for path, hash in there.values():
            if (path, hash) not in listed.values():  # told once, not in every round from now on
                os.utime(tree.files.path(path))
        notice(tree)
        if tree.ledger.unfinished():
            self.faults.append("an operation stays open: after a recovery")
        self.count["left behind"] = sum(1 for file in tree.files.root.rglob(".*") if file.is_file())
        return found

    def _parse(self, text: str, path: str) -> Entry | None:
        key = text_hash(text + path)
        if key not in self._parsed:
            try:
                stem = path.rpartition("/")[2].removesuffix(".md")
                self._parsed[key] = parse(text, fallback_id(path), stem)
            except Broken:
                return None
        return self._parsed[key]

    def _match(self, tree: Tree, round: _Round, found: State) -> None:
        self._spread_doubt(round)
        self._check_refused(round)
        least = len(round.replies)
        shown = _without(found, round.wild)
        fits = [n for n in range(least, len(round.states))
                if _without(round.states[n], round.wild) == shown]  # fmt: skip
        self.count["operations"] += sum(reply.operation > 0 for reply in round.replies)
        if not fits:
            some = _without(round.states[least], round.wild)
            doubt = [(each.do, each.ids) for each in round.commands[least : least + 1]]
            self.faults.append(f"no prefix fits: {_differing(some, shown)} in doubt {doubt}")
        elif fits[0] > least:
            self.count["completed"] += 1
            self.count["operations"] += 1

    def _check_refused(self, round: _Round) -> None:
        """Nothing is refused but to undo what the history has no texts of, and that always is."""
        told = zip(round.commands, round.undoing, round.replies, strict=False)
        for command, undoing, reply in told:
            if set(command.ids) & round.wild:
                continue
            what = f"{command.do} {command.ids} {reply.refused}"
            if undoing is None or is_kept(undoing):
                if reply.refused:
                    self.faults.append(f"refused: {what}")
            elif _NOT_KEPT in reply.refused:
                self.count["not_kept"] += 1
            else:
                self.faults.append(f"not refused as not kept: {what}")

    def _check_secrets(self) -> None:
        secret = SECRET.split()[-1].rstrip(".").encode()
        for file in self.home.glob("journal.db*"):
            if secret in file.read_bytes():
                self.faults.append(f"the history keeps a password or key: {file.name}")

    def _spread_doubt(self, round: _Round) -> None:
        """What is done together with an entry in doubt is in doubt as well."""
        groups = [set(command.ids) for command in round.commands]
        groups += [set(each.after) for each in round.undoing if each]
        before = -1
        while before != len(round.wild):
            before = len(round.wild)
            for group in groups:
                if group & round.wild:
                    round.wild |= group

    def _prepare_next(self, tree: Tree, round: _Round, found: State) -> None:
        for number, reply in enumerate(round.replies):
            command, before = round.commands[number], round.states[number]
            if reply.operation and not set(command.ids) & round.wild:
                after = round.states[number + 1]
                ids = command.ids
                self.done.append(Done(reply.operation, {id: before.get(id) for id in ids},
                                      {id: after.get(id) for id in ids}))  # fmt: skip
        self.done = [each for each in self.done[-200:] if not set(each.after) & round.wild]
        self.state = found


def _without(state: State, wild: Iterable[str]) -> State:
    apart = set(wild)
    return {id: item for id, item in state.items() if id not in apart}


def _paths(state: State) -> dict[str, str]:
    return {id: path for id, (path, _) in state.items()}


def _differing(
    one: Mapping[str, object], other: Mapping[str, object]
) -> list[tuple[str, str, str]]:
    return [
        (id, str(one.get(id))[:400], str(other.get(id))[:400])
        for id in sorted({*one, *other})
        if one.get(id) != other.get(id)
    ][:3]


def run_kills(home: Path, kills: int = 300, operations: int = 10_000, seed: int = 1) -> Figures:
    return Trial(home, seed).run(kills, operations)
