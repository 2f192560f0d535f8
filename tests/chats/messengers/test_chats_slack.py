"""Slack's exports and slackdump's: names for ids, threads in their channel, new days only."""

# last verified: 2026-11-21 against slackdump's samples and Slack's help page on exports

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.messengers.slack_text import Names, readable
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import State
from tests.chats.reading import about, items, passed, said, turns, turns_of

USERS = [
    {"id": "U1", "name": "ana", "profile": {"real_name": "Ana Lopez", "display_name": "al"}},
    {"id": "U2", "name": "bob", "real_name": "Bob Ng", "profile": None},
    {"id": "U3", "name": "cy"},
    7,
]
CHANNELS = [{"id": "C1", "name": "general", "members": ["U1", "U2"]}, {"id": 5, "name": None}]
DMS = [{"id": "D1", "members": ["U1", "U3"]}]


def message(ts: str, text: str = "", user: str = "U1", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def put(folder: Path, name: str, value: object) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))


def export(folder: Path) -> Path:
    root = folder / "Acme Slack export Jan 1 2026 - Feb 1 2026"
    for name, value in (("users", USERS), ("channels", CHANNELS), ("dms", DMS), ("mpims", [])):
        put(root, f"{name}.json", value)
    day = [
        message("1786364400.000100", "deploy at 5 <@U2>, see <#C1|general> &amp; <!here>"),
        message("1786364401.000100", "<@U2> has joined", "U2", subtype="channel_join"),
        message("1786364402.000100", "ok", "U2", thread_ts="1786364400.000100"),
        message("1786364403.000100", "gone", subtype="tombstone"),
        message("1786364404.000100", "new", subtype="from_the_future"),
        message("1786364405.000100", files=[{"name": "plan.pdf"}, {"title": "x"}, 3]),
        message("1786364406.000100", "built", "", subtype="bot_message", username="CI"),
        message("1786364407.000100"),
        "nonsense",
    ]
    put(root, "general/2026-08-10.json", day)
    put(root, "general/2026-08-11.json", [message("1786450800.000100", "edited", edited={})])
    put(root, "D1/2026-08-10.json", [message("1786364500.000100", "hi", "U3")])
    return root


