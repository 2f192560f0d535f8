"""A question for files, what was found → one passage of each file that answers, the best first.

Called by the engine's door to asking for questions such as "which files mention the boiler". Their
answer is a set: it ends where relevance falls off, not after so many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from cairn.core.chats.addresses import is_chat
from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.recall.certain.relevance import coverage
from cairn.core.recall.narrow.filters import Filters
from cairn.core.recall.narrow.places import places_of
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.search import Results
from cairn.core.recall.words import WORD, plain, stem, stems
from cairn.core.records import Evidence
from cairn.core.uris import container

LOOKED_AT = 150
"""Passages from which files are gathered."""
MOST = 50
"""Files that are listed, unless somebody says how many."""
# The share is fitted on judged abstracts; `python -m tests.bench.files --fit` shows its effect.
_NEAR = 0.6
"""Without all of the words a file needs this share of the best one's relevance."""
_LEAST = 0.3


def _plain_words(text: str) -> frozenset[str]:
    return frozenset(map(plain, text.split()))


_ASKING = _plain_words(
    """which what where in of from the my our all any every me please show list find open give
    tell can could you i did put save keep store is are was were have do there other these
    welche welcher welchen welches welchem zeig zeige mir alle meine meiner meinen der die das wo
    ist sind liegt liegen habe ich von unter
    quels quel quelles dans montre moi les des mes tous où sont
    qué que cuáles en los las mis muestra todos dónde están"""
)
_THINGS = _plain_words(
    """file files document documents doc docs pdf pdfs spreadsheet spreadsheets workbook workbooks
    folder folders note notes mail mails email emails letter letters text texts table tables
    datei dateien dokument dokumente dokumenten ordner ordnern notiz notizen tabelle tabellen
    fichier fichiers dossier dossiers archivo archivos fichero ficheros documento documentos
    carpeta carpetas"""
)
_LINKS = _plain_words(
    """mention mentions mentioned mentioning contain contains containing say says about on with for
    talk talks talking discuss discusses refer refers referring to deal deals dealing speak speaks
    of cover covers have has had i we do does did are is was were there that which where in the a an
    my our any anything something it word words related relate concern concerning regarding describe
    steht stehen kommt kommen etwas über zu den der die das dem ein eine einen mit von vom zum zur
    erwähnt erwähnen sprechen handeln enthalten wird werden es geht um habe haben ich wir gibt
    parlent parle mentionnent contiennent du de la le les des un une sur à au ai j
    mencionan hablan contienen el los las un sobre tengo hay se"""
)
_ENDS = _plain_words(
    """mentioned mention in file files document documents described discussed talked about there
    vor erwähnt genannt drin beschrieben stehen steht mentionné mentionnée mencionado
    menciona"""
)
_RELATIONS = _plain_words(
    """mention mentions mentioned mentioning contain contains containing say says about on with
    talk talks discuss discusses refer refers deal speak speaks cover covers have had described
    related concern concerning regarding describe discussed talked
    steht stehen kommt etwas über zu erwähnt erwähnen sprechen handeln enthalten geht habe gibt
    parlent parle mentionnent contiennent sur mencionan hablan contienen sobre tengo genannt vor
    mentionné mentionnée mencionado menciona"""
)
"""Between files and what they are about."""
_LEADS = _plain_words("list show find open zeig zeige montre muestra")
_WHICH = re.compile(
    r"\b(?:welche[nmrs]?|quel(?:le)?s?|qu[eé])(?: meiner?| mis)? "
    r"(?:dateie?n?|dokumenten?|fichiers?|documents?|archivos?|ficheros?|documentos?)\b",
    re.IGNORECASE,
)
_IDLE = frozenset(map(stem, _ASKING | _LINKS))
"""Need not be in a file."""


