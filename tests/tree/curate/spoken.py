"""Conversations and notes as curators read them, written down line by line."""

from __future__ import annotations

from cairn.core.records import Kind
from cairn.core.tree.curate.material import Utterance

SAID = "2026-03-10T10:00:00+01:00"
"""A Tuesday."""


def chat(*turns: tuple[str, str], user: str = "Anna", when: str = SAID) -> list[Utterance]:
    """Turns as (who, what); everybody who speaks is in the conversation."""
    names = tuple(dict.fromkeys(who for who, _ in turns))
    return [
        Utterance(
            f"chat:whatsapp/flat#t{number}",
            text,
            who=who,
            origin="user" if who == user else "other",
            when=when,
            title="The flat",
            to=tuple(name for name in names if name != who),
        )
        for number, (who, text) in enumerate(turns, 1)
    ]


def talk(*texts: str, when: str = SAID) -> list[Utterance]:
    """Anna's turns in a conversation with Ben, who says nothing that matters."""
    turns = [turn for text in texts for turn in (("Anna", text), ("Ben", "Hm."))]
    return chat(*turns, when=when)


def note(
    *paragraphs: str,
    title: str = "Notes",
    heading: tuple[str, ...] = (),
    kind: Kind = "note",
    when: str = "2026-03-10",
) -> list[Utterance]:
    return [
        Utterance(f"file:~/n.md#L{at}", text, kind=kind, when=when, title=title, heading=heading)
        for at, text in enumerate(paragraphs, 1)
    ]


def mail(*paragraphs: str, who: str = "Petra Lindqvist", title: str = "Flat") -> list[Utterance]:
    return [
        Utterance(
            f"file:~/m.eml#L{at}",
            text,
            who=who,
            origin="other",
            when=SAID,
            title=title,
            kind="mail",
        )
        for at, text in enumerate(paragraphs, 1)
    ]


def session(*turns: tuple[str, str]) -> list[Utterance]:
    """With an agent: `user`, `assistant`, or `$ command` and what it printed."""
    found = []
    for number, (who, text) in enumerate(turns, 1):
        command = who.removeprefix("$ ") if who.startswith("$ ") else ""
        origin = "tool" if command else "user" if who == "user" else "assistant"
        found.append(
            Utterance(
                f"chat:claude-code/a#t{number}",
                text,
                origin=origin,  # type: ignore[arg-type]
                when=SAID,
                project="/home/anna/homeserver",
                command=command,
            )
        )
    return found
