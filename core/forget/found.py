"""What goes, while it is gathered: places, turns, sentences, and words that stand nowhere else.

Gathering fills it, sparing takes out of it what stays; a scope is made of what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cairn.core.forget.passing import Said, tokens
from cairn.core.runs import is_long, runs
from cairn.core.tombstones import Piece


@dataclass(slots=True)
class Found:
    places: set[str] = field(default_factory=set)
    chats: set[str] = field(default_factory=set)
    turns: dict[str, set[int]] = field(default_factory=dict)
    said: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """By their plain letters: place → itself as it stands there."""
    runs: set[str] = field(default_factory=set)
    rare: set[str] = field(default_factory=set)
    phrase: str = ""
    """The words of an aim, plain, unless something that stays has them."""
    entries: set[str] = field(default_factory=set)
    thinned: set[str] = field(default_factory=set)
    trimmed: dict[str, set[int]] = field(default_factory=dict)

    def take(self, place: str, text: str, picked: Iterable[Piece]) -> None:
        for piece in picked:
            told = text[piece.start : piece.end].strip()
            self.said.setdefault(piece.plain, {})[place] = (place, told)
            self.rare |= tokens(told)

    def take_runs(self) -> None:
        """Of places where sentences are so long that they may be cut elsewhere next time."""
        told = [each for places in self.said.values() for each in places.values()]
        long = {place for place, text in told if is_long(text)}
        self.runs = {run.plain for place, text in told if place in long for run in runs(text)}

    def holds(self, said: Said) -> bool:
        """Does all of it go?"""
        if said.turn:
            return said.place in self.chats or said.turn in self.turns.get(said.place, ())
        return said.place in self.places

    def lessen(self, said: Said) -> None:
        """It stays, and loses sentences."""
        if said.turn:
            self.trimmed.setdefault(said.place, set()).add(said.turn)
        else:
            self.thinned.add(said.place)
