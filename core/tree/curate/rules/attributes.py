"""Utterances → what things, people and projects have one of at a time: budgets, dates, numbers.

Called by `rules.propose`. The same thing's same property has the same subject and attribute
wherever it is said, so that what is said later can supersede it. What `decisions` takes is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from cairn.core.chats.addresses import is_chat
from cairn.core.records import EntryKind
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.calling import called, whose, with_owner
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.deciding import decided_in
from cairn.core.tree.curate.rules.documents import container, own_words
from cairn.core.tree.curate.rules.naming import (
    About,
    Sort,
    determiner,
    read_phrase,
    topic_name,
    topic_of,
)
from cairn.core.tree.curate.rules.relations import related
from cairn.core.tree.curate.rules.stated import Stated, stated
from cairn.core.tree.curate.rules.telling import (
    day_of_year,
    day_words,
    plain,
    said_on,
    sentence,
    source,
    subject_of,
    titled,
    told,
)
from cairn.core.tree.curate.rules.values import IS_NAME, value_of
from cairn.core.tree.curate.rules.voice import ME, possessive
from cairn.core.tree.curate.rules.written import lead_of

_PERSONAL = frozenset(("phone", "mobile", "email", "address", "birthday", "salary", "size", "goal"))
_ALONE = frozenset(("rent", "salary"))
"""What a household has only one of."""
_GENERIC = frozenset(
    "service meeting appointment exam inspection contract lease warranty subscription delivery "
    "review "
    "workshop event party trip payment invoice repair test kickoff launch demo call interview "
    "presentation release application".split()
)
"""Things of which there are many: a document's title tells which."""
_KEY_LINE = re.compile(
    r"(?:[-*+•‣–]\s+)?[*_]{0,2}(?P<key>[^\W\d_][^:=|"
    r"*\n]{0,40}?)[*_]{0,2}\s*:[*_]{0,2}\s+(?P<value>[^\n]{1,160}?)\s*$"
)
_ROW = re.compile(r"\|\s*(?P<key>[^|\n]{1,40}?)\s*\|\s*(?P<value>[^|\n]{1,160}?)\s*\|")
_RULE = re.compile(r"[|:\s-]*-[|:\s-]*")
_CARD = 3
"""So many lines of this form on end are a card, whose other keys count too."""
_MOST_KEY_WORDS = 3
_MOST_VALUE_WORDS = 10
_NO_KEYS = frozenset(
    "note notes todo to-do ps nb warning tip hint example attention subject from to cc bcc sent "
    "re "
    "date when who where why what how tags tag aliases created updated modified author title id "
    "url "
    "source link see question answer q a step pro con pros cons http https decision "
    "type cssclass category categories keywords layout draft lang description".split()
)
_NO_VALUE = re.compile(
    r"(?:[-–—?.]+|n/?a|none|tbd|tba|todo|unknown|offen|\{.*|\[.*|<.*|https?://\S*|yes|no|true|"
    r"false|x|✓)$",
    re.I,
)
_EVENTS = frozenset(("date", "launch"))


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    found: list[Proposal] = []
    for _, group in groupby(own_words(utterances), key=lambda each: container(each.uri)):
        document = list(group)
        if document[0].kind == "contact":
            found += filter(None, map(_contact, document))
            continue
        found += _in_lines(document)
        found += _in_table(document)
        found += filter(
            None, (_in_clause(clause) for each in document for clause in _clauses(each))
        )
    return _once(found)


def _clauses(utterance: Utterance) -> list[Clause]:
    return [clause for clause in clauses(utterance) if clause.mark == "" and not _is_line(clause)]


def _is_line(clause: Clause) -> bool:
    """One of those that `_in_lines` reads."""
    if clause.utterance.kind not in ("note", "text"):
        return False
    return "|" in clause.text or bool(_KEY_LINE.match(clause.text) and not _SAYS.match(clause.text))


_SAYS = re.compile(r"(?:we|i|they|he|she)\b|[^:]{1,40}:\s(?:now|jetzt)\s", re.IGNORECASE)
"""Not a label with its value, but what somebody tells: "Choir: now on Thursdays"."""


def _once(found: Sequence[Proposal]) -> list[Proposal]:
    """The same value of the same thing once for each document; in a conversation it may come back
    after another one."""
    latest: dict[tuple[str, str, str], list[str]] = {}
    kept = []
    for each in found:
        here = container(each.sources[0].uri)
        said = latest.setdefault((here, each.subject, each.attribute), [])
        if each.value not in (said[-1:] if is_chat(here) else said):
            said.append(each.value)
            kept.append(each)
    return kept


