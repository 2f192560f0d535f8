"""A chat that WhatsApp exported as text, from Android or an iPhone → turns.

The file is streamed twice: what it is called, who writes and how dates are written is settled
before the first turn. Ids come from the clock on the wall, the author and the words, to the
minute, so that exports of one chat from both kinds of phone are one conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from cairn.core.chats.messengers.keys import Keys, name_id, with_zone
from cairn.core.chats.messengers.names import is_program
from cairn.core.chats.messengers.whatsapp_dates import (
    Dates,
    Numbers,
    Order,
    date_of,
    hour_of,
    is_time_word,
)
from cairn.core.chats.messengers.whatsapp_words import MARK, is_system_name, seen, understand
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_DATE = r"(\d{1,4})([./\-年년])\s?(\d{1,2})[./\-月월]\s?(\d{1,4})[日일]?"
_WORD = r"\s?[^\W\d][^\d:\[\]\-–]{0,7}?"
_TIME = rf"(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?({_WORD})??"
_LINE = re.compile(rf"(\[)?{_DATE}([^\d:\[\]]{{1,16}}?){_TIME}(?(1)\]\s?|\s[-–]\s)(.*)", re.S)
_COPIED = re.compile(rf"\[(\d{{1,2}}):(\d{{2}})({_WORD})??, {_DATE}\]\s(.*)", re.S)
"""As the clipboard gets it from WhatsApp Web."""
_NAMED = re.compile(r"(?:~\s?)?([^:\n]{1,100}?)\s?:(?:\s(.*)|\Z)", re.S)
_TITLED = re.compile(
    r".{0,24}?whats\s?app.{0,16}?(?:\s-\s|[:：]\s?|\s(?:with|mit|con|com|avec|met|med|с контактом"
    r"|с|z|cu|dengan|kanssa|مع|với|と)\s)",
    re.I,
)
_TITLED_AFTER = re.compile(r"\s(?:ile|-)\s.{0,6}whats\s?app.{0,16}\Z", re.I)
_COPY = re.compile(r"\s?\(\d{1,3}\)\Z")
_IN_HEAD = 400
_MOST_LINE, _MOST_TEXT = 1 << 16, 1 << 20


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a message."""

    form: str
    numbers: Numbers
    separator: str
    before: str
    after: str
    hour: int
    minute: int
    second: int
    name: str
    """Empty for what WhatsApp says itself."""
    text: str
    is_marked: bool


def fits(source: Transcript) -> bool:
    if not source.name.lower().endswith(".txt"):
        return False
    lines = source.head.decode("utf-8-sig", "replace").splitlines()
    heads = [head for line in lines[:_IN_HEAD] if (head := _head(line))]
    named = [head for head in heads if head.name]
    if source.name.lower() == "_chat.txt" or _TITLED.match(source.name):
        return bool(heads)
    people = [h.name for h in named if not is_program(h.name, is_iso=len(h.numbers[0]) == 4)]
    # Signal's exports look the same, but for the seconds that an iPhone writes.
    is_signal = all(h.form == "[-short" and len(h.numbers[0]) == 4 for h in heads)
    return len(people) >= 2 and len(people) > 0.6 * len(heads) and not is_signal


def read(source: Transcript, state: State) -> Iterator[Item]:
    found = _look(source)
    yield About(found.conversation, title=found.title, people=tuple(found.people))
    orders: dict[str, Order] = {}
    for form, dates in found.dates.items():
        orders[form], is_unclear = dates.order()
        if is_unclear:
            yield Passed("dates of unclear order", count=dates.count)
    keys = Keys()
    head, text, began, size = None, [""], 0, 0
    for number, line in _lines(source):
        following = _head(line)
        if following is None:
            if head is None:
                yield Passed("text before the first message")
            elif size < _MOST_TEXT:
                text.append(seen(line))
                size += len(line)
            continue
        if head is not None:
            yield _turn(found, head, "\n".join(text), began, orders, keys)
        head, text, began, size = following, [following.text], number, 0
    if head is not None:
        yield _turn(found, head, "\n".join(text), began, orders, keys)
    yield Checkpoint(dict(state))


