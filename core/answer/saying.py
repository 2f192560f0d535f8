"""A passage's sentences → those that tell something, and the list that one of them belongs to.

Called by `compose` and `brief`. A heading, a mail's header, a greeting or a question may stand next
to an answer, but is none; steps and listed things are told together, never one of five.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from cairn.core.sentences import Quote, quotes

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
_ITEM = re.compile(r"\s*(?:(?P<number>\d{1,2})[.)]|[-*+•])\s+")
_MOST_ITEMS, _THING, _LONGEST = 12, 50, 900


def tells(quote: Quote) -> bool:
    """May it stand as an answer?"""
    if quote.is_heading or is_header(quote):
        return False
    said = quote.text[_spoken_from(quote.text) :].strip()
    return bool(said) and not said.endswith("?") and not _GREETING.fullmatch(said)


def is_header(quote: Quote) -> bool:
    """Who wrote a mail to whom, and what stands beside that."""
    is_mail = quote.chunk.kind == "mail" and _HEADER.match(quote.text)
    return bool(is_mail or _SENDER.match(quote.text))


def _spoken_from(text: str) -> int:
    found = _SPEAKER.match(text)
    return found.end() if found else 0


def listed_with(quote: Quote) -> tuple[Quote, ...]:
    """The items of the list that it is one of, or that it leads to with a colon."""
    told = quotes(quote.chunk)
    at = next((n for n, each in enumerate(told) if each.start == quote.start), None)
    if at is None:
        return ()
    if quote.text.endswith(":") and not is_item(quote):
        return tuple(takewhile(is_item, told[at + 1 :]))[:_MOST_ITEMS]
    before = list(takewhile(is_item, reversed(told[:at])))[: _MOST_ITEMS - 1]
    if not is_item(quote):
        return ()
    items = (*reversed(before), *takewhile(is_item, told[at:]))
    return items[:_MOST_ITEMS] if len(items) > 1 else ()


def things_with(quote: Quote) -> tuple[Quote, ...]:
    """The same, where each item names a thing in a few words."""
    items = listed_with(quote)
    return items if all(len(item.text) <= _THING for item in items) else ()


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
    text = f"{lead.text} {text}" if lead else text
    return Quote(first.chunk, first.start, last.end, text, is_heading=False)


def _number(item: Quote) -> str:
    found = _ITEM.match(item.chunk.text, item.start)
    return (found["number"] or "") if found else ""


def with_list(quote: Quote, *, steps: bool = False, things: bool = False) -> Quote:
    """With the rest of its list: what ends in a colon always, else where that is asked for."""
    is_lead = quote.text.endswith(":") and not is_item(quote)
    items = listed_with(quote) if is_lead or steps else things_with(quote) if things else ()
    return (together(items, quote if is_lead else None) if items else None) or quote
