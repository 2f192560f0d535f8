"""A name as it was written → the key it is known by, and what other spellings may stand for it.

Used by `merging.py` and `store.py`. All of it depends on the spelling and its kind only, so that a
thing has the same id on every machine, and after everything was read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cairn.core.records import digest
from cairn.core.tree.graph.found import ThingKind
from cairn.core.tree.graph.marks import ADDRESS, is_personal
from cairn.core.tree.graph.name_words import GIVEN, GIVEN_OR_WORD, TITLES, fold

Form = Literal["full", "initial", "bare", "family", "handle", "address", "name"]
"""A person's `Anna Berger`, `Anna B.`, `Anna`, `Dr. Berger`, `@aberger` or address; `name` is that
of anything else."""
Role = Literal["self", "initial", "handle", "bare", "family", "address", "typo", "alias", "title",
               "given"]  # fmt: skip
"""How a key leads to a thing."""
Hint = tuple[str, Role]

_MAILBOX = re.compile(r"(?P<name>[^<>]{0,120}?) ?<(?P<address>[^<>\s]{3,200})>\Z")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
_AFTER_NAMES = frozenset("jr sr ii iii phd md msc bsc ma ba esq".split())
_ORG_FORMS = frozenset("inc ltd llc gmbh ag corp co plc kg sa sarl bv oy ab".split())
_LONG = 7
"""Letters of a word from which one slip of the pen is forgiven; shorter ones are other names."""
_LEAST_HANDLE = 5


@dataclass(frozen=True, slots=True)
class Spelling:
    form: Form
    kind: ThingKind
    key: str
    address: str = ""
    """Of a person, where one was written with the name."""

    @property
    def own(self) -> int:
        """The id of the thing that has this very key."""
        return thing_id(self.kind, self.key)


@lru_cache(maxsize=65_536)
def thing_id(kind: str, key: str) -> int:
    return int(digest(kind, key, size=8), 16) >> 1  # SQLite's integers have a sign


@lru_cache(maxsize=16_384)
def parse(spelling: str, kind: ThingKind) -> Spelling:
    if kind != "person":
        return Spelling("name", kind, _name_key(spelling, kind))
    if match := _MAILBOX.match(spelling):
        return _mailbox(match["name"], fold(match["address"]))
    if ADDRESS.fullmatch(spelling):
        address = fold(spelling)
        implied = _implied(address)
        form: Form = "full" if implied else "address"
        return Spelling(form, "person", implied or address, address)
    if spelling.startswith("@"):
        return Spelling("handle", "person", fold(spelling))
    return _person(spelling)


def _name_key(spelling: str, kind: ThingKind) -> str:
    tokens = _TOKEN.findall(fold(spelling))
    if len(tokens) > 1 and tokens[0] in ("the", "der", "die", "das", "le", "la"):
        del tokens[0]
    if kind == "organisation":
        while len(tokens) > 1 and tokens[-1] in _ORG_FORMS:
            del tokens[-1]
    return "".join(tokens) or fold(spelling)


def _mailbox(name: str, address: str) -> Spelling:
    person = _person(name) if name.strip() else None
    implied = _implied(address)
    if person and person.form == "full":
        return Spelling("full", "person", person.key, address)
    if implied and (not person or person.key == implied.split()[0]):
        return Spelling("full", "person", implied, address)
    return Spelling("address", "person", address, address)


def _implied(address: str) -> str:
    """`anna.berger@…` says whose it is."""
    local = address.partition("@")[0].partition("+")[0]
    parts = [part for part in re.split(r"[._-]", local) if part]
    if not 2 <= len(parts) <= 3 or not is_personal(address):
        return ""
    names = [parts[0], *(part for part in parts[1:-1] if len(part) > 1), parts[-1]]
    return " ".join(names) if all(len(n) > 1 and n.isalpha() for n in names) else ""


def _person(name: str) -> Spelling:
    left, comma, right = _BRACKETS.sub(" ", name).partition(",")
    before, after = _TOKEN.findall(fold(left)), _TOKEN.findall(fold(right))
    after = [token for token in after if token not in _AFTER_NAMES]
    if comma and after and len(before) <= 3 and len(after) <= 3 and "," not in right:
        before = after + before
    tokens, titled = before, False
    while len(tokens) > 1 and tokens[0] in TITLES:
        tokens, titled = tokens[1:], True
    while len(tokens) > 2 and tokens[-1] in _AFTER_NAMES:
        tokens = tokens[:-1]
    if len(tokens) > 2:  # a middle initial
        middle = [token for token in tokens[1:-1] if len(token) > 1]
        tokens = [tokens[0], *middle, tokens[-1]]
    if not tokens:
        return Spelling("bare", "person", fold(name).strip() or "?")
    if len(tokens) == 1:
        return Spelling("family" if titled else "bare", "person", tokens[0])
    is_initial = len(tokens) == 2 and (len(tokens[0]) == 1 or len(tokens[1]) == 1)
    return Spelling("initial" if is_initial else "full", "person", " ".join(tokens))


def hints(spelling: Spelling) -> set[Hint]:
    """What else may stand for the thing that has this key."""
    found: set[Hint] = {(spelling.key, "self")}
    tokens = spelling.key.split()
    if spelling.form == "full" and len(tokens) > 1:
        given, family = tokens[0], tokens[-1]
        found |= {(f"{given} {family[0]}", "initial"), (f"{given[0]} {family}", "initial")}
        found |= {(given, "bare"), (family, "family")}
        handles = (given[0] + family, given + family, family + given[0], given + family[0],
                   f"{given}_{family}", f"{given}-{family}")  # fmt: skip
        found |= {("@" + handle, "handle") for handle in handles if len(handle) >= _LEAST_HANDLE}
    elif spelling.form == "initial":
        found.add((tokens[0], "bare") if len(tokens[0]) > 1 else (tokens[1], "family"))
    if spelling.form in ("full", "name"):
        found |= {(signature, "typo") for signature in signatures(spelling.key)}
    return found


def signatures(key: str) -> set[str]:
    """Two keys that are one slip apart share one of these: a long word with a letter left out."""
    tokens = key.split()
    found = set()
    for place, token in enumerate(tokens):
        if len(token) >= _LONG and token.isalpha() and len(token) <= 40:
            for cut in ("", *(token[:i] + token[i + 1 :] for i in range(1, len(token)))):
                word = (cut or token) + "*"
                found.add(" ".join((*tokens[:place], word, *tokens[place + 1 :])))
    return found


def is_slip(a: str, b: str, kind: str) -> bool:
    """Are two keys one letter apart, in a long word, and not two names that both exist?"""
    first, second = a.split(), b.split()
    if len(first) != len(second):
        return False
    pairs = [
        (place, x, y) for place, (x, y) in enumerate(zip(first, second, strict=True)) if x != y
    ]
    if len(pairs) != 1:
        return False
    place, x, y = pairs[0]
    if min(len(x), len(y)) < _LONG or not (x.isalpha() and y.isalpha()):
        return False
    if kind == "person" and place == 0 and x in GIVEN and y in GIVEN:
        return False
    # A last letter tells Fernando from Fernanda, and one garden from several.
    return x[0] == y[0] and x[-1] == y[-1] and _one_apart(x, y)


def _one_apart(x: str, y: str) -> bool:
    if len(x) > len(y):
        x, y = y, x
    start = 0
    while start < len(x) and x[start] == y[start]:
        start += 1
    if len(x) < len(y):
        return len(y) - len(x) == 1 and x[start:] == y[start + 1 :]
    swapped = (
        x[start : start + 2] == y[start : start + 2][::-1] and x[start + 2 :] == y[start + 2 :]
    )
    return x[start + 1 :] == y[start + 1 :] or swapped


_SOUNDS = (("ph", "f"), ("th", "t"), ("ck", "k"), ("c", "k"), ("y", "i"), ("z", "s"), ("w", "v"))


def sounds(name: str) -> str:
    """Alike for names that sound alike: `kathrin` and `katrin`, `sarah` and `sara`."""
    for written, said in _SOUNDS:
        name = name.replace(written, said)
    heard = name[:1] + name[1:].replace("h", "")
    return re.sub(r"(.)\1+", r"\1", heard)


def are_alike(one: Spelling, other: Spelling) -> bool:
    """May two full names be two ways to write one, of which nothing tells for sure? The surname
    is the same and the given name sounds the same, or the two stand the other way round."""
    if one.form != "full" or other.form != "full" or one.key == other.key:
        return False
    mine, theirs = one.key.split(), other.key.split()
    if len(mine) != len(theirs):
        return False
    turned = len(mine) == 2 and mine == theirs[::-1]
    return turned or (mine[1:] == theirs[1:] and sounds(mine[0]) == sounds(theirs[0]))


def is_short_form(short: str, name: str) -> bool:
    """`mel` for `melanie`; `sam` is a name of its own."""
    known = short in GIVEN or short in GIVEN_OR_WORD
    return len(short) > 2 and not known and name != short and name.startswith(short)


def best_name(spellings: list[str]) -> str:
    """The spelling to show: the fullest, with capitals and accents, in whatever order they come."""
    return max((shown(text) for text in spellings), key=_worth, default="")


def shown(spelling: str) -> str:
    match = _MAILBOX.match(spelling)
    text = (match["name"].strip() or match["address"]) if match else spelling
    left, comma, right = text.partition(", ")
    is_turned = comma and "," not in right and fold(right) not in _AFTER_NAMES
    return f"{right} {left}" if is_turned else text


def _worth(text: str) -> tuple[bool, int, bool, int, str]:
    is_mark = "@" in text
    words = min(len([word for word in text.split() if len(word.rstrip(".")) > 1]), 3)
    is_mixed = not text.islower() and not text.isupper()
    accents = sum(not char.isascii() for char in text)
    return (not is_mark, words, is_mixed, accents, text)
