"""Real transcripts: is every conversation, turn and text in the memory, at its place, and found?

`python -m tests.bench.transcripts --data DIR [--only PART] [--json PATH|-]`

What each sample holds is counted by plain code of the bench and compared with what the product
kept of it; then whole folders are imported at once, twice, and asked. Ends with 1 when something
differs that `transcripts_known` does not explain.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cairn.core.chats.archive import KeptTurn
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.redact import redact
from tests.bench.common import say, write_json
from tests.bench.transcripts_count import Sample, samples
from tests.bench.transcripts_files import check_files
from tests.bench.transcripts_known import explain
from tests.bench.transcripts_said import Count, Said, iso_seconds

_FOLDERS = ("agents", "assistants", "chats")
_CERTAIN_CHARS = 900
"""So much of a long output of a tool is kept from its beginning."""
_TOOL_CHARS = 2_000
_ASKED = 5
_ORIGINS = {
    "person": ("user", "other", "context"),
    "assistant": ("assistant",),
    "tool": ("tool", "assistant", "user"),
    "context": ("context", "user", "other"),
}

Key = tuple[str, str, str, str, str]
"""A kept turn, wherever it was read."""


@dataclass(slots=True)
class Row:
    """A sample: what was counted, what was kept, and how they differ."""

    name: str
    kind: str = ""
    counted: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)

    def differ(self, what: str) -> None:
        reason = explain(self.name, what)
        if reason:
            self.explained.append(f"{what}: {reason}")
        else:
            self.differences.append(what)

    def line(self) -> str:
        parts = [
            f"{name} {self.counted.get(name, 0)}/{self.kept.get(name, 0)}"
            for name in ("conversations", "person", "assistant", "tool", "context")
        ]
        mark = "DIFFERS" if self.differences else "as said" if self.explained else "ok"
        return f"{mark:8}{self.kind or '-':12}{', '.join(parts)}  {self.name[-64:]}"


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


# -- one sample


def compare(engine: Engine, sample: Sample, name: str) -> tuple[Row, set[Key]]:
    row, seen = Row(name), set[Key]()
    engine.conversations.take_in(sample.path)
    engine.work()
    status = engine.conversations.state_of(sample.path)
    row.kind, row.passed = status.kind, {**status.passed, **status.unknown}
    kept = _kept(engine)
    origins = Counter(turn.origin for turns in kept.values() for turn in turns)
    row.kept = {
        "conversations": len(kept), "person": origins["user"] + origins["other"],
        "assistant": origins["assistant"], "tool": origins["tool"], "context": origins["context"],
    }  # fmt: skip
    for uri, turns in kept.items():
        seen |= {_key(uri, turn) for turn in turns}
    if sample.count is None:
        if kept:
            row.differ(f"nothing to read ({sample.reason}), and yet {sum(origins.values())} turns")
    else:
        _compare_counts(row, sample.count)
        for problem in status.problems:
            row.differ(f"problem: {problem[1]}")
        if status.turns != sum(origins.values()):
            row.differ(f"the status says {status.turns} turns")
        _compare_texts(row, sample.count, [turn for turns in kept.values() for turn in turns])
    engine.conversations.remove(sample.path, drop=True)
    engine.work()
    if left := engine.conversations.latest(limit=10**6):
        row.differ(f"{len(left)} conversations are left after the source was dropped")
    return row, seen


def _kept(engine: Engine) -> dict[str, list[KeptTurn]]:
    found = engine.conversations.latest(limit=10**6)
    return {one.uri: engine.conversations.turns(one.uri, 1, 10**9) for one in found}


def _key(uri: str, turn: KeptTurn) -> Key:
    return uri, turn.origin, turn.when, turn.text, turn.command


def _compare_counts(row: Row, count: Count) -> None:
    row.counted = {"conversations": len(count.conversations)}
    row.counted |= {origin: count.of(origin) for origin in _ORIGINS}
    if row.kind != count.kind:
        row.differ(f"kind: {count.kind} became {row.kind or 'nothing'}")
    for name in ("conversations", "person", "assistant", "tool"):
        if row.counted[name] != row.kept[name]:
            row.differ(f"{name}: counted {row.counted[name]}, kept {row.kept[name]}")
    for kind in sorted({*count.passed, *row.passed}):
        if count.passed[kind] != row.passed.get(kind, 0):
            row.differ(f"passed {kind}: {count.passed[kind]}, {row.passed.get(kind, 0)}")


def _compare_texts(row: Row, count: Count, turns: list[KeptTurn]) -> None:
    exact: dict[str, list[KeptTurn]] = defaultdict(list)
    pools: dict[str, list[str]] = defaultdict(list)
    for turn in turns:
        exact[words(turn.text)].append(turn)
        pools[turn.origin] += [words(f"{turn.command}\n{turn.text}"), words(turn.text)]
    text_of = {
        origin: " | ".join(text for name in names for text in pools[name])
        for origin, names in _ORIGINS.items()
    }
    for conversation in count.conversations.values():
        _compare_order(row, conversation, exact)
    for said in count.all_said():
        if problem := _missing(said, exact, text_of[said.origin]):
            row.differ(problem)


def _missing(said: Said, exact: dict[str, list[KeptTurn]], pool: str) -> str:
    text = redact(said.text.replace("\r\n", "\n")).text
    candidates = [
        turn for turn in exact.get(words(text), ()) if turn.origin in _ORIGINS[said.origin]
    ]
    if candidates:
        times = [iso_seconds(turn.when) for turn in candidates]
        if (
            not words(text)
            or said.when is None
            or any(at and abs(at - said.when) < 1.001 for at in times)
        ):
            return ""
        return f"time of: {text[:60]!r} at {candidates[0].when or 'no time'}"
    if said.origin == "tool" and len(text) > _TOOL_CHARS:
        text = text[:_CERTAIN_CHARS].rpartition("\n")[0] or text[:_CERTAIN_CHARS].rpartition(" ")[0]
    if said.origin == "context":
        text = text[:250].rpartition(" ")[0]
    for line in text.splitlines():
        if words(line) not in pool:
            return f"text of {said.origin}: {line.strip()[:90]!r}"
    return ""


def _compare_order(row: Row, said: list[Said], exact: dict[str, list[KeptTurn]]) -> None:
    """Only texts that stand once in the sample tell."""
    last = 0
    for one in said:
        found = exact.get(words(one.text), [])
        if len(found) != 1 or one.origin == "context" or not words(one.text):
            continue
        if found[0].number < last:
            row.differ(f"order: #t{found[0].number} {one.text[:40]!r} is before #t{last}")
        last = found[0].number


# -- whole folders


def compare_folders(
    engine: Engine, data: Path, seen: dict[str, set[Key]]
) -> tuple[list[Row], list[str]]:
    rows = []
    for folder in _FOLDERS:
        engine.conversations.take_in(data / folder)
        engine.work()
        rows.append(_compare_folder(engine, data / folder, seen[folder]))
    return rows, _lost(engine)


def _compare_folder(engine: Engine, folder: Path, expected: set[Key]) -> Row:
    row = Row(folder.name)
    status = engine.conversations.state_of(folder)
    row.passed = {**status.passed, **status.unknown}
    kept = {
        _key(uri, turn)
        for uri, turns in _kept(engine).items()
        for turn in turns
        if turn.source.startswith(f"file:{folder}")
    }
    row.kept = _sums(kept)
    row.counted = _sums(expected)
    for uri, origin, when, text, _ in sorted(expected - kept):
        row.differ(f"gone: {uri} {origin} {when} {text[:60]!r}")
    for uri, origin, when, text, _ in sorted(kept - expected):
        row.differ(f"new: {uri} {origin} {when} {text[:60]!r}")
    for problem in status.problems:
        row.differ(f"problem: {problem[1]}")
    engine.conversations.take_in(folder)
    engine.work()
    again = engine.conversations.state_of(folder)
    if (again.conversations, again.turns) != (status.conversations, status.turns):
        row.differ(f"read again: {again.turns} turns in {again.conversations} conversations")
    if {**again.passed, **again.unknown} != row.passed:
        row.differ(f"read again, passed over: {again.passed} {again.unknown}, not {row.passed}")
    return row


def _sums(keys: Iterable[Key]) -> dict[str, int]:
    listed = list(keys)
    origins = Counter(origin for _, origin, *_ in listed)
    return {
        "conversations": len({uri for uri, *_ in listed}),
        "person": origins["user"] + origins["other"], "assistant": origins["assistant"],
        "tool": origins["tool"], "context": origins["context"],
    }  # fmt: skip


def _lost(engine: Engine) -> list[str]:
    """Searches for words of a turn that did not bring the turn's conversation."""
    kept = _kept(engine)
    common = Counter(
        word for turns in kept.values() for turn in turns for word in set(words(turn.text).split())
    )
    homes: dict[str, set[str]] = defaultdict(set)
    for uri, turns in kept.items():
        for turn in turns:
            homes[words(turn.text)].add(uri)
    lost, asked = [], 0
    for source, turns in sorted(_by_source(kept).items()):
        for turn in _sampled(turns):
            asked += 1
            told = _distinctive(turn, common)
            found = engine.search(" ".join(told), limit=10).evidence
            # Another passage with the same words is as good.
            if not any(
                re.split("[!#]", item.chunk.uri)[0] in homes[words(turn.text)]
                or set(told) <= set(words(item.chunk.text).split())
                for item in found
            ):
                lost.append(f"{source.rpartition('/')[2]}: {' '.join(told)}")
    say(f"{asked - len(lost)} of {asked} sampled turns are found")
    return lost


