"""What binds a word to its neighbours: may a claim begin here or end there, and mean the same?

Called by support.py with words as wording.py makes them.
"""

from __future__ import annotations

from dataclasses import replace

from cairn.core.tree.curate import vocabulary
from cairn.core.tree.curate.wording import Word, is_past

_FOR_ALL = frozenset("if unless except only otherwise whether".split())
_PARTICLES = frozenset("up off out down away back over without against".split())


def may_begin(said: list[Word], at: int) -> bool:
    """Is everything before it in its statement a filler? Else something would be left out."""
    while not said[at].begins:
        at -= 1
        if at < 0:
            return True
        if not said[at].optional:
            return False
    return True


def is_limited(said: list[Word], begin: int, end: int) -> bool:
    return any(base(word.text.casefold()) in vocabulary.LIMITED for word in said[begin:end])


def may_end(said: list[Word], begin: int, at: int, last: Word) -> bool:
    """Not before an object, nor within a compound (`chocolate | cake`), nor before an `or`."""
    after = left(said, at)
    if is_limited(said, begin, at):
        return not after
    if not after:
        return True
    if any(_denies(word, is_last=word is after[-1]) for word in after):
        return False
    following = after[0]
    if following.text == "OR" or following.preposition.split(" ")[0] in _PARTICLES:
        return False
    if following.joined:
        return "between" not in last.preposition
    if following.preposition or following.comma:
        return True
    is_name = last.raw[:1].isupper() and following.raw.islower()
    return is_name and (following.be or is_past(following.text) or following.text.endswith("s"))


def _denies(word: Word, *, is_last: bool) -> bool:
    """Does it deny what came before it? Not so in "tea, not coffee"."""
    is_denial = word.text == "NO" or word.text in vocabulary.NEGATIONS.values()
    return is_denial and (is_last or not word.comma)


def is_inverted(word: Word) -> bool:
    """Does the verb come before whoever does it, as in "Had I known"?"""
    is_subject = word.text.startswith("@") and not (word.owns or word.article)
    return is_subject and word.begins and bool(word.tense or word.be)


def left(said: list[Word], at: int) -> list[Word]:
    """What of the statement comes after that, but for fillers and days."""
    rest = []
    while 0 < at < len(said) and said[at].sentence == said[at - 1].sentence:
        if said[at].begins:
            break
        if not said[at].optional:
            rest.append(said[at])
        at += 1
    return rest


def keeps_conditions(said: list[Word], begin: int, end: int, part: list[Word]) -> bool:
    """Has the claim each `if`, `only` and `I think that` under which its sentence stands?"""
    number, kept = said[end - 1].sentence, {word.text for word in part}
    for at, word in enumerate(said):
        if word.sentence != number or begin <= at < end:
            continue
        low = word.text.casefold()
        is_bound = at < begin or low in _FOR_ALL
        if low in vocabulary.CONDITIONS and word.text not in kept and is_bound:
            return False
        if at < begin and base(word.text) in vocabulary.OPINIONS:
            return False
    return True


def merged(before: Word | None, word: Word) -> Word:
    """With what stood before the fillers that were passed over."""
    if before is None:
        return word
    preposition = "" if before.date else before.preposition
    return replace(
        word,
        preposition=f"{preposition} {word.preposition}".strip(),
        joined=before.joined or word.joined, comma=before.comma or word.comma,
        be=before.be or word.be, tense=word.tense or before.tense,
        article=before.article or word.article,
    )  # fmt: skip


def same_time(word: Word, other: Word) -> bool:
    claims, said = tense(word), tense(other)
    if claims == said or word.is_sign:
        return claims == said or not (claims and said)
    return "past" not in (claims, said)


def tense(word: Word) -> str:
    if word.tense == "past" or (not word.is_sign and is_past(word.text)):
        return "past"
    return word.tense


def same_voice(word: Word, other: Word) -> bool:
    """Hired or was hired: who did it? And no "is" between two things that only stood together."""
    if (not word.is_sign and is_past(word.text)) or word.text == "NOT":
        return word.be == other.be
    if word.is_sign and word.text[0] != "@":
        return word.be == other.be and word.tense in ("", other.tense)
    if word.be and not other.be and (other.comma or other.joined):
        return word.comma
    if (word.be or word.tense) and not (other.be or other.tense):
        is_name = word.raw[:1].isupper() and not word.owns
        return is_name and not word.preposition  # "Ana's sister is Mia" from "my sister Mia"
    return True


def base(text: str) -> str:
    if base := vocabulary.IRREGULAR.get(text):
        return base
    for ending, back in (("ied", "y"), ("ies", "y"), ("ed", ""), ("ing", ""), ("s", "")):
        if text.endswith(ending) and len(text) > len(ending) + 2:
            base = text[: -len(ending)] + back
            known = vocabulary.REPORTING | vocabulary.PROMISES | vocabulary.OPINIONS
            return next((b for b in (base, base + "e", base[:-1]) if b in known), base)
    return text
