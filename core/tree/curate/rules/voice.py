"""What somebody said in the first person → the same in the third: "I love my dog" → "Ana loves
Ana's dog".

Called by every rule of the curator. Words are exchanged and verbs made to agree, nothing is added
but the name: a sentence for which that doesn't give good English is None. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cairn.core.tree.curate.rules.dropped import with_subject
from cairn.core.tree.curate.rules.verbs import is_base, is_past, present

ME = ("", "me")
"""Names of the user, who is spoken to: "You moved to Berlin"."""
_LONGEST = 400
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]+|\s+|_+")
_SAID = re.compile(r"[\"“„][^\"“”„]{0,300}[\"”“]")
_ADVERBS = frozenset(
    "just also always never often still even already kinda kind sort of both only once currently "
    "now soon then too ever sometimes usually rarely hardly almost mostly finally really so "
    "totally definitely actually recently simply truly mainly typically normally generally "
    "occasionally constantly regularly especially probably absolutely quite currently lately "
    "personally literally seriously honestly practically basically nearly barely daily no "
    "longer".split()
)
_NEVER = re.compile(
    r"\b(?:let['’]?s|let me|let us|y['’]?all|ya|imma|lemme|gimme|i['’]?d['’]ve|thou|if i were|"
    r"pick me)\b",
    re.IGNORECASE,
)
_LISTENER = re.compile(r"\b(?:you|your|yours|yourself|yourselves|u|ur|you['’]\w+)\b", re.IGNORECASE)
_FIRST = re.compile(
    r"\b(?!US\b)(?:i|i['’]\w+|im|ive|me|my|mine|myself|we|we['’]\w+|us|our|ours|ourselves)\b",
    re.IGNORECASE,
)
_ARE = {"am": "are", "was": "were", "wasn't": "weren't"}
_BE = {
    "am": "is", "are": "is", "aren't": "isn't", "was": "was", "were": "was", "weren't": "wasn't",
    "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "ain't": "isn't",
}  # fmt: skip
_SHORT = {"m": "am", "ve": "have", "ll": "will", "re": "are"}
_WRITTEN = {
    "im": "I'm", "ive": "I've", "gonna": "going to", "wanna": "want to", "gotta": "have to",
    "dunno": "don't know", "'cause": "because", "cuz": "because", "coz": "because",
    "dont": "don't", "cant": "can't", "didnt": "didn't", "wont": "won't", "isnt": "isn't",
    "wasnt": "wasn't", "havent": "haven't", "doesnt": "doesn't", "thats": "that's",
}  # fmt: skip
_PARTICIPLE_AFTER_D = frozenset(
    "been had done gone got gotten seen taken never always better".split()
)
_CONJUNCTIONS = frozenset(("and", "or", "but", "then"))


@dataclass(frozen=True, slots=True)
class _Names:
    """What the speaker, those with the speaker, and the listener are called."""

    who: str
    own: str
    self: str
    group: str
    listener: str
    is_user: bool
    is_listener_user: bool = False


def third_person(text: str, who: str, listener: str = "") -> str | None:
    """A sentence as somebody else would tell it, beginning in upper case; None if it can't be."""
    if len(text) > _LONGEST or _NEVER.search(text):
        return None
    names = _names(who, listener)
    outside = _SAID.sub(" ", text)
    if _LISTENER.search(outside) and not names.listener:
        return None
    tokens = _tokens(with_subject(text.strip()))
    told = "".join(_Rewriter(tokens, names).words())
    told = re.sub(r"\s+", " ", told).strip()
    return told[:1].upper() + told[1:] if told else None


def speaks_of_self(text: str) -> bool:
    """Whether a sentence has the speaker in it, said or left out as in "Went to Paris"."""
    return bool(_FIRST.search(_SAID.sub(" ", text))) or with_subject(text.strip()) != text.strip()


def _names(who: str, listener: str) -> _Names:
    other = "you" if listener == "me" and who not in ME else listener
    if who in ME:
        return _Names("you", "your", "yourself", "you and others", listener, True)
    group, is_you = f"{who} and others", other == "you"
    return _Names(who, possessive(who), "themselves", group, other, False, is_you)


def possessive(name: str) -> str:
    if name in ("you", "You"):
        return name + "r"
    return f"{name}'" if name.endswith(("s'", "'")) else f"{name}'s"


def _tokens(text: str) -> list[str]:
    """Words, signs and spaces; short forms of the first person in full; quoted speech whole."""
    found: list[str] = []
    at = 0
    for said in _SAID.finditer(text):
        found += _plain(text[at : said.start()])
        found.append(said[0])
        at = said.end()
    return found + _plain(text[at:])


def _plain(text: str) -> list[str]:
    found: list[str] = []
    for token in _TOKEN.findall(text):
        token = _WRITTEN.get(token.casefold(), token)
        for part in _TOKEN.findall(token):
            head, _, tail = part.replace("’", "'").partition("'")
            if head.casefold() in ("i", "we", "you") and tail.casefold() in _SHORT:
                found += [head, " ", _SHORT[tail.casefold()]]
            elif head.casefold() in ("we", "you") and tail.casefold() == "d":
                found += [head, " ", "would"]
            elif head.casefold() in ("i", "we") and tail.casefold() in ("d", "s"):
                found += [head, " ", "'" + tail.casefold()]
            elif part == "i":
                found.append("I")
            else:
                found.append(part)
    return found


