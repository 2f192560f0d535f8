"""A turn or paragraph → its clauses: sentences without calls, answers and names before them.

Called by every rule of the curator. A clause is a verbatim slice of its utterance; what can never
be a claim (a question, a greeting, code, somebody else's words) is marked, not left out, since a
question is what the next turn may answer. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.once import once

Mark = Literal["", "question", "quote", "code", "greeting", "supposed"]
"""Empty for a statement."""
_LONGEST = 600
"""Characters of a clause: what is longer without a stop is no sentence that somebody said."""
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_QUOTED = re.compile(r"[ \t]*>|(?:On|Am|Le|El) .{5,120}(?:wrote|schrieb|a écrit|escribió).{0,80}:$")
_BRACKETS = re.compile(r"\[[^\[\]\n]{0,500}\]|https?://\S+")
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d"
_STOP = re.compile(
    rf"\.(?![\w.])[\"'”’)*_]*(?=\s|$|[{_EMOJI}])"
    rf"|(?:[!?…]|\.\.)[.!?…]*[\"'”’)*_]*(?=\s|$|[{_EMOJI}])"
    rf"|[{_EMOJI}]+|(?<=\s)(?:[:;=]-?[)(DPp]|<3|xD)(?=\s|$)|[。！？]|;(?=\s)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(.])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|approx|No|Nr|bzw|z\.B|u\.a|[A-HJ-Z])\.$"
)
_ORDINAL = re.compile(r"(?:^|\D)\d{1,2}\.$")
_MONTH = re.compile(
    r"\s(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"Stock|Klasse|Geburtstag)\b"
)
_CODE = re.compile(
    r"^[$#%]\s|[{}]$|\);$|^(?:import|def|class|return|from|const|let|var|SELECT)\s\w+.*[:=(;*]|=>|"
    r"::"
    r"|\w\(\)|[\w.-]+/[\w.-]+/[\w./-]+|\s--?\w[\w-]*=|</?\w+>"
)
_CALLS = frozenset(
    "aw|aww|ah|ahh|anyway|anyways|absolutely|actually|alright|also|and|awesome|basically|btw|but|"
    "certainly|congrats|congratulations|cool|damn|definitely|dude|exactly|fun fact|funny thing|"
    "good|gosh|gotcha|great|ha|haha|hahaha|hehe|hello|hey|hi|hm|hmm|hmmm|honestly|indeed|lol|lmao|"
    "man|morning|good morning|meanwhile|nah|nice|no|nope|no doubt|no doubts|no problem|no worries|"
    "nothing much|not much|of course|oh|oh no|ok|okay|omg|oof|ooh|oops|ouch|phew|plus|right|same|"
    "same here|seriously|so|sounds good|sure|sure thing|sorry|sweet|thanks|thanks a lot|"
    "thanks so much|thank you|thank you so much|totally|true|thx|ty|ugh|uh|uhh|um|well|whoa|woah|"
    "wow|ya|yay|yea|yeah|yea totally|yeah totally|yeah for sure|for sure|yep|yes|yo|yup|"
    "yeah definitely|by the way|as for me|for me|to be honest|tbh|good news|great news|"
    "guess what|speaking of which|speaking of|i mean|you know|like|long time no see|"
    "long time no talk|long time no chat|good to see you|good to hear from you|what's up|"
    "ja|nein|oui|non|sí|doch|naja|ach|bueno|pues|alors|hallo|hola|salut|danke|merci|gracias".split(
        "|"
    )
)
_SOUND = re.compile(
    r"(?:o+h+|a+h+|a+w+|m+h*m+|h+m+|w+o+w+|u+h+|u+m+|y+a+s+|y+e+a*h*|n+a+h+|(?:ha|he)+h?|l+o+l+)"
)
_HEAD = re.compile(r"\s*([^\s,:!–—…-][^,:!–—…\n]{0,30}?)\s*(?:[,:!–—…]|\s-(?=\s)|\.\.)+\s*")
_JOINED = re.compile(
    r"\s*(?:and|but|so|also|plus|well|yeah|yea|yes|yep|ya|nah|nope|oh+|ah+|mm+|hm+|ok|okay|haha+|"
    r"lol|"
    r"cuz|btw|hey|actually|though|tho|tbh|honestly|granted|oh wait|wow|man|touche|dang|alright|"
    r"true|sure|usually yeah|(?:like |no |yes )?i mean|"
    r"(?:oh+|ah+) (?:cool|nice|wow|no|yea)|thats? (?:cool|nice)|"
    r"like(?=\s+i\s+(?:saw|have|do|think|love|don)))\s+"
    r"(?=(?:i|i['’]?[dm]|i['’]?ve|i['’]ll|my|we|our|the|it|it['’]s|that['’]?s?|this|he|she|they|"
    r"there|one|now|then|so|yes|yea|yeah|last|next|yesterday|today|tomorrow)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w'’-]*$")
_CALLED_AFTER = re.compile(r",\s*([^\W\d_][\w'’-]{1,20})\s*[.!?…\"]*$")
_GREETING = re.compile(
    r"(?:thanks?|thank you|thx|congrats|congratulations|good (?:morning|night|luck|to see|to "
    r"hear)|"
    r"great to (?:see|hear)|nice to (?:see|hear|meet)|hey|hi|hello|bye|see (?:you|ya)|talk to you|"
    r"take care|how are you|how's it going|what's up|happy (?:birthday|new year|holidays)|"
    r"long time no|hope (?:you|all|everything)|have (?:a|an|fun)\b|enjoy|you're welcome|"
    r"no (?:problem|worries)|(?:my |i'?m so |so |really )?sorry|glad (?:you|to hear|that you|it)|"
    r"liebe grüße|viele grüße|danke|hallo|merci|gracias|saludos)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:(?:who|what|when|where|why|how|which|wer|wie|wo|wann|warum)(?:'s|'re|'d)?|whatcha|"
    r"(?:do|did|does|are|is|was|were|have|has|had|can|could|would|will|should|don't|didn't|"
    r"aren't|isn't|haven't|got)\s+(?:you|u|ya|your|it|that|there|they|he|she|we|i|the)|"
    r"(?:any|anything|what about|how about))\b[^.!]*\?",
    re.IGNORECASE,
)


_ASKING = re.compile(
    r"(?:who|what|when|where|why|how|which)\s(?:(?:else|exactly|much|many|often)\s)?"
    r"(?:can|do|does|did|should|would|could|will|is|are|was|were)\s(?:i|you|we|they|he|she|it|the|"
    r"there|my|your)\b|(?:can|could|would|will|do|did|have|are) you\b|(?:please|pls)\b",
    re.IGNORECASE,
)
"""Asked even where no question mark ends it."""


_SUPPOSED = re.compile(
    r"(?:assuming|suppos(?:e|ing)|imagine|let['’]?s say|pretend|what if|if only|"
    r"if (?:i|we|you|he|she|it|they) (?:ever |were\b|had\b)|had (?:i|we)\b|were (?:i|we)\b|"
    r"in (?:the|my|this|that|a|his|her) (?:\w+ )?(?:novel|book|film|movie|song|story|dream|series|"
    r"episode|chapter)\b|according to|they (?:say|claim)\b|some people|people say|rumou?r has it|"
    r"stell dir vor|angenommen|wenn ich .{1,40} wäre|imagine[zs]?|supon(?:gamos)?)\b",
    re.IGNORECASE,
)
"""Said of what is not: a thought, a story, hearsay."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of an utterance, without what only calls or answers."""

    text: str
    """Verbatim: `utterance.text[start:end]`."""
    start: int
    end: int
    utterance: Utterance
    mark: Mark = ""
    ordinal: int = 0
    """Counted from 0 within the utterance."""