@dataclass(slots=True)
class _Chat:
    """What the whole file says."""

    title: str
    conversation: str
    people: dict[str, None] = field(default_factory=dict)
    dates: dict[str, Dates] = field(default_factory=dict)


def _look(source: Transcript) -> _Chat:
    dates: dict[str, Dates] = {}
    people: dict[str, None] = {}
    opener = ""
    for _, line in _lines(source):
        head = _head(line)
        if head is None:
            continue
        said = head.text if not dates and head.name else ""
        if said and understand(said, is_marked=head.is_marked).kind == "system":
            opener = head.name  # an iPhone says this in the name of the chat
        seen_ = dates.setdefault(head.form, Dates())
        seen_.see(head.numbers, head.separator, head.before, head.after)
        if head.name and len(people) < 1000 and not head.is_marked:
            people[head.name] = None
    title = _title(source, opener)
    return _Chat(title, name_id(title) or source.id(), people, dates)


def _title(source: Transcript, opener: str) -> str:
    """The chat's name, as the file, else the folder or ZIP, else the first line gives it."""
    stem = seen(source.name.rpartition(".")[0])
    if stem.casefold() == "_chat":
        stem = seen(source.folder)
        if opener and not _TITLED.match(stem):
            stem = opener
    stem = _COPY.sub("", stem)
    return " ".join(_TITLED_AFTER.sub("", _TITLED.sub("", stem, count=1)).split())


def _lines(source: Transcript) -> Iterator[tuple[int, str]]:
    """Lines with their number; the rest of one beyond all measure counts as lines of its own."""
    with source.text() as file:
        number, is_new = 0, True
        while line := file.readline(_MOST_LINE):
            number += is_new
            is_new = line.endswith("\n")
            yield number, line.rstrip("\r\n").replace("\0", "")


def _head(line: str) -> _Head | None:
    plain = seen(line).lstrip()
    if not plain or not (plain[0] == "[" or plain[0].isdigit()):
        return None
    if match := _LINE.match(plain):
        bracket, first, separator, second, third, before, hour, minute, seconds, after, rest = (
            match.groups()
        )
        form = f"{'[' if bracket else ''}{separator}{'' if seconds else 'short'}"
    elif match := _COPIED.match(plain):
        hour, minute, after, first, separator, second, third, rest = match.groups()
        bracket, before, seconds, form = "", "", "", f"copied{separator}"
    else:
        return None
    after = after or ""
    if int(hour) > 23 or int(minute) > 59 or not is_time_word(before, after):
        return None
    named = _NAMED.match(rest)
    if named and is_system_name(named[1]):
        named = None
    return _Head(
        form=form, numbers=(first, second, third), separator=separator,
        before=before, after=after,
        hour=int(hour), minute=int(minute), second=min(int(seconds or 0), 59),
        name=named[1].strip() if named else "",
        text=(named[2] or "") if named else rest,
        is_marked=bool(bracket) and line.partition(": ")[2].startswith(MARK),
    )  # fmt: skip


def _turn(
    chat: _Chat, head: _Head, text: str, line: int, orders: dict[str, Order], keys: Keys
) -> Item:
    if not head.name:
        return Passed("system")
    said = understand(text, is_marked=head.is_marked)
    if said.kind:
        return Passed(said.kind)
    day = date_of(head.numbers, orders[head.form])
    if day is None:
        return Passed("no such day", is_known=False)
    hour = hour_of(head.hour, head.before, head.after)
    moment = datetime.combine(day, time(hour, head.minute, head.second))
    return Turn(
        conversation=chat.conversation,
        key=keys.of(moment.isoformat(timespec="minutes"), head.name, said.text),
        origin="other",
        text=said.text,
        when=with_zone(moment),
        who=head.name,
        attachments=said.files,
        line=line,
    )
