"""A sentence is taken apart once for all rules, and nothing of it stays in memory afterwards."""

from __future__ import annotations

import gc

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules import propose
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.once import once, reading


def test_it_is_asked_once_in_a_reading_and_anew_in_the_next() -> None:
    asked: list[str] = []

    @once
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for _ in range(2):
        with reading():
            assert [length("lamp"), length("roof"), length("lamp")] == [4, 4, 4]
    assert length("lamp") == length("lamp") == 4
    assert asked == ["lamp", "roof"] * 2 + ["lamp"] * 2


def test_all_rules_share_what_a_sentence_is_made_of() -> None:
    said = Utterance("file:~/a.md#L1", "We decided to sell the boat.", kind="note")
    with reading():
        assert clauses(said) is clauses(said)
    assert clauses(said) is not clauses(said)


def test_nothing_of_a_text_is_kept() -> None:
    uri = "file:~/to-be-forgotten.md#L1"
    assert propose([Utterance(uri, "We decided to sell the boat.", kind="note")])
    gc.collect()
    left = [each for each in gc.get_objects() if isinstance(each, Utterance | Clause)]
    assert not [each for each in left if uri in repr(each)]
