"""How something was done: the commands that worked, or the steps that a note lists."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.procedures import propose
from tests.tree.curate.spoken import note, session, talk

ASKED = ("user", "Please set up the backup job on the server. It should run every night.")
RAN = (
    ("$ ls -la", "total 4"),
    ("$ resticc init", "bash: resticc: command not found"),
    ("$ restic init --repo /mnt/backup", "created restic repository"),
    ("$ Read: /etc/backup.cron", "0 3 * * * restic backup"),
    ("$ crontab /etc/backup.cron", ""),
    ("assistant", "The backup is set up."),
)


def test_what_worked_without_what_failed() -> None:
    [found] = propose(session(ASKED, *RAN, ("user", "Thanks, works!")))
    assert found.kind == "procedure"
    assert found.title == "Set up the backup job on the server"
    assert found.body == (
        "To set up the backup job on the server:\n"
        "1. `restic init --repo /mnt/backup`\n2. `crontab /etc/backup.cron`"
    )
    assert [source.quote for source in found.sources][1:] == [
        "restic init --repo /mnt/backup", "crontab /etc/backup.cron",
    ]  # fmt: skip
    assert (found.origin, found.subject) == ("tool", "homeserver")


def test_success_that_the_program_reports() -> None:
    said = ("assistant", "The backup job has been configured and now runs every night.")
    assert len(propose(session(ASKED, *RAN[:-1], said))) == 1


@pytest.mark.parametrize("answer", ["It still fails", "No, that's wrong", "hmm, not working"])
def test_what_did_not_work_is_not_kept(answer: str) -> None:
    assert not propose(session(ASKED, *RAN, ("user", answer)))


def test_work_that_goes_on_is_one() -> None:
    more = (("user", "It still fails"), ("$ chmod 600 /etc/backup.cron", ""),
            ("assistant", "Try it now."), ("user", "Great, that did it"))  # fmt: skip
    [found] = propose(session(ASKED, *RAN, *more))
    assert found.body.count("`") == 6


@pytest.mark.parametrize(
    "turns",
    [
        (("user", "Why is the server slow?"), ("$ systemctl restart nginx", ""),
         ("$ apt upgrade", ""), ("user", "Thanks, works")),
        (ASKED, ("$ ls", "a"), ("$ cat b", "c"), ("$ git status", ""), ("user", "Thanks!")),
        (ASKED, ("$ pytest -q", "3 passed"), ("$ ruff check", "ok"), ("user", "Great, thanks")),
        (ASKED, ("$ Edit: /etc/a", "ok"), ("$ Write: /etc/b", "ok"), ("user", "Thanks, works")),
        (ASKED, ("$ restic init", "Fatal: wrong password"), ("user", "Thanks anyway")),
        (ASKED, ("assistant", "Run `restic init` first."), ("user", "Thanks, works")),
        (ASKED, *RAN),
    ],
)  # fmt: skip
def test_no_procedure(turns: tuple[tuple[str, str], ...]) -> None:
    assert not propose(session(*turns))


def test_numbered_steps_under_a_heading() -> None:
    steps = note("1. Turn the heating off", "2. Put the key on the valve", "3. Wait for water",
                 title="House", heading=("House", "How to bleed the radiators"))  # fmt: skip
    [found] = propose(steps)
    assert found.title == "How to bleed the radiators"
    assert found.body.endswith("2. Put the key on the valve\n3. Wait for water")
    assert len(found.sources) == 3


def test_a_sentence_that_tells_how() -> None:
    text = "To reset: hold the flame button for five seconds, wait for the light, then press again."
    [found] = propose(note(text, title="Boiler", heading=("2026-01-19 Trouble",)))
    assert (found.body, found.subject) == (text, "boiler")


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("Winners", ("1. Anna", "2. Ben", "3. Clara")),
        ("How to bleed the radiators", ("1. Turn the heating off",)),
        ("How to bleed the radiators", ("It is easy.", "Ask Jonas.")),
        ("Agenda", ("1. Budget", "2. Garden")),
    ],
)
def test_lists_that_are_no_steps(heading: str, lines: tuple[str, ...]) -> None:
    assert not propose(note(*lines, heading=(heading,)))


def test_recipes_and_talk_are_left_out() -> None:
    recipe = note("- 400 g flour", "- 200 ml milk", "- 42 g yeast", "1. Mix it", "2. Bake it",
                  heading=("How to bake plum cake",))  # fmt: skip
    assert not propose(recipe)
    assert not propose(talk("To be honest: I like it, and you know it, then so be it my friend."))


def test_time_is_linear_in_hostile_text() -> None:
    propose(note("1. " + "a " * 200_000, "2. b", heading=("How to x",)))
    propose(
        session(ASKED, ("$ " + "x " * 50_000, "error " * 100_000), ("user", "thanks " * 90_000))
    )


@pytest.mark.parametrize(
    "text",
    [
        "I got the mower to start by cleaning the plug and draining the old petrol.",
        "Fixed the tap: closed the valve, changed the washer and opened it slowly.",
        "What helped with the moles: dig a trench, fill it with gravel, and wait.",
        "The gate only closes if you first push the bolt down and then turn the key.",
        "To start the mower, close the choke, pull twice, and only then open the throttle.",
    ],
)
def test_what_worked_is_told_in_passing(text: str) -> None:
    for said in (note(text), talk(text)):
        [found] = propose(said)
        assert (found.kind, found.sources[0].quote) == ("procedure", text)


@pytest.mark.parametrize(
    "text",
    [
        "We got the house by being lucky and knowing the owner.",
        "To be honest, I ate first, then slept, and only then went out.",
        "You only live if you first learn to die, they say.",
        "If you have to wait, read first and then sleep a little longer.",
    ],
)
def test_what_sounds_like_steps(text: str) -> None:
    assert not propose(talk(text))


def test_a_list_is_a_procedure_if_the_line_above_says_so() -> None:
    steps = ("1. Close the valve.", "2. Change the washer.", "3. Open it slowly.")
    [found] = propose(note("How I do it:", *steps, title="Dripping tap", heading=("Dripping tap",)))
    assert found.title == "Dripping tap"
    assert not propose(note("My favourites:", *steps, title="Verbs", heading=("Verbs",)))


def test_a_fault_that_was_mended_needs_no_order() -> None:
    said = ("user", "The backup has stopped at 40 percent since Monday.")
    [found] = propose(session(said, *RAN, ("user", "Thanks, works again")))
    assert found.title.startswith("The backup has stopped")
