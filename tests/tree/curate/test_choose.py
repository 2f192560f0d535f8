"""Of many proposals the few that are kept."""

from dataclasses import replace

from cairn.core.records import EntryKind, Source
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.rules.choose import choose


def made(
    body: str, turn: int = 1, certainty: float = 0.5, kind: EntryKind = "fact", value: str = ""
) -> Proposal:
    source = Source(f"chat:test/1#t{turn}", body, "Ana")
    return Proposal(
        kind, body[:70], body, (source,), "other", "Ana", value=value, certainty=certainty
    )


TOPICS = "puppy lake guitar school pasta train garden winter".split()


def test_no_more_than_a_quarter_of_the_turns_are_kept_the_best_in_their_order() -> None:
    many = [made(f"Ana has a {topic}.", turn, turn / 10) for turn, topic in enumerate(TOPICS, 1)]
    assert choose(many, 12) == many[-3:]
    assert choose(many, 100) == many


def test_a_short_talk_may_have_one_and_no_talk_none() -> None:
    assert len(choose([made("Ana has a dog."), made("Ana paints lakes.", 2)], 2)) == 1
    assert choose([], 10) == []
    assert choose([made("Ana has a dog.")], 0) == []


def test_what_is_said_twice_is_one_entry_with_both_sources() -> None:
    (kept,) = choose(
        [made("Ana has a black dog at home.", 1), made("At home Ana has a black dog.", 9)], 20
    )
    assert {source.uri for source in kept.sources} == {"chat:test/1#t1", "chat:test/1#t9"}


def test_other_values_are_not_the_same() -> None:
    one = made("Ana has paid the amount of 400 for it.", 1, value="400")
    other = made("Ana has paid the amount of 380 for it.", 5, value="380")
    assert len(choose([one, other], 20)) == 2


def test_of_two_on_the_same_words_the_more_telling_kind_stays() -> None:
    fact = made("Ana will send it on Friday.", certainty=0.6)
    promise = made("Ana will send it on Friday.", certainty=0.6, kind="promise")
    assert choose([fact, promise], 20) == [promise]


def test_of_two_on_the_same_words_the_one_that_can_be_superseded_stays() -> None:
    plain = made("Ana lives in Rome.", certainty=0.55)
    known = replace(plain, attribute="home", value="Rome", certainty=0.5)
    assert choose([plain, known], 20) == [known]


def test_a_whole_history_is_chosen_from_at_once() -> None:
    many = [
        made(f"Ana has a {topic} called {turn}.", turn)
        for turn, topic in enumerate(TOPICS * 250, 1)
    ]
    assert choose(many, len(many)) == many[: len(many) // 4]
