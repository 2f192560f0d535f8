"""A question → evidence, or a cited answer: the way through recall, answer and citation check.

The engine's door to asking. Every stage takes its clock from there; what is asked is kept as a
conversation with cairn, unless the user has said no.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from cairn.core.answer.compose import compose
from cairn.core.answer.dated import tell_dated
from cairn.core.answer.feedback import Feedback
from cairn.core.answer.history import is_asked, tell, values_of, with_entries
from cairn.core.answer.kinds import tell_kind
from cairn.core.answer.listing import list_files
from cairn.core.answer.news import tell_changes
from cairn.core.answer.overtaken import without_overtaken
from cairn.core.answer.remembered import Remembered
from cairn.core.answer.session import Session
from cairn.core.answering import USUAL, Answering, Manner
from cairn.core.behaviour import Behaviour
from cairn.core.citations import Citations
from cairn.core.config import Recall
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.overview import behind
from cairn.core.own import Own
from cairn.core.private import PrivateMode
from cairn.core.recall.around import MOST_STEPS, Stretch, anything, expand
from cairn.core.recall.beside import Beside, Subject
from cairn.core.recall.cache import Asked, Kept
from cairn.core.recall.certain.calibration import Trial
from cairn.core.recall.entries.pointers import NOW, Pointers, When
from cairn.core.recall.entries.standing import Standing
from cairn.core.recall.entries.thrown_out import left, sound
from cairn.core.recall.narrow.allowed import Allowed, Narrowing
from cairn.core.recall.narrow.filters import EVERYTHING, Filters
from cairn.core.recall.question.analyze import Question, analyze
from cairn.core.recall.question.typing import completed
from cairn.core.recall.search import Embed, Results, Stopwatch, search
from cairn.core.recall.sets.allfiles import all_files, every
from cairn.core.recall.sets.changed import Changed, Changes
from cairn.core.recall.sets.filelist import LOOKED_AT, MOST, asks_for_files, files_of, sought
from cairn.core.recall.signals import speaker
from cairn.core.recall.signals.exchange import asks, replies
from cairn.core.recall.signals.kept import kept
from cairn.core.recall.signals.moment import moment
from cairn.core.recall.signals.phrase import phrase
from cairn.core.recall.signals.told import by_entries
from cairn.core.recall.units import only_turn
from cairn.core.records import Answer, Citation, Evidence, Timing
from cairn.core.tree.graph.store import Things
from cairn.core.tree.life.signals import Life, Note
from cairn.core.uris import container

_SHOWN = 10
_DEEPEN_AT_ONCE = 3
_LONGEST_QUESTION = 4000
_MOST_AROUND = 4000
"""Tokens of what is shown around one piece of evidence."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What asking needs of the engine."""

    index: Callable[[], Index]
    embed: Embed
    read_now: Callable[[Sequence[str]], bool]
    """Reads files' words out of turn; whether any were."""
    resting: Callable[[], str]
    now: Callable[[], str]
    names: Callable[[], Sequence[str]]
    """What the user is called in conversations."""
    answering: Answering


