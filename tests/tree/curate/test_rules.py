"""All rules together: the telling kinds first, and one entry for the same words."""

from __future__ import annotations

from cairn.core.tree.curate.rules import propose
from tests.tree.curate.spoken import chat, mail, talk


def test_a_budget_that_changes_can_be_superseded() -> None:
    first = propose(chat(("Anna", "Let us agree on 400 for the garden budget"), ("David", "Deal.")))
    later = propose(mail("We agreed on 380 euros for the garden budget now."))
    about = [[(each.subject, each.attribute) for each in found] for found in (first, later)]
    assert about == [[("garden", "budget")], [("garden", "budget")]]
    assert (first[0].value, later[0].value) == ("400", "380 euros")


def test_the_same_words_make_one_entry() -> None:
    found = propose(talk("I moved to Berlin in 2019. The rent is 1,200 euros from July."))
    quotes = [source.quote for each in found for source in each.sources]
    assert len(quotes) == len(set(quotes))
    assert [each.value for each in found if each.attribute == "amount"] == ["1,200 euros"]


def test_a_newsletter_says_nothing() -> None:
    assert not propose(mail("To unsubscribe click here", "We decided to cut all prices by 20 %."))


def test_nothing_comes_of_nothing() -> None:
    assert propose([]) == []
    assert propose(talk("Hi!", "How are you?", "lol")) == []
