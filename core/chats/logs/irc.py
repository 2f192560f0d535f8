"""A log of IRC, by WeeChat, irssi, ZNC or HexChat → the turns of one channel or talk.

Read line by line, from where it was left. Joins, modes and notices are passed over. Times are the
log's own, and so are the keys; where a log has only hours, the day comes from its lines about it
or from the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.chats.keys import key_of
from cairn.core.chats.logs.irc_names import channel_of, day_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_NICK = r"[ @+%~&!]{0,3}([^\s<>@+%~&!][^\s<>]{0,63})"
_WEECHAT = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)((?:\.\d{1,9})?Z?)\t([^\t]{0,200})\t(.*)"
)
_CLOCK = re.compile(
    r"\[?(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d(?::\d\d)?)((?:[+-]\d\d:?\d\d|Z)?)\]?[ \t](.*)"
)
_MONTH = re.compile(r"([^\W\d_]{3,5})\.? (\d\d?) (\d\d:\d\d:\d\d)[ \t](.*)")
_DAY_LINE = re.compile(
    r"(?:--- (?:Log opened|Day changed)|\*{4} BEGIN LOGGING AT) "
    r"\w{2,4}\.? ([^\W\d_]{3,5})\.? +(\d\d?)(?: \d\d:\d\d:\d\d)? (\d{4})"
)
_ABOUT_LOG = re.compile(r"(?:--- Log closed|\*{4} ENDING LOGGING)")
_SAID = re.compile(rf"<{_NICK}>[ \t](.*)")
_DID = re.compile(r"\s{0,3}\*[ \t]+([^\s*]{1,64})[ \t](.*)")
_PLAIN_NICK = re.compile(r"[^\s<>]{0,63}\w[^\s<>]{0,63}")
_NOW_ME = re.compile(r"(?:-!-\s+|\*+\s+)?You(?: are|'re) now known as (\S{1,64})")
_HAPPENED = re.compile(
    r"\*\t(?:Now talking on|You (?:are|have)\b|Topic for\b|Disconnected\b|\S{1,64} (?:\(\S+\) )?"
    r"(?:has (?:joined|left|quit|kicked|changed the topic|been kicked)\b|is now known as\b|"
    r"gives (?:channel|voice|half)|removes (?:channel|voice|half|ban|exempt)|"
    r"sets (?:ban|mode|exempt|channel)\b|invited\b))"
)
"""HexChat marks what happens as it marks what people do."""
_CODES = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x00-\x08\x0b-\x1f]")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan ene", "feb fév", "mar mär mrz", "apr avr abr", "may mai mei", "jun", "jul",
         "aug aoû ago", "sep set", "oct okt out", "nov", "dec dez dic déc"), 1,
    )
    for name in names.split()
}  # fmt: skip
_ZNC_HEAD = re.compile(rb"\[\d\d:\d\d:\d\d\] (?:<\S{1,64}> |\*{3} \w+|\* \S|-\S{1,64}- )")
_WEECHAT_HEAD = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.\dZ]{0,11}\t[^\t\n]{0,200}\t")
_MARKS = "@+%~&! <>"
_TRIED, _ENOUGH = 20, 3


@dataclass(frozen=True, slots=True)
class _Line:
    stamp: str
    """As it is in the log, with its day: part of the key."""
    when: str
    who: str = ""
    text: str = ""
    me: str = ""
    """The user's nick, where the line says it."""


def fits(source: Transcript) -> bool:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"--- Log opened ", b"**** BEGIN LOGGING AT ")):
        return True
    lines = head.split(b"\n", _TRIED)[:_TRIED]
    if source.name.endswith(".weechatlog"):
        return any(map(_WEECHAT_HEAD.match, lines))
    if source.name.endswith(".log") and day_of(source.name):
        return any(map(_ZNC_HEAD.match, lines))
    prefixes = {line.split(b"\t", 2)[1] for line in lines if _WEECHAT_HEAD.match(line)}
    is_log = len(prefixes) >= _ENOUGH or source.name.startswith("irc.")
    return is_log and not prefixes.isdisjoint((b"-->", b"<--", b"--"))


def read(source: Transcript, state: State) -> Iterator[Item]:
    network, channel = channel_of(source)
    conversation = f"{network}/{channel}".casefold().removeprefix("/")
    named = day_of(source.name)
    for line in source.lines(state):
        if "about" not in state:
            state["about"] = True
            yield About(conversation, channel, network)
        found = _parse(_decode(line.data), state, named)
        if found is None:
            yield Passed("line", is_known=False)
        elif not found.text:
            state["me"] = found.me or state.get("me", "")
            yield Passed("status")
        else:
            is_own = found.who == state.get("me")
            yield Turn(
                conversation, key_of(state, found.stamp, found.who, found.text),
                "user" if is_own else "other", found.text, found.when, found.who, line=line.number,
            )  # fmt: skip
        yield Checkpoint(dict(state))


def _decode(data: bytes) -> str:
    """Each line may have its own encoding."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.rstrip("\r\n")


def _parse(text: str, state: State, named: str) -> _Line | None:
    if found := _WEECHAT.fullmatch(text):
        return _weechat(found)
    if found := _DAY_LINE.match(text):
        if month := _month(found[1]):
            state["day"] = f"{found[3]}-{month:02}-{int(found[2]):02}"
        return _Line("", "")
    if _ABOUT_LOG.match(text):
        return _Line("", "")
    if found := _CLOCK.fullmatch(text):
        day, clock, zone, rest = found[1] or state.get("day") or named, found[2], found[3], found[4]
    elif (found := _MONTH.fullmatch(text)) and (day := _day_of(found, state)):
        clock, zone, rest = found[3], "", found[4]
    else:
        return None
    stamp = f"{day}T{clock}{zone}" if day else clock
    return _words(stamp, from_iso(stamp), _CODES.sub("", rest))


def _weechat(found: re.Match[str]) -> _Line:
    stamp = f"{found[1]}T{found[2]}{found[3]}"
    prefix, text = found[4].strip(), _CODES.sub("", found[5]).strip()
    when = from_iso(stamp)
    if prefix == "*":
        who, _, text = text.partition(" ")
        return _Line(stamp, when, who, f"* {who} {text}") if text else _Line(stamp, when)
    nick = prefix.strip(_MARKS)
    if not _PLAIN_NICK.fullmatch(nick) or prefix.startswith(("--", "<--", "=!=")):
        own = _NOW_ME.match(text) if prefix == "--" else None
        return _Line(stamp, when, me=own[1] if own else "")
    return _Line(stamp, when, nick, text)


def _words(stamp: str, when: str, rest: str) -> _Line:
    """What comes after the time."""
    if found := _SAID.match(rest):
        return _Line(stamp, when, found[1], found[2].strip())
    if own := _NOW_ME.match(rest):
        return _Line(stamp, when, me=own[1])
    found = _DID.match(rest)
    if found and not _HAPPENED.match(rest):
        return _Line(stamp, when, found[1], f"* {found[1]} {found[2].strip()}")
    return _Line(stamp, when)


def _month(name: str) -> int:
    return _MONTHS.get(name.casefold()[:3], 0)


def _day_of(found: re.Match[str], state: State) -> str:
    """HexChat leaves out the year: it is that of the day before, or the next one."""
    known, month = str(state.get("day", "")), _month(found[1])
    if not month or not known:
        return ""
    year = int(known[:4]) + (month == 1 and known[5:7] == "12")
    state["day"] = f"{year}-{month:02}-{int(found[2]):02}"
    return str(state["day"])
