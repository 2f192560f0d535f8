"""Which reader takes which file: by its name, else by how it begins.

A family is one way of reading. Its reader, `Source -> Document`, is named and imported when it is
needed, so that a library for spreadsheets costs nobody who has none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from cairn.core.extract.sniff import content_suffix
from cairn.core.extract.source import Source, is_log
from cairn.core.records import Document


@dataclass(frozen=True, slots=True)
class Family:
    reader: str
    """`module:function`, below `cairn.core`."""
    words: str
    """What such a file is called in messages."""
    suffixes: str = ""
    names: str = ""
    """Whole names, without an extension, that mean this family."""
    max_mb: int = 0
    """Where such files may be larger than the general limit."""

    def read(self, source: Source) -> Document:
        module, _, function = self.reader.partition(":")
        read: Callable[[Source], Document] = getattr(
            import_module(f"cairn.core.{module}"), function
        )
        return read(source)


PLAIN = Family(
    "extract.text.plain:read_plain", "text", "txt text log",
    "readme license licence copying authors todo notes changelog changes news",
)  # fmt: skip
CODE = Family(
    "extract.text.code:read_code", "source code",
    "py pyi js mjs cjs ts tsx jsx c h cc cpp cxx hpp hh rs go java kt kts rb sh bash zsh fish "
    "sql css scss swift lua pl pm r jl scala cs php ex exs hs clj el vim cmake",
    "makefile gnumakefile dockerfile containerfile justfile",
)  # fmt: skip
WEB = Family("extract.web.page:read_web", "web page", "html htm xhtml")
MAIL = Family("extract.mail.message:read_mail", "mail", "eml emlx")
MAILBOX = Family("extract.mail.mailbox:read_mailbox", "mailbox", "mbox mbx", max_mb=200)
CALENDAR = Family("extract.mail.calendar:read_calendar", "calendar", "ics ical vcs")
CONTACTS = Family("extract.mail.contacts:read_contacts", "contacts", "vcf vcard")
PDF = Family("extract.pdf.document:read_pdf", "PDF", "pdf")
# Packages of programs (jar, apk, whl) are ZIPs too, but nothing that a person wants listed.
ARCHIVE = Family(
    "extract.media.archives:read_archive", "archive",
    "zip tar tgz tbz tbz2 txz 7z rar textpack bear2bk", max_mb=100,
)  # fmt: skip
TURNS = Family("chats.turns:read_turns", "conversation", "turns.jsonl")

FAMILIES = (
    PLAIN,
    CODE,
    WEB,
    MAIL,
    MAILBOX,
    CALENDAR,
    CONTACTS,
    PDF,
    TURNS,
    ARCHIVE,
    Family(
        "extract.media.pictures:read_picture",
        "picture",
        "jpg jpeg jpe png tif tiff webp gif heic heif avif",
        max_mb=50,
    ),
    Family(
        "extract.media.tags:read_media",
        "recording",
        "mp3 m4a m4b aac flac ogg oga opus wav wma aif aiff mp4 m4v mov",
        max_mb=100,
    ),
    Family("extract.text.subtitles:read_subtitles", "subtitles", "srt vtt sbv ass ssa"),
    Family("extract.text.notebook:read_notebook", "notebook", "ipynb"),
    Family("extract.text.xml_text:read_xml", "XML", "xml nxml rss atom opml kml gpx"),
    Family("extract.text.enex:read_enex", "Evernote notes", "enex", max_mb=200),
    Family("extract.web.mhtml:read_mhtml", "saved web page", "mhtml mht"),
    Family(
        "extract.text.markup:read_markup",
        "text",
        "md markdown org rst tex adoc asciidoc textile muse",
    ),
    Family("extract.text.data:read_config", "settings file", "toml yaml yml ini cfg conf"),
    Family("extract.text.data:read_json", "JSON", "json jsonl ndjson"),
    Family("extract.text.tables:read_table", "table", "csv tsv"),
    Family("extract.office.word:read_word", "Word document", "docx docm dotx dotm"),
    Family("extract.office.slides:read_slides", "presentation", "pptx pptm ppsx ppsm potx potm"),
    Family(
        "extract.office.sheets:read_sheets", "workbook", "xlsx xlsm xltx xltm xlsb xls xlt ods ots"
    ),
    Family("extract.office.odf:read_text", "text document", "odt ott fodt"),
    Family("extract.office.odf:read_slides", "presentation", "odp otp fodp"),
    Family("extract.office.rtf:read_rtf", "RTF document", "rtf"),
    Family("extract.office.epub:read_epub", "book", "epub"),
    Family("extract.office.fictionbook:read_fictionbook", "book", "fb2 fbz"),
    Family("extract.office.xps:read_xps", "XPS document", "xps oxps"),
    Family("extract.office.legacy:read_old_word", "old Word document", "doc dot"),
    Family("extract.office.legacy:read_old_slides", "old presentation", "ppt pps pot"),
    Family(
        "extract.office.legacy:read_foreign",
        "document",
        "wpd wps pages numbers key hwp hwpx sxw sxi sxc",
    ),
    Family("extract.mail.outlook:read_outlook", "mail", "msg oft"),
    Family("extract.mail.outlook:read_outlook_store", "Outlook store", "pst ost"),
)
_BY_SUFFIX = {suffix: family for family in FAMILIES for suffix in family.suffixes.split()}
_BY_NAME = {name: family for family in FAMILIES for name in family.names.split()}
# A mailbox begins with an envelope line and a header, a mail with headers.
_MAILBOX = re.compile(rb"from [^\r\n]{1,400}\r?\n(?:>from |[!-9;-~]{1,80}:)")
_HEADER = re.compile(rb"([!-9;-~]{1,80}):.*|[ \t].*")
_TYPICAL = frozenset(
    b"from to subject date received return-path delivered-to message-id mime-version "
    b"x-mozilla-status x-original-to".split()
)


def family_of(name: str, data: bytes) -> Family | None:
    return by_name(name) or _by_content(name, data)


def by_name(name: str) -> Family | None:
    lower = name.lower()
    if lower == "turns.jsonl" or lower.endswith(".turns.jsonl"):
        return TURNS
    if lower.endswith(".fb2.zip"):
        return for_suffix("fb2")
    if lower.endswith((".tar.gz", ".tar.bz2", ".tar.xz")):
        return ARCHIVE
    if is_log(lower):
        return PLAIN
    stem, suffix = os.path.splitext(lower)
    return _BY_SUFFIX.get(suffix[1:]) if suffix else _BY_NAME.get(stem)


def for_suffix(suffix: str) -> Family | None:
    return _BY_SUFFIX.get(suffix)


def _by_content(name: str, data: bytes) -> Family | None:
    """What a file with a foreign or no extension turns out to be."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return PDF
    if family := for_suffix(content_suffix(data)):
        return family
    if head.startswith((b"<!doctype html", b"<!doctype netscape-bookmark", b"<html")):
        return WEB
    if re.match(rb"#!\s*/", head):
        return CODE
    if _MAILBOX.match(head):
        return MAILBOX
    if head.startswith(b"begin:vcalendar"):
        return CALENDAR
    if head.startswith(b"begin:vcard"):
        return CONTACTS
    if _is_mail(data[:4096].lower()):
        return MAIL
    if not os.path.splitext(name)[1] and _is_utf8(data):
        return PLAIN
    return None


def _is_mail(head: bytes) -> bool:
    """Whether it begins with header lines, two of them typical: a file of a Maildir."""
    found: set[bytes] = set()
    for row in head.split(b"\n"):
        header = _HEADER.fullmatch(row.rstrip(b"\r"))
        if not header:
            break
        if header[1] in _TYPICAL:
            found.add(header[1])
        if len(found) == 2:
            return True
    return False


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
