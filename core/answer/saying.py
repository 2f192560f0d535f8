"""A passage's sentences → those that tell something, and the list that one of them belongs to.

Called by `compose` and `brief`. A heading, a mail's header, a greeting or a question may stand next
to an answer, but is none; steps and listed things are told together, never one of five.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from cairn.core.answer.roles import tells_role
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.unspaced import is_unspaced
from cairn.core.recall.words import stems
from cairn.core.sentences import Quote, quotes
from cairn.core.tree.graph.name_words import GIVEN, fold

_HEADER = re.compile(
    r"(?:from|to|cc|bcc|reply-to|subject|date|sent|message-id|von|an|betreff|datum|gesendet|de|à"
    r"|objet|envoyé|para|asunto|fecha)\s?:\s",
    re.IGNORECASE,
)
_SENDER = re.compile(r"(?:from|to|cc|von|an|de|à|para)\s?: .{0,80}<?[\w.+-]+@[\w-]+\.", re.I)
_SPEAKER = re.compile(r"(?:[\d/., :\[\]-]{6,26}(?:- )?)?(?:[^\W\d_][\w.’' -]{0,40}: )?")
_GREETING = re.compile(
    r"(?i:hi|hello|hey|dear|good (?:morning|evening|afternoon|day)|hallo|liebe[rs]?|guten (?:tag"
    r"|morgen|abend)|moin|bonjour|salut|chère?|hola|querid[oa]|estimad[oa]|cheers|bye|regards|love"
    r"|thanks|thank you|(?:kind|best|warm) (?:regards|wishes)|sincerely|yours(?: \w+)?|see you"
    r"|grüße|viele grüße|bis bald)"
    r"(?:[ ,]+(?!I\b)(?:[A-ZÀ-Þ][\w.’'-]*|all|both|everyone|there|again|so much|soon|and)){0,4}"
    r"[\s!.,…]*"
)
_LABEL = re.compile(r"([A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?): ")
_OF_THEMSELF = re.compile(
    r"(?:my|mine|i|i['’]\w+)\s(?!.*\b(?:he|she|him|her|hers|his|they|them|their|we|us|our)\b)",
    re.IGNORECASE | re.DOTALL,
)
_KIN = frozenset(
    """mum mom mama dad papa mother father mama oma opa grandma grandpa granny sister brother
    mutter vater schwester bruder tante onkel aunt uncle wife husband maman""".split()
)
_OPPOSED = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("buy buys buying bought purchase purchased", "sell sells selling sold"),
        ("lend lends lending lent", "borrow borrows borrowing borrowed"),
        ("win wins winning won", "lose loses losing lost"),
        ("send sends sending sent", "receive receives receiving received"),
        ("arrive arrives arriving arrived", "leave leaves leaving left depart departed"),
    )
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|no longer|nicht|nie|kein\w{0,2}|pas|jamais|nunca"
    r"|n['’]est plus|no (?:es|son|está|será|era|se))|n['’]t)"
    r"(?:\s+(?!only\b|just\b|even\b|until\b|till\b|before\b|later\b|earlier\b|more\b|less\b"
    r"|since\b|than\b|nur\b|vor\b|seulement\b|avant\b|sólo\b|solo\b|antes\b)[^\W\d_]+)?"
    r"(?:\s+(?:be|been|on|in|at|by|from|to|for|the|an?|my|our|his|her|their|mr|mrs|ms|dr|mehr"
    r"|am|im|um|bei|der|die|das|dem|den|ein|herr|frau|le|la|les|de|du|à|el|los|las|en|con)\.?){0,3}"
    r"\s+\Z",
    re.IGNORECASE,
)
"""Ends where what it denies begins: "is not on", "is no longer"; "not until" denies nothing."""
_NEAR = 60
_DENIED_AFTER = re.compile(r"\s+nicht\b(?!\s+(?:am|im|bis|um)\b)", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:(?P<number>\d{1,2})[.)]|[-*+•])\s+")
_STEPS = re.compile(
    r"\bhow (?:to|(?:do|can|could|should|would|must) (?:i|we|you|one))\b", re.IGNORECASE
)
_THINGS = ("list", "fact", "who")
_MOST_ITEMS, _THING, _LONGEST = 12, 50, 900


def tells(quote: Quote) -> bool:
    """May it stand as an answer?"""
    if quote.is_heading or is_header(quote):
        return False
    said = quote.text[_spoken_from(quote.text) :].strip()
    if quote.chunk.kind == "mail" and frozenset() < stems(said) <= stems(quote.chunk.who):
        return False  # the name below a letter
    return bool(said) and not said.endswith("?") and not _GREETING.fullmatch(said)


def is_of_other(question: Question, quote: Quote) -> bool:
    """Is it noted for somebody else than is asked about, as in `Anna: 3 March`, or said by somebody
    else of themself, as in `Anna: my birthday is on 3 March`?"""
    label = _LABEL.match(quote.text)
    chunk = quote.chunk
    if not label or not question.names or question.kind == "who":
        return False
    rest = quote.text[label.end() :]
    speaks = len(rest) > _THING or rest.endswith((".", "!", "?"))
    if chunk.kind in ("chat", "mail") or (speaks and not _OF_THEMSELF.match(rest)):
        return False
    first = fold(label[1].split()[0].removesuffix("'s"))
    if first not in GIVEN and first not in _KIN:
        return False
    named = stems(" ".join(question.names))
    return not named & stems(" ".join((quote.text, chunk.title, *chunk.heading, chunk.context)))


def is_opposed(question: Question, quote: Quote) -> bool:
    """Does it tell of a sale where a purchase is asked about, and nothing of that?"""
    asked, said = _words(question.text), _words(quote.text)
    for one, other in _OPPOSED:
        for verb, opposite in ((one, other), (other, one)):
            if asked & verb and not asked & opposite and said & opposite and not said & verb:
                return not tells_role(question, quote.text)
    return False


def is_denied(question: Question, said: str, start: int, end: int) -> bool:
    """Does a sentence say of some of its words that they are not it, where that isn't asked for?"""
    if question.negated:
        return False
    before = _DENIED.search(said, max(0, start - _NEAR), start)
    return before is not None or _DENIED_AFTER.match(said, end) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", text.casefold()))


