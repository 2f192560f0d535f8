"""Logs of IRC by four programs: who said what, resumed at any line."""

# last verified: 2026-11-21 against WeeChat 4.8's manual, irssi's, ZNC's and HexChat's sources

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import Checkpoint, State, Turn
from tests.chats.reading import about, items, passed, turns, turns_of

WEECHAT = (
    "2026-08-10 12:00:00\t-->\tana (~a@host) has joined #garden\n"
    "2026-08-10 12:00:01\t@ana\thello\tthere\n"
    "2026-08-10 12:00:01\tana\thello\n"
    "2026-08-10 12:00:01\tana\thello\n"
    "2026-08-10 12:00:02\t *\tbob waves\n"
    "2026-08-10 12:00:03\t--\tNotice(x): You are now known as eve\n"
    "2026-08-10 12:00:03\t--\tYou are now known as cy\n"
    "2026-08-17T12:34:56.123456Z\tcy\t\x0304mine\x0f\n"
    "no log at all\n"
)
IRSSI = (
    "--- Log opened Mon Aug 10 23:58:00 2026\n"
    "23:58 -!- ana [~a@host] has joined #garden\n"
    "23:58 <@ana> hello\n"
    "23:59  * bob has left the building\n"
    "23:59 -nick:#garden- notice\n"
    "--- Day changed Tue Aug 11 2026\n"
    "00:01 < ana> hello\n"
    "00:01 -!- You're now known as cy\n"
    "00:02 <cy> mine\n"
    "--- Log closed Tue Aug 11 00:03:00 2026\n"
)
ZNC = (
    "[12:00:00] *** Joins: ana (~a@host)\n"
    "[12:00:01] <ana> hello\n"
    "[12:00:02] * bob waves\n"
    "[12:00:03] -nick- notice\n"
)
HEXCHAT = (
    "**** BEGIN LOGGING AT Thu Dec 31 23:59:00 2026\n\n"
    "Dec 31 23:59:00 *\tNow talking on #garden\n"
    "Dec 31 23:59:01 *\tana (~a@host) has joined\n"
    "Dec 31 23:59:02 <ana>\thello\n"
    "Jan 01 00:00:01 *\tbob waves\n"
    "Jan 01 00:00:02 *\tYou are now known as cy\n"
    "Jan 01 00:00:03 <cy>\tmine\n"
    "**** ENDING LOGGING AT Fri Jan  1 00:01:00 2027\n"
)
LOGS = {
    "irc.libera.#garden.weechatlog": WEECHAT,
    "irclogs/libera/#garden.log": IRSSI,
    "networks/libera/moddata/log/#garden/2026-08-10.log": ZNC,
    "hexchat/logs/libera/#garden.log": HEXCHAT,
}
named = pytest.mark.parametrize("name", LOGS)


def put(folder: Path, name: str, text: str | bytes = "") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text or LOGS[name]
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def told(read: list[Turn]) -> list[tuple[str, str, str, str]]:
    return [(turn.origin, turn.who, turn.text, turn.when[:16]) for turn in read]


def test_weechat(tmp_path: Path) -> None:
    found = items("irc", put(tmp_path, "irc.libera.#garden.weechatlog"))
    assert told(turns_of(found)) == [
        ("other", "ana", "hello\tthere", "2026-08-10T12:00"),
        ("other", "ana", "hello", "2026-08-10T12:00"),
        ("other", "ana", "hello", "2026-08-10T12:00"),
        ("other", "bob", "* bob waves", "2026-08-10T12:00"),
        ("user", "cy", "mine", from_iso("2026-08-17T12:34:56Z")[:16]),
    ]
    assert passed(found) == {"status": 3, "line": 1}


def test_irssi(tmp_path: Path) -> None:
    found = items("irc", put(tmp_path, "irclogs/libera/#garden.log"))
    assert told(turns_of(found)) == [
        ("other", "ana", "hello", "2026-08-10T23:58"),
        ("other", "bob", "* bob has left the building", "2026-08-10T23:59"),
        ("other", "ana", "hello", "2026-08-11T00:01"),
        ("user", "cy", "mine", "2026-08-11T00:02"),
    ]
    assert passed(found) == {"status": 6}


