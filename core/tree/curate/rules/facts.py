"""What people say of themselves and each other → facts, preferences and events, dates resolved.

Called by the curator with the turns of one conversation in order. Each proposal is about its
speaker, one to four sentences, and has every sentence's own words as a source. What an assistant,
a tool or a document says never becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cairn.core.records import EntryKind
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules import about, salience
from cairn.core.tree.curate.rules.statements import (
    BESIDE,
    STANDING,
    Statement,
    shown,
    source,
    statements,
    without_end,
)
from cairn.core.tree.curate.rules.telling import without_also
from cairn.core.tree.curate.rules.topics import content_words, names, topic_words
from cairn.core.tree.curate.rules.voice import ME

_SENTENCES = 4
"""In one proposal."""
_BODY = 320
"""Characters up to which what was said in another turn is added."""
_TITLE = 70
_TITLE_ENDS = (", ", " - ", " – ", " because ", " so ", " but ", " which ", ". ")
_TITLE_LEAST = 30
_NEAR = 4
"""Turns between two that continue each other: the other speaker's are among them."""
_CONTEXT = 1.5
"""What can be understood only with the sentence before it must weigh this much more."""
_EACH_MORE = 0.3
"""What every further sentence adds to the weight of the best."""
_CERTAIN = 7.0
"""The weight of what is surely worth keeping."""
_LIKES = re.compile(
    r"\bI(?:['’]m| am|['’]ve| have)?(?:\s(?:also|really|just|absolutely|always|still|truly|"
    r"totally|actually|especially|never|been|so|such|a|pretty|very|huge|big)){0,3}\s"
    r"(?:love|like|enjoy|prefer|hate|dislike|adore|can['’]t stand|fond of|fan of|into|keen on|"
    r"passionate about|interested in|obsessed with|hooked on|loved|crazy about|allergic to)\b"
    r"|\bmy (?:all-time )?favou?rite\b|^(?:love|hate|prefer)\b",
    re.IGNORECASE,
)
_LIKES_NOW = re.compile(
    r"I (?:(?:also|really|just|absolutely|still|always)\s)?(?:love|like|enjoy|prefer|hate|dislike|"
    r"adore|can['’]t stand)\b(?! to (?:hear|see|say|know))",
    re.IGNORECASE,
)
_HABIT = re.compile(
    r"\bI (?:always|never|usually|rarely|often)\s(?!\w+ed\b|(?:had|got|knew|went|saw|thought|did|"
    r"was|made|came|found|took|felt)\b)",
    re.IGNORECASE,
)
_TAGS = {
    "family": "family", "pet": "pets", "home": "home", "work": "work", "study": "studies",
    "health": "health", "trip": "travel", "hobby": "interests",
}  # fmt: skip
_Group = list[Statement]


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    """In the order in which they were said."""
    with_assistant = any(each.origin == "assistant" for each in utterances)
    groups: list[_Group] = []
    for at, utterance in enumerate(utterances):
        if _counts(utterance):
            for group in _groups(statements(utterance, at, with_assistant)):
                _append(groups, group)
    return [_proposal(group) for group in groups]


def _counts(utterance: Utterance) -> bool:
    named = utterance.who not in ME
    return utterance.origin == "user" or (utterance.origin == "other" and named)


def _groups(told: _Group) -> Iterator[_Group]:
    """Runs of sentences of one turn that belong together, each with one that is worth it."""
    run: _Group = []
    for each in told:
        follows = bool(run) and each.clause.ordinal - run[-1].clause.ordinal <= 2
        if run and not (follows and len(run) < _SENTENCES):
            yield from _worthy(run)
            run = []
        if each.weight >= salience.ENOUGH - BESIDE or (run and each.leans):
            run.append(each)
    yield from _worthy(run)


def _worthy(run: _Group) -> Iterator[_Group]:
    heavy = [each for each in run if each.weight >= salience.ENOUGH]
    if any(each.is_own for each in heavy) or (heavy and run[0].leans):
        yield run


