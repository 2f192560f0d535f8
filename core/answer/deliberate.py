"""A question whose evidence is partial → its parts asked one by one, and the answer put together.

Called by `conversing` when the user allows it. It sees what is still lacking, asks on with what
was found, and stops when all is covered, on its budget, or when whoever asked has had enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.referents import answered_name, read
from cairn.core.answer.splitting import Bridge, bridge_in, split
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.words import stems
from cairn.core.records import Answer, Citation, Evidence, Sentence, Step

Ask = Callable[[str], Answer]
TIER = 5
_OF_EACH = 2
"""Sentences of one part's answer, where there are several."""


@dataclass(frozen=True, slots=True)
class Budget:
    steps: int = 8
    seconds: float = 20.0


USUAL = Budget()


@dataclass(slots=True)
class _Course:
    """What has been asked, and what came of it."""

    ask: Ask
    tell: Callable[[Step], None]
    stop: Callable[[], bool]
    clock: Callable[[], float]
    budget: Budget
    began: float = 0.0
    steps: list[Step] = field(default_factory=list)
    why: str = ""
    """Why it was ended early."""

    def look_for(self, question: str) -> Answer | None:
        """None where no more may be asked."""
        if self.stop():
            self.why = "you stopped it"
        elif len(self.steps) >= self.budget.steps or self.spent >= self.budget.seconds:
            self.why = "the time for it was over"
        if self.why:
            return None
        self.tell(Step(question))
        answer = self.ask(question)
        step = Step(question, not answer.abstained, answer.reason)
        self.steps.append(step)
        return answer

    @property
    def spent(self) -> float:
        return self.clock() - self.began


def deliberate(
    question: str,
    ask: Ask,
    tell: Callable[[Step], None],
    stop: Callable[[], bool],
    clock: Callable[[], float],
    budget: Budget = USUAL,
) -> Answer:
    """`ask` answers one question and keeps nothing; `clock` is in seconds."""
    course = _Course(ask, tell, stop, clock, budget, clock())
    plan = split(question)
    if plan.bridge:
        answers = _in_two_steps(plan.bridge, course)
        whole = None if answers and not answers[-1].abstained else course.look_for(question)
        return _finished(question, [*answers, *([whole] if whole else [])], course)
    if not plan.parts or not plan.always:
        whole = course.look_for(question)
        if whole is None or not plan.parts:
            return _finished(question, [whole] if whole else [], course)
        lacking = [part for part in plan.parts if not _covers(whole, part, plan.parts)]
        if not lacking:
            return _finished(question, [whole], course)
        covered = [] if len(lacking) == len(plan.parts) else [whole]
        return _finished(question, [*covered, *_each(tuple(lacking), course)], course)
    return _finished(question, _each(plan.parts, course), course)


def _each(parts: tuple[str, ...], course: _Course) -> list[Answer]:
    found: list[Answer] = []
    for part in parts:
        if bridge := bridge_in(part.rstrip("?")):
            found += _in_two_steps(bridge, course)
        elif answer := course.look_for(part):
            found.append(answer)
    return found


def _in_two_steps(bridge: Bridge, course: _Course) -> list[Answer]:
    first = course.look_for(bridge.first)
    if first is None or first.abstained:
        return []
    told = " ".join(sentence.text for sentence in first.sentences[:1])
    short = "" if first.is_guess else first.short
    who = answered_name(read(Exchange(bridge.first, told, short)))
    if not who:
        course.steps[-1] = replace(course.steps[-1], lacking="no name was told")
        return []
    second = course.look_for(bridge.then.format(who))
    return [_short(first, 1), *([second] if second else [])]


def _covers(whole: Answer, part: str, parts: tuple[str, ...]) -> bool:
    """Does one cited sentence hold what sets this part apart?"""
    mine = {*analyze(part).stems}
    own = mine - {stem for each in parts if each != part for stem in analyze(each).stems}
    return not whole.abstained and any(
        own <= stems(f"{citation.quote} {citation.title}") for citation in whole.citations
    )


def _finished(question: str, answers: list[Answer], course: _Course) -> Answer:
    """Their sentences one after the other, each source once; what nothing was found for is told."""
    told = [answer for answer in answers if not answer.abstained]
    steps = tuple(course.steps)
    ended = f"ended early, as {course.why}" if course.why else ""
    if not told:
        first = answers[0] if answers else Answer(question, (), (), TIER, 0.0, abstained=True)
        reason = first.reason or ended or "nothing in your memory matches these words"
        return replace(first, question=question, tier=TIER, reason=reason, steps=steps,
                       abstained=True)  # fmt: skip
    if len(told) == 1 and len(steps) == 1 and not ended:
        return replace(told[0], question=question, steps=steps)
    is_one = len(told) == 1 or split(question).bridge is not None
    joined = _joined([_short(each, _OF_EACH) for each in told] if len(told) > 1 else told)
    lacking = [f"nothing was found for “{step.text}”" for step in steps if not step.found]
    notes = [*dict.fromkeys(filter(None, (each.degraded for each in told))), *lacking, ended]
    return replace(
        joined, question=question, tier=TIER, steps=steps,
        confidence=min(each.confidence for each in told),
        left_out=sum(each.left_out for each in told),
        missing=tuple(dict.fromkeys(word for each in answers for word in each.missing)),
        short=told[-1].short if is_one else "", is_guess=is_one and told[-1].is_guess,
        degraded="; ".join(filter(None, notes)),
    )  # fmt: skip


def _short(answer: Answer, most: int) -> Answer:
    """Its first sentences, with the sources that they cite."""
    kept = answer.sentences[:most]
    numbers = {number for sentence in kept for number in sentence.citations}
    cited = tuple(each for each in answer.citations if each.number in numbers)
    return replace(answer, sentences=kept, citations=cited)


def _joined(answers: list[Answer]) -> Answer:
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    known: dict[tuple[str, str], int] = {}
    for answer in answers:
        numbers: dict[int, int] = {}
        for each in answer.citations:
            key = (each.address, each.hash)
            if key not in known:
                known[key] = len(citations) + 1
                citations.append(replace(each, number=known[key]))
            numbers[each.number] = known[key]
        for sentence in answer.sentences:
            cited = tuple(numbers[number] for number in sentence.citations)
            if all(other.text != sentence.text for other in sentences):
                sentences.append(replace(sentence, citations=cited))
    found: dict[str, Evidence] = {}
    for answer in answers:
        for item in answer.found:
            found.setdefault(item.address, item)
    timings = tuple(timing for answer in answers for timing in answer.timings)
    return replace(
        answers[0], sentences=tuple(sentences), citations=tuple(citations),
        found=tuple(found.values()), timings=timings,
    )  # fmt: skip
