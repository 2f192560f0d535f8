"""Utterances → decisions: what was agreed, settled or chosen, by whom, and about what.

Called by `rules.propose`. A proposal among people counts only once somebody accepts it; what is
only thought about, or a small choice of the day ("we decided to take a walk"), never does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.records import Origin
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.calling import called
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.deciding import MOST, NOTHING, Decided, decided_in, kept
from cairn.core.tree.curate.rules.documents import container, is_conversation, own_words
from cairn.core.tree.curate.rules.naming import About, read_phrase, topic_name, topic_of
from cairn.core.tree.curate.rules.relations import related
from cairn.core.tree.curate.rules.stated import Stated, stated
from cairn.core.tree.curate.rules.telling import (
    day_words,
    plain,
    quoted,
    said_on,
    sentence,
    source,
    speaker,
    titled,
    told,
    when_said,
)
from cairn.core.tree.curate.rules.values import value_of

_OFFER = re.compile(
    r"^(?:(?:then|ok|okay|so|alright|right|well|fine|good|yes|yeah)[,]?\s+)*(?:let us|let['’]s|"
    r"lets|shall we|why don['’]t we|"
    r"how about we|i (?:suggest|propose)(?: that)? we|could we|can we)\s+(?:just\s+|all\s+|"
    r"then\s+|"
    r"please\s+)?"
    r"(?P<verb>agree on|agree to|go with|go for|go back to|settle on|settle for|stick with|"
    r"stick to|stay with|use|make it|"
    r"say|set|move|postpone|book|cancel|choose|pick|switch to|buy|limit|cap|skip|raise|lower|"
    r"schedule|plan|order|hire)\s+(?P<what>\S.*)",
    re.IGNORECASE,
)
_IS_DEFINITE = re.compile(r"\d|[A-ZÀ-Þ]\w+|\bfor (?:the|our)\b")
_FINAL = frozenset(
    ("agree on", "agree to", "go with", "settle on", "settle for", "stick with", "stick to")
)
"""Words by which a user settles something even where nobody answers."""
_ACCEPTS = re.compile(
    r"(?:(?:ok|okay|yes|yeah|yep|sure|great|cool|perfect|alright|oh)[,!. ]+){0,2}(?:deal|agreed|"
    r"done|ok|okay|okie|sounds good|"
    r"sounds great|sounds like a plan|works for me|that works|perfect|yes|yep|yeah|sure|great|"
    r"fine(?: by me| with me)?|i agree|good idea|great idea|absolutely|definitely|"
    r"let['’]s do (?:it|that)|"
    r"i['’]m in|👍|✅|👌|noted|love it|approved|abgemacht|einverstanden|passt|gut|gerne|klar|ja|"
    r"d['’]accord|ça marche|oui|vale|de acuerdo|perfecto|sí)(?![\w'’])",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:but|however|though|actually|not|no|wait|instead|rather|aber|mais|pero)\b|\?", re.I
)
_AMOUNT_FOR = re.compile(
    r"(?:a |an )?(?P<value>.{1,40}?)\s+(?:for|as|für|pour|para)\s+(?P<what>.{3,60}?)(?=\s+(?:and|"
    r"instead|from|starting|until)\b|[,.;:(]|$)",
    re.IGNORECASE,
)
_CHOICE_FOR = re.compile(
    r"(?P<verb>(?:use|go with|take|buy|choose|pick|hire|stick with|switch to|keep|using|"
    r"going with)\s+)?(?P<value>\S.{0,50}?)\s+(?:for|as)\s+"
    r"(?P<what>(?:the|our|my|all)\s+.{2,50}?)(?=\s+(?:and|instead|from|starting|until|rather)\b|"
    r"[,.;:(]|$)",
    re.IGNORECASE,
)
_TO_CHANGE = re.compile(
    r"(?:raise|lower|set|increase|reduce|cut|move|postpone|push|change|shift|extend|limit|"
    r"cap)\s+(?=\S)",
    re.I,
)
_RENAME = re.compile(r"(?:rename|call)\s+(?=\S)", re.I)
_WORD = re.compile(r"[^\W_]+")
_ACCEPT_WITHIN = 3


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    own = own_words(utterances)
    helped = frozenset(container(each.uri) for each in utterances if each.origin == "assistant")
    found: list[Proposal] = []
    for at, utterance in enumerate(own):
        for clause in clauses(utterance):
            if decided := decided_in(clause):
                found.append(_proposal(decided, clause))
            elif offer := _offered(clause):
                found += _accepted(offer, clause, own, at, helped)
    return found


def _offered(clause: Clause) -> Decided | None:
    if not is_conversation(clause.utterance) or clause.mark in ("code", "quote"):
        return None
    text = plain(clause.text)
    found = _OFFER.match(text)
    if found is None or len(text) > MOST:
        return None
    decided = kept(found["what"], found["what"], 0.7)
    if decided is None or not _IS_DEFINITE.search(decided.what):
        return None
    verb = found["verb"].casefold()
    is_open = bool(re.match(r".*\?$|.*\b(?:shall|could|can|how about|why don)", text, re.I))
    verb = "agree on" if verb in ("say", "make it", "settle on") else verb
    claim = f"{verb.replace('agree ', 'agreed ')} {decided.what}"
    claim = claim if verb.startswith("agree") else f"agreed to {claim}"
    return Decided(claim, decided.what, 0.45 if is_open or verb not in _FINAL else 0.6)


def _accepted(
    offer: Decided, clause: Clause, own: Sequence[Utterance], at: int, helped: frozenset[str]
) -> list[Proposal]:
    """With the turn that accepts it as a second source; alone only where a user tells a "
    "program."""
    utterance = clause.utterance
    here = container(utterance.uri)
    for answer in own[at + 1 : at + 1 + _ACCEPT_WITHIN]:
        if container(answer.uri) != here:
            break
        if answer.who == utterance.who and answer.origin == utterance.origin:
            continue
        first = next((each for each in clauses(answer) if each.mark != "quote"), None)
        words = " ".join(answer.text.split())[:160]
        accepts = _ACCEPTS.match(words)
        if accepts is None or _BUT.search(words[: max(60, accepts.end())]):
            return []
        both = f"{speaker(utterance)} and {speaker(answer)}"
        if speaker(answer) == "You":
            both = f"You and {speaker(utterance)}"
        quote = accepts[0] if first is None else _answering(answer, accepts[0])
        return [_proposal(offer, clause, also=(answer, quote), who=both)]
    is_told_program = utterance.origin == "user" and not utterance.to
    if is_told_program and offer.certainty >= 0.6 and here in helped:
        claim = offer.claim.removeprefix("agreed to ").replace("agreed on", "settled on")
        verbless = re.sub(r"^(?:go|stick|settle)\b", _past, claim)
        return [_proposal(Decided(verbless, offer.what, 0.5), clause, who=speaker(utterance))]
    return []


