"""A question → the kinds of files and the places that it names.

Called by `question.analyze`. Precision first: "the pdf" and "in the garden folder" are hints, while
"how do I make a PDF" and "the presentation went well" are none. Time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cairn.core.records import Kind

KINDS: tuple[tuple[str, Kind], ...] = (
    (r"pdfs?", "pdf"),
    (r"spreadsheets?|workbooks?|excel (?:file|sheet|table)s?|tabellenkalkulation"
     r"|feuilles? de calcul|hojas? de cálculo|hoja de excel", "table"),
    (r"slides|slide ?decks?|powerpoints?|keynote (?:file|deck)s?|folien|diapositiv[ae]s", "slides"),
    (r"e-?books?|epubs?", "book"),
    (r"word (?:file|document|doc)s?|word-?dokumente?", "text"),
    (r"web ?pages?|bookmarks?|webseiten?", "web"),
    (r"source (?:code|files?)|scripts?|quelltext", "code"),
    (r"screenshots?|scans?", "image"),
    (r"voice memos?|recordings?|audio files?", "media"),
)  # fmt: skip
_ONE = "|".join(f"(?P<k{at}>{words})" for at, (words, _) in enumerate(KINDS))
_ANY = "|".join(f"(?P<b{at}>{words})" for at, (words, _) in enumerate(KINDS))
_OWNERS = (
    r"(?:the|my|our|his|her|their|this|that|these|those|which|what|all|any|in an?|from an?|as an?"
    r"|das|die|der|den|dem|im|mein(?:e|er|em|en)?|welche[srn]?|le|la|les|l'|mon|ma|mes|el|los|las|mi"
    r"|mis|\w{1,30}'s)"
)
_KIND = re.compile(
    rf"\b{_OWNERS}(?: [\w-]{{1,30}}){{0,2}}? (?:{_ONE})(?![\w-])"
    rf"|\b(?:{_ANY})(?= (?:about|on|from|with|where|called|named|über|sur|de|sobre)\b)"
)
_MAIL = re.compile(
    r"\b(?:in|which|what|that|the|her|his|their|last|all)(?: (?:an?|the|my|her|his|their|of))*"
    r" e?-?mails?(?= (?:from|to|about|where|in|that|with|i|she|he|they|did|do)\b|\W*$)"
)
_MAIL_ADDRESS = re.compile(r"\b(?:what(?:'s| is)|is|have)\b[^.?!\n]{0,60}\be?-?mail\W*$")
_MAKES = re.compile(
    r"\bhow (?:do|can|to|should|would)\b|\b(?:make|create|convert|export|turn|write|build)\b"
)
_SUFFIXES = (
    "pdf docx doc odt rtf xlsx xls ods csv tsv pptx ppt odp key numbers pages txt md markdown org "
    "tex epub eml mbox msg ics vcf jpg jpeg png gif webp heic svg tif tiff mp3 m4a wav flac ogg "
    "mp4 mov zip tar gz 7z py rs go js ts tsx jsx java kt swift c cc cpp h hpp rb php sh sql html "
    "htm css json yaml yml toml ipynb xml srt vtt log"
)
_SUFFIX_OF = "|".join(sorted(_SUFFIXES.split(), key=len, reverse=True))
_SUFFIX = re.compile(rf"(?<![\w.)])(?:\*)?\.({_SUFFIX_OF})(?![\w.]*\w)")
_NAME = re.compile(
    rf"(?<![\w.@:/\\-])[\w-][\w.-]{{0,80}}\.(?:{_SUFFIX_OF})(?![\w@-])", re.IGNORECASE
)
_PATH = re.compile(
    r"(?<![\w./~:\\-])(?:~?/[^\s\"'“”<>|?*:;,]{1,200}|[A-Za-z]:\\[^\s\"'“”<>|?*;,]{1,200})"
)
_NO_FOLDER = (
    r"(?!(?:the|an?|this|that|which|what|same|other|new|old|right|wrong|any|each|every|one|my"
    r"|our)\b)"
)
_FOLDER = re.compile(
    rf"\b(?:in|from|under|inside|within|of|into)(?: the| my| our)? [\"“]?{_NO_FOLDER}"
    r"([^\W_][\w&+.-]{0,40}(?: [\w&+.-]{1,40}){0,2}?)[\"”]? (?:sub)?(?:folder|directory)\b"
    r"|\b(?:folder|directory|ordner|dossier|carpeta) (?:called |named |namens )?[\"“„«]\s?"
    r"([^\"“”„»\n]{1,80}?)\s?[\"”“»]"
    r"|\b(?:folder|directory) (?:called|named) ([^\W_][\w&+.-]{0,60})"
    r"|\b(?:im|in meinem) ordner ([^\W_][\w&+.-]{0,60})|\bdans le dossier ([^\W_][\w&+.-]{0,60})"
    r"|\ben la carpeta ([^\W_][\w&+.-]{0,60})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hints:
    kinds: tuple[Kind, ...] = ()
    suffixes: tuple[str, ...] = ()
    """That were typed, without the dot."""
    files: tuple[str, ...] = ()
    """Names of files, as they were typed."""
    folders: tuple[str, ...] = ()
    """Names of folders, or the words before "folder"."""
    paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.kinds, self.suffixes, self.files, self.folders, self.paths))


NO_HINTS = Hints()


def find_hints(text: str) -> Hints:
    folded = text.lower()
    kinds: list[Kind] = []
    suffixes = [match[1] for match in _SUFFIX.finditer(folded)]
    if not _MAKES.search(folded):
        for match in _KIND.finditer(folded):
            kinds.append(KINDS[int((match.lastgroup or "k0")[1:])][1])
        if _MAIL.search(folded) and not _MAIL_ADDRESS.search(folded):
            kinds.append("mail")
    files = [match[0] for match in _NAME.finditer(text)]
    paths = [match[0].rstrip(".!)") for match in _PATH.finditer(text)]
    hints = Hints(
        tuple(dict.fromkeys(kinds)), _once(suffixes), _once(files), _once(_folders(text)),
        _once(path for path in paths if len(path) > 1),
    )  # fmt: skip
    return hints or NO_HINTS


def _folders(text: str) -> list[str]:
    return [next(filter(None, match.groups())).strip() for match in _FOLDER.finditer(text)]


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