class Asking:
    def __init__(
        self,
        journal: Journal,
        settings: Recall,
        behaviour: Behaviour,
        citations: Citations,
        own: Own,
        private: PrivateMode,
        reach: Reach,
        pointers: Pointers,
        life: Life,
    ) -> None:
        self._journal = journal
        self._settings = settings
        self._behaviour = behaviour
        self._citations = citations
        self._own = own
        self._private = private
        self._reach = reach
        self._pointers = pointers
        self._life = life
        self._narrowing = Narrowing(journal)
        self._changed = Changed(journal)
        self._kept = Kept()
        spellings = speaker.known_by(Things(journal))
        self._beside = Beside(
            signals={
                "asks": asks, "speaker": speaker.make(reach.names, spellings),
                "own": speaker.make_own(spellings), "moment": moment, "phrase": phrase,
                "kept": partial(kept, pointers),
            },
            echoes={"replies": replies, "told": partial(by_entries, pointers)},
            subject=speaker.make_subject(reach.names, spellings),
        )  # fmt: skip
        self.feedback = Feedback(journal)
        self.session = Session(journal, own.latest, lambda: own.keeps, private, reach.now)
        self._remembered = Remembered(reach.embed)
        self.trial = Trial(journal, reach.index, self.look, settings.min_relevance)

    def let_go(self) -> None:
        """Something is forgotten that may be in what is kept in memory."""
        self._kept, self._remembered = Kept(), Remembered(self._reach.embed)
        self.session.clear()

    def search(
        self,
        text: str,
        limit: int | None = None,
        when: When = NOW,
        filters: Filters = EVERYTHING,
        now: datetime | None = None,
        *,
        is_typing: bool = False,
    ) -> Results:
        """A question for files gets a passage of each; without a limit as many as are relevant.

        The results' question tells what the last word was taken for while `is_typing`.
        """
        _check(text)
        moment = self._moment(now)
        found = self._known_or_found(text, limit or 0, when, filters, moment)
        holding = self._reach.index().table.texts_holding
        if is_typing and (whole := completed(text, found.missing, holding)):
            text, found = whole, self._known_or_found(whole, limit or 0, when, filters, moment)
        if self._deepen(found.evidence):
            found = self._known_or_found(text, limit or 0, when, filters, moment)
        late = behind(self._journal)
        late = late and f"{late}; {self._reach.resting() or 'ask again later'}"
        return replace(
            found,
            evidence=tuple(self._with_file(item) for item in found.evidence),
            degraded="; ".join(filter(None, (found.degraded, late, self._private.words))),
        )

    def _known_or_found(
        self, text: str, limit: int, when: When, filters: Filters, now: datetime
    ) -> Results:
        asked = Asked.at(now.astimezone(UTC).isoformat(), text, limit, when, filters)
        state = (self._reach.index().state, self._journal.changes)
        return self._kept.get(asked, state, lambda: self.find(text, limit, when, filters, now))

    def find(
        self, text: str, limit: int, when: When, filters: Filters, now: datetime | None = None
    ) -> Results:
        """What `search` finds, which changes nothing; a limit of 0 is the usual one."""
        question = analyze(text, self._moment(now))
        if listed := self._all_files(question, limit or MOST, filters):
            return listed
        if not asks_for_files(question):
            return self.look(text, limit or _SHOWN, when, filters, now)
        topic, filters = sought(question, filters, self._journal)
        found = self.look(topic, LOOKED_AT, when, filters, now)
        return replace(files_of(found, limit or MOST), question=question)

    def _all_files(self, question: Question, most: int, filters: Filters) -> Results | None:
        """Those that a question asks for without saying what they are about."""
        shared = every(question, filters)
        if shared is None:
            return None
        index = self._reach.index()
        try:
            allowed = self._narrowing.allowed(shared, index)
        except NotFound:
            return None  # there are none, or nobody of that name
        return all_files(question, allowed, index, self._modified, most) if allowed else None

    def look(
        self,
        text: str,
        limit: int = 10,
        when: When = NOW,
        filters: Filters = EVERYTHING,
        now: datetime | None = None,
    ) -> Results:
        """The bare search for passages."""
        _check(text)
        index = self._reach.index()
        allowed = self._narrowing.allowed(filters, index)
        standing = self.standing(when, allowed)
        beside = replace(self._beside, now=self._moment(now))
        return search(index, self._reach.embed, text, limit, standing, beside, allowed)

    def around(
        self, evidence: Sequence[Evidence], steps: int, filters: Filters = EVERYTHING
    ) -> list[Stretch | None]:
        """Each with what stands so many turns, sentences or lines around it; None where nothing of
        it may be shown."""
        index = self._reach.index()
        allowed = self._narrowing.allowed(filters, index)
        admits = allowed.admits if allowed else anything
        each = [expand([item], index, _MOST_AROUND, admits, steps) for item in evidence]
        return [stretches[0] if stretches else None for stretches in each]

    def _moment(self, now: datetime | None) -> datetime:
        return now or datetime.fromisoformat(self._reach.now()).astimezone()

    def standing(self, when: When = NOW, allowed: Allowed | None = None) -> Standing:
        return Standing(self._pointers, when, self._modified, allowed)

    def ask(
        self,
        question: str,
        now: datetime | None = None,
        when: When = NOW,
        filters: Filters = EVERYTHING,
        manner: Manner = USUAL,
    ) -> Answer:
        """A cited answer; `now` is the moment that words like "yesterday" are counted from."""
        watch = Stopwatch()
        if when == NOW and (told := self._listed(question, self._moment(now), filters)):
            watch.lap("recall")
            return self._checked(told, watch.timings, manner)
        results = self.search(question, None, when, filters, now)
        found = results.evidence
        results = replace(results, evidence=sound(found))
        if filters.is_of_turns:
            results = replace(results, evidence=tuple(map(only_turn, results.evidence)))
            found = tuple(map(only_turn, found))
        watch.lap("recall")
        answer = self._list(results) if results.of_files else self._compose(results)
        if answer.abstained and found and found[0].wrong:
            answer = replace(answer, reason="what was found for it you have called wrong")
        watch.lap("compose")
        if not results.of_files and when == NOW:
            today = self._moment(now).date().isoformat()
            widen = partial(self._widened, filters)
            answer = self._reach.answering.answer(answer, results, widen, manner, today)
            watch.lap("write")
        answer = self._with_tree(answer, results, when, filters)
        watch.lap("tree")
        timings = (*results.timings, *watch.timings[1:])
        return self._checked(replace(answer, found=found), timings, manner)

    @property
    def subject(self) -> Subject:
        """Whom a question is about, of those who speak."""
        return self._beside.subject

    @property
    def state(self) -> Hashable:
        """What answers are made of: another value when any of it has changed."""
        return self._reach.index().state

    def known(self, text: str, narrowed: Hashable, now: datetime | None) -> Answer | None:
        """What was answered at length to the same question, if all of it still holds."""
        moment = self._moment(now)
        watch = Stopwatch()
        found = self._remembered.find(
            analyze(text, moment), narrowed, self.state, moment, self._still_said
        )
        watch.lap("known")
        return replace(found, question=text, timings=tuple(watch.timings)) if found else None

    def keep(
        self, answer: Answer, narrowed: Hashable, state: Hashable, now: datetime | None
    ) -> None:
        moment = self._moment(now)
        question = analyze(answer.question, moment)
        self._remembered.keep(question, narrowed, state, moment, answer)

    def _still_said(self, citation: Citation) -> Citation:
        """What was called wrong since is as good as no longer there."""
        if self._pointers.are_wrong(citation.entries):
            return replace(citation, state="changed")
        return self._citations.check(citation)

    def _widened(
        self, filters: Filters, evidence: Sequence[Evidence], room: int
    ) -> Sequence[Stretch]:
        index = self._reach.index()
        standing = self.standing(NOW, self._narrowing.allowed(filters, index))
        steps = 0 if filters.is_of_turns else MOST_STEPS
        found = expand(evidence, index, room, standing.admits, steps)
        wrong = self._pointers.wrong([piece.chunk for each in found for piece in each.pieces])
        return found if not wrong else tuple(filter(None, (left(each, wrong) for each in found)))

    def close(self) -> None:
        self._reach.answering.close()

    def changes(self, since: datetime, until: datetime, place: str = "") -> Changes:
        """What became of files, entries and conversations, in one place or in all."""
        return self._changed.between(since, until, place)

    def _listed(self, text: str, now: datetime, filters: Filters) -> Answer | None:
        """What needs no search: all of a stretch of time, or of somebody's."""
        question = analyze(text, now)
        index, root = self._reach.index(), self._journal.tree
        narrowing, pointers, names = self._narrowing, self._pointers, self._reach.names()
        if told := tell_dated(question, filters, index, narrowing, pointers.wrong, root):
            return told
        if told := tell_kind(question, filters, pointers, index, narrowing, names):
            return told
        if question.kind != "changes" or filters.is_of_turns or filters.kinds:
            return None
        return tell_changes(question, now, self._changed, index, root.__add__, filters)

    def _checked(self, answer: Answer, timings: Sequence[Timing], manner: Manner) -> Answer:
        """With the state of what it cites."""
        watch = Stopwatch()
        citations = tuple(self._citations.check(citation) for citation in answer.citations)
        watch.lap("check")
        answer = answer.with_citations(citations, (*timings, *watch.timings))
        return answer if manner.trial else self.kept(answer, manner)

    def kept(self, answer: Answer, manner: Manner = USUAL) -> Answer:
        """It is kept with the conversation, and what it cites counts as used."""
        try:
            if manner.aside:
                self._own.note_quotes(answer)
            else:
                self._own.note(answer)
                self._note_use(answer)
        except Unavailable as error:  # a full disk keeps nobody from asking
            return replace(answer, degraded=f"this answer was not kept: {error.message}")
        return answer

    def _compose(self, results: Results) -> Answer:
        read = self._reach.answering.read
        return compose(results, self._reach.embed, self._settings.min_relevance, read)

    def _list(self, results: Results) -> Answer:
        return list_files(results, self._reach.embed, self._settings.min_relevance)

    def _with_tree(self, answer: Answer, results: Results, when: When, filters: Filters) -> Answer:
        """Which entries rest on what is cited, and what held before, where that has changed."""
        if answer.abstained or results.of_files:
            return answer
        entries = self._pointers.many({id for item in results.evidence for id in item.entries})
        answer = with_entries(answer, entries, self._pointers.uri)
        by_id = {filed.entry.id: filed for filed in entries}
        first = answer.citations[0]
        cited = [by_id[id] for id in first.entries if is_asked(results.question, by_id[id].entry)]
        chains = [self._pointers.chain(filed, when) for filed in cited]
        after = self._pointers.successors(cited, when)
        if current := without_overtaken(results, cited, chains, after):
            return self._with_tree(self._compose(current), current, when, filters)
        for told in filter(None, map(values_of, chains)):
            passages = self._pointers.told(told, self._reach.index())
            standing = self.standing(when, self._narrowing.allowed(filters, self._reach.index()))
            fitting = {id: [*filter(standing.admits, each)] for id, each in passages.items()}
            return tell(answer, told, fitting, when)
        return answer

    def _note_use(self, answer: Answer) -> None:
        ids = {id for citation in answer.citations for id in citation.entries}
        if ids and not self._private.is_on:
            self._life.note([Note("used", id) for id in sorted(ids)], self._reach.now())

    def _deepen(self, evidence: Sequence[Evidence]) -> bool:
        """Read what was found by its name or first lines, so that its text can be found too."""
        shallow = [item.chunk.uri for item in evidence if item.chunk.kind == "file"]
        waiting = [uri for uri in shallow if self._journal.job_for(uri)][:_DEEPEN_AT_ONCE]
        if not waiting or self._private.is_on:
            return False
        self._journal.hasten(waiting)
        return self._reach.read_now(waiting)

    def _with_file(self, evidence: Evidence) -> Evidence:
        """What the journal and the user's habits say of the file that a passage is in."""
        uri = container(evidence.chunk.uri)
        pairs = self._behaviour.companions(uri)
        others = tuple(pair.b if pair.a == uri else pair.a for pair in pairs)
        return replace(evidence, modified=self._modified(uri), used_with=others)

    def _modified(self, uri: str) -> str:
        record = self._journal.file(container(uri))
        return record.modified if record else ""


def _check(question: str) -> None:
    if not question.strip():
        raise ConfigError("there is nothing to search for", 'try `cairn search "garden budget"`')
    if len(question) > _LONGEST_QUESTION:
        raise ConfigError(
            f"the question has {len(question)} characters, more than {_LONGEST_QUESTION}",
            "ask about one thing at a time",
        )
