"""An answer → its sentences that no cited place bears out, by a strict and simple script.

Called by the benchmark of answers. Every cited place is opened as `cairn show` would. All numbers
and names of a sentence must stand there, and half of its other words; a date may also be what a
phrase there means, counted from when it was said. The short form is checked as a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from cairn.core.engine import Engine
from cairn.core.errors import CairnError
from cairn.core.locate import parse_citation
from cairn.core.passage import Passage
from cairn.core.records import Answer
from cairn.core.times.phrases import find
from tests.bench.answer_score import plain, times_in

_HARD = re.compile(r"\b(?:[^\W\d_]*\d[\w.,:]*\d|\d|[A-ZÀ-Þ][\w'’-]+)\b")
_JOINS = re.compile(r"[-–/.,:]")
_ENOUGH = 0.5
_LEADS = frozenset(
    "in short earlier since then until from on and yes no the a an by of at to is was around "
    "week weekend month year before after early mid late".split()
)


def unsupported(engine: Engine, answer: Answer) -> Iterator[str]:
    places = {}
    for citation in answer.citations:
        try:
            places[citation.number] = engine.passage(parse_citation(citation.address), 0)
        except CairnError:
            places[citation.number] = None
    told = [(sentence.text, sentence.citations) for sentence in answer.sentences]
    if answer.short:
        told.append((answer.short, tuple(places)))
    for text, numbers in told:
        opened = [place for number in numbers if (place := places.get(number))]
        if numbers and not is_borne_out(text, opened):
            yield text


def is_borne_out(text: str, opened: list[Passage]) -> bool:
    there = {word for place in opened for word in _words(place)}
    days = {day for place in opened for day in _days(place)}
    rest, at = [], 0
    for phrase in times_in(text):
        if (phrase.first, phrase.last) in days:
            rest.append(text[at : phrase.start])
            at = phrase.end
    rest.append(text[at:])
    left = " ".join(rest)
    hard = {plain(match) for match in _HARD.findall(left)} - _LEADS
    first = plain(left).split()[:1]
    missing = {word for word in hard if not set(word.split()) <= there} - set(first)
    if missing:
        return False
    words = [word for word in plain(left).split() if word not in _LEADS]
    return not words or sum(word in there for word in words) >= _ENOUGH * len(words)


def _words(place: Passage) -> Iterator[str]:
    for text in (place.title, place.who, *place.heading, *(piece.text for piece in place.pieces)):
        yield from plain(text).split()
        yield from plain(_JOINS.sub(" ", text)).split()


def _days(place: Passage) -> Iterator[tuple[object, object]]:
    """Of when it was said, and of every phrase in it."""
    said = datetime.fromisoformat(place.when) if place.when else None
    if said:
        yield said.date(), said.date()
    for piece in place.pieces:
        for when in find(piece.text, said):
            yield when.first, when.last
