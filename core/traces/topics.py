"""What was worked on, with its titles → the words that tell a folder's topics from the others'.

Shown by `cairn habits`. A word counts for the files that carry it, and the more the fewer folders
know it; equal input gives equal words in equal order.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from cairn.core.recall.words import stem
from cairn.core.traces.sessions import Session, names_now
from cairn.core.traces.telling import file_name, folder_uri

MAX_FOLDERS = 50
MAX_WORDS = 8
_LONGEST_TITLE = 300
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    """a about after all an and are as at be by can do for from has have how in into is it its my no
    not of off on or our out over so than that the their them then there they this to up was we what
    when where which who why will with you your re fw fwd
    der die das den dem des ein eine einen einem einer und oder von vom zum zur mit ist im am auf
    aus bei für nach über el la los las un una del con por para que le les une des du et ou dans
    pour sur au aux
    new old copy final draft version rev untitled document doc file page img image photo scan
    screenshot index readme note notes todo temp tmp test neu alt kopie entwurf unbenannt dokument
    datei bild notiz notizen""".split()
)


@dataclass(frozen=True, slots=True)
class TopicWord:
    word: str
    weight: float
    files: int
    """In how many titles or names of files it is."""
    example: str
    """One of them, by address."""


@dataclass(frozen=True, slots=True)
class FolderTopics:
    folder: str
    files: int
    """How many were worked on."""
    words: tuple[TopicWord, ...]


def topics(
    sessions: Sequence[Session], titles: Mapping[str, str], limit: int = MAX_FOLDERS
) -> tuple[FolderTopics, ...]:
    """The folders most worked in first; a file without a title counts by its name alone."""
    touched = Counter(names_now([trace for session in sessions for trace in session.traces]))
    del touched[""]
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for uri in sorted(touched):
        folders[folder_uri(uri)].append(uri)
    spoken: Counter[str] = Counter()  # in how many folders
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    known: dict[str, defaultdict[str, list[str]]] = {}
    for folder, uris in folders.items():
        known[folder] = defaultdict(list)
        for uri in uris:
            for root, form in _words(uri, titles.get(uri, "")).items():
                known[folder][root].append(uri)
                forms[root][form] += 1
        spoken.update(list(known[folder]))
    ranked = sorted(folders, key=lambda name: (-sum(touched[uri] for uri in folders[name]), name))
    found = []
    for folder in ranked[:limit]:
        words = [
            _weigh(uris, root, forms[root], log(1 + len(folders) / spoken[root]))
            for root, uris in known[folder].items()
        ]
        words.sort(key=lambda word: (-word.weight, word.word))
        found.append(FolderTopics(folder, len(folders[folder]), tuple(words[:MAX_WORDS])))
    return tuple(topic for topic in found if topic.words)


def _weigh(uris: list[str], root: str, forms: Counter[str], rarity: float) -> TopicWord:
    form = min(forms, key=lambda name: (-forms[name], name))
    return TopicWord(form, round((1 + log(len(uris))) * rarity, 3), len(uris), uris[0])


def _words(uri: str, title: str) -> dict[str, str]:
    """The roots of the words that say something, each with its form in the text."""
    name = file_name(uri)
    text = f"{title[:_LONGEST_TITLE]} {name.rpartition('.')[0] or name}"
    forms = (word.casefold() for word in _WORD.findall(_HUMP.sub(" ", text)))
    wanted = (form for form in forms if form not in _COMMON and _is_word(form))
    return {stem(form): form for form in wanted}


def _is_word(form: str) -> bool:
    """Two letters are an abbreviation, but two signs of Chinese or Japanese are a word."""
    return len(form) > 2 or (len(form) == 2 and not form.isascii())
