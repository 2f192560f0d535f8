"""Collections in BEIR's layout, made here in small, become files of a folder and questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import recall
from tests.bench.document_sets import Collection, load
from tests.bench.recall_memories import ask_all, opened
from tests.bench.recall_same import measure
from tests.bench.recall_score import summarize

CORPUS = [
    {"_id": "a/1", "title": "Boiler", "text": "The boiler is serviced each spring."},
    {"_id": "7", "title": "", "text": "The lease ends in May."},
    {"_id": "8", "title": "Only a title", "text": ""},
    {"_id": "9", "title": "", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "When does the lease end?"},
    {"_id": "q2", "text": "When is the boiler serviced?"},
    {"_id": "q3", "text": "Nobody has judged this"},
]
QRELS = "query-id\tcorpus-id\tscore\nq2\ta/1\t2\nq1\t7\t1\nq1\t8\t0\nq1\t404\t1\nq9\t7\t1\n"


def make(folder: Path, qrels: str = QRELS, table: str = "test.tsv") -> Path:
    (folder / "judged").mkdir(parents=True)
    _lines(folder / "x.jsonl", QUERIES)
    _lines(folder / "y.jsonl", CORPUS)
    (folder / "judged" / table).write_text(qrels, "utf-8")
    return folder


def _lines(file: Path, rows: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def only(folder: Path, dataset: str = "", split: str = "") -> Collection:
    (found,) = load(folder, dataset, split)
    return found


def test_a_collection_is_known_by_its_content(tmp_path: Path) -> None:
    found = only(make(tmp_path / "notes"))
    assert (found.dataset, found.split, len(found.papers)) == ("notes", "test", 4)
    assert [(each.id, each.evidence, each.gains, each.invalid) for each in found.questions] == [
        ("q2", ("a/1",), (2,), 0), ("q1", ("7",), (1,), 1),
    ]  # fmt: skip
    assert only(tmp_path, "scifact") == found  # the only one there, whatever its size


def test_questions_may_have_the_numbers_of_documents(tmp_path: Path) -> None:
    papers = [{"_id": str(n), "title": f"Paper {n}", "text": ""} for n in (1, 2, 3)]
    questions = [{"_id": str(n), "text": f"Question {n}?"} for n in (1, 2)]
    _lines(tmp_path / "corpus.jsonl", papers)
    _lines(tmp_path / "queries.jsonl", questions)
    (tmp_path / "test.tsv").write_text("1\t3\t1\n2\t1\t1\n", "utf-8")
    found = only(tmp_path)
    assert [(each.text, each.evidence) for each in found.questions] == [
        ("Question 1?", ("3",)), ("Question 2?", ("1",)),
    ]  # fmt: skip


def test_judgements_as_trec_writes_them(tmp_path: Path) -> None:
    (asked,) = only(make(tmp_path, "q1 0 7 1\n")).questions
    assert (asked.id, asked.evidence) == ("q1", ("7",))


def test_one_of_several_tables_of_judgements(tmp_path: Path) -> None:
    make(tmp_path, table="train.tsv")
    (tmp_path / "judged" / "test.tsv").write_text("q1\t8\t1\n", "utf-8")
    assert only(tmp_path).split == "test"
    assert len(only(tmp_path, split="train").questions) == 2
    assert load(tmp_path, split="dev") == []


@pytest.mark.parametrize("torn", ['{"_id": "7"', "[1, 2]", '{"_id": "7"}', "\x00\xff"])
def test_other_files_are_passed_over(tmp_path: Path, torn: str) -> None:
    make(tmp_path)
    (tmp_path / "z.jsonl").write_text(torn, "utf-8")
    (tmp_path / "judged" / "z.tsv").write_text("a\tb\tc\n", "utf-8")
    assert len(only(tmp_path).papers) == 4


def test_a_file_for_each_document_that_says_anything(tmp_path: Path) -> None:
    files = only(make(tmp_path / "set")).write(tmp_path / "docs")
    assert {id: file.read_text("utf-8") for file, id in files.items()} == {
        "a/1": "# Boiler\n\nThe boiler is serviced each spring.\n",
        "7": "The lease ends in May.\n",
        "8": "# Only a title\n",
    }


def test_documents_are_found_through_a_watched_folder(tmp_path: Path) -> None:
    (memory,) = recall.load(make(tmp_path / "set"), "beir")
    homes = tmp_path / "homes"
    took, ranked = ask_all(memory, None, homes)
    assert took is not None
    assert [(each.question.id, each.units[0]) for each in ranked] == [("q2", "a/1"), ("q1", "7")]
    assert summarize(ranked)["ndcg@10"] == 1.0
    with opened(memory, homes) as (_, _, again):
        assert again is None  # it is there already


def test_the_same_questions_bring_the_same_bytes(tmp_path: Path) -> None:
    (memory,) = recall.load(make(tmp_path / "set"))
    figures = measure(memory, tmp_path / "homes")
    assert (figures["questions"], figures["identical"]) == (2, True)
