"""Utterances → those in the author's own words, each paragraph on one line.

Called before every rule. What somebody else wrote stays out: quoted and forwarded mail, signatures,
code, newsletters, web pages, recipes, books, licences, what a user pasted. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cairn.core.records import Kind
from cairn.core.tree.curate.material import Utterance

_OWN_KINDS: frozenset[Kind] = frozenset(("note", "text", "mail", "chat", "contact"))
_SPEAKERS = ("user", "other", "document")
_MOST_CHARS = 120_000
"""Of a note: what is longer is a book or a dump."""
_LONGEST_TURN = 6_000
"""Nobody types more at once; what is longer was pasted."""
_FIRST = 40_000
"""Characters in which the marks of a newsletter, recipe or licence are looked for."""

_NEWSLETTER = re.compile(
    r"\bunsubscribe\b|view (?:this|it|the) (?:e?mail |message )?in (?:your|a) browser|"
    r"you are receiving this|manage (?:your )?(?:subscription|preferences)|abbestellen|abmelden|"
    r"se désabonner|darse de baja|this is an automated|do not reply to this",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"^From:.{0,200}(?:no-?_?reply|newsletter|notification|mailer|marketing|digest)", re.I | re.M
)
_LICENCE = re.compile(
    r"permission is hereby granted|without warranty of any kind|all rights reserved|"
    r"terms and conditions|licensed under the|redistribution and use in source|"
    r"GNU general public license|project gutenberg|\bISBN\b|lorem ipsum|\bthis privacy policy\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"^\s{0,8}(?:[-*+•]\s+)?(?:\d{1,4}(?:[.,/]\d{1,2})?|[½¼¾⅓⅔])\s?(?:g|kg|ml|l|dl|cl|oz|lbs?|"
    r"cups?|"
    r"tbsp|tsp|tablespoons?|teaspoons?|EL|TL|pinch|cloves?|Prise|Zehen?|cuillères?|tazas?)\b",
    re.MULTILINE,
)
_RECIPE = re.compile(
    r"\b(?:ingredients|zutaten|ingrédients|ingredientes|preheat the oven|tablespoons?|"
    r"teaspoons?)\b"
    r"|\b\d{1,4} ?(?:g|ml) (?:of )?(?:flour|sugar|butter|milk|mehl|zucker|farine|sucre|harina)\b",
    re.IGNORECASE,
)
_SONG = re.compile(
    r"^\W{0,3}(?:verse|chorus|refrain|bridge|strophe|pre-chorus|outro|couplet|estribillo)"
    r"(?: \d{1,2})?\W{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
_CHAPTER = re.compile(
    r"\s*#{0,3} ?(?:(?:chapter|kapitel|chapitre|capítulo|act|scene|akt|szene) (?:\d{1,3}|"
    r"[IVX]{1,6}|"
    r"one|two|three|eins|zwei)|prologue|epilogue|prolog|epilog)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"[,.!?…][\"”’“»]\s+(?:(?:said|asked|replied|whispered|answered|cried|shouted|murmured|sagte|"
    r"fragte|rief|antwortete|flüsterte)\b|(?:he|she|they|[A-ZÀ-Þ][a-zà-ÿ]+) (?:had )?(?:said|"
    r"asked|"
    r"replied|whispered|answered|cried|shouted|murmured|written|sagte|fragte)\b)"
)
_LEAST_SAYS = 2
_HEADER = re.compile(
    r"(?:Subject|From|To|Cc|Bcc|Date|Sent|Betreff|Von|An|Datum|Gesendet|Objet|De|Asunto|"
    r"Attachments|Anhänge):\s"
)
_FORWARDED = re.compile(
    r"[-_ ]{0,12}(?:Original Message|Forwarded message|Ursprüngliche Nachricht|"
    r"Weitergeleitete Nachricht|Message d'origine|Mensaje original)\b|Begin forwarded message",
    re.IGNORECASE,
)
_WROTE = re.compile(r"(?:On|Am|Le|El)\s.{5,160}(?:wrote|schrieb|a écrit|escribió)[^.!?]{0,80}:\s*$")
_GOODBYE = re.compile(
    r"(?:(?:kind|best|warm|many|with best|with kind) )?(?:regards|wishes)|best|cheers|love|"
    r"sincerely(?: yours)?|yours(?: sincerely| truly| faithfully)?|take care|thanks|many thanks|"
    r"all the best|talk soon|see you(?: soon)?|xx?o?x?o?|mit freundlichen grüßen|"
    r"(?:viele|liebe|beste|herzliche|schöne) grüße|(?:lg|vg|mfg)|cordialement|bien à vous|bises|"
    r"(?:un )?(?:cordial )?saludos?|un abrazo|-- ?",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 8
_GREETING = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|hallo|liebe[r]?|sehr geehrte[r]?|"
    r"guten (?:tag|morgen)|moin|bonjour|salut|cher|chère|hola|querid[oa]|buenos días)\b"
    r"[^.!?:]{0,60}[,!:.]?",
    re.IGNORECASE,
)
_PASTED = re.compile(
    r"here(?:'s|’s| is| are) (?:the |my |a |our |what |some )?(?:\w+ ){0,4}"
    r"(?:draft|message|e-?mail|letter|essay|text|article|paragraph|chapter|scene|dialogue|story|"
    r"code|log|logs|output|error|traceback|transcript|response|script|post|abstract|outline|"
    r"implementation|schema|config|configuration|list|plan|schedule|table)\b[^.!?\n]{0,80}:\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_CODE_LINE = re.compile(
    r"\s*(?:[$#%>]\s|//|/\*|<\w|[{}()\[\];]+\s*$|at \S+\(|Traceback|File \"|import\s\w+$|"
    r"(?:def|class|function|const|let|var|return|SELECT|INSERT)\s.*[(;={]|\d{4}-\d\d-\d\d[T "
    r"]\d\d:)"
    r"|.*[;{}]\s*$"
)
_MARKED_HEADING = re.compile(r"\s{0,3}(?:#{1,6}|={2,6}|\*{1,6})\s+|#\+\w+:")
_UNDERLINE = re.compile(r"\s*(?:[=~^\"_-]{3,}|[-*_](?: [-*_]){2,})\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•‣–]|\d{1,3}[.)]|\[[ xX]\])\s+")
_KEY = re.compile(r"\s*[^\W\d_][^:.!?\n]{0,40}:\s")
_ROW = re.compile(r"\s*\|.*\|\s*$")


def own_words(utterances: Sequence[Utterance]) -> list[Utterance]:
    """In their order; text that was cut out leaves an empty line."""
    found: list[Utterance] = []
    for _, group in groupby(utterances, key=lambda each: container(each.uri)):
        document = list(group)
        if _is_own(document):
            found += _of_mail(document) if document[0].kind == "mail" else _of_other(document)
    return found


def container(uri: str) -> str:
    """The document or conversation that an utterance stands in."""
    return uri.partition("#")[0]


def is_conversation(utterance: Utterance) -> bool:
    return utterance.kind == "chat"


def _is_own(document: Sequence[Utterance]) -> bool:
    first = document[0]
    if first.kind not in _OWN_KINDS:
        return False
    if first.kind == "chat":
        return True
    if sum(len(each.text) for each in document) > _MOST_CHARS:
        return False
    head = _beginning(document)
    if first.kind == "mail":
        return not (_NEWSLETTER.search(head) or _ROBOT.search(head))
    return not (_LICENCE.search(head) or _is_recipe(head) or _is_invented(head))


def _beginning(document: Sequence[Utterance]) -> str:
    parts, left = [], _FIRST
    for each in document:
        parts.append(each.text[:left])
        left -= len(each.text)
        if left <= 0:
            break
    return "\n".join(parts)


def _is_recipe(text: str) -> bool:
    amounts = len(_AMOUNT.findall(text))
    return amounts >= 3 or (amounts + len(_RECIPE.findall(text)) >= 3)


def _is_invented(text: str) -> bool:
    """A song, a poem or a story: nothing in it is so."""
    return bool(
        _SONG.search(text) or _CHAPTER.match(text) or len(_SAYS.findall(text)) >= _LEAST_SAYS
    )


def _of_other(document: Sequence[Utterance]) -> list[Utterance]:
    found = []
    is_closed = sum(_fences(each.text) for each in document) % 2 == 0
    is_code = False
    for each in document:
        was_code, is_code = is_code, is_code ^ (_fences(each.text) % 2 == 1)
        if each.origin not in _SPEAKERS or each.command:
            continue
        text = f"```\n{each.text}" if was_code and is_closed else each.text
        if each.kind == "chat":
            text = _typed(_without_name(text, each.who))
        if kept := _paragraphs(text, each):
            found.append(replace(each, text=kept))
    return found


def _of_mail(document: Sequence[Utterance]) -> list[Utterance]:
    found: list[Utterance] = []
    writer = document[0].who
    for each in document:
        if each.who.startswith("quoted by") or (each.who != writer and each.text[:1] == ">"):
            continue
        lines, is_over = _letter(each.text, each.who, has_begun=bool(found))
        if kept := _paragraphs("\n".join(lines), each):
            found.append(replace(each, text=kept))
        if is_over:
            break
    return found


def _letter(text: str, who: str, *, has_begun: bool) -> tuple[list[str], bool]:
    """The lines of a letter's own text, and whether it ends here."""
    kept: list[str] = []
    rows = text.split("\n")
    for row in rows:
        line = row.strip()
        if _FORWARDED.match(line) or _WROTE.match(line):
            return kept, True
        is_begun = has_begun or any(kept)
        is_last = len(rows) - len(kept) <= _SIGNATURE_LINES
        if is_begun and is_last and _GOODBYE.fullmatch(line.rstrip(" ,.!")):
            return kept, True
        if row.rstrip() == "--" or row == "-- ":
            return kept, True
        if (
            line.startswith(">")
            or _HEADER.match(line)
            or _GREETING.fullmatch(line)
            or (who and line.casefold().strip(" .,!-–") in _names(who))
        ):
            line = ""
        kept.append(line and row)
    return kept, False


