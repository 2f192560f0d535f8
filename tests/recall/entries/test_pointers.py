"""Entries lead to their sources, at the moment that is asked for, and take nobody's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.engine import Engine
from cairn.core.recall.entries.pointers import When, is_after, is_until
from cairn.core.records import Chunk, Entry, Source, Span
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.files import Stamp
from tests.told import accept_all, chat, entries, note

JANUARY, JULY = (f"2026-{month}-08T18:05:00+01:00" for month in ("01", "07"))


@pytest.mark.parametrize(
    ("when", "moment", "is_later"),
    [
        ("2026-03-08", "2026-03-08", False), ("2026-03-09", "2026-03-08", True),
        ("2026-03-08", "2026-03", False), ("2026-04-01", "2026-03", True),
        ("2026", "2026-03-08", False), ("2027", "2026-03-08", True), ("", "2026-03-08", False),
        ("2026-03-08", "", False), ("2026-03-08T23:00:00+01:00", "2026-03-08", False),
        ("2026-03-08", "2026-03-08T10:00:00+01:00", False),
        ("2026-03-08T10:30:00+02:00", "2026-03-08T09:00:00+00:00", False),
        ("2026-03-08T10:30:00+01:00", "2026-03-08T09:00:00+00:00", True),
        ("2026-03-09T10:30:00", "2026-03-08T09:00:00+00:00", True),
    ],
)  # fmt: skip
def test_later_than_a_moment(when: str, moment: str, is_later: bool) -> None:
    assert is_after(when, moment) is is_later


@pytest.mark.parametrize(
    ("until", "moment", "is_past"),
    [
        ("2026-03-08", "2026-03-08", True), ("2026-03-08", "2026-03-07", False),
        ("2026-03", "2026-03-31", False), ("2026-03", "2026-04-01", True),
        ("2026", "2026-12-31", False), ("2026", "2027-01-01", True), ("", "2026-01-01", False),
        ("2026-03-08", "", False),
    ],
)  # fmt: skip
def test_what_ends_with_a_month_ends_with_its_last_day(
    until: str, moment: str, is_past: bool
) -> None:
    assert is_until(until, moment) is is_past


def passage(when: str) -> Chunk:
    span = Span(0, 3, "L", 1, 1)
    return Chunk("c", "d", "file:/a.md", 0, "note", "", (), "", "Yes", span, (), when, "",
                 "document", "")  # fmt: skip


def filed(since: str, until: str = "", kind: str = "fact") -> Filed:
    source = Source("file:/a.md#L1", "Yes", when="2026-03-08")
    entry = Entry("e_1", "A", kind, "A", "2026-03-08", valid_from=since, valid_until=until,
                  sources=(source,))  # fmt: skip
    return Filed(entry, "a.md", "", Stamp(0, 0))


def test_a_passage_speaks_of_its_time() -> None:
    spring, autumn = When(as_of="2026-04-01"), When(as_of="2026-10-01")
    over, holds = filed("2026-03-08", "2026-05-01"), filed("2026-03-08")
    assert spring.allows(passage("2026-03-08"), "", [over])
    assert not autumn.allows(passage("2026-03-08"), "", [over])
    assert autumn.allows(passage("2026-03-08"), "", [over, holds])
    assert autumn.allows(passage("2026-03-08"), "", [])
    assert not spring.allows(passage("2026-06-01"), "", [])
    assert spring.allows(passage("2026-06-01"), "", [filed("2026-02-01")])
    assert not spring.allows(passage("2026-06-01"), "", [filed("2026-02-01"), filed("2026-05-05")])


def test_the_day_of_an_event_is_no_end() -> None:
    autumn = When(as_of="2026-10-01")
    assert autumn.allows(passage("2026-03-08"), "", [filed("2026-03-08", "2026-05-01", "promise")])
    assert autumn.holds(filed("2027-01-01", "", "event"))


def test_nothing_undated_was_written_before_its_file() -> None:
    known = When(known_at="2026-04-01")
    assert known.allows(passage(""), "2026-03-30T10:00:00+00:00", [])
    assert not known.allows(passage(""), "2026-04-02", [])
    assert not known.allows(passage(""), "", [])


def found(engine: Engine, words: str) -> list[tuple[str, str]]:
    return [(item.chunk.kind, item.chunk.text) for item in engine.search(words).evidence]


def test_an_entry_leads_to_its_source_and_the_limit_holds(engine: Engine, tmp_path: Path) -> None:
    for number in range(12):
        note(engine, tmp_path / "life" / f"{number}.md", f"The shed {number} budget is 5{number}.")
    assert len(entries(engine)) == 12
    for limit in (1, 5, 40):
        evidence = engine.search("shed budget", limit).evidence
        assert [item.rank for item in evidence] == list(range(1, min(limit, 12) + 1))
        assert all(item.chunk.kind == "note" and item.entries for item in evidence)
    assert engine.search("shed budget").evidence == engine.search("shed budget").evidence


def test_of_a_source_that_is_gone_the_entry_is_left(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "garden.md"
    note(engine, path, "The garden budget is 550 euros.\n")
    path.unlink()
    engine.sweep()
    engine.work()
    (item,) = engine.search("garden budget").evidence
    assert item.chunk.kind == "entry" and len(item.entries) == 1
    assert engine.ask("What is the garden budget?").citations[0].entries == item.entries


def test_a_chain_is_led_by_its_newest(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (JANUARY, "user", "My rent is 400 euros."),
         ("2026-04-08T18:05:00+02:00", "user", "My rent is 410 euros."),
         (JULY, "user", "My rent is 380 euros now."))  # fmt: skip
    accept_all(engine)
    texts = [text for kind, text in found(engine, "rent of 400 euros") if kind == "chat"]
    assert [text.split()[4] for text in texts] == ["380", "410", "400"]


def test_a_change_of_something_else_moves_nothing(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "house.md"
    text = "My rent is 400 euros.\n\nThe blue kettle was bought in Lisbon by Tomas.\n"
    note(engine, path, text)
    chat(engine, tmp_path / "in", (JULY, "user", "My rent is 380 euros now."))
    accept_all(engine)
    assert "kettle" in found(engine, "Where was the blue kettle bought?")[0][1]


def test_a_thought_of_the_users_stands_for_itself(engine: Engine) -> None:
    engine.remember("The spare key is with Jonas.")
    engine.work()
    (item,) = engine.search("spare key").evidence
    assert item.chunk.kind == "entry" and item.entries == ()