def _by_source(kept: dict[str, list[KeptTurn]]) -> dict[str, list[KeptTurn]]:
    """What was imported as one folder is told apart by its conversations."""
    sources: dict[str, list[KeptTurn]] = {}
    for uri, turns in kept.items():
        sources[uri] = [turn for turn in turns if turn.origin in ("user", "other", "assistant")]
    return sources


def _sampled(turns: list[KeptTurn]) -> Iterator[KeptTurn]:
    fit = [turn for turn in turns if len(set(words(turn.text).split())) >= 4]
    step = max(1, len(fit) // _ASKED)
    yield from fit[::step][:_ASKED]


def _distinctive(turn: KeptTurn, common: Counter[str]) -> list[str]:
    told = list(dict.fromkeys(words(turn.text).split()))
    rare = sorted(told, key=lambda word: (common[word], -len(word), word))[:8]
    return [word for word in told if word in rare]


# -- all of it


def run(data: Path, only: str) -> tuple[list[Row], dict[str, object]]:
    rows: list[Row] = []
    lost: list[str] = []
    seen: dict[str, set[Key]] = defaultdict(set)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(open_home(Path(home) / "home"), Config())
        try:
            for sample in samples(data, only):
                name = sample.path.relative_to(data).as_posix()
                row, found = compare(engine, sample, name)
                rows.append(row)
                seen[name.partition("/")[0]] |= found
                tell(row)
            if not only:
                folders, lost = compare_folders(engine, data, seen)
                rows += folders
                for row in folders:
                    tell(row)
        finally:
            engine.close()
    files = check_files(data, only)
    return rows, {
        "lost": lost, "files": files, "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def tell(row: Row) -> None:
    say(row.line())
    for what in row.differences:
        say(f"            {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--json")
    options = parser.parse_args()
    rows, rest = run(options.data.resolve(), options.only)
    wrong = sum(bool(row.differences) for row in rows)
    say(f"{len(rows)} samples and folders, {wrong} differ")
    for name, value in rest.items():
        say(f"{name}: {value}")
    if options.json:
        figures = {
            row.name: {"differs": row.differences, "explained": row.explained} for row in rows
        }
        write_json({"samples": figures, **rest}, options.json)
    files = rest["files"]
    sys.exit(bool(wrong or rest["lost"] or (isinstance(files, dict) and files["differs"])))


if __name__ == "__main__":
    main()