def _in_clause(clause: Clause) -> Proposal | None:
    text = plain(clause.text)
    text = text[lead_of(text) :]
    utterance = clause.utterance
    if decided_in(clause):
        return None
    said = said_on(utterance)
    found = related(text, said, utterance.who) or stated(text, said)
    who = None if found is None else whose(found.phrase, utterance)
    if found is None or who is None:
        return None
    if _is_anothers(found, utterance):
        found = replace(found, about=_owned(found.about, utterance.who))
    if who:
        phrase = with_owner(found.phrase, who)
        text = text.replace(found.phrase, phrase, 1)
        found = replace(found, phrase=phrase, about=_of_person(found.about, who))
    about = _placed(found, utterance)
    if about is None:
        return None
    body = told(text, utterance, is_ahead=about.sort == "date")
    return _proposal(about, found, utterance, clause.text, body, 0.65)


def _is_anothers(found: Stated, utterance: Utterance) -> bool:
    """Is it "my dentist" of somebody who is not the user?"""
    said = utterance.origin == "other" and utterance.who not in ME
    return said and determiner(found.phrase) in _MINE and not found.about.subject[:1].isupper()


_MINE = frozenset(("my", "mein", "meine", "meinen", "meinem", "meiner"))


def _owned(about: About, who: str) -> About:
    if about.attribute in _PERSONAL and not about.subject:
        return about
    what = about.subject or about.attribute
    attribute = about.attribute if about.subject else "amount"
    if not about.subject and about.attribute not in _ALONE:
        return about
    return replace(about, subject=f"{possessive(who)} {what}", attribute=attribute)


def _of_person(about: About, who: str) -> About:
    return replace(about, subject=f"{who} {about.subject}".strip())


def _placed(found: Stated, utterance: Utterance) -> About | None:
    """With a subject that says which one is meant; None where nothing does."""
    about = found.about
    if _MY_OWN.match(found.phrase) and about.attribute in _PERSONAL and utterance.who:
        return About(subject_of(utterance), about.attribute, about.sort)
    if about.subject:
        if about.subject in _GENERIC:
            topic = topic_of(utterance) or _conversation(utterance)
            if topic and about.subject not in topic.split():
                return About(f"{topic} {about.subject}", about.attribute, about.sort)
        return about
    own = determiner(found.phrase)
    if own == "my" and about.attribute in _PERSONAL and utterance.origin in ("user", "other"):
        return About(subject_of(utterance), about.attribute, about.sort)
    if about.attribute in _ALONE:
        return About(about.attribute, "amount", about.sort)
    topic = topic_of(utterance)
    return About(topic, about.attribute, about.sort) if topic else None


_MY_OWN = re.compile(r"my (?:\w+ )?\w+ (?:in|at) [A-ZÀ-Þ]", re.IGNORECASE)
"""The speaker's own, though a place is named: "my address in Graz"."""


def _conversation(utterance: Utterance) -> str:
    """What tells one conversation's meeting from another's."""
    if utterance.kind != "chat":
        return ""
    names = sorted({name for name in (utterance.who, *utterance.to) if name})
    return (utterance.title or ", ".join(names[:3])).casefold()


def _proposal(
    about: About, found: Stated, utterance: Utterance, quote: str, body: str, certainty: float
) -> Proposal:
    kind: EntryKind = "event" if about.attribute in _EVENTS else "fact"
    return Proposal(
        kind=kind,
        title=titled(
            f"{called(found.phrase, about, topic_name(utterance))}{day_words(found.value)}"
        ),
        body=body,
        sources=(source(utterance, quote),),
        origin=utterance.origin,
        subject=about.subject,
        attribute=about.attribute,
        value=found.value,
        valid_from=found.start or utterance.when[:10],
        mentions=tuple(filter(None, (utterance.who,))),
        certainty=certainty,
    )


def _in_lines(document: Sequence[Utterance]) -> list[Proposal]:
    """Lines `key: value` and rows of two cells; mails and chats have them too seldom."""
    if document[0].kind not in ("note", "text"):
        return []
    found: list[Proposal] = []
    lines = [(line, each) for each in document for line in each.text.split("\n")]
    headers = {at for at, (line, _) in enumerate(lines[1:]) if _RULE.fullmatch(line)}
    lines = [line for at, line in enumerate(lines) if at not in headers]
    for _, run in groupby(lines, key=lambda each: each[1].heading):
        here = [(match, line, each) for line, each in run if (match := _pair(line))]
        known = sum(1 for match, _, _ in here if _property_of(match["key"]))
        is_card = len(here) >= _CARD and known * 3 >= len(here)
        found += filter(None, (_from_pair(*each, is_card=is_card) for each in here))
    return found


