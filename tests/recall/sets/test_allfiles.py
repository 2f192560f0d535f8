"""Files that are asked for by their kind alone, and mails by who wrote them, are listed whole."""

from __future__ import annotations

import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from cairn.core.engine import Engine
from cairn.core.recall.narrow.filters import EVERYTHING, read_filters
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.sets.allfiles import every


@pytest.mark.parametrize(
    ("question", "kind", "person"),
    [
        ("list the pdf files", "pdf", ""),
        ("which PDFs do I have?", "pdf", ""),
        ("Show me all my spreadsheets", "table", ""),
        ("zeig mir alle Bilder", "image", ""),
        ("which mails are from Tomas?", "mail", "Tomas"),
        ("list all e-mails from Tomas Lind", "mail", "Tomas Lind"),
        ("what emails did Tomas send me?", "mail", "Tomas"),
        ("welche Mails sind von Tomas?", "mail", "Tomas"),
    ],
)
def test_what_all_of_them_have_in_common(question: str, kind: str, person: str) -> None:
    found = every(analyze(question), EVERYTHING)
    assert found and (found.kinds, found.person) == ((kind,), person)


@pytest.mark.parametrize(
    "question",
    ["which pdfs mention the boiler?", "list the mails from Tomas about the contract",
     "which notes do I have about the car?", "what mail server do we use?", "mails to Tomas",
     "which files?", "how many pdfs do I have?", "what did Tomas write?"],
)  # fmt: skip
def test_a_question_about_something_is_none_for_all(question: str) -> None:
    assert every(analyze(question), EVERYTHING) is None


def test_another_kind_than_was_asked_for_is_not_listed() -> None:
    question = analyze("list the pdf files")
    assert every(question, read_filters(kind="mail")) is None
    assert every(question, read_filters(folder="taxes")) == read_filters("taxes", "pdf")
    mine = every(analyze("which mails did I send?"), EVERYTHING)
    assert mine == read_filters(kind="mail", person="me")


def mail(sender: str, subject: str, day: int) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "Ana <ana@example.org>", subject
    made["Date"] = f"{day} Feb 2026 10:00:00 +0000"
    made.set_content("See you there.\n")
    return made


def test_the_newest_mails_come_first_and_nobody_elses(engine: Engine, tmp_path: Path) -> None:
    life = tmp_path / "life"
    life.mkdir()
    (life / "lunch.eml").write_bytes(bytes(mail("Tomas Lind <t@x.org>", "Lunch", 20)))
    (life / "note.md").write_text("Tomas will send a mail.\n")
    box = mailbox.mbox(life / "family.mbox")
    for sender, subject, day in (("Ben <b@x.org>", "Cake", 11), ("Tomas <t@x.org>", "Flowers", 12)):
        box.add(mail(sender, subject, day))
    box.close()
    for path in life.iterdir():
        os.utime(path, (1_770_000_000, 1_770_000_000))
    engine.add(life)
    engine.work()
    answer = engine.ask("which mails are from Tomas?")
    told = [sentence.text for sentence in answer.sentences]
    assert told == ["lunch.eml: Subject: Lunch", "family.mbox: Subject: Flowers"]
    assert all(citation.state == "ok" for citation in answer.citations)
    assert engine.ask("which mails are from Zaphod?").abstained
    assert [item.rank for item in engine.search("list the mails").evidence] == [1, 2, 3]
