"""A line of prose → its runs of capitalised words, each with what speaks for a name.

Called by `names.py`. A capital at a sentence's beginning proves nothing, so such a run is `unsure`
and counts only where something else vouches for it. One pass over the words: linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cairn.core.tree.graph.found import ThingKind
from cairn.core.tree.graph.name_words import (
    GIVEN,
    GIVEN_OR_WORD,
    KIN,
    LONG_PLACES,
    NEVER,
    NEVER_ALONE,
    ORG_END,
    ORG_START,
    ORG_VERBS,
    PARTICLES,
    PETS,
    PLACE_PREPOSITIONS,
    PLACE_VERBS,
    PLACE_VISITS,
    PLACES,
    POSSESSIVE,
    PROJECT_WORDS,
    TITLES,
    fold,
)  # fmt: skip

_WORD = re.compile(r"[^\W\d_][\w]{0,40}(?:['’&+-][^\W_]{1,20}){0,3}")
_GOES_ON = re.compile(r"\A(?:['’]\w{1,2})?,? ['\"“„(«]?\Z|\A ?[-–/] ?\Z|\A['\"“„(«]?\Z")
"""Between two words of one sentence; anything else, such as an emoji, may begin another."""
_SHORT_FORMS = re.compile(r"['’](?:s|re|ve|ll|d|m|t)\Z", re.I)
_LONGEST_RUN = 5
_LEADING = NEVER | TITLES | KIN
_INITIAL = re.compile(r"[^\W\d_]\Z")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    folded: str
    gap: str
    """What stands between the word before and this one."""
    begins: bool
    """Does a sentence begin here, as far as can be told?"""

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Run:
    """Capitalised words that stand together."""

    words: tuple[Word, ...]
    kind: ThingKind
    cue: bool
    """Something beside the capitals says that this is a name."""
    unsure: bool
    """It stands where any word is capitalised."""
    spelling: str

    @property
    def key(self) -> str:
        return fold(self.spelling)


def words_of(line: str) -> list[Word]:
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(line):
        text = _SHORT_FORMS.sub("", match[0])
        gap = line[end : match.start()] if found else ""
        begins = not found or not _GOES_ON.match(gap)
        if found and found[-1].folded in TITLES and gap in (". ", "."):
            begins = False
        found.append(Word(text, fold(text), gap, begins))
        end = match.start() + len(text)
    return found


def is_title_like(words: list[Word], is_open: bool) -> bool:
    """A heading, or shouting: most words are capitalised, so that capitals say nothing."""
    letters = [word for word in words[1:] if len(word.text) > 3]
    capitals = sum(word.is_capital for word in letters)
    shouted = sum(word.text.isupper() for word in letters)
    is_heading = is_open and capitals * 10 >= len(letters) * 7
    return len(letters) >= 4 and (is_heading or shouted * 2 >= len(letters))


def runs_of(words: list[Word], people: frozenset[str]) -> Iterator[Run]:
    """`people` are folded given names that are known from elsewhere."""
    place = 0
    while place < len(words):
        if not words[place].is_capital:
            place += 1
            continue
        end = _end_of_run(words, place)
        if end - place <= _LONGEST_RUN:
            run = _judge(words, place, end, people)
            if run:
                yield run
        place = end


def _end_of_run(words: list[Word], start: int) -> int:
    end = start + 1
    while end < len(words):
        word, before = words[end], words[end - 1]
        follows = word.gap == " " or (
            word.gap == ". " and (before.folded in TITLES or _INITIAL.match(before.text))
        )
        if follows and word.is_capital:
            end += 1
        elif (
            word.gap == " "
            and word.folded in PARTICLES
            and end + 1 < len(words)
            and words[end + 1].gap == " "
            and words[end + 1].is_capital
        ):
            end += 2
        else:
            break
    return end


def _judge(words: list[Word], start: int, end: int, people: frozenset[str]) -> Run | None:
    begins = words[start].begins
    if _is_place(tuple(words[start:end])) and end - start > 1:
        return _run(words[start:end], "place", cue=True)
    head = start
    while start < end and words[start].folded in _LEADING:
        start += 1
    while start < end and words[end - 1].folded in NEVER:
        end -= 1
    if start >= end:
        return None
    run = words[start:end]
    before = [word.folded for word in words[max(0, start - 4) : start]]
    prior = before[-1] if before else ""
    if prior in TITLES and len(run) == 1:
        return _run(words[start - 1 : end], "person", cue=True)
    after = words[end].folded if end < len(words) and words[end].gap == " " else ""
    kind, cue = _kind(run, before, after, people)
    if begins and start == head and not (kind == "person" and _is_given(run[0], people)):
        return _later_half(run, people) or _run(run, kind, unsure=True)
    if len(run) == 1 and not cue and run[0].folded in NEVER_ALONE:
        return None
    return _run(run, kind, cue=cue)


def _run(words: list[Word], kind: ThingKind, *, cue: bool = False, unsure: bool = False) -> Run:
    text = words[0].text + "".join(word.gap + word.text for word in words[1:])
    if len(words) > 1 and _INITIAL.match(words[-1].text):
        text += "."
    return Run(tuple(words), kind, cue, unsure, text)


def _later_half(run: list[Word], people: frozenset[str]) -> Run | None:
    """`Yesterday Anna Berger` begins a sentence: the name is what comes after its first word."""
    rest = run[1:]
    if rest and rest[0].is_capital and _is_given(rest[0], people):
        return _run(rest, "person", cue=True)
    return None


def _is_given(word: Word, people: frozenset[str]) -> bool:
    return word.folded in people or word.folded in GIVEN


def _kind(
    run: list[Word], before: list[str], after: str, people: frozenset[str]
) -> tuple[ThingKind, bool]:
    """What kind of name it is, and whether anything but its capitals says that it is one."""
    first, last = run[0].folded, run[-1].folded
    prior = before[-1] if before else ""
    if len(run) > 1 and (last in ORG_END or first in ORG_START):
        return "organisation", True
    if first in people or prior in TITLES or _is_kin(before):
        return "person", True
    if prior in PROJECT_WORDS or (after in PROJECT_WORDS and prior == "the"):
        return "project", True
    if _is_place(run):
        return "place", True
    if first in GIVEN or first in GIVEN_OR_WORD or _is_short_for(run, people):
        return "person", True
    if prior in PLACE_PREPOSITIONS and any(word in PLACE_VERBS for word in before[:-1]):
        return "place", True
    if prior in PLACE_VISITS:
        return "place", True
    if prior in ("at", "for", "bei") and any(word in ORG_VERBS for word in before[:-1]):
        return "organisation", True
    return "thing", len(before) > 1 and prior in PETS and before[-2] in POSSESSIVE


def _is_short_for(run: list[Word], people: frozenset[str]) -> bool:
    """`Mel` where a Melanie takes part."""
    short = run[0].folded
    return len(run) == 1 and len(short) > 2 and any(name.startswith(short) for name in people)


def _is_kin(before: list[str]) -> bool:
    return bool(before) and before[-1] in KIN and any(word in POSSESSIVE for word in before[:-1])


def _is_place(run: Sequence[Word]) -> bool:
    if len(run) == 1:
        return run[0].folded in PLACES
    return "_".join(word.folded for word in run) in LONG_PLACES


def given_only(run: Run) -> Run:
    """The name without what may be no surname: `Anna Pizza` in a language with capital nouns."""
    return _run([run.words[0]], run.kind, cue=True)


def is_titled(run: Run) -> bool:
    return run.words[0].folded in TITLES
