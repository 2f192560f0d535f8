"""Collections of documents with judged questions (BEIR's layout) → files in a folder and questions.

Called by the benchmarks. A collection is a folder in which lines of JSON with `_id` and `text` are
the documents and the questions, and a table of their ids says which document answers which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.dialogue_sets import Question

_SIZES = {5183: "scifact", 3204: "cacm"}
"""A collection is known by how many documents it has; any other is called like its folder."""
_PREFERRED = ("test", "dev", "train")
"""Of several tables of judgements, unless one is asked for by its name."""
_FOLDER = 100
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a collection."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    dataset: str
    split: str
    papers: tuple[Paper, ...]
    questions: tuple[Question, ...]

    def write(self, folder: Path) -> dict[Path, str]:
        """A file for each document that says anything; the ids by their files."""
        ids = {}
        for number, paper in enumerate(self.papers, 1):
            text = "\n\n".join(filter(None, (paper.title and f"# {paper.title}", paper.text)))
            if text:
                # The data set's ids may hold anything; a name says nothing that could be found.
                file = folder / f"{number // _FOLDER:04}" / f"{number:07}.md"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text + "\n", "utf-8")
                ids[file] = paper.id
        return ids


def load(data: Path, dataset: str = "", split: str = "") -> list[Collection]:
    """Those of one name, or of all, below a folder; the only one there may be called anything."""
    folders = [data, *sorted(path for path in data.rglob("*") if path.is_dir())]
    found = [each for folder in folders if (each := _read(folder, split))]
    same = [each for each in found if dataset in ("", "beir", each.dataset)]
    return same or (found if len(found) == 1 else [])


def _read(folder: Path, split: str) -> Collection | None:
    sets = [rows for file in sorted(folder.glob("*.jsonl")) if (rows := _rows(file))]
    tables = {file.stem: pairs for file in _tables(folder) if (pairs := list(_judged(file)))}
    name = next((each for each in (split, *_PREFERRED, *tables) if each in tables), "")
    if len(sets) < 2 or not name or (split and name != split):
        return None
    # Both may be numbered from 1: there are fewer questions than documents.
    sets.sort(key=len)
    asked = max(sets, key=lambda rows: sum(question in rows for question, _, _ in tables[name]))
    held = max(
        (rows for rows in sets if rows is not asked),
        key=lambda rows: sum(paper in rows for _, paper, _ in tables[name]),
    )
    papers = tuple(
        Paper(id, str(row.get("title") or "").strip(), str(row["text"] or "").strip())
        for id, row in held.items()
    )
    questions = tuple(_questions(tables[name], asked, held))
    return Collection(_SIZES.get(len(papers), folder.name), name, papers, questions)


def _rows(file: Path) -> Rows:
    """Objects by their ids, or nothing if the file holds anything else."""
    rows: Rows = {}
    try:
        with file.open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                row = json.loads(line)
                if not isinstance(row, dict) or not {"_id", "text"} <= row.keys():
                    return {}
                rows[str(row["_id"])] = row
    except (OSError, ValueError, RecursionError):
        return {}
    return rows


def _tables(folder: Path) -> Iterable[Path]:
    return sorted(file for ends in ("*.tsv", "*/*.tsv") for file in folder.glob(ends))


def _judged(file: Path) -> Iterator[tuple[str, str, int]]:
    """Question, document and grade; the heading, and what is no such line, are left out."""
    for line in file.read_text("utf-8", "replace").splitlines():
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == 4:  # as TREC has it, with a column that says nothing
            del cells[1]
        if len(cells) == 3 and cells[2].strip().lstrip("-").isdecimal():
            yield cells[0].strip(), cells[1].strip(), int(cells[2])


def _questions(
    judged: Iterable[tuple[str, str, int]], asked: Rows, held: Rows
) -> Iterator[Question]:
    """The judged ones, in the order of the table; a grade is taken for what it is."""
    grades: dict[str, dict[str, int]] = {}
    for question, paper, grade in judged:
        grades.setdefault(question, {})[paper] = grade
    for id, papers in grades.items():
        if id in asked:
            good = {paper: grade for paper, grade in papers.items() if grade > 0}
            known = tuple(paper for paper in good if paper in held)
            gains = tuple(good[paper] for paper in known)
            text = str(asked[id]["text"])
            yield Question(id, text, "", known, len(good) - len(known), "", gains=gains)
