"""Shell history → a turn of the user for each command, one conversation for each day.

bash with times (`#1786364400` before a command), zsh's extended history (`: 1786364400:3;git …`),
fish, and atuin's database. A command without a time belongs to no day and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.stored import one_line, opened, row, text_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.records import Origin, digest

_ZSH = re.compile(rb": (\d{1,12}):\d{1,12};")
_BASH = re.compile(rb"#(\d{9,12})\s*$")
_BEGINNINGS = {
    "fish": re.compile(rb"- cmd: [^\n]*\n  when: \d"),
    "zsh": re.compile(rb"(?:[^\n]{0,9999}\n)?: \d{9,12}:\d{1,9};"),
    "bash": re.compile(rb"#\d{9,12}\n[^#\n]"),
}
_NAMES = {"fish_history": "fish", "zsh_history": "zsh", "zhistory": "zsh", "bash_history": "bash"}
_ATUIN = {"id", "timestamp", "command", "cwd", "session", "hostname"}
_MOST_BYTES = 1 << 17
_LINE = 32
"""So many bytes an empty line counts for, that a command has neither too many lines."""
_MOST_A_SECOND = 200
_PAGE = 500


def fits(source: Transcript) -> bool:
    if not source.is_sqlite:
        return bool(_shell(source))
    if "history" not in source.tables():
        return False
    with opened(source) as db:
        return {str(each[1]) for each in db.execute("PRAGMA table_info(history)")} >= _ATUIN


def _shell(source: Transcript) -> str:
    for name, shell in _NAMES.items():
        if source.name.lstrip("._").startswith(name):
            return shell
    head = source.head
    return next((shell for shell, begins in _BEGINNINGS.items() if begins.match(head)), "")


def read(source: Transcript, state: State) -> Iterator[Item]:
    if source.is_sqlite:
        yield from _atuin(source, state)
        return
    shell = _shell(source)
    step = {"fish": _fish, "zsh": _zsh}.get(shell, _bash)
    for line in source.lines(state):
        for item in step(line.data.rstrip(b"\r\n"), line.number, state):
            yield from _kept(item, shell, state)
        yield Checkpoint(dict(state))
    if shell == "bash":
        # Its last command may yet get more lines; then it is the same turn with more text.
        for item in _told(state):
            yield from _kept(item, shell, state)
        yield Checkpoint(dict(state))


_Command = tuple[int, str, int]
"""When, what, and in which line it begins; without a time, 0."""


def _kept(command: _Command, shell: str, state: State) -> Iterator[Item]:
    epoch, text, line = command
    when = times.from_epoch(epoch)
    if not text.strip():
        return
    if not when:
        yield Passed("without a time")
        return
    conversation = f"{shell}-{when[:10]}"
    if state.get("day") != conversation:
        state["day"] = conversation
        yield About(conversation, f"Shell, {when[:10]}")
    key = _key(epoch, text, line, state)
    yield Turn(
        conversation, key, "user", text, when, role="shell", line=line, command=one_line(text)
    )


def _key(epoch: int, text: str, line: int, state: State) -> str:
    """Of the time and the first line, for the rest may come later; equal ones are numbered."""
    key = digest(str(epoch), text.partition("\n")[0], size=8)
    second: dict[str, list[int]] = state.get("second", {})
    if state.get("epoch") != epoch or len(second) > _MOST_A_SECOND:
        second = {}
    count, last = second.get(key, (0, 0))
    count += line != last
    state["epoch"], state["second"] = epoch, {**second, key: [count, line]}
    return f"{key}-{count}" if count > 1 else key


def _bash(data: bytes, number: int, state: State) -> Iterator[_Command]:
    """A time stands before each command, or before none; then each line is a command.

    Lines up to the next time are one command if the file begins with a time, as bash has it.
    """
    found = _BASH.match(data)
    if number == 1 or "is_timed" not in state:
        state["is_timed"] = bool(found)
    if found:
        yield from _told(state)
        state |= {"at": int(found[1]), "lines": [], "from": number + 1, "size": 0, "told": 0}
    elif state.get("at") and (state["is_timed"] or not state["lines"]):
        if state["size"] < _MOST_BYTES:
            state["lines"] = [*state["lines"], _decode(data)]
            state["size"] += len(data) + _LINE
    else:
        yield 0, _decode(data), number


def _told(state: State) -> Iterator[_Command]:
    """The command that was being read, unless it was given already as it is now."""
    lines = state.get("lines", [])
    if len(lines) > state.get("told", 0):
        state["told"] = len(lines)
        yield int(state["at"]), "\n".join(lines), int(state["from"])


def _zsh(data: bytes, number: int, state: State) -> Iterator[_Command]:
    r"""A line that ends with \ goes on in the next, but never in one that has a time."""
    if "held" in state and _ZSH.match(data):
        yield _zsh_command(bytes.fromhex(state.pop("held")), int(state.pop("from")))
    held = bytes.fromhex(state.pop("held", ""))
    size = int(state.pop("size", 0)) + len(data) + _LINE
    begun = int(state.pop("from", number))
    if data.endswith(b"\\") and size < _MOST_BYTES:
        state |= {"held": (held + data[:-1] + b"\n").hex(), "from": begun, "size": size}
    else:
        yield _zsh_command(held + data, begun)


def _zsh_command(data: bytes, number: int) -> _Command:
    found = _ZSH.match(data)
    text = _decode(_unmeta(data[found.end() :] if found else data))
    return int(found[1]) if found else 0, text, number


def _unmeta(data: bytes) -> bytes:
    """zsh writes some bytes as 0x83 and the byte with one bit turned."""
    first, *rest = data.split(b"\x83")
    return first + b"".join(bytes([part[0] ^ 32]) + part[1:] for part in rest if part)


def _fish(data: bytes, number: int, state: State) -> Iterator[_Command]:
    if data.startswith(b"- cmd: "):
        if "held" in state:
            yield 0, state["held"], int(state["from"])
        state |= {"held": _unescaped(_decode(data[7:])), "from": number}
    elif data.startswith(b"  when: ") and "held" in state:
        when = data[8:].strip()
        epoch = int(when) if when.isdigit() and len(when) < 13 else 0
        yield epoch, state.pop("held"), int(state.pop("from"))


def _unescaped(text: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in text.split("\\\\"))


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _atuin(source: Transcript, state: State) -> Iterator[Item]:
    sql = f"SELECT rowid AS number, * FROM history WHERE rowid > ? ORDER BY rowid LIMIT {_PAGE}"
    with opened(source) as db:
        found = row(db, "SELECT id FROM history WHERE rowid = ?", state.get("number", 0))
        if not found or found[0] != state.get("id"):
            state.clear()  # its rows have been numbered anew
        while page := db.execute(sql, (state.get("number", 0),)).fetchall():
            for each in page:
                known = dict(each)
                state |= {"number": known["number"], "id": text_of(known["id"])}
                yield from _entry(known, state)
            yield Checkpoint(dict(state))


def _entry(known: dict[str, Any], state: State) -> Iterator[Item]:
    text, when = text_of(known.get("command")), times.from_epoch(known.get("timestamp"))
    if known.get("deleted_at") is not None or not text.strip():
        yield Passed("deleted")
    elif not when:
        yield Passed("without a time")
    else:
        conversation = f"atuin-{when[:10]}"
        if state.get("day") != conversation:
            state["day"] = conversation
            yield About(conversation, f"Shell, {when[:10]}")
        who = _agent(known)
        origin: Origin = "tool" if who else "user"
        key = text_of(known.get("id")) or digest(when, text)
        yield Turn(
            conversation, key, origin, text, when, who, "shell",
            line=int(known["number"]), command=one_line(text),
        )  # fmt: skip


def _agent(known: dict[str, Any]) -> str:
    """The name of the program that ran it, where that was not the user."""
    author = text_of(known.get("author")).strip()
    host = text_of(known.get("hostname"))
    is_agent = known.get("author_kind") == 1
    is_other = "author_kind" not in known and author not in ("", host, host.rpartition(":")[2])
    return author or "agent" if is_agent or is_other else ""