def is_header(quote: Quote) -> bool:
    """Who wrote a mail to whom, and what stands beside that."""
    is_mail = quote.chunk.kind == "mail" and _HEADER.match(quote.text)
    return bool(is_mail or _SENDER.match(quote.text))


def _spoken_from(text: str) -> int:
    found = _SPEAKER.match(text)
    return found.end() if found else 0


def says_little(text: str) -> bool:
    """Is it a mere name, a greeting, a signature, or a question: true, but no answer?"""
    said = text[_spoken_from(text) :].strip()
    if not said or said.endswith("?") or _GREETING.fullmatch(said):
        return True
    words = said.split()
    if len(words) > 2 or any(map(is_unspaced, said)):
        return False
    return not said.endswith((".", "!", "…")) or all(word[0].isupper() for word in words)


def listed_with(quote: Quote) -> tuple[Quote, ...]:
    """The items of the list that it is one of, or that it leads to."""
    return _list_of(quote)[1]


def things_asked(question: Question, quote: Quote) -> tuple[Quote, ...]:
    """All items of its list, where each names a thing in a few words, and they are asked for."""
    lead, items = _list_of(quote)
    if not is_item(quote) or not all(map(_is_thing, items)) or question.kind not in _THINGS:
        return ()
    if question.kind == "list":
        return items
    asked = {*question.stems} - stems(quote.text)
    above = lead.text if lead else " ".join(quote.chunk.heading[-1:])
    return items if asked == {*question.stems} and asked & stems(above) else ()


def is_step(question: Question, quote: Quote) -> bool:
    """Is it but one of several steps to be taken?"""
    return bool(_STEPS.search(question.text) and is_item(quote) and listed_with(quote))


def with_list(question: Question, quote: Quote) -> Quote:
    """With the rest of its list, where that is asked for; what leads to a list always."""
    lead, items = _list_of(quote)
    if lead and lead.start == quote.start:
        return together(items, lead) or quote
    if is_step(question, quote):
        return together(items) or quote
    items = things_asked(question, quote)
    return (together(items, lead) if items else None) or quote


def _list_of(quote: Quote) -> tuple[Quote | None, tuple[Quote, ...]]:
    """What leads to the list, and its items."""
    told = quotes(quote.chunk)
    at = next((n for n, each in enumerate(told) if each.start == quote.start), None)
    if at is None:
        return None, ()
    first = at if is_item(quote) else at + 1
    while first > 0 and is_item(told[first - 1]):
        first -= 1
    items = tuple(takewhile(is_item, told[first : first + _MOST_ITEMS]))
    if len(items) < 2 or (is_item(quote) and quote not in items):
        return None, ()
    lead = told[first - 1] if first and _leads(told[first - 1], items[0]) else None
    return (lead, items) if lead or is_item(quote) else (None, ())


def _leads(quote: Quote, item: Quote) -> bool:
    between = quote.chunk.text[quote.end : item.start]
    is_label = quote.text.endswith(":") or (
        quote.text[-1:].isalnum() and between.count("\n") == 1 and len(quote.text) <= _THING
    )
    return is_label and not quote.is_heading


def _is_thing(item: Quote) -> bool:
    return len(item.text) <= _THING and ": " not in item.text


def is_item(quote: Quote) -> bool:
    return _ITEM.match(quote.chunk.text, quote.start) is not None


def together(items: Sequence[Quote], lead: Quote | None = None) -> Quote | None:
    """A list as one quote, with what leads to it; None where it would be too long."""
    first, last = lead or items[0], items[-1]
    if last.end - first.start > _LONGEST:
        return None
    numbers = [_number(item) for item in items]
    if all(numbers):
        text = " ".join(f"{n}. {item.text}" for n, item in zip(numbers, items, strict=True))
    else:
        text = "; ".join(item.text.rstrip(" .;,") for item in items)
    text = f"{lead.text.removesuffix(':')}: {text}" if lead else text
    return Quote(first.chunk, first.start, last.end, text, is_heading=False)


def _number(item: Quote) -> str:
    found = _ITEM.match(item.chunk.text, item.start)
    return (found["number"] or "") if found else ""