def _names(who: str) -> frozenset[str]:
    whole = who.casefold()
    return frozenset((whole, *whole.split()))


def _without_name(text: str, who: str) -> str:
    """Some conversations are kept with each speaker's name before the words."""
    return text[len(who) + 1 :].lstrip() if who and text.startswith(f"{who}:") else text


def _typed(text: str) -> str:
    """What a person typed of a turn, and not what they pasted."""
    pasted = _PASTED.search(text)
    if pasted and pasted.end() < len(text):
        text = text[: pasted.end()]
    if len(text) > _LONGEST_TURN:
        text = text[: text.find("\n", 0, _LONGEST_TURN) + 1]
    return text


def _paragraphs(text: str, utterance: Utterance) -> str:
    """Paragraphs on one line each; headings, code and quoted lines are left out."""
    is_chat = utterance.kind == "chat"
    titles = frozenset(" ".join(part.split()) for part in (utterance.title, *utterance.heading))
    parts: list[str] = []
    joins = False
    for line in _without_fences(text):
        bare = " ".join(line.split())
        if not bare or _is_not_said(line, bare, titles):
            joins = False
            if parts and parts[-1]:
                parts.append("")
            continue
        if joins and not is_chat and not _begins(line):
            parts[-1] = f"{parts[-1]} {bare}"
        else:
            parts.append(line.strip() if is_chat else bare)
        joins = not _ROW.match(line) and bare[-1] not in ".!?:"
    return "\n".join(parts).strip("\n")


def _begins(line: str) -> bool:
    return bool(_ITEM.match(line) or _KEY.match(line) or _ROW.match(line))


def _is_not_said(line: str, bare: str, titles: frozenset[str]) -> bool:
    if bare in titles or bare.startswith(">") or _UNDERLINE.match(line):
        return True
    marked = _MARKED_HEADING.match(line)
    if marked and (line.lstrip().startswith(("#", "=")) or line[marked.end() :].strip() in titles):
        return True
    return bool(_CODE_LINE.match(line[:400])) and not _ITEM.match(line)


def _fences(text: str) -> int:
    return sum(1 for line in text.split("\n") if _FENCE.match(line)) if "```" in text else 0


def _without_fences(text: str) -> Iterator[str]:
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
            yield ""
        else:
            yield "" if is_code else line