def _append(groups: list[_Group], group: _Group) -> None:
    """As a group of its own, or to the speaker's last one if that goes on."""
    who = group[0].clause.utterance.who
    for at in range(len(groups) - 1, max(-1, len(groups) - 4), -1):
        last = groups[at]
        if last[-1].clause.utterance.who != who:
            continue
        if 0 < group[0].at - last[-1].at <= _NEAR and _continues(last, group):
            groups[at] = last + group
            return
        break
    if alone := _on_its_own(group):
        groups.append(alone)


def _continues(last: _Group, group: _Group) -> bool:
    both = last + group
    if len(both) > _SENTENCES or sum(len(each.body) for each in both) > _BODY:
        return False
    shares = bool(_words(last) & _words(group))
    return shares or (group[0].leans and group[0].is_own)


def _words(group: _Group) -> frozenset[str]:
    who = content_words(group[0].clause.utterance.who)
    return frozenset().union(*(topic_words(each.clause.text) for each in group)) - who


def _on_its_own(run: _Group) -> _Group:
    """Without what hangs in the air at its beginning; empty if then nothing is worth it."""
    while run and _hangs(run):
        run = run[1:]
    return run if any(each.is_own and each.weight >= salience.ENOUGH for each in run) else []


def _hangs(run: _Group) -> bool:
    """Whether the first says nothing of its own: it leans on what isn't there, or is no claim."""
    first = run[0]
    if first.leans:
        return first.weight < salience.ENOUGH + _CONTEXT
    leads = len(run) > 1 and run[1].leans
    return not leads and not first.is_own and first.weight < salience.ENOUGH + 1


def _proposal(group: _Group) -> Proposal:
    utterance = group[0].clause.utterance
    best = max((each for each in group if each.is_own), key=lambda each: each.weight)
    kind = _kind(best)
    known = about.known(best.clause.text, utterance.who)
    when = best.dated.at or next((each.dated.at for each in group if each.dated.at), "")
    weight = best.weight + _EACH_MORE * (len(group) - 1)
    return Proposal(
        kind=kind, title=_title(without_also(_telling(group).body)),
        body=without_also(_with_first_name(" ".join(each.body for each in group), utterance)),
        sources=tuple(source(each.clause) for each in group), origin=utterance.origin,
        subject=known.subject if known else "me" if utterance.who in ME else utterance.who,
        attribute=known.attribute if known else "", value=known.value if known else "",
        valid_from=when if kind == "event" or best.dated.since or known else "",
        tags=_tags(group), mentions=_mentions(group),
        certainty=round(min(0.95, max(0.05, weight / _CERTAIN)), 3),
    )  # fmt: skip


def _telling(group: _Group) -> Statement:
    """The one that says most by itself."""
    alone = [each for each in group if each.is_own and not each.leans]
    return max(alone or group, key=lambda each: each.weight)


def _kind(told: Statement) -> EntryKind:
    text = told.clause.text
    if _LIKES_NOW.match(text):
        return "preference"
    if told.dated.at and not told.dated.since:
        return "event"
    is_liking = _LIKES.search(text) or STANDING.match(text) or _HABIT.search(text)
    return "preference" if is_liking else "fact"


def _with_first_name(body: str, utterance: Utterance) -> str:
    """A full name once, then the first name, unless somebody else has it too."""
    who = shown(utterance.who)
    first, _, rest = who.partition(" ")
    if not rest or any(first in name.split() for name in utterance.to):
        return body
    head, name, tail = body.partition(who)
    return head + name + tail.replace(who, first)


def _title(body: str) -> str:
    title = without_end(body)
    if len(title) <= _TITLE:
        return title
    cut = max(title.rfind(mark, _TITLE_LEAST, _TITLE) for mark in _TITLE_ENDS)
    if cut > _TITLE_LEAST:
        return without_end(title[:cut])
    space = title.rfind(" ", 0, _TITLE - 1)
    return without_end(title[: space if space > 0 else _TITLE - 1]) + "…"


def _tags(group: _Group) -> tuple[str, ...]:
    found = [
        tag for cue, tag in _TAGS.items() if any(salience.has(each.clause, cue) for each in group)
    ]
    return tuple(found[:3])


def _mentions(group: _Group) -> tuple[str, ...]:
    found = (name for each in group for name in names(each.clause.text))
    return tuple(dict.fromkeys(found))[:8]