def _past(found: re.Match[str]) -> str:
    return {"go": "went", "stick": "stuck", "settle": "settled"}[found[0]]


def _answering(answer: Utterance, word: str) -> str:
    line = answer.text.split("\n", 1)[0].strip()
    end = re.search(r"[.!?](?=\s|$)", line)
    return line[: end.end()] if end else line[:200] or word


_TRUST: dict[Origin, int] = {
    "user": 0, "other": 1, "assistant": 2, "tool": 3, "context": 4, "document": 5
}  # fmt: skip


def _proposal(
    found: Decided, clause: Clause, also: tuple[Utterance, str] | None = None, who: str = ""
) -> Proposal:
    utterance = clause.utterance
    about = about_decision(found.what, utterance, is_thing=found.is_thing)
    body = (
        sentence(told(f"{who} {found.claim}", utterance, is_either=True))
        if who
        else told(found.claim, utterance, is_either=True)
    )
    quote = clause.text if who else quoted(clause.text, found.claim)
    sources = [source(utterance, quote)]
    origin = utterance.origin
    if also is not None:
        sources.append(source(*also))
        origin = max(origin, also[0].origin, key=lambda each: _TRUST[each])
    name = (
        f"{called(about.phrase, about.about, topic_name(utterance))}{day_words(about.value)}"
        if about and about.phrase
        else found.name or found.what
    )
    return Proposal(
        kind="decision",
        title=titled(name),
        body=body,
        sources=tuple(sources),
        origin=origin,
        subject=about.about.subject if about else topic_of(utterance),
        attribute=about.about.attribute if about else "",
        value=about.value if about else "",
        valid_from=(about.start if about else "") or found.on or utterance.when[:10],
        mentions=tuple(dict.fromkeys(filter(None, (utterance.who, also[0].who if also else "")))),
        certainty=found.certainty,
    )


