"""Turns of a conversation → facts, preferences and events of those who speak."""

import pytest

from cairn.core.records import content_hash
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.facts import propose
from cairn.core.tree.curate.support import unsupported

DAY = "2023-05-08T13:56:00"


def chat(*turns: tuple[str, str], origin: str = "other") -> list[Utterance]:
    people = sorted({who for who, _ in turns})
    return [
        Utterance(
            f"chat:test/1#t{number}", text, who,
            "assistant" if who == "bot" else origin,  # type: ignore[arg-type]
            DAY, to=tuple(name for name in people if name != who),
        )
        for number, (who, text) in enumerate(turns, 1)
    ]  # fmt: skip


def only(*turns: tuple[str, str]) -> Proposal:
    (proposal,) = propose(chat(*turns))
    return proposal


def test_an_event_has_its_day_and_the_very_words() -> None:
    text = "Hey Ben! I ran a charity race for mental health last Saturday."
    kept = only(("Ana", text), ("Ben", "Wow, that's great!"))
    assert kept.kind == "event"
    assert kept.body == "Ana ran a charity race for mental health on 6 May 2023."
    assert kept.valid_from == "2023-05-06"
    assert kept.subject == "Ana"
    (source,) = kept.sources
    assert source.quote == "I ran a charity race for mental health last Saturday."
    assert source.quote in text
    assert (source.uri, source.who, source.when) == ("chat:test/1#t1", "Ana", DAY)
    assert source.hash == content_hash(source.quote)


@pytest.mark.parametrize(
    ("text", "body", "at"),
    [
        ("I adopted a puppy from a shelter yesterday.",
         "Ana adopted a puppy from a shelter on 7 May 2023.", "2023-05-07"),
        ("My sister is getting married in Rome next month.",
         "Ana's sister is getting married in Rome in June 2023.", "2023-06"),
        ("Last year I finished my degree in biology.",
         "In 2022 Ana finished Ana's degree in biology.", "2022"),
        ("Yesterday was my first day at the new job in Leeds.",
         "7 May 2023 was Ana's first day at the new job in Leeds.", "2023-05-07"),
    ],
)  # fmt: skip
def test_days_are_named(text: str, body: str, at: str) -> None:
    kept = only(("Ana", text))
    assert (kept.body, kept.valid_from, kept.kind) == (body, at, "event")


def test_without_a_day_of_its_own_nothing_is_dated() -> None:
    turns = [Utterance("c#t1", "I adopted a puppy from a shelter yesterday.", "Ana", "other")]
    (kept,) = propose(turns)
    assert (kept.body, kept.valid_from) == ("Ana adopted a puppy from a shelter yesterday.", "")


def test_what_repeats_is_no_event() -> None:
    kept = only(("Ana", "I go swimming with my kids every Friday evening."))
    assert kept.kind != "event"
    assert kept.body == "Ana goes swimming with Ana's kids every Friday evening."


@pytest.mark.parametrize(
    "text",
    [
        "I love hiking in the mountains with my dog.",
        "I can't stand horror movies and loud music.",
        "My favorite food is my grandma's lasagna from Naples.",
        "I'm a big fan of Japanese crime novels.",
    ],
)
def test_likes_and_dislikes_are_preferences(text: str) -> None:
    assert only(("Ana", text)).kind == "preference"


@pytest.mark.parametrize(
    ("text", "subject", "attribute", "value"),
    [
        ("I moved to New York with my family two years ago.", "Ana", "home", "New York"),
        ("I live in Lisbon, I've got a small apartment there.", "Ana", "home", "Lisbon"),
        ("I work as a nurse at the children's hospital.", "Ana", "job", "nurse"),
        ("My dog is called Rex and loves the beach.", "Ana's dog", "name", "Rex"),
        (
            "My favourite colour is dark green, like my car.",
            "Ana",
            "favourite colour",
            "dark green",
        ),
        ("My husband is called Tom and works as a cook.", "Ana", "partner", "Tom"),
    ],
)
def test_what_one_has_once_can_be_superseded(
    text: str, subject: str, attribute: str, value: str
) -> None:
    kept = only(("Ana", text))
    assert (kept.subject, kept.attribute, kept.value) == (subject, attribute, value)


@pytest.mark.parametrize(
    "text",
    [
        "I would live in Lisbon with my family if I had a job there.",
        "I don't live in Lisbon anymore, my family sold the house.",
        "One of my favourite colours for my paintings is dark green.",
    ],
)
def test_what_is_not_so_supersedes_nothing(text: str) -> None:
    assert all(not kept.attribute for kept in propose(chat(("Ana", text))))


def test_what_goes_on_about_one_thing_is_one_proposal() -> None:
    kept = only(
        ("Ana", "I adopted a puppy from a shelter in Leeds. It was so scared at first."),
        ("Ben", "Aww, what's the name?"),
        ("Ana", "She's called Luna, the shelter found her on the road with her mother."),
    )
    assert {source.uri for source in kept.sources} == {"chat:test/1#t1", "chat:test/1#t3"}
    assert len(kept.body.split(". ")) == len(kept.sources)


