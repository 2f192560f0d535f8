"""What a sitting was about, told without a model; and how exchanges become passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cairn.core.chats.document import compose_document
from cairn.core.chunk import chunk_document
from cairn.core.engine import Engine
from cairn.core.locate import parse_citation
from cairn.core.records import Chunk

LONG = "and here is a good deal more about it, so that this is no small talk at all, word by word"


def row(number: int, origin: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number, "origin": origin, "who": "", "text": text,
        "when": f"2026-08-10T12:{number:02}:00+02:00", "command": "", "is_side": False,
        "attachments": [], **more,
    }  # fmt: skip


def compose(
    rows: list[dict[str, Any]], part: str = "turns", kind: str = "claude-code"
) -> list[Chunk]:
    request = {
        "uri": f"chat:{kind}/x!/0", "kind": kind, "part": part, "title": "Fix the parser",
        "project": "/home/ana/app", "turns": rows,
    }  # fmt: skip
    return chunk_document(compose_document(request))


SESSION = [
    row(1, "user", f"Why does the parser drop the last row? {LONG}"),
    row(2, "tool", "12 passed, 1 failed", command="pytest -q tests/test_parser.py"),
    row(3, "tool", "", command="Edit: src/parser.py"),
    row(4, "assistant", f"It forgot the newline; it is fixed now. {LONG}"),
    row(5, "user", f"Thanks. Now the writer, please. {LONG}"),
    row(6, "assistant", f"The writer keeps its newline too. {LONG}"),
]


def test_a_request_and_its_answer_are_one_passage() -> None:
    chunks = compose(SESSION)
    assert [(chunk.span.locator, chunk.origin) for chunk in chunks] == [
        ("t1-t4", "other"), ("t2-t3", "tool"), ("t5-t6", "other"),
    ]  # fmt: skip
    first, tools, _ = chunks
    assert first.text.startswith("me: Why does") and "\nClaude: It forgot" in first.text
    assert "pytest" not in first.text and tools.text.startswith("$ pytest -q")
    assert tools.context.startswith("for: Why does the parser drop the last row?")
    assert "Fix the parser > Claude Code > app | 2026-08-10" in first.embedding_text


def test_small_talk_goes_with_what_follows() -> None:
    rows = [row(1, "user", "Hi"), row(2, "assistant", "Hello!"), *(
        {**each, "number": each["number"] + 2} for each in SESSION[4:]
    )]  # fmt: skip
    first = compose(rows)[0]
    assert first.text.startswith("me: Hi\nClaude: Hello!\nme: Thanks. Now the writer")


def test_people_who_pause_begin_anew() -> None:
    said = [row(n, "other", f"{LONG} {n}", who="Anna") for n in (1, 2)]
    later = [row(3, "other", LONG, who="Ben", when="2026-08-10T15:00:00+02:00")]
    assert [chunk.span.locator for chunk in compose(said + later, kind="whatsapp")] == [
        "t1-t2", "t3",
    ]  # fmt: skip


def test_injected_context_is_no_passage() -> None:
    assert compose([row(1, "context", "You are a helpful assistant with many rules.")]) == []


def test_an_episode_names_request_files_commands_and_outcome() -> None:
    (chunk,) = compose(SESSION, "episodes")
    assert chunk.kind == "episode" and chunk.span.locator == "t1-t6"
    for words in (
        "Conversation with Claude Code in app on Monday 10 August 2026, 12:01 to 12:06",
        "Asked: “Why does the parser drop the last row?”", "parser.py", "test_parser.py",
        "`pytest -q tests/test_parser.py`", "Ended with: “The writer keeps its newline too.”",
    ):  # fmt: skip
        assert words in chunk.text


def test_a_pause_of_hours_is_another_episode() -> None:
    later = {**SESSION[4], "when": "2026-08-11T09:00:00+02:00"}
    first, second = compose([*SESSION[:4], later], "episodes")
    assert (first.when[:10], second.when[:10]) == ("2026-08-10", "2026-08-11")


def test_when_something_was_last_worked_on_is_answered(engine: Engine, tmp_path: Path) -> None:
    import json

    lines = []
    for day, topic in (("2026-06-01", "parser"), ("2026-08-10", "parser"), ("2026-09-01", "logo")):
        for number, (kind, text) in enumerate(
            [("user", f"Please look at the {topic} of the invoices again."),
             ("assistant", f"I have looked at the {topic} and it works now.")]
        ):  # fmt: skip
            lines.append({
                "type": kind, "uuid": f"{day}-{number}", "sessionId": f"s-{day}",
                "timestamp": f"{day}T10:0{number}:00.000Z", "cwd": "/home/ana/invoices",
                "message": {"role": kind, "content": text},
            })  # fmt: skip
    path = tmp_path / "s.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    engine.conversations.take_in(path)
    engine.work()
    answer = engine.ask("when did I last work on the parser with Claude?")
    assert "10 August 2026" in answer.sentences[0].text
    shown = engine.passage(parse_citation(answer.citations[0].address), 0)
    assert "parser" in shown.pieces[0].text
    assert answer.citations[0].state == "ok"
    # What was said is still found by what was said.
    assert engine.search("parser works now").evidence[0].chunk.kind == "chat"


def test_a_fact_is_not_hidden_by_a_conversation_of_its_name(engine: Engine, life: Path) -> None:
    import json

    (life / "staging.md").write_text(
        "# Staging server\n\nThe session timeout on the staging server is 45 minutes.\n"
    )
    chat = {
        "conversation": "c", "title": "Session timeout on the staging server", "id": "1",
        "time": "2026-08-10T12:00:00Z", "origin": "user", "text": "Please look at it for me today.",
    }  # fmt: skip
    (life.parent / "c.turns.jsonl").write_text(json.dumps(chat) + "\n")
    engine.add(life)
    engine.conversations.take_in(life.parent / "c.turns.jsonl")
    engine.work()
    answer = engine.ask("What is the session timeout on the staging server?")
    assert "45 minutes" in answer.sentences[0].text