def about_decision(what: str, utterance: Utterance, *, is_thing: bool = False) -> Stated | None:
    """The thing and property that a decision is about: "400 for the garden budget"."""
    said = said_on(utterance)
    what = re.sub(r"^(?:we|i)(?:['’]ll| will|['’]re| are)?\s+(?=\w)", "", what, flags=re.IGNORECASE)
    found = related(what, said, utterance.who) or stated(what, said)
    if found is None and (change := _TO_CHANGE.match(what)):
        verb = "moved" if change[0].strip().casefold() in _MOVING else "set"
        found = stated(f"we {verb} {what[change.end() :]}", said)
    if found is None and (rename := _RENAME.match(what)):
        found = stated(f"we renamed {what[rename.end() :]}", said)
    found = found or _amount(what, utterance) or _choice(what, is_thing=is_thing)
    if found is None or found.about.subject:
        return found
    topic = topic_of(utterance)
    about = About(topic, found.about.attribute, found.about.sort)
    return Stated(about, found.value, found.phrase, found.start) if topic else None


_MOVING = frozenset(("move", "postpone", "push", "shift"))


def _amount(what: str, utterance: Utterance) -> Stated | None:
    found = _AMOUNT_FOR.match(what)
    if found is None:
        return None
    phrase = re.sub(r"\s+(?:now|then|this (?:year|month|time|season))$", "", found["what"])
    about = read_phrase(phrase)
    if about is None:
        return None
    said = said_on(utterance)
    if not about.attribute and (day := value_of(found["value"], "date", said)):
        return Stated(About(about.subject, "date", "date"), day, _bare(phrase))
    sort = about.sort if about.attribute else "money"
    value = value_of(found["value"], sort, said)
    if sort == "money" and value[-1:].isdecimal() and value != found["value"]:
        return None  # a number of something else
    if not value or len(found["value"]) > len(value) + 14:
        return None
    if not about.attribute:
        about = About(about.subject, "budget", "money")
    lasting = _FORMER.split(what, maxsplit=1)[0]
    start = when_said(lasting, said_on(utterance), ("from", "starting", "as of"))
    return Stated(about, value, _bare(phrase), start)


_FORMER = re.compile(r"\b(?:instead|rather than|down from|up from|not the)\b", re.IGNORECASE)


def _choice(what: str, *, is_thing: bool) -> Stated | None:
    found = _CHOICE_FOR.match(what)
    if found is None or len(found["value"].split()) > 5:
        return None
    if not (found["verb"] or is_thing) and found["value"].isalpha() and found["value"].islower():
        return None
    about = read_phrase(found["what"])
    value = _FORMER.split(found["value"], maxsplit=1)[0].strip()
    value = re.sub(r"^(?:the|a|an)\s+", "", value)
    if about is None or not about.subject or value.casefold() in NOTHING:
        return None
    if about.attribute:
        return Stated(about, value, _bare(found["what"]))
    return Stated(About(about.subject, "choice"), value, _bare(found["what"]))


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:the|our|my|a|an|all|your|this)\s+", "", phrase, flags=re.IGNORECASE)
