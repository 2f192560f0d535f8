"""Statements of one thing that contradict each other are asked about, whoever it is called by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cairn.core.journal import Journal
from cairn.core.records import Source
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.reconcile import Place, Question, reconcile
from cairn.core.tree.curate.subjects import Subjects
from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.renames import names_told, renaming
from cairn.core.tree.graph.store import Things
from cairn.core.tree.place.shelf import Shelf
from cairn.core.tree.tree import Tree
from tests.tree.test_tree import Clock

Asked = tuple[str, str, str]


@dataclass
class Reader:
    """Files what is said, in the order in which it comes in."""

    tree: Tree
    things: Things
    asked: list[Question] = field(default_factory=list)

    def says(self, subject: str, attribute: str, value: str, day: str, kind: str = "fact") -> None:
        uri = f"chat:whatsapp/{len(self.tree.ledger.log(limit=99))}#t1"
        text = f"{subject} {attribute}: {value}, told on {day}."
        one = Proposal(
            kind=kind, title=text[:60], body=text, sources=(Source(uri, text, "Ben", day),),  # type: ignore[arg-type]
            origin="other", subject=subject, attribute=attribute, value=value, valid_from=day,
        )  # fmt: skip
        place = Place("", "", uri, text)
        if new := renaming(subject, attribute, value):
            self.things.note(uri, names_told(new, uri, day))
        found = reconcile(self.tree, Shelf(), [one], place, Subjects(self.things))
        self.tree.commit(found.plans)
        self.things.follow_entries()
        self.asked += found.questions

    def knows(self, *names: str) -> None:
        for name in names:
            self.things.note(f"chat:{name}", [Found(name, "person", f"chat:{name}#t1")])

    def changes(self) -> list[Asked]:
        many = self.tree.catalogue.many(id for each in self.asked for id in each.entries)
        return [
            (each.kind, *(many[id].entry.value for id in each.entries))  # type: ignore[misc]
            for each in self.asked
        ]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    (tmp_path / "tree").mkdir()
    journal = Journal(tmp_path / "journal.db")
    yield Reader(Tree(tmp_path / "tree", journal, Clock()), Things(journal))
    journal.close()


@pytest.mark.parametrize(("first", "second"), [("Sofia", "Sofia Lind"), ("Sofia Lind", "Sofia")])
def test_a_first_name_and_a_full_one_contradict(reader: Reader, first: str, second: str) -> None:
    reader.knows("Sofia", "Sofia Lind")
    reader.says(first, "address", "Kungsgatan 8", "2024-10-28")
    reader.says(second, "address", "Svartbäcksgatan 41", "2025-08-30")
    assert reader.changes() == [("supersede", "Kungsgatan 8", "Svartbäcksgatan 41")]


def test_what_two_of_one_first_name_say_never_contradicts(reader: Reader) -> None:
    reader.knows("Sofia", "Sofia Lind", "Sofia Berg")
    reader.says("Sofia", "address", "Kungsgatan 8", "2024-10-28")
    reader.says("Sofia Lind", "address", "Svartbäcksgatan 41", "2025-08-30")
    assert reader.changes() == []


def test_the_same_of_a_first_and_a_full_name_is_one_entry(reader: Reader) -> None:
    reader.knows("Sofia", "Sofia Lind")
    reader.says("Sofia", "address", "Kungsgatan 8", "2024-10-28")
    reader.says("Sofia Lind", "address", "Kungsgatan 8", "2025-08-30")
    (one,) = reader.tree.catalogue.all()
    assert len(one.entry.sources) == 2 and reader.changes() == []


def test_the_latest_of_all_spellings_is_what_a_new_value_is_held_against(reader: Reader) -> None:
    reader.knows("Sofia", "Sofia Lind")
    for value, name, day in (("1", "Sofia", "2024-01-01"), ("2", "Sofia Lind", "2024-02-01"),
                             ("3", "Sofia", "2024-03-01")):  # fmt: skip
        reader.says(name, "size", value, day)
    assert reader.changes() == [("supersede", "1", "2"), ("supersede", "2", "3")]


def test_one_property_under_two_names_contradicts_and_two_do_not(reader: Reader) -> None:
    reader.says("studio", "phone", "0421 555 0171", "2024-10-28")
    reader.says("studio", "Phone number", "0421 555 0212", "2025-08-30")
    reader.says("studio", "mobile", "0170 555 0212", "2025-08-31")
    reader.says("studio", "hourly rate", "40", "2025-08-30")
    reader.says("studio", "interest rate", "3", "2025-09-30")
    assert reader.changes() == [("supersede", "0421 555 0171", "0421 555 0212")]


@pytest.mark.parametrize("last", [0, 1, 2])
def test_whenever_a_new_name_is_heard_of_both_are_compared(reader: Reader, last: int) -> None:
    told = [
        ("heron", "lead", "Dana", "2025-02-18"), ("skylark", "lead", "Rashid", "2025-11-11"),
        ("Heron", "name", "Skylark", "2025-06-10"),
    ]  # fmt: skip
    for each in (*told[:last], *told[last + 1 :], told[last]):
        reader.says(*each)
    assert reader.changes() == [("supersede", "Dana", "Rashid")]


def test_who_has_only_a_name_is_not_compared_with_its_bearer(reader: Reader) -> None:
    reader.says("dentist", "phone", "0421 555 0171", "2025-02-18")
    reader.says("Weber", "phone", "0421 555 0212", "2025-11-11")
    reader.says("dentist", "name", "Weber", "2025-06-10")
    assert reader.changes() == []


def test_a_promise_told_of_a_first_and_a_full_name_is_kept_once(reader: Reader) -> None:
    reader.knows("Sofia", "Sofia Lind")
    for name in ("Sofia", "Sofia Lind"):
        text = "The signed lease for the studio in Kungsgatan is brought along by 3 May 2025."
        uri = f"chat:whatsapp/{name}#t1"
        one = Proposal(
            kind="promise", title=text[:60], body=text, origin="other", subject=name,
            sources=(Source(uri, f"{name}: {text}", name, "2025-04-30"),),
            valid_until="2025-05-03",
        )  # fmt: skip
        found = reconcile(
            reader.tree, Shelf(), [one], Place("", "", uri, text), Subjects(reader.things)
        )
        reader.tree.commit(found.plans)
    assert len(list(reader.tree.catalogue.all())) == 1