def zipped(root: Path) -> Path:
    path = root.with_name(f"{root.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in root.rglob("*.json"):
            archive.write(file, file.relative_to(root).as_posix())
    return path


@pytest.mark.parametrize("is_zip", [False, True])
def test_an_export(tmp_path: Path, is_zip: bool) -> None:
    path = zipped(export(tmp_path)) if is_zip else export(tmp_path)
    assert format_of("slack").fits(Transcript(path))
    found = items("slack", path)
    general = [turn for turn in turns_of(found) if turn.conversation == "C1"]
    assert [(turn.who, turn.text) for turn in general] == [
        ("Ana Lopez", "deploy at 5 @Bob Ng, see #general & @here"),
        ("Bob Ng", "ok"),
        ("Ana Lopez", ""),
        ("CI", "built"),
        ("Ana Lopez", "edited"),
    ]
    assert {turn.origin for turn in general} == {"other"}
    assert [turn.reply_to for turn in general] == ["", general[0].key, "", "", ""]
    assert general[2].attachments == ("plan.pdf", "x")
    assert general[3].role == "bot"
    assert passed(found) == {
        "channel_join": 1, "tombstone": 1, "from_the_future": 1, "empty": 1, "message": 1,
    }  # fmt: skip
    known = about(found)
    assert (known["C1"].title, known["C1"].project) == ("#general", "Acme")
    assert known["D1"].title == "Ana Lopez, cy"
    assert known["D1"].people == ("Ana Lopez", "cy")
    assert turns("slack", path) == turns_of(found)


def test_of_a_grown_export_only_new_days_are_read(tmp_path: Path) -> None:
    root, state = export(tmp_path), State()
    first = turns("slack", root, state)
    assert items("slack", root, json.loads(json.dumps(state))) == []
    days = [message("1786450800.000100", "edited", edited={}), message("1786450900.000100", "b")]
    put(root, "general/2026-08-11.json", days)
    put(root, "general/2026-08-12.json", [message("1786537200.000100", "c")])
    second = turns("slack", root, state)
    assert [turn.text for turn in second] == ["edited", "b", "c"]
    everything = {turn.key: turn for turn in (*first, *second)}
    assert set(everything.values()) == set(turns("slack", root))


def test_a_dump_has_answers_inside_messages(tmp_path: Path) -> None:
    answers = [message("1736554746.48", "yes", "U2", thread_ts="1736554740.40"), 3]
    asked = message("1736554740.40", "well?", thread_ts="1736554740.40")
    dump = {
        "channel_id": "CHY5HUESG",
        "name": "every\\one",
        "messages": [{**asked, "slackdump_thread_replies": answers}, message("1736554750.50", "x")],
    }
    put(tmp_path / "dump", "CHY5HUESG.json", dump)
    for path in (tmp_path / "dump", zipped(tmp_path / "dump")):
        assert format_of("slack").fits(Transcript(path))
        found = items("slack", path)
        assert said(found) == [("other", "well?"), ("other", "yes"), ("other", "x")]
        assert [turn.reply_to for turn in turns_of(found)] == ["", "1736554740.40", ""]
        assert about(found)["CHY5HUESG"].title == "#every\\one"
        assert passed(found) == {"message": 1}


def test_a_single_message_in_a_folder(tmp_path: Path) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Poll* &lt;1&gt;"}}]
    single = {"type": "message", "ts": "1677029631.029259", "text": "", "blocks": blocks}
    put(tmp_path / "loose", "bot.json", {**single, "subtype": "bot_message", "bot_id": "B1"})
    put(tmp_path / "loose", "other.json", {"a": 1})
    assert format_of("slack").fits(Transcript(tmp_path / "loose"))
    (turn,) = turns("slack", tmp_path / "loose")
    assert (turn.text, turn.who, turn.key) == ("*Poll* <1>", "B1", "1677029631.029259")


def test_rich_text_where_there_is_no_text(tmp_path: Path) -> None:
    inline = [
        {"type": "text", "text": "see "},
        {"type": "user", "user_id": "U2"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://a.org/x", "text": "this"},
        {"type": "emoji", "name": "tada"},
    ]
    rows = [
        {"type": "rich_text_section", "elements": inline},
        {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": inline}]},
    ]
    root = export(tmp_path)
    deep: dict[str, Any] = {"type": "rich_text", "elements": []}
    for _ in range(300):
        deep = {"type": "rich_text", "elements": [deep]}
    blocks = [{"type": "rich_text", "elements": rows}, deep, "x"]
    fallback = [{"fallback": "<https://a.org|Build> failed"}, {"title": "T", "text": "U"}]
    put(root, "general/2026-08-12.json", [
        message("1786537200.1", blocks=blocks), message("1786537201.1", attachments=fallback),
    ])  # fmt: skip
    texts = [turn.text for turn in turns("slack", root)][-2:]
    line = "see @Bob Ng this (https://a.org/x):tada:"
    assert texts == [f"{line}\n- {line}", "Build (https://a.org) failed\nT\nU"]


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("<https://a.org>", "https://a.org"),
        ("<http://a.org|a.org> <https://a.org/x|x>", "a.org x (https://a.org/x)"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<@U9|zoe> <@U9>", "@zoe @U9"),
        ("<#C9>", "#C9"),
        ("<!subteam^S1|@team> <!channel>", "@team @channel"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("a &lt;b&gt; &amp;lt; <", "a <b> &lt; <"),
    ],
)
def test_references(marked: str, shown: str) -> None:
    assert readable(marked, Names()) == shown


def test_damage_costs_only_what_it_hits(tmp_path: Path) -> None:
    root = export(tmp_path)
    put(root, "general/2026-08-09.json", '[{"type": "message", "ts": "1.1", "text": "kept"}, {"ty')
    put(root, "general/2026-08-12.json", "[" * 100_000)
    put(root, "users.json", '[{"id": "U1", "name": "ana"}, {"id"')
    found = items("slack", root)
    assert ("other", "kept") in said(found) and ("other", "edited") in said(found)
    assert passed(found)["damaged file"] == 2
    assert "ana" in {turn.who for turn in turns_of(found)}


@pytest.mark.parametrize("value", [None, 3, ["x"], {"a": 1}, "x" * 9])
def test_fields_of_odd_types(tmp_path: Path, value: object) -> None:
    root = export(tmp_path)
    keys = (
        "text user ts type subtype files blocks attachments thread_ts username bot_profile".split()
    )
    odd = [{**message("1786537200.1", "x", "U9"), key: value} for key in keys]
    put(root, "general/2026-08-12.json", odd)
    found = items("slack", root)
    known = len(turns_of(items("slack", export(tmp_path / "plain"))))
    read = len(turns_of(found)) - known
    counted = sum(passed(found).values()) - sum(
        passed(items("slack", export(tmp_path / "plain"))).values()
    )
    assert read + counted == len(keys)


def test_other_folders_are_not_slack(tmp_path: Path) -> None:
    put(tmp_path / "a", "users.json", [])
    put(tmp_path / "a", "conversations.json", [])
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "a", tmp_path / "empty"):
        assert not format_of("slack").fits(Transcript(path))