class _Rewriter:
    """Walks the words of one sentence and remembers which verb belongs to the speaker."""

    def __init__(self, tokens: list[str], names: _Names) -> None:
        self._tokens = tokens
        self._names = names
        self._agree: Literal["", "is", "are"] = ""
        """How the next verb must agree; empty unless it is the speaker's or the listener's."""
        self._tense = ""
        """Of the speaker's last verb, for one that `and` joins to it."""

    def words(self) -> list[str]:
        return [self._word(at, token) for at, token in enumerate(self._tokens)]

    def _word(self, at: int, token: str) -> str:
        low = token.casefold().replace("’", "'")
        if not token[:1].isalnum() and not token.startswith("'"):
            if token.strip(" ,"):
                self._agree = self._agree if token.strip() in "()*_" else ""
                self._tense = (
                    "" if token.strip() in (".", "!", "?", ";", ":", "...", "…") else self._tense
                )
            return token
        said = None if token == "US" else self._person(at, low)
        if said is not None:
            return said
        if self._agree:
            return self._verb(at, token, low)
        if token == "am" and not self._before(at)[-1:].isdigit():
            return "are" if self._names.is_user else "is"
        if self._tense and self._before(at) in _CONJUNCTIONS and not self._names.is_user:
            return self._joined(at, token, low)
        return token

    def _person(self, at: int, low: str) -> str | None:
        names = self._names
        if low == "i":
            return self._subject(at)
        if low == "we":
            self._agree, self._tense = "", ""
            return names.group
        plain = {
            "me": names.who, "my": names.own, "mine": names.own, "myself": names.self,
            "us": names.group, "our": names.own, "ours": names.own, "ourselves": "themselves",
        }.get(low)  # fmt: skip
        if plain is not None:
            return plain
        if not names.listener:
            return None
        you = names.listener
        if low in ("you", "u"):
            is_user = names.is_listener_user
            self._agree = ("are" if is_user else "is") if self._is_addressed(at) else ""
            self._tense = ""
        return {
            "you": you, "u": you, "your": possessive(you), "ur": possessive(you),
            "yours": possessive(you), "yourself": "themselves",
        }.get(low)  # fmt: skip

    def _subject(self, at: int) -> str:
        before = self._before(at)
        plural = before == "and" and self._agree_is_plural(at)
        self._agree = "" if plural else "are" if self._names.is_user else "is"
        self._tense = ""
        return self._names.who

    def _is_addressed(self, at: int) -> bool:
        """Whether "you" is who does something here: "since you moved", not "helps you relax"."""
        return self._before(at) in _BEFORE_SUBJECT

    def _agree_is_plural(self, at: int) -> bool:
        """ "My sister and I went", not "it was late and I went"."""
        words = [t.casefold() for t in self._tokens[:at] if t[:1].isalnum()][:-1]
        return 0 < len(words) <= 6 and not any(is_past(w) or w in _AUX or w == "i" for w in words)

    def _verb(self, at: int, token: str, low: str) -> str:
        if low in _ADVERBS or (low.endswith("ly") and not is_base(low)):
            return token
        agree, self._agree, self._tense = self._agree, "", ""
        if agree == "are":
            return _ARE.get(low) or self._would(at, low) or token
        if low == "'d":
            return self._would(at, low)
        if low in _BE:
            return _BE[low]
        if low in _MODAL or is_past(low):
            return token
        self._tense = "" if self._after(at) == "to" else "present"
        return present(token)

    def _would(self, at: int, low: str) -> str:
        if low != "'d":
            return ""
        after = self._after(at)
        had = after in _PARTICIPLE_AFTER_D or (is_past(after) and after not in _SAME)
        return "had" if had else "would"

    def _joined(self, at: int, token: str, low: str) -> str:
        """The second verb of "I run every day and go to the gym"."""
        if low in _SURE_VERBS and self._after(at) not in ("", "is", "are", "was", "of"):
            return present(token)
        if low in ("have", "don't", "haven't", "do"):
            return _BE[low]
        if low in _ADVERBS and self._after(at) in _SURE_VERBS:
            self._agree = "is"
        return token

    def _before(self, at: int) -> str:
        return next(
            (t.casefold() for t in reversed(self._tokens[max(0, at - 4) : at]) if t[:1].isalnum()),
            "",
        )

    def _after(self, at: int) -> str:
        return next((t.casefold() for t in self._tokens[at + 1 : at + 5] if t[:1].isalnum()), "")


_AUX = frozenset(
    "is are was were be been am has have had do does did will would can could should may might "
    "must".split()
)
_MODAL = frozenset(
    "will would can could should may might must shall can't couldn't won't wouldn't shouldn't "
    "didn't wasn't weren't hadn't cannot had did used ought mustn't better 'll isn't".split()
)
_BEFORE_SUBJECT = frozenset(
    ["", *"how what that when if since because as and where which while why but than".split()]
)
_SAME = frozenset(
    "put cut hit set let cost quit hurt beat shut spread bet read come become run".split()
)
_SURE_VERBS = frozenset(
    "go have get take make try think feel want need love like enjoy keep see know find give am "
    "hope believe play spend eat sleep live meet teach learn read write listen sing bring "
    "use prefer hate miss understand tend wish volunteer appreciate relax".split()
)
