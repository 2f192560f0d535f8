"""An Outlook item (.msg) → the same text as any mail, its attachments as parts.

Called by `extract`. Read from the MAPI properties in its OLE storages; a citation names the
paragraph. A mail inside the mail is a storage of the same file and is read in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.mail.attachments import Gathering
from cairn.core.extract.mail.compressed_rtf import unpack_rtf
from cairn.core.extract.mail.letter import Attachment, Letter, best_body, letter_blocks
from cairn.core.extract.mail.mapi import OBJECT, Item, open_item, stream_name
from cairn.core.extract.mail.message import moment, sender_name
from cairn.core.extract.mail.mime import header, read_mime
from cairn.core.extract.office.rtf import rtf_text
from cairn.core.extract.source import (
    Lines,
    Source,
    clip,
    is_visible,
    join_notes,
    limited,
)
from cairn.core.records import Document, Place

_CLASS, _SUBJECT, _BODY, _HTML, _RTF = 0x001A, 0x0037, 0x1000, 0x1013, 0x1009
_SENDER_NAME, _SENDER_SMTP, _SENDER_ADDRESS = 0x0C1A, 0x5D01, 0x0C1F
_FOR_NAME, _FOR_SMTP, _FOR_ADDRESS = 0x0042, 0x5D02, 0x0065
_SHOWN_TO, _SHOWN_CC, _TRANSPORT = 0x0E04, 0x0E03, 0x007D
_SUBMITTED, _DELIVERED, _STARTS, _ENDS = 0x0039, 0x0E06, 0x0060, 0x0061
_NAME, _ADDRESS, _SMTP, _RECIPIENT_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
_DATA, _LONG_FILE, _FILE, _MIME, _CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
_ICON_BYTES = 8000


def read_outlook(source: Source) -> Document:
    return _document(open_item(source.data), source)


def read_outlook_store(source: Source) -> Document:
    raise ExtractError(
        "needs-tool",
        "reading Outlook's stores needs `readpst`: it turns one into mailbox files, which "
        "cairn reads",
        skipped=True,
    )


def _document(item: Item, source: Source) -> Document:
    letter = _letter(item)
    lines = Lines.of(limited(letter.text, source.max_chars))
    blocks = tuple(letter_blocks(lines, letter))
    if not blocks or not is_visible(lines.text):
        raise ExtractError("no-text", "it holds no visible text", skipped=True)
    when = letter.when or find_date(source.name)
    parts = Gathering(source, len(lines.text))
    parts.take(letter, when)
    places = [Place(block.start, "n", number) for number, block in enumerate(blocks, start=1)]
    return Document(
        uri=source.uri,
        kind="mail",
        title=clip(letter.subject) or source.stem,
        text=lines.text,
        places=(Place(0, "n", 1), *places[1:]),
        blocks=blocks,
        when=when,
        who=letter.who,
        origin="other",
        note=join_notes(letter.note, parts.note),
        parts=parts.documents,
    )


def _letter(item: Item) -> Letter:
    transport = read_mime(item.text(_TRANSPORT).encode()).headers
    sender, who = _sender(item, transport)
    when = moment(header(transport, "Date")) or item.time(_SUBMITTED) or item.time(_DELIVERED)
    people = list(item.below("__recip_version1.0_"))
    attachments = list(_attachments(item))
    starts = item.time(_STARTS) if "appointment" in item.line(_CLASS).lower() else ""
    headers = (
        ("Subject", item.line(_SUBJECT)),
        ("From", sender),
        ("To", _recipients(people, 1) or item.line(_SHOWN_TO)),
        ("Cc", _recipients(people, 2) or item.line(_SHOWN_CC)),
        ("Date", header(transport, "Date") or when),
        ("When", " to ".join(time for time in (starts, item.time(_ENDS)) if time and starts)),
        ("Attachments", ", ".join(attachment.name for attachment in attachments)),
    )
    body, note = _body(item)
    return Letter(
        headers=tuple((name, value) for name, value in headers if value),
        body=body,
        who=who,
        when=when,
        attachments=tuple(attachments),
        note=note,
    )


def _sender(item: Item, transport: Message) -> tuple[str, str]:
    """Whom the mail is from, with the address and without.

    An assistant who sends for somebody else is only the sender.
    """
    for name, smtp, address in (
        (_FOR_NAME, _FOR_SMTP, _FOR_ADDRESS),
        (_SENDER_NAME, _SENDER_SMTP, _SENDER_ADDRESS),
    ):
        if found := _person(item.line(name), item.line(smtp) or item.line(address)):
            shown = item.line(name)
            return found, sender_name(shown) if "<" in shown else clip(shown or found)
    found = header(transport, "From")
    return found, sender_name(found)


def _person(name: str, address: str) -> str:
    if address.startswith("/"):  # an address inside somebody's Exchange, which nobody knows
        address = ""
    if name and address and address.lower() not in name.lower():
        return f"{name} <{address}>"
    return name or address


def _recipients(people: list[Item], kind: int) -> str:
    found = [
        _person(person.line(_NAME), person.line(_SMTP) or person.line(_ADDRESS))
        for person in people
        if person.number(_RECIPIENT_KIND) == kind
    ]
    return ", ".join(name for name in found if name)


def _body(item: Item) -> tuple[str, str]:
    html = item.page(_HTML)
    body = best_body(item.text(_BODY), [html] if html else [])
    if not is_visible(body):
        body = rtf_text(unpack_rtf(item.binary(_RTF)))
    note = "some of its text could not be decoded" if "\ufffd" in body else ""
    if "smime" in item.line(_CLASS).lower() and not is_visible(body):
        note = "its content is encrypted"
    return body.strip("\n"), note


def _attachments(item: Item) -> Iterator[Attachment]:
    for number, found in enumerate(item.below("__attach_version1.0_"), start=1):
        name = found.line(_LONG_FILE) or found.line(_FILE) or found.line(_NAME)
        inner = stream_name(_DATA, OBJECT)
        if inner in found.children:
            yield _inner_mail(found, inner, name or f"mail {number}")
        elif not (found.line(_CONTENT_ID) and len(found.binary(_DATA)) < _ICON_BYTES):
            yield Attachment(
                clip(name) or f"attachment {number}",
                found.line(_MIME).lower(),
                lambda found=found: found.binary(_DATA),  # type: ignore[misc]
            )


def _inner_mail(found: Item, inner: str, name: str) -> Attachment:
    mail = found.inner(inner)
    title = clip(mail.line(_SUBJECT) or name)
    title = title if title.lower().endswith(".msg") else title + ".msg"
    return Attachment(
        title,
        "application/vnd.ms-outlook",
        load=lambda: b"",
        open=lambda source: _document(mail, source),
    )
