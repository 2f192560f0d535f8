"""What was said in one conversation or document → the people and things it names, without a model.

Called for each container that is curated. Precision over recall: a capital counts only inside a
sentence of a language that has no other use for it, or where a name is known from elsewhere: a
sender, a common given name, a title, "my sister …". Linear time, bounded memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from cairn.core.records import Entry
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.graph import marks
from cairn.core.tree.graph.found import LONGEST, Found, ThingKind
from cairn.core.tree.graph.name_words import (
    GERMAN,
    GIVEN_OR_WORD,
    NEVER,
    OPEN_LANGUAGES,
    fold,
)  # fmt: skip
from cairn.core.tree.graph.runs import (
    Run,
    given_only,
    is_title_like,
    is_titled,
    runs_of,
    words_of,
)  # fmt: skip

MOST_FOUND = 300
"""Names that are kept of one container, the most frequent first."""
_LONGEST_TEXT = 200_000
_LONGEST_LINE = 4_000
_SAMPLE = 1_500
_LEAST_MENTIONS = 2
_NO_PROSE = ("code", "data", "table", "archive", "image", "media", "file")
_USER = ("", "me", "ich", "i", "you", "user")
_HUMP = re.compile(r"[a-z][A-Z]|[A-Za-z]\d")
_SKIPPED = ("#", ">", "|", "    ", "\t", "On ", "<")
_SIGNS = re.compile(r"[\u0590-\u1cff\u3041-\u9fff\uac00-\ud7a3]")


def find_names(utterances: Iterable[Utterance]) -> list[Found]:
    """Names in what belongs together: the turns of a conversation, the paragraphs of a document."""
    said = list(utterances)
    search = _Search(_first_names(said), _is_open("\n".join(u.text[:300] for u in said[:40]), True))
    for utterance in said:
        search.look(utterance)
    return search.results()


def entry_names(entry: Entry) -> list[Found]:
    """Names in an entry of the tree, noted under the entry's id."""
    text = f"{entry.body}\n\n{entry.subject}"
    whose = {source.who for source in entry.sources if source.who}
    one = Utterance(entry.id, text, origin="user", when=entry.valid_from or entry.created,
                    kind="entry", to=tuple(sorted(whose)))  # fmt: skip
    # A curator's claim is no chat: each of its few names is meant.
    search = _Search(_first_names([one]), _is_open(text, True), least=1)
    search.look(one)
    return search.results()


@dataclass(slots=True)
class _Tally:
    kind: ThingKind
    uri: str
    when: str = ""
    count: int = 0
    sure: bool = False
    single: bool = False