@once
def clauses(utterance: Utterance) -> Sequence[Clause]:
    """In the order in which they stand."""
    called = _callable(utterance)
    found: list[Clause] = []
    for start, end, mark in _parts(utterance.text):
        part = _clause(utterance, start, end, mark, called)
        if part is not None:
            found.append(Clause(*part, ordinal=len(found)))
    return found


def _parts(text: str) -> Iterator[tuple[int, int, Mark]]:
    """Sentences of each line, with what their line is."""
    at, fenced = 0, ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if fence:
            fenced = "" if fenced == fence[1] else fenced or fence[1]
        mark: Mark = "code" if fenced or fence else "quote" if _QUOTED.match(line) else ""
        if mark:
            yield at, at + len(line), mark
        else:
            yield from ((at + start, at + end, "") for start, end in _sentences(line))
        at += len(line) + 1


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    held = [(part.start(), part.end()) for part in _BRACKETS.finditer(line)]
    stops = [(stop.start(), stop.end()) for stop in _STOP.finditer(line)]
    for begin, end in sorted([*held, *stops]):
        if begin < start:
            continue
        if (begin, end) in held:
            yield start, begin
        elif _ABBREVIATION.search(line[max(start, end - 9) : end]) or _is_ordinal(line, end):
            continue
        else:
            yield start, end
        start = end
    yield start, len(line)