def asks_for_files(question: Question) -> bool:
    """For those about something: "what documents do I need" asks for what stands in one."""
    # Whatever the language seems to be: there may be no other word in it that tells.
    if question.kind != "files" and not _WHICH.search(question.text):
        return False
    text = question.text
    for name in (*question.hints.paths, *question.hints.folders):
        text = _without(text, name)
    words, first, last = _parted(text)
    texts = [plain(word[0]) for word in words]
    if first >= last or ("have", "to") in pairwise(texts[:first]):
        return False
    return not _LEADS.isdisjoint(texts[:2]) or not _RELATIONS.isdisjoint(
        (*texts[:first], *texts[last:])
    )


def topic_of(text: str) -> str:
    """What the files are to be about: the question without the words that ask for files."""
    words, first, last = _parted(text)
    return text[words[first].start() : words[last - 1].end()] if first < last else ""


def _parted(text: str) -> tuple[list[re.Match[str]], int, int]:
    """The words of a question, and from which to which they say what the files are about."""
    words = list(WORD.finditer(text))
    texts = [plain(word[0]) for word in words]
    first, last = _begin(texts), len(words)
    while last > first and texts[last - 1] in _ENDS:
        last -= 1
    return words, first, last


def _begin(texts: Sequence[str]) -> int:
    """How many words ask only; after the things asked for, "mail" belongs to "mail server"."""
    is_named = False
    for at, word in enumerate(texts):
        if word in _THINGS and (not is_named or texts[at - 1] in _THINGS):
            is_named = True
        elif word not in (_LINKS if is_named else _ASKING | _LINKS):
            return at
    return len(texts)


def sought(question: Question, filters: Filters, journal: Journal) -> tuple[str, Filters]:
    """What the files are to be about, and where and of which kind they must be: as was given, else
    as the question says it, where it names a place that is known."""
    text, folder, hints = question.text, filters.folder, question.hints
    for name in () if folder else (*hints.paths, *hints.folders):
        try:
            places_of(name, journal)
        except NotFound:
            continue
        folder, text = name, _without(text, name)
        break
    kinds = filters.kinds or hints.kinds
    return topic_of(text) or topic_of(question.text), replace(filters, folder=folder, kinds=kinds)


def _without(text: str, place: str) -> str:
    """ "Which files in the garden folder mention roses" without the folder."""
    lead = r"(?:\b(?:in|from|under|inside|within|of|im|dans)\s+)?(?:\b(?:the|my|our|meinem)\s+)?"
    tail = r"(?:\s+(?:sub)?(?:folder|directory|ordner)\b)?"
    return re.sub(
        rf"{lead}(?<!\w){re.escape(place)}{tail}", " ", text, count=1, flags=re.IGNORECASE
    )


def files_of(results: Results, limit: int) -> Results:
    """The best passage of each file that is relevant enough."""
    results = replace(results, of_files=True)
    found = list(_of_files(results.evidence))
    if not found or not results.trail:
        return replace(results, evidence=tuple(found[:limit]))
    weights = {stem: w for stem, w in results.trail.weights.items() if stem not in _IDLE}
    best = max(item.relevance for item in found)
    least = max(_LEAST, best * _NEAR)
    held = _stems_by_file(results.evidence)
    kept = [
        item
        for item in found
        if coverage(held[container(item.chunk.uri)], weights) > 0.999 or item.relevance >= least
    ]
    kept.sort(key=lambda item: (-round(item.relevance, 6), item.rank))
    ranked = [replace(item, rank=rank) for rank, item in enumerate(kept[:limit], start=1)]
    return replace(results, evidence=tuple(ranked))


def _of_files(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """The best of each file, in order; conversations and entries of the tree are none."""
    seen: set[str] = set()
    for item in evidence:
        uri = container(item.chunk.uri)
        if not is_chat(uri) and item.chunk.kind != "entry" and uri not in seen:
            seen.add(uri)
            yield item


def _stems_by_file(evidence: Sequence[Evidence]) -> dict[str, frozenset[str]]:
    held: dict[str, frozenset[str]] = {}
    for item in evidence:
        uri = container(item.chunk.uri)
        held[uri] = held.get(uri, frozenset()) | stems(item.chunk.search_text)
    return held