def test_another_thing_is_another_proposal() -> None:
    kept = propose(
        chat(
            ("Ana", "I adopted a puppy from a shelter in Leeds last week."),
            ("Ben", "Nice!"),
            ("Ana", "My brother started his new job at the hospital in Porto."),
        )
    )
    assert len(kept) == 2


def test_each_speaks_of_himself() -> None:
    kept = propose(
        chat(
            ("Ana", "I adopted a puppy from a shelter in Leeds last week."),
            ("Ben", "I moved to a new apartment near the river in March."),
        )
    )
    assert [each.subject for each in kept] == ["Ana", "Ben"]
    assert kept[1].body.startswith("Ben moved")


def test_only_the_user_s_own_words_tell_of_the_user_to_an_assistant() -> None:
    kept = propose(
        chat(
            ("me", "I live in Porto with my wife and our two kids."),
            ("bot", "I live in the cloud with my family of models, and you love hiking in May."),
            ("me", "I need a script that sorts my photos by date and my files by name."),
            origin="user",
        )
    )
    assert [each.body for each in kept] == ["You live in Porto with your wife and your two kids."]
    assert (kept[0].subject, kept[0].origin) == ("me", "user")


@pytest.mark.parametrize("origin", ["assistant", "tool", "context", "document"])
def test_words_of_no_person_are_passed_over(origin: str) -> None:
    text = "I adopted a puppy from a shelter in Leeds last week."
    turn = Utterance("c#t1", text, "Ana", origin, DAY)  # type: ignore[arg-type]
    assert propose([turn]) == []


def test_a_stranger_without_a_name_is_passed_over() -> None:
    assert propose([Utterance("c#t1", "I adopted a puppy in Leeds last week.", "", "other")]) == []


@pytest.mark.parametrize(
    "text",
    [
        "You should adopt a puppy from the shelter in Leeds, you love dogs!",
        "What a wonderful painting of your kids at the beach!",
        "> I adopted a puppy from a shelter in Leeds last week.",
        "When you have kids, you need a big car and your house is never clean.",
        "Awesome job organizing the tournament for the children's hospital!",
        "She works at the hospital with her brother.",
    ],
)
def test_what_nobody_would_keep_is_not_proposed(text: str) -> None:
    assert propose(chat(("Ana", text), ("Ben", "ok"))) == []


def test_what_hangs_on_a_statement_is_left_out_of_claim_and_quote() -> None:
    kept = propose(
        chat(
            (
                "me",
                "I've lived in Porto with my wife since 2019, and I'm wondering if we should go.",
            ),
            ("bot", "Tell me more."),
            origin="user",
        )
    )
    assert [each.body for each in kept] == ["You have lived in Porto with your wife since 2019."]
    assert kept[0].sources[0].quote == "I've lived in Porto with my wife since 2019"
    assert kept[0].valid_from.startswith("2019")


def test_a_standing_wish_to_a_program_is_a_preference() -> None:
    kept = propose(
        chat(
            ("me", "Always give me the exact dates when I ask about train connections."),
            ("bot", "Sure."),
            origin="user",
        )
    )
    assert [each.kind for each in kept] == ["preference"]


def test_every_proposal_is_supported_by_its_quotes() -> None:
    said = chat(
        ("Ana", "Been painting a lot lately. I sold my first picture yesterday, it was my best!"),
        ("Ben", "My brother and I opened a bakery in Leeds last month. We love the smell."),
        ("Ana", "My kids didn't like the new school in March, so we moved back to Rome."),
    )
    kept = propose(said)
    assert len(kept) >= 3
    for each in kept:
        listener = "Ben" if each.subject == "Ana" else "Ana"
        assert unsupported(each.body, each.sources, listener=listener) == ""
        for source in each.sources:
            (turn,) = (turn for turn in said if turn.uri == source.uri)
            assert source.quote in turn.text


def test_a_full_name_stands_once() -> None:
    kept = only(("Ana Maria Sol", "I took my kids to my parents' house in Porto last Sunday."))
    assert (
        kept.body == "Ana Maria Sol took Ana's kids to Ana's parents' house in Porto on 7 May 2023."
    )


def test_titles_are_short_and_end_at_a_word() -> None:
    kept = only(
        ("Ana", "I took my two kids and my parents to the museum of natural history in the old "
                "town of Porto because the weather at the beach was so bad"),
    )  # fmt: skip
    assert len(kept.title) <= 70
    assert not kept.title.endswith(("-", ",", " "))


def test_hostile_turns_end_in_nothing() -> None:
    for text in ("", "I " * 5000, "my dog " * 5000, "I love my dog. " * 300, "\ud800 I my dog"):
        kept = propose(chat(("Ana", text), ("Ben", text)))
        assert all(len(each.body) < 1000 for each in kept)