def _is_ordinal(line: str, end: int) -> bool:
    """ "am 3. Februar": the dot ends no sentence."""
    return bool(_ORDINAL.search(line[max(0, end - 4) : end]) and _MONTH.match(line[end : end + 12]))


def _clause(
    utterance: Utterance, start: int, end: int, mark: Mark, called: frozenset[str]
) -> tuple[str, int, int, Utterance, Mark] | None:
    text = utterance.text
    start, end = _trim(text, start, end)
    if mark == "":
        start = _after_calls(text, start, end, called)
    if not any(char.isalnum() for char in text[start : min(end, start + _LONGEST)]):
        return None
    verbatim = text[start:end]
    if mark == "" and _is_name(verbatim.strip("!., ").casefold(), called):
        mark = "greeting"
    return verbatim, start, end, utterance, mark or _mark(verbatim)


def _mark(text: str) -> Mark:
    if len(text) > _LONGEST or _CODE.search(text):
        return "code"
    if text.rstrip("\"'”’)*_!. ").endswith("?") or _ASKS.match(text) or _ASKING.match(text):
        return "question"
    if text[0] in '"“„«' and text[-1] in '"”“»':
        return "quote"
    if _SUPPOSED.match(text):
        return "supposed"
    return "greeting" if _GREETING.match(text) else ""


def _after_calls(text: str, start: int, end: int, called: frozenset[str]) -> int:
    """Past "Yeah, ", "Thanks, Mel! ", "By the way, " and a conjunction that opens a sentence."""
    for _ in range(6):
        head = _HEAD.match(text, start, min(end, start + 80))
        if head and head.end() < end and _is_call(head[1], called):
            start = head.end()
        elif joined := _JOINED.match(text, start, min(end, start + 40)):
            start = joined.end()
        else:
            break
    return start


def _is_call(head: str, called: frozenset[str]) -> bool:
    words = head.casefold().replace("’", "'").split()
    if not words:
        return False
    if len(words) == 1 and _SOUND.fullmatch(words[0]):
        return True
    if " ".join(words) in _CALLS or (len(words) == 1 and _is_name(words[0], called)):
        return True
    return " ".join(words[:-1]) in _CALLS and _is_name(words[-1], called)


def _callable(utterance: Utterance) -> frozenset[str]:
    names = (name for name in utterance.to if name)
    return frozenset({name.casefold() for name in names} | {n.split()[0].casefold() for n in names})


def _is_name(word: str, called: frozenset[str]) -> bool:
    """Whether it calls one of those spoken to, as "Mel" does for "Melanie"."""
    return bool(_NAME.match(word)) and any(
        name == word or (len(word) > 2 and any(w.startswith(word) for w in name.split()))
        for name in called
    )


def without_call(text: str, to: tuple[str, ...]) -> str:
    """A clause without the name that it calls at its end: "I did it, Mel!" → "I did it!"."""
    after = _CALLED_AFTER.search(text, max(0, len(text) - 40))
    called = frozenset(name.casefold() for name in to if name)
    if after and _is_name(after[1].casefold(), called):
        return text[: after.start()] + text[after.end(1) :]
    return text


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "-*•+"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
