"""What is made of several words is trusted no more than the least trusted of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from cairn.core.journal import Journal
from cairn.core.records import Origin, Source
from cairn.core.tree import deeds
from cairn.core.tree.curate.checks import Draft, judge
from cairn.core.tree.curate.evidence import Sentence
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.tree import Tree
from tests.tree.test_tree import Clock, add, entry

ORDER: tuple[Origin, ...] = ("user", "other", "assistant", "tool", "context", "document")
SAID = "Ben sold his car to Carl."


@pytest.mark.parametrize(("one", "other"), list(product(ORDER, ORDER)))
def test_a_claim_is_as_good_as_the_worst_that_it_rests_on(one: Origin, other: Origin) -> None:
    cited = [
        Sentence(number, SAID, f"chat:x/{number}#t1", "Ana", "2026-05-02T10:00:00", origin)
        for number, origin in ((1, one), (2, other))
    ]
    kept = judge(Draft("event", (1, 2), SAID, "Ben's car", "", "", "", ""), cited, "model")
    assert isinstance(kept, Proposal), kept
    assert kept.origin == max(one, other, key=ORDER.index)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    (tmp_path / "tree").mkdir()
    journal = Journal(tmp_path / "journal.db")
    yield Tree(tmp_path / "tree", journal, Clock())
    journal.close()


def test_merging_lends_no_words_a_better_origin(tree: Tree) -> None:
    """What the user said is taken over as a source; the words that stay are whose they were."""
    said = Source("chat:x/1#t1", "blake2b:0", "I sold my car.")
    add(tree, replace(entry("e_1"), origin="document"))
    add(tree, replace(entry("e_2"), origin="user", sources=(said,)))
    tree.commit([deeds.merge(tree, ["e_1", "e_2"], "the same")])
    kept = tree.catalogue.get("e_1")
    assert kept is not None and kept.entry.origin == "document"
    assert said.uri in {source.uri for source in kept.entry.sources}
