"""A question → the names in it, as they were written, and whether it is about the user.

Called by `question.analyze`. A capital counts inside a sentence of a language that has no other use
for it; elsewhere a word is a name only if it is a common given name. Time is linear.
"""

from __future__ import annotations

import re

from cairn.core.tree.graph.name_words import (
    GIVEN,
    GIVEN_OR_WORD,
    MONTHS_AND_DAYS,
    NEVER,
    NEVER_ALONE,
    PARTICLES,
    TITLES,
    fold,
)  # fmt: skip

_TOKEN = re.compile(r"[^\W\d_][\w.'&-]{0,60}")
_END = re.compile(r"[.?!:;\n]")
_JOINED = re.compile(r"[ \t]{1,3}")
_NEVER = NEVER - (GIVEN_OR_WORD - MONTHS_AND_DAYS)
"""Inside a sentence, `Will` is somebody."""
_POSSESSIVE = re.compile(r"'s?\Z")
_ASKING = frozenset(
    """what when where who whom whose which why how is are was were do does did has have had can
    could would should might must shall tell show list name give find compare describe explain
    summarize remind according only ever both since until before after during if and or of in on
    at""".split()
)
_WORDS_TOO = frozenset(("said", "mark", "max", "ida", "sean"))
_MOST, _MOST_PARTS = 20, 5
_LOUD = 0.6
"""Capitals among all words of at least three letters: then they say nothing."""
_LEAST_LOUD = 4
_OWN = {
    "en": re.compile(r"\b(?:i|i['’](?:m|ve|d|ll)|me|my|mine|myself|we|we['’](?:re|ve|d|ll)|our|ours"
                     r"|ourselves)\b"),
    "de": re.compile(r"\b(?:ich|mich|mir|mein(?:e[mnrs]?)?|wir|uns|unser(?:e[mnrs]?)?)\b"),
    "fr": re.compile(r"\b(?:je|moi|mon|ma|mes|nous|notre|nos)\b|\b[jm]['’]"),
    "es": re.compile(r"\b(?:yo|mí|mis?|mío|mía|nosotros|nuestr[oa]s?|he|hemos)\b"),
}  # fmt: skip
_REQUESTS = re.compile(
    r"\b(?:tell|show|give|remind|send|find|help|let|get|ask|read|teach) (?:me|us)\b"
    r"|\b(?:can|could|may|should|do) i (?:please )?(?:ask|see|know)\b"
    r"|\b(?:zeig|zeige|sag|sage|gib|nenne|nenn|erzähl|erzähle) (?:mir|uns)\b"
    r"|\b(?:dis|montre|donne|rappelle)-(?:moi|nous)\b"
)
"""Said to cairn, and of nobody."""
_NEGATED = {
    "en": re.compile(r"\b(?:not|never|nobody|nothing|nowhere|without|neither|nor|cannot|none)\b"
                     r"|n['’]t\b|\bno (?=[a-z])"),
    "de": re.compile(r"\b(?:nicht|kein(?:e[mnrs]?)?|nie|niemals|niemand|nichts|ohne|weder)\b"),
    "fr": re.compile(r"\b(?:pas|jamais|aucune?|sans|personne|rien|ni)\b"),
    "es": re.compile(r"\b(?:no|nunca|jamás|nadie|nada|sin|ningun[oa]|ningún|tampoco)\b"),
}  # fmt: skip


def names_in(text: str, language: str) -> tuple[str, ...]:
    text = text.replace("’", "'")
    tokens = [(match.start(), match[0].rstrip(".'&-")) for match in _TOKEN.finditer(text)]
    is_sure = language != "de" and not _is_loud([word for _, word in tokens])
    is_sure = is_sure and text != text.upper()
    found: list[str] = []
    at = 0
    while at < len(tokens) and len(found) < _MOST:
        size = _name_at(text, tokens, at, is_sure)
        if size:
            start, last = tokens[at][0], tokens[at + size - 1]
            found.append(_POSSESSIVE.sub("", text[start : last[0] + len(last[1])]))
        at += size or 1
    return tuple(dict.fromkeys(found))


def is_own(text: str, language: str) -> bool:
    """Is it about the user? `text` is in small letters."""
    return _OWN[language or "en"].search(_REQUESTS.sub(" ", text)) is not None


def is_negated(text: str, language: str) -> bool:
    return _NEGATED[language or "en"].search(text) is not None


def _is_loud(words: list[str]) -> bool:
    long = [word for word in words[1:] if len(word) > 2]
    capitals = sum(word[0].isupper() for word in long)
    return len(long) >= _LEAST_LOUD and capitals > _LOUD * len(long)


def _name_at(text: str, tokens: list[tuple[int, str]], at: int, is_sure: bool) -> int:
    """How many tokens the name has that begins there; 0 for none."""
    word = tokens[at][1]
    key = fold(_POSSESSIVE.sub("", word))
    if not _may_be_name(word, key):
        return 1 if key in GIVEN and key not in _WORDS_TOO and text == text.lower() else 0
    begins = _begins(text, tokens, at)
    if key in _ASKING or (begins and key in NEVER):
        return 0
    if key not in GIVEN and (not is_sure or (begins and not _is_owner(word, key))):
        return 0
    size = _size(text, tokens, at) if is_sure else 1
    return 0 if size == 1 and key in NEVER_ALONE else size


def _size(text: str, tokens: list[tuple[int, str]], at: int) -> int:
    size = 1
    for after in range(at + 1, min(at + _MOST_PARTS, len(tokens))):
        start, word = tokens[after]
        former = tokens[after - 1]
        if _POSSESSIVE.search(former[1]) or not _JOINED.fullmatch(text, _end(former), start):
            break
        key = fold(_POSSESSIVE.sub("", word))
        if _may_be_name(word, key):
            size = after - at + 1
        elif key not in PARTICLES or key == "of":
            break
    return size


def _may_be_name(word: str, key: str) -> bool:
    return word[0].isupper() and len(key) > 1 and key not in _NEVER


def _begins(text: str, tokens: list[tuple[int, str]], at: int) -> bool:
    """Does a sentence begin there? `Dr. Weiss` doesn't."""
    if at == 0:
        return True
    start, former = tokens[at - 1]
    is_end = _END.search(text, start + len(former), tokens[at][0]) is not None
    return is_end and fold(former) not in TITLES


def _is_owner(word: str, key: str) -> bool:
    return _POSSESSIVE.search(word) is not None and key not in GIVEN_OR_WORD


def _end(token: tuple[int, str]) -> int:
    return token[0] + len(token[1])
