"""aider: `.aider.chat.history.md` → turns; one conversation for each time that it was started.

The file only ever grows, so a turn's key is its place in the conversation. A turn ends where the
next one begins: reading on begins at the last turn's first line, which may have grown since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn, Version
from cairn.core.records import Origin, digest

_NAME = ".aider.chat.history.md"
_START = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$")
_HEAD = re.compile(rb"\s*# aider chat started at \d{4}-\d\d-\d\d ")
_MARKED = re.compile(rb"^(####|>) .*  \r?$", re.MULTILINE)
_PREFIXES: dict[Origin, re.Pattern[str]] = {
    "user": re.compile(r"####(?: (.*))?$"),
    "tool": re.compile(r">(?: (.*))?$"),
}
_END = "  "
"""It ends its own lines so, and those of the user; those of an answer that look alike do not."""
_VERSION = re.compile(r"Aider v([\w.+-]+)", re.MULTILINE)
_RAN = re.compile(r"^Running (.+)$", re.MULTILINE)
_BLANK = "<blank>"
"""It notes this when nothing but Return was pressed."""
_MOST_CHARS = 1 << 20
"""A longer turn is told in parts."""
_MOST_GAP = 3


@dataclass(slots=True)
class _Open:
    """The turn that the last line belongs to."""

    origin: Origin
    first: int
    last: int
    chars: int = 0
    lines: list[str] = field(default_factory=list)

    def goes_on(self, origin: Origin, number: int) -> bool:
        is_next = origin == self.origin and self.chars < _MOST_CHARS
        # Between two things that the user said there is an empty line.
        return is_next and (origin != "user" or number == self.last + 1)

    def add(self, number: int, text: str) -> None:
        self.lines += [""] * (min(number - self.last, _MOST_GAP) - 1)
        self.lines.append(text)
        self.last = number
        self.chars += len(text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def fits(source: Transcript) -> bool:
    return source.name.endswith(_NAME) or bool(_HEAD.match(source.head))


def read(source: Transcript, state: State) -> Iterator[Item]:
    """`at` goes from line to line; `state` follows from turn to turn."""
    at, before = dict(state), dict(state)
    is_marked = bool(_MARKED.search(source.head))
    turn: _Open | None = None
    for line in source.lines(at):
        if "turn" in before and "turn" not in at:
            before = {}  # the file was replaced
        at |= {"start": at.get("start", ""), "turn": at.get("turn", 0)}
        text = line.data.decode("utf-8", "replace").rstrip("\r\n")
        origin, words = _origin(text, is_marked)
        started = _START.match(text)
        if turn and (started or not turn.goes_on(origin, line.number)):
            at["turn"] += 1
            yield from _told(source, turn, at["start"], at["turn"])
            turn = None
        if started:
            yield from _begin(source, at, started[1])
            _follow(state, at)
            yield Checkpoint(dict(state))
        else:
            if turn is None:
                turn = _Open(origin, line.number, line.number)
                _follow(state, before | {name: at[name] for name in ("start", "turn")})
                yield Checkpoint(dict(state))
            turn.add(line.number, words)
        before = dict(at)
    if turn:
        yield from _told(source, turn, at["start"], at["turn"] + 1)


def _follow(state: State, to: State) -> None:
    state.clear()
    state.update(to)


def _origin(text: str, is_marked: bool) -> tuple[Origin, str]:
    if text.endswith(_END) or not is_marked:
        for origin, prefix in _PREFIXES.items():
            if found := prefix.match(text):
                return origin, (found[1] or "").rstrip()
    return "assistant", text.rstrip()


def _begin(source: Transcript, at: State, start: str) -> Iterator[Item]:
    yield Passed("start")
    if at["start"] != start:  # two that began in the same second are told as one
        at |= {"start": start, "turn": 0}
        if not source.member:
            yield About(_conversation(source, start), project=str(source.path.absolute().parent))


def _conversation(source: Transcript, start: str) -> str:
    return digest(source.folder, start, size=8)


def _told(source: Transcript, turn: _Open, start: str, number: int) -> Iterator[Item]:
    conversation, when, key = _conversation(source, start), from_iso(start), str(number)
    text = turn.text
    if not text or text == _BLANK:
        yield Passed("blank")
    elif turn.origin == "user":
        own, beside = own_words(text)
        if own.strip():
            yield Turn(conversation, key, "user", own, when, line=turn.first)
        if beside.strip():
            yield Turn(conversation, f"{key}:context", "context", beside, when, line=turn.first)
    else:
        is_tool = turn.origin == "tool"
        if is_tool and (version := _VERSION.search(text)):
            yield Version(version[1])
        ran = _RAN.search(text) if is_tool else None
        command = ran[1][:2000] if ran else ""
        yield Turn(conversation, key, turn.origin, text, when, line=turn.first, command=command)
