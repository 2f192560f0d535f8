"""The first bytes and member names of a file → the suffix that its content deserves.

Called by `families` for files without a telling name, and for documents that are something else
behind theirs. It may be given only a file's beginning, and then knows less.
"""

from __future__ import annotations

import io
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MIMETYPES = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"mimetypeapplication/epub+zip", "epub"),
    (b"mimetypeapplication/hwp+zip", "hwpx"),
)
_MEMBERS = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("META-INF/container.xml", "epub"),
    ("FixedDocSeq.fdseq", "xps"),
    ("FixedDocumentSequence.fdseq", "xps"),
    ("Index/Document.iwa", "pages"),
)
_ROOTS = (
    (b"<FictionBook", "fb2"),
    (b"<office:document", "fodt"),
    (b"<en-export", "enex"),
)
_STREAMS = (
    ("EncryptedPackage", "docx"),
    ("__substg1.0_", "msg"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("HwpSummaryInformation", "hwp"),
    ("Book", "xls"),
)


def content_suffix(data: bytes) -> str:
    """Such as `docx`; "" when the content says nothing."""
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(OLE):
        return next((suffix for name, suffix in _STREAMS if name.encode("utf-16-le") in data), "")
    if data.startswith(ZIP):
        return _in_zip(data)
    if data.startswith(b"\xffWPC"):
        return "wpd"
    head = data[:1024]
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") or head.startswith(b"<"):
        return next((suffix for mark, suffix in _ROOTS if mark in head), "")
    return ""


def _in_zip(data: bytes) -> str:
    for mark, suffix in _MIMETYPES:
        if mark in data[:200]:
            return suffix
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        return ""
    return next((suffix for name, suffix in _MEMBERS if name in names), "")
