"""Lines of text → the bytes of a small valid PDF, for tests and the demo.

One page per string, one text line per line, in Helvetica with WinAnsi encoding; characters that
encoding lacks become "?".
"""

from __future__ import annotations

_LEADING = 14
_TOP = 780


def make_pdf(pages: list[str]) -> bytes:
    """A PDF 1.4 file with a page tree, one font, and a cross-reference table."""
    first_page = 4
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, page in enumerate(pages):
        content = _draw(page)
        stream = first_page + 2 * n + 1
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {stream} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    return _assemble(objects)


def _draw(page: str) -> bytes:
    """A content stream; blank lines leave a gap of their height."""
    rows = [b"BT /F1 11 Tf %d TL 56 %d Td" % (_LEADING, _TOP)]
    for line in page.split("\n"):
        text = line.encode("cp1252", "replace")
        for special in (b"\\", b"(", b")"):
            text = text.replace(special, b"\\" + special)
        rows.append(b"(%b) Tj T*" % text if text.strip() else b"T*")
    return b"\n".join([*rows, b"ET"])


def _assemble(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