def test_znc(tmp_path: Path) -> None:
    name = "networks/libera/moddata/log/#garden/2026-08-10.log"
    found = items("irc", put(tmp_path, name))
    assert told(turns_of(found)) == [
        ("other", "ana", "hello", "2026-08-10T12:00"),
        ("other", "bob", "* bob waves", "2026-08-10T12:00"),
    ]
    next_day = put(tmp_path, name.replace("10.log", "11.log"), ZNC)
    assert not {turn.key for turn in turns_of(found)} & {
        turn.key for turn in turns("irc", next_day)
    }


def test_hexchat(tmp_path: Path) -> None:
    found = items("irc", put(tmp_path, "hexchat/logs/libera/#garden.log"))
    assert told(turns_of(found)) == [
        ("other", "ana", "hello", "2026-12-31T23:59"),
        ("other", "bob", "* bob waves", "2027-01-01T00:00"),
        ("user", "cy", "mine", "2027-01-01T00:00"),
    ]


@named
def test_the_place_says_which_channel_it_is(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name)
    assert format_of("irc").fits(Transcript(path))
    (known,) = about(items("irc", path)).values()
    assert (known.conversation, known.title, known.project) == (
        "libera/#garden", "#garden", "libera",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "conversation"),
    [
        ("irc.libera.bob.weechatlog", "libera/bob"),
        ("irc.server.libera.weechatlog", "libera/libera"),
        ("2026/08/irc.libera.#a.b.weechatlog", "libera/#a.b"),
        ("libera_#garden_20260810.log", "libera/#garden"),
        ("Documents/#Garden.log", "#garden"),
    ],
)
def test_other_places(tmp_path: Path, name: str, conversation: str) -> None:
    assert [*about(items("irc", put(tmp_path, name, WEECHAT)))] == [conversation]


@named
def test_read_in_two_parts_at_every_line(tmp_path: Path, name: str) -> None:
    lines = LOGS[name].splitlines(keepends=True)
    whole = turns("irc", put(tmp_path, name))
    assert whole == turns("irc", tmp_path / name)
    assert len({turn.key for turn in whole}) == len(whole)
    for cut in range(len(lines)):
        state = State()
        torn = lines[cut][: len(lines[cut]) // 2]
        first = items("irc", put(tmp_path, name, "".join(lines[:cut]) + torn or " "), state)
        put(tmp_path, name)
        second = turns("irc", tmp_path / name, json.loads(json.dumps(state)))
        assert [*turns_of(first), *second] == whole


def test_any_checkpoint_is_a_place_to_go_on_from(tmp_path: Path) -> None:
    path = put(tmp_path, "irc.libera.#garden.weechatlog")
    found = items("irc", path)
    for at, item in enumerate(found):
        if isinstance(item, Checkpoint):
            assert items("irc", path, dict(item.state)) == found[at + 1 :]


def test_hostile_lines(tmp_path: Path) -> None:
    head = b"--- Log opened Mon Aug 10 23:58:00 2026\n"
    long = b"23:58 <ana> " + b"<@ " * 300_000 + b"\n"
    odd = b"23:59 <ana> caf\xe9\n99:99 <ana> x\n\xff\xfe\0\n" + b"* " * 200_000 + b"\n"
    found = items("irc", put(tmp_path, "irclogs/l/#a.log", head + long + odd))
    assert [turn.text for turn in turns_of(found)][1:] == ["café", "x"]
    assert turns_of(found)[2].when == ""
    assert passed(found) == {"status": 1, "line": 2}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.log", "2026-08-10 12:00:00\tINFO\tstarted\n" * 9),
        ("app-2026-08-10.log", "[12:00:00] started\n"),
        ("a.txt", "12:00 <ana> hello\n"),
        ("empty.weechatlog", " "),
    ],
)
def test_other_logs_are_not_irc(tmp_path: Path, name: str, text: str) -> None:
    assert not format_of("irc").fits(Transcript(put(tmp_path, name, text)))
