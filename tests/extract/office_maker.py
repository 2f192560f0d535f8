"""Small office documents for tests: parts in, the bytes of a ZIP container out."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMES = f'xmlns:w="{W}" xmlns:a="{A}" xmlns:p="{P}" xmlns:c="{C}" xmlns:r="{R}" xmlns:m="{M}"'
NAMES = f'{_NAMES} xmlns:mc="{MC}"'
ODF_NAMES = " ".join(
    f'xmlns:{short}="{ODF}:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("presentation", "presentation"), ("meta", "meta"), ("style", "style"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
CORE = (
    '<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:cp="http://schemas.openxmlformats.org/'
    'package/2006/metadata/core-properties"><dc:title>Garden plan</dc:title>'
    "<dc:creator>Ann</dc:creator><dcterms:created>2026-03-02T18:20:00Z</dcterms:created>"
    "</cp:coreProperties>"
)


def package(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            container.writestr(name, content, kind)
    return buffer.getvalue()


def links(**targets: str) -> str:
    """Relations by id: `rId1="slide=slides/slide1.xml"`."""
    rows = ""
    for key, value in targets.items():
        kind, _, target = value.partition("=")
        rows += f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_LINKS}">{rows}</Relationships>'


def docx(body: str, **parts: str) -> bytes:
    """`parts` are styles, numbering, footnotes, comments, header and the like, by name."""
    found: dict[str, str | bytes] = {
        "_rels/.rels": links(rId1="officeDocument=word/document.xml", rId2="core-properties=c.xml"),
        "c.xml": CORE,
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": links(
            **{f"rId{name}": f"{name}={name}.xml" for name in parts}
        ),
    }
    for name, content in parts.items():
        found[f"word/{name}.xml"] = f"<w:{name} {NAMES}>{content}</w:{name}>"
    return package(found)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(*sheets: str, **parts: str) -> bytes:
    """Sheets named A, B, … from their `sheetData`; `parts` are further members by name."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, (name, _) in enumerate(zip("ABCDEF", sheets, strict=False), 1)
    )
    targets = {f"rId{n + 1}": f"worksheet=worksheets/s{n + 1}.xml" for n in range(len(sheets))}
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"/>',
        "_rels/.rels": links(rId1="officeDocument=xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{X}" xmlns:r="{R}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": links(**targets, rIdS="styles=styles.xml"),
        "xl/styles.xml": f'<styleSheet xmlns="{X}"><numFmts><numFmt numFmtId="170" formatCode='
        '"#,##0.00\\ &quot;€&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    }
    for number, data in enumerate(sheets, 1):
        found[f"xl/worksheets/s{number}.xml"] = (
            f'<worksheet xmlns="{X}"><sheetData>{data}</sheetData></worksheet>'
        )
    found.update(parts)
    return package(found)


def row(number: int, *values: str | float | None, styles: str = "") -> str:
    """A row of a sheet; `styles` has a digit for each cell."""
    cells = ""
    for at, value in enumerate(values):
        name = f"{chr(65 + at)}{number}"
        style = f' s="{styles[at]}"' if at < len(styles) else ""
        if isinstance(value, str):
            cells += f'<c r="{name}"{style} t="inlineStr"><is><t>{value}</t></is></c>'
        elif value is not None:
            cells += f'<c r="{name}"{style}><v>{value}</v></c>'
    return f'<row r="{number}">{cells}</row>'


def odf(kind: str, body: str, **parts: str) -> bytes:
    content = f"<office:document-content {ODF_NAMES}>{body}</office:document-content>"
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{ODF}:manifest:1.0"/>',
            **{f"{name}.xml": value for name, value in parts.items()},
        }
    )