@dataclass(slots=True)
class _Search:
    people: frozenset[str]
    is_open: bool
    least: int = _LEAST_MENTIONS
    tallies: dict[tuple[str, str], _Tally] = field(default_factory=dict)
    lower: set[str] = field(default_factory=set)
    """Words that are also written small here: no names."""
    unsure: list[tuple[Run, Utterance]] = field(default_factory=list)
    pairs: list[tuple[Run, Utterance]] = field(default_factory=list)
    """A given name and what may be a surname, or just the next noun."""

    def look(self, utterance: Utterance) -> None:
        self._who(utterance)
        if name := marks.project_name(utterance.project):
            self._add(name, "project", utterance, sure=True)
        if utterance.origin in ("tool", "context") or utterance.kind in _NO_PROSE:
            return
        text = utterance.text[:_LONGEST_TEXT]
        is_open = utterance.origin != "assistant" and _is_open(text[:_SAMPLE], self.is_open)
        for line in _lines(text, utterance.kind == "mail"):
            self._marked(line, utterance)
            if not marks.is_header(line):
                self._prose(line, utterance, is_open)

    def _who(self, utterance: Utterance) -> None:
        said = utterance.origin in ("user", "other") or utterance.kind == "mail"
        if said and fold(utterance.who) not in _USER:
            self._add(utterance.who, "person", utterance, sure=True)
        for name in utterance.to:
            if fold(name) not in _USER and len(utterance.to) <= 50:
                self._add(name, "person", utterance, sure=True, count=0)

    def _marked(self, line: str, utterance: Utterance) -> None:
        if utterance.kind == "mail" and marks.is_header(line):
            for spelling, kind in marks.header_people(line):
                self._add(spelling, kind, utterance, sure=True)
            return
        if utterance.origin == "assistant":
            return
        found: list[Iterator[marks.Marked]] = []
        if "@" in line:
            found.append(marks.addresses(line))
            if not utterance.project:  # there, an @ is a file's or a package's
                found.append(marks.handles(line))
        if "." in line:
            found.append(marks.files(line))
        for spelling, kind in (pair for part in found for pair in part):
            self._add(spelling, kind, utterance, sure=True)

    def _prose(self, line: str, utterance: Utterance, is_open: bool) -> None:
        words = words_of(marks.without_marks(line))
        is_sentence = line.rstrip("\"'”’)").endswith((".", "!", "?", "…"))
        self.lower.update(word.folded for word in words if not word.is_capital)
        if is_title_like(words, is_open and not is_sentence):
            return
        for run in runs_of(words, self.people):
            if not is_open:
                self._vouched(run, utterance)
            elif run.unsure:
                self.unsure.append((run, utterance))
            else:
                self._run(run, utterance)

    def _vouched(self, run: Run, utterance: Utterance) -> None:
        """Where every noun is capitalised: only a name that is known, or comes with its title."""
        first = run.words[0].folded
        if run.kind != "person" or not run.cue or (
            first in GIVEN_OR_WORD and first not in self.people
        ):  # fmt: skip
            return
        if len(run.words) == 1 or is_titled(run):
            self._run(run, utterance)
        else:
            self.pairs.append((run, utterance))

    def _run(self, run: Run, utterance: Utterance) -> None:
        sure = run.cue or bool(_HUMP.search(run.spelling))
        self._add(run.spelling, run.kind, utterance, sure=sure, single=len(run.words) == 1)

    def _add(
        self, spelling: str, kind: ThingKind, at: Utterance,
        *, sure: bool = False, single: bool = False, count: int = 1,
    ) -> None:  # fmt: skip
        spelling = " ".join(spelling.split())
        if not 1 < len(spelling) <= LONGEST or not any(c.isalpha() for c in spelling):
            return
        tally = self.tallies.setdefault((spelling, kind), _Tally(kind, at.uri, single=single))
        tally.count += count
        tally.sure = tally.sure or sure
        tally.when = max(tally.when, at.when)

    def results(self) -> list[Found]:
        known = {fold(spelling): (spelling, kind) for spelling, kind in self.tallies}
        for run, utterance in self.unsure:
            if run.key in known:
                spelling, kind = known[run.key]
                self._add(spelling, self.tallies[spelling, kind].kind, utterance)
        twice = Counter(run.key for run, _ in self.pairs)
        for run, utterance in self.pairs:
            is_name = twice[run.key] >= self.least or run.key in known
            self._run(run if is_name else given_only(run), utterance)
        totals: Counter[str] = Counter()
        for (spelling, _), tally in self.tallies.items():
            totals[fold(spelling)] += tally.count
        found = [
            Found(spelling, tally.kind, tally.uri, tally.when, max(1, tally.count))
            for (spelling, _), tally in self.tallies.items()
            if tally.sure or self._is_likely(spelling, tally, totals)
        ]
        found = _settled(found)
        return sorted(found, key=lambda one: (-one.count, one.spelling, one.kind))[:MOST_FOUND]

    def _is_likely(self, spelling: str, tally: _Tally, totals: Counter[str]) -> bool:
        words = fold(spelling).split()
        if all(word in self.lower for word in words):
            return False
        return not tally.single or totals[fold(spelling)] >= self.least


def _settled(found: list[Found]) -> list[Found]:
    """What is one kind in one sentence and unknown in the next is of that kind in both."""
    kinds: dict[str, set[ThingKind]] = {}
    for one in found:
        if one.kind != "thing":
            kinds.setdefault(fold(one.spelling), set()).add(one.kind)
    result: dict[tuple[str, ThingKind], Found] = {}
    for one in found:
        said = kinds.get(fold(one.spelling), set())
        kind = min(said) if one.kind == "thing" and len(said) == 1 else one.kind
        other = result.get((one.spelling, kind))
        count = one.count + (other.count if other else 0)
        when = max(one.when, other.when) if other else one.when
        uri = other.uri if other else one.uri
        result[one.spelling, kind] = Found(one.spelling, kind, uri, when, count)
    return list(result.values())


def _first_names(said: list[Utterance]) -> frozenset[str]:
    """Given names of everybody who takes part."""
    names = {name for one in said for name in (one.who, *one.to[:50]) if fold(name) not in _USER}
    for one in said:
        if one.kind == "mail":
            names.update(spelling for line in one.text[:5000].split("\n", 12)[:12]
                         for spelling, _ in marks.header_people(line))  # fmt: skip
    first = {fold(words[0].text) for name in names if (words := words_of(name))}
    return frozenset(name for name in first if len(name) > 2 and name not in NEVER)


def _lines(text: str, is_mail: bool) -> Iterator[str]:
    """Lines of prose: no code, quotes, headings or tables."""
    fenced = False
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            fenced = not fenced
        elif is_mail and bare == "--":
            return  # what follows is a signature
        elif not fenced and bare and not line.startswith(_SKIPPED[:5]) and bare[0] not in ">|<#":
            yield bare[:_LONGEST_LINE].lstrip("-*+•–— ")


def _is_open(text: str, otherwise: bool) -> bool:
    """Is it in a language that capitalises names only?"""
    words = [fold(match[0]) for match in islice(re.finditer(r"[^\W\d_]+", text[:40_000]), 6_000)]
    german = sum(word in GERMAN for word in words)
    others = sum(word in OPEN_LANGUAGES for word in words)
    if german == others:
        return otherwise and not german and not _SIGNS.search(text)
    return others > german and not (german > 2 and german * 3 > others)
