"""A mail as a person sees it → a block of header lines and blocks of paragraphs.

Shared by the readers of single mails, mailboxes and Outlook's files, so that a mail looks the same
wherever it was kept. Quoted lines are somebody else's words and never carry the sender's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cairn.core.extract.source import Lines, Source, clip, is_visible
from cairn.core.extract.text.plain import groups
from cairn.core.extract.web.page import read_page
from cairn.core.records import Block, Document

SHOWN = ("Subject", "From", "To", "Cc", "Date")
_WROTE = re.compile(
    r"On\s.{5,120}?[,\s]\s?(?:[AP]M,?\s)?([^,<>:\d]{2,60}?)\s*(?:<[^>]*>\s*)?wrote:|"
    r"Am\s.{5,120}?\sschrieb\s([^,<>:\d]{2,60}?)\s*(?:<[^>]*>\s*)?:"
)
_REPLY_MARKS = re.compile(
    r"(?:(?:re|fwd?|aw|wg|sv|vs|antw|tr|rv|rif|ref|odp|enc|回复|答复|转发)"
    r"\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:：]\s?)+",
    re.IGNORECASE,
)
_STUB = re.compile(
    r"\b(?:view|read|open|see)\b.{0,60}\b(?:browser|online|html|web version)\b|"
    r"\bim browser\b|\bhtml[- ](?:e-?)?mail\b|(?:does not|doesn't|not) support html|"
    r"\bnavegador\b|\bnavigateur\b",
    re.IGNORECASE,
)
_STUB_CHARS = 300
_FAR_SHORTER = 5


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    kind: str
    load: Callable[[], bytes]
    open: Callable[[Source], Document] | None = None
    """Reads it where it has no bytes of its own, such as a mail in a file of Outlook's."""


@dataclass(frozen=True, slots=True)
class Letter:
    headers: tuple[tuple[str, str], ...]
    """Those that are shown, in order."""
    body: str
    who: str
    when: str
    attachments: tuple[Attachment, ...] = ()
    note: str = ""

    @property
    def subject(self) -> str:
        return next((value for name, value in self.headers if name == "Subject"), "")

    @property
    def thread(self) -> tuple[str, ...]:
        """The subject as all mails of a conversation share it, as a heading."""
        subject = clip(_REPLY_MARKS.sub("", self.subject.lstrip(), count=1))
        return (subject,) if subject else ()

    @property
    def text(self) -> str:
        head = "\n".join(f"{name}: {value}" for name, value in self.headers)
        return f"{head}\n\n{self.body}".strip() if self.body else head


def best_body(plain: str, pages: list[str]) -> str:
    """The plain text, unless it is only there to send people to the HTML."""
    if not is_visible(plain) or (pages and _may_be_stub(plain, sum(map(len, pages)))):
        page = "\n\n".join(text for html in pages if is_visible(text := read_page(html).text))
        if page and (not is_visible(plain) or _is_stub(plain, page)):
            return page
    return plain


def _may_be_stub(plain: str, html_chars: int) -> bool:
    """Cheap: markup is longer than its text, so most pages need not be read to know."""
    return html_chars > _FAR_SHORTER * len(plain) or len(plain) < _STUB_CHARS


def _is_stub(plain: str, page: str) -> bool:
    if len(plain) < _STUB_CHARS and len(page) > len(plain) and _STUB.search(plain):
        return True
    return len(page) > _FAR_SHORTER * len(plain) + _STUB_CHARS


def letter_blocks(lines: Lines, letter: Letter, *, dated: bool = False) -> Iterator[Block]:
    """The header lines, then paragraphs; `dated` where the document has mails of many days."""
    who, heading = letter.who, letter.thread
    when = letter.when if dated else ""
    quoted_who = f"quoted by {who}" if who else ""
    for first, last in groups(lines.rows, 0, len(lines.rows)):
        for start, end, quoted in _by_quoting(lines.rows, first, last):
            if not quoted and (found := _WROTE.match(" ".join(lines.rows[start:end])[:300])):
                quoted_who = (found[1] or found[2]).strip(" \"'")
            block = lines.block(start, end)
            speaker = quoted_who if quoted else who
            yield Block(block.start, block.end, heading, when=when, who=speaker)


def _by_quoting(rows: tuple[str, ...], first: int, last: int) -> Iterator[tuple[int, int, bool]]:
    start = first
    for at in range(first + 1, last + 1):
        quoted = rows[start].startswith(">")
        if at == last or rows[at].startswith(">") != quoted:
            yield start, at, quoted
            start = at
