"""A mailbox file (mbox) → its mails one below the other, each with its subject, day and sender.

Called by `extract` for mbox files, Thunderbird's folders and Gmail's export. A citation names the
number of the mail in the file. Time is linear; where there is more text than can be kept, the last
mails of the file stay, which are the newest in most programs.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cairn.core.extract.dates import find_date
from cairn.core.extract.mail.attachments import Gathering
from cairn.core.extract.mail.letter import Letter, letter_blocks
from cairn.core.extract.mail.message import read_letter
from cairn.core.extract.mail.mime import Mime, header, read_mime
from cairn.core.extract.source import Lines, Source, is_visible, join_notes
from cairn.core.records import Block, Document, Place

_MARK = b"From "
# After the envelope's line comes a header; a sentence that begins with "From" is no new mail.
_BEGIN = re.compile(
    rb"From [^\r\n]{0,400}?(?P<day> [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d[^\r\n]{0,60})?"
    rb"\r?\n(?:>From |[!-9;-~]{1,80}:)"
)
_FIRST = re.compile(rb"From [^\r\n]{0,400}\r?\n")
_ESCAPED = re.compile(r"^>(>*From )", re.MULTILINE)
_MOST_MAILS = 100_000
_DELETED = 0x0008
_DISCARDED = frozenset(  # as Gmail calls it in the account's language
    "Trash Spam Papierkorb Corbeille Papelera Cestino Prullenbak Lixeira Kosz Papirkurv".split()
)
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class _Mail:
    number: int
    letter: Letter
    text: str


def read_mailbox(source: Source) -> Document:
    counts: Counter[str] = Counter()
    mails = _newest(source, counts)
    blocks: list[Block] = []
    places: list[Place] = []
    size = 0
    for mail in mails:
        places.append(Place(size, "m", mail.number))
        blocks += _shifted(mail, size)
        size += len(mail.text) + len(_GAP)
    parts = Gathering(source, size)
    for mail in reversed(mails):
        parts.take(mail.letter, mail.letter.when, prefix=f"{mail.number}_")
    return Document(
        uri=source.uri,
        kind="mail",
        title=source.stem,
        text=_GAP.join(mail.text for mail in mails),
        places=tuple(places) or (Place(0, "m", 1),),
        blocks=tuple(blocks),
        when=find_date(source.name),
        origin="other",
        note=join_notes(*_notes(counts), parts.note),
        parts=parts.documents,
    )


def _newest(source: Source, counts: Counter[str]) -> deque[_Mail]:
    """As many of the last mails as the limits allow."""
    mails: deque[_Mail] = deque()
    size = 0
    for mail in _mails(source.data, counts):
        mails.append(mail)
        size += len(mail.text) + len(_GAP)
        while size - len(_GAP) > source.max_chars or len(mails) > _MOST_MAILS:
            size -= len(mails.popleft().text) + len(_GAP)
            counts["left out"] += 1
    return mails


def _mails(data: bytes, counts: Counter[str]) -> Iterator[_Mail]:
    view = memoryview(data)
    seen: set[str] = set()
    starts = list(_starts(data))
    if left := len(starts) - 3 * _MOST_MAILS:
        counts["left out"] += max(0, left)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), 1):
        if len(starts) - number >= 3 * _MOST_MAILS:
            continue
        envelope = _FIRST.match(data, start, end)
        try:
            letter, problem = _read(view[envelope.end() if envelope else start : end], seen)
        except Exception:  # one broken mail costs itself only
            letter, problem = None, "broken"
        if letter is None:
            counts[problem] += 1
        else:
            yield _Mail(number, letter, letter.text)


def _starts(data: bytes) -> Iterator[int]:
    """Where each mail's envelope line begins."""
    at = 0
    while at >= 0:
        yield at
        at = next_mail(data, at)


def next_mail(data: bytes, at: int) -> int:
    """Where the first mail after the place `at` begins; -1 for none."""
    at = data.find(b"\n" + _MARK, at)
    while at >= 0:
        found = _BEGIN.match(data, at + 1)
        after_blank = data[max(0, at - 2) : at].endswith((b"\n", b"\n\r"))
        if found and (after_blank or found["day"]):
            return at + 1
        at = data.find(b"\n" + _MARK, at + 1)
    return -1


def _read(view: memoryview, seen: set[str]) -> tuple[Letter | None, str]:
    """The mail, or why it is passed over."""
    mime = read_mime(view)
    if is_deleted(mime):
        return None, "deleted"
    if identity := header(mime.headers, "Message-ID"):
        if identity in seen:
            return None, "doubled"
        seen.add(identity)
    letter = read_letter(mime)
    if not is_visible(letter.body + letter.subject) and not letter.attachments:
        return None, "empty"
    return replace(letter, body=unescape(letter.body)), ""


def is_deleted(mime: Mime) -> bool:
    """Deleted mails stay in Thunderbird's file until it is compacted, and in Gmail's export."""
    status = header(mime.headers, "X-Mozilla-Status")
    try:
        if status and int(status, 16) & _DELETED:
            return True
    except ValueError:
        pass
    labels = header(mime.headers, "X-Gmail-Labels").split(",")
    return not _DISCARDED.isdisjoint(label.strip() for label in labels)


def unescape(body: str) -> str:
    """Lines that would have looked like an envelope were marked when the mail was put here."""
    return _ESCAPED.sub(r"\1", body)


def _shifted(mail: _Mail, offset: int) -> Iterator[Block]:
    for block in letter_blocks(Lines.of(mail.text), mail.letter, dated=True):
        yield replace(block, start=block.start + offset, end=block.end + offset)


def _notes(counts: Counter[str]) -> Iterator[str]:
    skipped = [
        f"{_mails_of(counts[why])} {words}"
        for why, words in (
            ("deleted", "in the trash or spam"),
            ("empty", "without content"),
            ("doubled", "seen before"),
        )
        if counts[why]
    ]
    if skipped:
        yield "skipped " + ", ".join(skipped)
    if count := counts["broken"]:
        yield f"{_mails_of(count)} could not be read"
    if count := counts["left out"]:
        yield f"the first {_mails_of(count)} left out: there is more text than can be kept"


def _mails_of(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"
