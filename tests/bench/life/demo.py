"""What is worth keeping of the sample life that `cairn demo` shows, found by reading it.

Used by `tests.bench.tree`. What one reader would keep and another not is harmless.
"""

from __future__ import annotations

from pathlib import Path

from cairn.core.records import ENTRY_KINDS
from tests.bench.life.gold import Life, Line, Planted

_NOISE = {
    "documents/recipe.html": "recipe", "house/backup.py": "code",
    "house/expenses.csv": "receipts",
}  # fmt: skip


def demo_life() -> Life:
    planted, harmless = [], []
    for row in Path(__file__).with_name("demo.txt").read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        document, who, said, kind, thing, value, day, text = row.split("|", 7)
        if kind == "-":
            harmless.append(Planted(Line(text, None, thing), document, who, said))
            continue
        assert kind in ENTRY_KINDS
        line = Line(text, kind, thing, thing.rstrip("0123456789 "), "", value, day)
        planted.append(Planted(line, document, who, said))
    documents = {each.document for each in (*planted, *harmless)} | set(_NOISE)
    return Life(
        tuple(sorted(documents)), tuple(planted), (), _NOISE,
        (("budget 1", "budget 2"), ("budget 2", "budget 3")),
        (("Ms Okafor", "Chidi Okafor"), ("Herr Brandl", "Brandl")), (("Anna", "Mila"),),
        tuple(harmless),
    )  # fmt: skip