def _in_table(document: Sequence[Utterance]) -> list[Proposal]:
    """People in the rows of a table that has their names and how to reach them."""
    rows = [
        ([cell.strip() for cell in line.strip().strip("|").split("|")], line, each)
        for each in document
        for line in each.text.split("\n")
        if line.startswith("|") and not _RULE.fullmatch(line)
    ]
    if not rows:
        return []
    heads = [cell.casefold() for cell in rows[0][0]]
    at = next((n for n, head in enumerate(heads) if head in _NAME_COLUMNS), -1)
    if at < 0 or not _REACH_COLUMNS.intersection(heads):
        return []
    return [
        _person(cells[at], dict(zip(heads, cells, strict=True)), line, each)
        for cells, line, each in rows[1:]
        if len(cells) == len(heads) and IS_NAME.match(cells[at])
    ]


_NAME_COLUMNS = frozenset("name names who person contact nom nombre wer".split())
_REACH_COLUMNS = frozenset(
    "phone tel telephone mobile cell number e-mail email mail address telefon handy nummer adresse "
    "téléphone teléfono".split()
)


def _person(name: str, cells: dict[str, str], line: str, utterance: Utterance) -> Proposal:
    told = "; ".join(f"{head}: {cell}" for head, cell in cells.items() if cell and cell != name)
    return Proposal(
        kind="person", title=titled(name), body=sentence(f"{name}: {told}"),
        sources=(source(utterance, line),), origin=utterance.origin, subject=name,
        attribute="contact", mentions=(name,), certainty=0.65,
    )  # fmt: skip


def _pair(line: str) -> re.Match[str] | None:
    if line.startswith("|"):
        row = _ROW.fullmatch(line)
        return row if row and not re.fullmatch(r"[-: ]+", row["value"]) else None
    found = _KEY_LINE.fullmatch(line)
    return found if found and found["key"].casefold() not in _NO_KEYS else None


def _property_of(key: str) -> About | None:
    about = read_phrase(key)
    return about if about is not None and about.attribute else None


def _from_pair(
    match: re.Match[str], line: str, utterance: Utterance, *, is_card: bool
) -> Proposal | None:
    key, raw = plain(match["key"]), plain(match["value"])
    if _NO_VALUE.match(raw) or raw.endswith("?"):
        return None
    who = whose(key, utterance)
    if who is None:
        return None
    about = _property_of(key)
    topic = topic_of(utterance)
    if about is None:
        if not (is_card and topic) or len(key.split()) > _MOST_KEY_WORDS:
            return None
        value = raw if len(raw.split()) <= _MOST_VALUE_WORDS else ""
        about = About(topic, key.casefold())
    else:
        value = value_of(raw, about.sort, said_on(utterance), is_label=True)
        if about.attribute == "birthday":
            value = day_of_year(raw)
        about = _of_person(about, who) if who else About(about.subject or topic, *_kind_of(about))
    if not value or not about.subject:
        return None
    key = with_owner(key, who)
    stating = Stated(about, value, key)
    body = sentence(f"{called(key, about, topic_name(utterance))}{raw}")
    certainty = 0.6 if is_card else 0.55
    return replace(_proposal(about, stating, utterance, line, body, certainty), title=titled(body))


def _kind_of(about: About) -> tuple[str, Sort]:
    return about.attribute, about.sort


_FIRM = re.compile(r"(?:organi[sz]ation|company|firm|org|firma|organisme):\s+(\S.*)", re.IGNORECASE)


def _contact(utterance: Utterance) -> Proposal | None:
    """One entry for everything an address book has of somebody."""
    first = utterance.text.split("\n", 1)[0]
    named = utterance.heading[-1] if utterance.heading else ""
    name = (named or (utterance.title if ": " in first else first)).strip()
    lines = [line for line in utterance.text.split("\n") if ": " in line]
    if not lines or not name:
        return None
    firm = next((found[1] for line in lines if (found := _FIRM.fullmatch(line.strip()))), "")
    told = [line for line in lines if not (firm and _FIRM.fullmatch(line.strip()))]
    whole = f"{name}, {firm}" if firm and firm != name else name
    return Proposal(
        kind="person",
        title=titled(whole),
        body=sentence(f"{whole}: {'; '.join(told)}" if told else whole),
        sources=(source(utterance, utterance.text),),
        origin=utterance.origin,
        subject=name,
        attribute="contact",
        mentions=(name,),
        certainty=0.7,
    )
