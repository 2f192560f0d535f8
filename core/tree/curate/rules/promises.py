"""Utterances → promises: what somebody said they would do for somebody, and by when.

Called by `rules.propose`. Only something that can be handed over or ticked off, with a day or with
somebody who waits for it; plans, hopes, offers and "I'll be there" are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from cairn.core.records import Source
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.documents import container, own_words
from cairn.core.tree.curate.rules.meant import meant
from cairn.core.tree.curate.rules.naming import topic_of
from cairn.core.tree.curate.rules.people import NO_NAMES
from cairn.core.tree.curate.rules.pledges import is_pledge_abroad, pledged
from cairn.core.tree.curate.rules.telling import (
    ahead,
    dates_in,
    is_quoted,
    plain,
    quoted,
    said_on,
    source,
    subject_of,
    titled,
    told,
)

if TYPE_CHECKING:
    from cairn.core.times.phrases import When

_SURE = (
    r"(?:\s+(?:also|definitely|then|certainly|just|gladly|personally|make sure to|try to|"
    r"be sure to|go ahead and|happily|finally)){0,2}"
)
_DELIVERS = (
    r"send|e-?mail|mail|forward|transfer|pay|bring|deliver|return|submit|share|upload|post|hand "
    r"in|"
    r"drop off|give|lend|refund|reimburse|wire|ship|file|sign|publish|write up|print|scan|"
    r"pick up|fetch|collect|buy|order|book|reserve|get"
)
_DOES = (
    r"call|phone|ring|text|write|ask|tell|remind|contact|reply|answer|respond|confirm|check|fix|"
    r"repair|finish|"
    r"complete|prepare|update|review|proofread|draft|translate|organi[sz]e|arrange|schedule|set "
    r"up|"
    r"install|"
    r"paint|clean|clear|take care of|look into|find out|sort out|deal with|handle|cancel|renew|"
    r"register|apply|invite|"
    r"make|bake|build|plan|plant|water|feed|drive|take|help|come over|let (?:you|him|her|them|"
    r"everyone|[A-Z]\w+) know|"
    r"get back to|follow up|have (?:the|your|it|them|a|my|our)|talk to|speak (?:to|with)|meet "
    r"with|"
    r"put together|put up"
)
_VERB = rf"(?P<verb>(?P<delivers>{_DELIVERS})|{_DOES}|(?P<other>[a-z]{{3,}}))(?![\w'’-])"
_WILL = re.compile(
    r"(?<![\w'’])(?P<who>I|we|We|me and [A-Z]\w+|[A-Z]\w+ and I)(?:['’]ll|['’]m going to|"
    r"['’]re going to|\s+will|\s+shall|\s+am going to|"
    r"\s+are going to|\s+promise(?:d)?(?: you)? (?:to|(?:that )?(?:I|we)(?:['’]ll| will))|\s+can|"
    r"ll)"
    rf"{_SURE}\s+{_VERB}(?P<rest>[^?]*)",
)
_NO_SUBJECT = re.compile(
    rf"[Ww]ill{_SURE}\s+(?:{_DELIVERS}|{_DOES})(?![\w'’-])(?!\s+(?:you|he|she|they|it|be)\b)"
)
_TO_GET = re.compile(
    r"(?P<who>You)(?:['’]ll|\s+will)\s+(?:have|get|receive)\s+(?=(?:the|your|our|my|"
    r"all)\s)(?P<rest>[^?]{4,})"
)
_PROMISE = re.compile(
    r"(?<![\w'’])(?P<who>I|We|we)\s+(?:hereby\s+)?(?:promise(?:d)?|swear|commit(?:ted)?|undertake|"
    r"pledge)\s+"
    r"(?:(?:you|him|her|them|[A-Z]\w+)\s+)?(?:to|that\s+(?:I|we)(?:['’]ll|\s+will|\s+would)|(?:I|"
    r"we)(?:['’]ll|\s+will|['’]d|\s+would))\s+"
    r"(?P<rest>[^?]{4,})",
)
_OTHERS = re.compile(
    r"(?<![\w'’])(?P<who>[A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?)\s+(?P<how>promised|has promised|"
    r"said (?:that )?(?:he|she|they)(?:[\'’](?:d|ll)| would| will)|"
    r"offered|agreed|volunteered|will)\s+(?:(?:me|us)\s+)?"
    rf"(?P<to>to\s+)?{_VERB}(?P<rest>[^?]*)",
)
_LABEL = re.compile(
    r"(?:action(?: item)?|ai|next step|to[- ]?do|"
    r"aufgabe)?\s*[:–—-]?\s*@?(?P<who>[A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?)"
    r"(?:\s*(?::|–|—|->|→)\s*|\s+(?:to|will)\s+)(?P<what>[a-z]\S*\s.{4,200})"
)
_ACTIONS = re.compile(
    r"(?:action items?|actions?|next steps|follow[- ]?ups?|to[- ]?dos?|tasks|aufgaben|"
    r"nächste schritte|"
    r"who does what|assignments)",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:if|when(?:ever)?|unless|maybe|perhaps|probably|might|hopefully|would|could|should|"
    r"think|"
    r"guess|hope|wish|"
    r"once|in case|not sure|used to|always|never|usually|every|someday|one day|eventually|"
    r"as soon as|until (?:i|we|then)|not|keep|still|sometime)\b|n['’]t\b",
    re.IGNORECASE,
)
_PLEDGED_BEFORE = re.compile(r"(?:(?:ok|okay|sure|yes|deal|fine|great|alright)[,.! ]+)*$", re.I)
_WAITS = re.compile(
    r"\b(?:you|him|her|them|everyone|everybody|y['’]all)\b|\bto\s+[A-ZÀ-Þ]\w+|^\s+[A-ZÀ-Þ]\w+\s"
)
_EMPTY = re.compile(
    r"\s*(?:(?:it|that|this|them|him|her|you|me|us|one|some|something|a (?:try|shot|go|look|break|"
    r"nap|"
    r"bit|call|chance)|back|up|out|know|updated?|posted|care|a lot|more|better|sure|to|now|soon|"
    r"later|again|"
    r"fun|the (?:best|most|time)|my (?:best|time)|pics?|pictures?|photos?)\s*)*[.!]*$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*[;!?]|,?\s+(?:but|so (?:that|i|we|you)|because|since|'cause|and (?:i['’]?m|you|can|let|"
    r"see|hope|what|then you|"
    r"thanks|if|we can)|if|when|which|how|what|can you|could you|is that|hope)\b|\s+[-–—]\s",
    re.IGNORECASE,
)
_PLEASANT = re.compile(
    r"(?:let (?:you|him|her|them|everyone) know (?:how|when|if|what|once|about it)|(?:tell|"
    r"ask) (?:you|him|her|them|me)\b(?! about)|"
    r"help (?:you )?(?:out|with that|however)|make (?:it|sure|time|the most)|get (?:it|there|"
    r"back to (?:it|work|bed)|some|better|used|"
    r"going|ready|started|into|home)|take (?:it|that|a|my time|some|the (?:time|advice|"
    r"opportunity))|"
    r"give (?:it|that|this|up|my|him|her)|check (?:it|that|them|this|out|in)|look into (?:it|"
    r"that)|"
    r"share (?:it|more|my|the joy)|bring (?:it|that|joy|them)|call it|write (?:about|more)|"
    r"text you later|"
    r"post (?:pics|it|more)|build (?:on|up|a better)|plan (?:on|to)|have (?:a (?:great|good|nice|"
    r"blast|look)|it|the time)|"
    r"clear my|book it|buy (?:it|one|some)|order (?:it|some|food|pizza)|talk to you|try)\b",
    re.IGNORECASE,
)
_MOST = 300
_LEAST_WORDS = 3
_KEPT_GRAINS = ("day", "week", "month", "weekend")
_SAME_DAY = 0


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    found: dict[tuple[str, str], Proposal] = {}
    before: list[Clause] = []
    for utterance in own_words(utterances):
        here = container(utterance.uri)
        if before and container(before[-1].utterance.uri) != here:
            before.clear()
        for clause in clauses(utterance):
            promise = _promise(clause, before[-_BEFORE:])
            if promise is not None:
                found.setdefault((here, promise.body), promise)
            before.append(clause)
    return list(found.values())


def _promise(clause: Clause, before: Sequence[Clause]) -> Proposal | None:
    if clause.mark not in ("", "greeting") or len(clause.text) > 2 * _MOST:
        return None
    text = plain(clause.text)
    if _NO_SUBJECT.match(text) and clause.utterance.kind != "note":
        text = f"I w{text[1:]}"
    return (
        _own(clause, text, before)
        or _anothers(clause, text)
        or _foreign(clause, text)
        or _pledged(clause, text)
    )


def _own(clause: Clause, text: str, before: Sequence[Clause]) -> Proposal | None:
    """What the speaker will do."""
    found = _WILL.search(text) or _PROMISE.search(text) or _given(clause, text)
    if found is None:
        return None
    lead = text[: found.start()]
    if is_quoted(text, found.start()):
        return None
    if _UNSURE.search(lead[-80:]) or (" can " in found[0][:24] and not _BY.search(found[0])):
        return None
    claim = found[0]
    end = _CUT.search(claim, found.end("who") - found.start() + 12)
    claim = (claim[: end.start()] if end else claim).strip(" ,.:-")
    after = text[found.start() + len(claim) :][:60]
    if _UNSURE.search(claim) or re.match(r",?\s+(?:if|when|once|unless)\b", after):
        return None
    return _kept(clause, claim, found, before)


def _kept(
    clause: Clause, claim: str, found: re.Match[str], before: Sequence[Clause]
) -> Proposal | None:
    is_sworn = found.re is _PROMISE
    quote = quoted(clause.text, claim)
    utterance = clause.utterance
    if utterance.origin == "user" and not utterance.to and _TO_PROGRAM.search(claim):
        return None
    said = said_on(clause.utterance)
    named = _due(claim, said)
    due = named or _due_before(clause, said)
    if "other" in found.re.groupindex and found["other"] and not _is_set(found["other"], due):
        return None
    done = claim[found.end("who") - found.start() :]
    parts = found.re.groupindex
    verb = found["verb"] if "verb" in parts else ""
    if due is None and is_sworn:
        return None
    if _is_nobodys(utterance) and (due is None or due.bound != "by"):
        return None
    also: tuple[Source, ...] = ()
    if pronoun := _OBJECT.search(claim):
        what = meant(before) if due and found["delivers"] else None
        if what is None:
            return None
        claim = claim[: pronoun.start(1)] + what[0] + claim[pronoun.end(1) :]
        also = (source(what[1].utterance, what[1].text),)
    elif not is_sworn:
        rest = claim[max(0, found.start("rest") - found.start()) :]
        bare = rest[: named.start - (len(claim) - len(rest))] if named else rest
        if _PLEASANT.match(f"{verb}{rest}") and not (due and verb in _FIRM):
            return None
        if _is_empty(bare, verb) and not (due and verb in _FIRM):
            return None
        if due is None and not (
            found["delivers"] and _WAITS.search(f" {rest}") and _is_thing(bare)
        ):
            return None
        if due is not None and due.last == said and not found["delivers"]:
            return None
    if len(done.split()) < _LEAST_WORDS:
        return None
    claim = re.sub(r"^(?:I|We|we) promise(?: you)?(?: that)? (?=I|we)", "", claim)
    return _proposal(clause, claim, due, 0.75 if due else 0.5, also=also, quote=quote)


def _given(clause: Clause, text: str) -> re.Match[str] | None:
    """ "You'll have the numbers by Wednesday", where somebody is there to have them."""
    is_for_somebody = clause.utterance.kind == "mail" or len(clause.utterance.to) == 1
    found = _TO_GET.match(text) if is_for_somebody else None
    has_day = found is not None and _due(text, said_on(clause.utterance)) is not None
    return found if has_day and _BY.search(text) else None


_BEFORE = 4
_TO_PROGRAM = re.compile(r"\byou\b", re.IGNORECASE)
_OBJECT = re.compile(
    rf"(?:{_DELIVERS}|{_DOES})\s+(?:you |him |her |them )?(it|them|that|this|"
    rf"those)\b(?!\s+[^\W\d_]+s?\s+(?:to|for)\b)"
    r"(?=\s+(?:over|to|by|on|before|back|off|up|in|until|tomorrow|tonight|next|this|today|out|for|"
    r"at|round|"
    r"first|later|and|the|for|right|with)\b|[.,]|$)"
)


_FIRM = frozenset(
    "send email e-mail mail forward transfer pay return submit call phone ring reply "
    "confirm".split()
)
_BY = re.compile(r"\b(?:by|before|until|on)\s")
_THING = re.compile(
    r"\b(?:the|your|my|our|an?|his|her|their)\s+(?!bit|lot|few|try|shot|link in|pic|picture|photo|"
    r"best|hug|kiss)[^\W\d_]{3,}|\d"
)


def _is_thing(text: str) -> bool:
    return bool(_THING.search(text))


def _is_empty(rest: str, verb: str) -> bool:
    if verb.casefold().startswith(("let ", "get back", "come over", "follow up")):
        return False
    return bool(_EMPTY.fullmatch(rest))


def _anothers(clause: Clause, text: str) -> Proposal | None:
    """What somebody else promised, or what minutes give somebody to do."""
    utterance = clause.utterance
    found = _OTHERS.search(text)
    if found and found["who"].split()[0] not in NO_NAMES:
        how = found["how"]
        is_told = (how == "will" or how.startswith("said")) != bool(found["to"])
        due = _due(found[0], said_on(utterance))
        firm = how in ("promised", "has promised", "volunteered") or (due is not None)
        if is_told and firm and not _UNSURE.search(text[: found.start("how")]) and due is not None:
            end = _CUT.search(found[0], 12)
            claim = (found[0][: end.start()] if end else found[0]).strip(" ,.:-")
            if not _is_empty(found["rest"], found["verb"]) and not _PLEASANT.match(
                f"{found['verb']}{found['rest']}"
            ):
                return _proposal(clause, claim, due, 0.6, who=found["who"])
    if utterance.heading and _ACTIONS.fullmatch(utterance.heading[-1].strip(" :")):
        item = _LABEL.fullmatch(text)
        if item and item["who"].split()[0] not in NO_NAMES:
            claim = f"{item['who']}: {item['what']}".strip(" .")
            return _proposal(clause, claim, _due(claim, said_on(utterance)), 0.7, who=item["who"])
    return None


def _foreign(clause: Clause, text: str) -> Proposal | None:
    due = _due(text, said_on(clause.utterance)) if is_pledge_abroad(text) else None
    if due is None or len(text.split()) < _LEAST_WORDS:
        return None
    return _proposal(clause, text[:_MOST], due, 0.55)


def _is_nobodys(utterance: Utterance) -> bool:
    return utterance.origin == "document" and not utterance.who


def _pledged(clause: Clause, text: str) -> Proposal | None:
    pledge = pledged(text)
    due = _due(text, said_on(clause.utterance)) if pledge else None
    if pledge is None or due is None or is_quoted(text, 0):
        return None
    return _proposal(clause, pledge.claim, due, 0.6, who=pledge.who)


def _due_before(clause: Clause, said: date | None) -> When | None:
    """ "By Friday I'll paint the fence": the day stands first."""
    found = _BY_FIRST.match(clause.text)
    return _due(clause.text[: found.end()], said) if found else None


_BY_FIRST = re.compile(r"(?:by|before|until)\s[^,]{2,30}?,?\s(?=(?:I|we)\b)", re.IGNORECASE)


def _is_set(verb: str, due: When | None) -> bool:
    """Any deed is promised by a day; what one will be or feel by then is not."""
    return due is not None and due.bound == "by" and verb not in _STATES


_STATES = frozenset(
    "be see know think love miss try stay keep need want become look feel probably never always "
    "not also have hate like start turn live wait reach arrive leave sleep eat still".split()
)


def _due(text: str, said: date | None) -> When | None:
    """The day by which it is promised: the first that is named and not over."""
    for when in (ahead(each, said) for each in dates_in(text, said)):
        is_past = said is not None and when.last < said
        is_sure = not when.is_vague or when.bound == "by"
        if is_sure and not (when.repeats or is_past or when.text.casefold() in _NOW):
            return when
    return None


_NOW = frozenset(("now", "right now"))


def _proposal(
    clause: Clause,
    claim: str,
    due: When | None,
    certainty: float,
    who: str = "",
    also: tuple[Source, ...] = (),
    quote: str = "",
) -> Proposal:
    utterance = clause.utterance
    body = told(claim, utterance, is_ahead=True)
    return Proposal(
        kind="promise",
        title=titled(body),
        body=body,
        sources=(source(utterance, quote or clause.text), *also),
        origin=utterance.origin,
        subject=who or ("" if _is_nobodys(utterance) else subject_of(utterance)),
        valid_from=utterance.when[:10],
        valid_until=due.last.isoformat() if due else "",
        tags=tuple(filter(None, (topic_of(utterance),))),
        mentions=tuple(
            dict.fromkeys(name for name in (who, utterance.who, *_partner(utterance)) if name)
        ),
        certainty=certainty,
    )


def _partner(utterance: Utterance) -> tuple[str, ...]:
    """To whom, where only one can be meant."""
    others = tuple(name for name in utterance.to if name)
    return others if len(others) == 1 else ()
