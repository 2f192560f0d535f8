"""The body of a mail → what its author wrote in it.

Called by `mail`: what is quoted is a turn of its own. Lines with ">", what a program put over them
("On … wrote:"), an older mail below, and the signature are left out. A forwarded mail stays.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"\s{0,3}>")
_SIGNATURE = re.compile(r"--\s?")
_STARTS = re.compile(
    r"\s{0,3}(?:On|Am|Le|El|Il|Op|Em|Den|W dniu)\s.{4,300}|"
    r".{1,120}<[^<>\s]{3,100}@[^<>\s]{3,100}>.{0,40}"
)
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał)"
    r"(?:\(a\))?(?:\s.{0,120})?\s?:\s{0,3}$"
)
_OLDER = re.compile(
    r"\s{0,3}[-_]{2,20}\s?(?:Original Message|Original Appointment|Ursprüngliche Nachricht|"
    r"Originalnachricht|Original-Nachricht|Message d.origine|Message original|Mensaje original|"
    r"Messaggio originale|Oorspronkelijk bericht|Mensagem original)\s?[-_]{2,20}\s{0,3}",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}(?:_{10,80}|-{10,80})\s{0,3}")
_FROM = re.compile(r"\s{0,3}\*?(?:From|Von|De|Da|Van|Od|Från)\s?:\*?\s?\S.{0,300}")
_SENT = re.compile(
    r"\s{0,3}\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el)?|Fecha|Inviato|Data|Verzonden|"
    r"Skickat|Wysłano)\s?:\*?\s?\S"
)
_MOBILE = re.compile(
    r"(?:Sent from (?:my|Mail for)|Get Outlook for|Von meinem|Gesendet mit|Envoyé de mon|"
    r"Enviado desde mi|Inviato da)\b.{0,60}",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|doorst|i)\s?[:：]", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NEXT = 4
"""An attribution may be wrapped, and a header block begins within so many lines."""


def own_words(body: str, subject: str) -> str:
    rows = body.split("\n")
    if _FORWARD.match(subject):
        return body.strip()
    kept: list[str] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if _MARKS.match(row):
            at += 1
        elif _SIGNATURE.fullmatch(row) or _OLDER.fullmatch(row) or _is_header(rows, at):
            break
        elif end := _attribution(rows, at):
            is_marked = _is_marked(rows, end)
            if not is_marked and _DIGIT.search(" ".join(rows[at:end])):
                break  # what it speaks of is not marked, so it is all the rest
            kept += [] if is_marked else rows[at:end]
            at = end
        else:
            kept.append(row)
            at += 1
    return _without_rule("\n".join(kept).strip())


def _attribution(rows: list[str], at: int) -> int:
    """Where "On … wrote:" ends that begins here; 0 for none."""
    if not rows[at].strip() or not _STARTS.match(rows[at][:400]):
        return 0
    for end in range(at + 1, min(at + _NEXT, len(rows)) + 1):
        row = rows[end - 1]
        if not row.strip():
            return 0
        if _WROTE.search(row[-400:]):
            return end
    return 0


def _is_marked(rows: list[str], at: int) -> bool:
    for row in rows[at : at + _NEXT]:
        if row.strip():
            return bool(_MARKS.match(row))
    return False


def _is_header(rows: list[str], at: int) -> bool:
    """Outlook puts the older mail's header above it, often below a rule."""
    if _RULE.fullmatch(rows[at]):
        below = range(at + 1, min(at + _NEXT, len(rows)))
        at = next((number for number in below if rows[number].strip()), len(rows))
    if at >= len(rows) or not _FROM.match(rows[at]):
        return False
    return any(_SENT.match(row) for row in rows[at + 1 : at + _NEXT])


def _without_rule(text: str) -> str:
    """What is left at the end of a program's own making."""
    head, _, last = text.rpartition("\n")
    return head.strip() if head.strip() and _MOBILE.fullmatch(last.strip()) else text
