"""Presentations: slides in the order they are shown, with all that hangs on them."""

from __future__ import annotations

from pathlib import Path

from tests.extract.checks import check_chunks, read
from tests.extract.office_maker import NAMES, A, C, links, package


def shape(text: str, role: str = "") -> str:
    place = f'<p:ph type="{role}"/>' if role else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def tree(root: str, *shapes: str) -> str:
    inside = "".join(shapes)
    return f"<p:{root} {NAMES}><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:{root}>"


def row(*cells: str) -> str:
    inside = "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc>"
        for cell in cells
    )
    return f"<a:tr>{inside}</a:tr>"


def deck() -> bytes:
    table = f'<a:tbl><a:tblPr firstRow="1"/>{row("Item", "Price")}{row("Soil", "12")}</a:tbl>'
    chart = '<c:chart r:id="rId2"/>'
    values = "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate((0.1, 3)))
    return package(
        {
            "_rels/.rels": links(rId1="officeDocument=ppt/presentation.xml"),
            "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>"
            '<p:sldId r:id="rId2"/><p:sldId r:id="rId1"/><p:sldId r:id="rId9"/>'
            "</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": links(
                rId1="slide=s1.xml", rId2="slide=s2.xml", rId3="commentAuthors=people.xml"
            ),
            "ppt/people.xml": f'<p:cmAuthorLst {NAMES}><p:cmAuthor id="0" name="Bo"/>'
            "</p:cmAuthorLst>",
            "ppt/s1.xml": tree(
                "sld",
                shape("7", "sldNum"),
                shape("Water daily\nAnd early", "body"),
                shape("Summer", "title"),
                f"<p:graphicFrame>{table}</p:graphicFrame>",
                f"<p:graphicFrame>{chart}</p:graphicFrame>",
            ),
            "ppt/s2.xml": tree("sld", shape("Hello", "ctrTitle"), shape("A welcome")),
            "ppt/_rels/s1.xml.rels": links(
                rId1="notesSlide=notes.xml", rId2="chart=chart.xml", rId3="comments=c.xml"
            ),
            "ppt/notes.xml": tree("notes", shape("Speak slowly", "body"), shape("1", "sldNum")),
            "ppt/c.xml": f'<p:cmLst {NAMES}><p:cm authorId="0" dt="2026-05-01T10:00:00">'
            "<p:text>Shorter!</p:text></p:cm></p:cmLst>",
            "ppt/chart.xml": f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart><c:title><a:t>'
            "Rain</a:t></c:title><c:ser><c:tx><c:v>mm</c:v></c:tx><c:cat><c:strCache>"
            '<c:pt idx="0"><c:v>May</c:v></c:pt><c:pt idx="1"><c:v>June</c:v></c:pt>'
            f"</c:strCache></c:cat><c:val><c:numCache>{values}</c:numCache></c:val></c:ser>"
            "</c:chart></c:chartSpace>",
        }
    )


def test_slides_with_everything(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pptx", deck())
    shown = [(document.text[b.start : b.end], b.heading) for b in document.blocks]
    assert shown[0] == ("Hello\n\nA welcome", ("Hello",))
    assert shown[1] == ("Summer\n\nWater daily", ("Summer",))
    assert [text for text, _ in shown[2:]] == [
        "And early",
        "Item | Price\nSoil | 12",
        "Chart: Rain",
        "| mm\nMay | 0.1",
        "June | 3",
        "Speak slowly",
        "Comment by Bo: Shorter!",
    ]
    contexts = [block.context for block in document.blocks]
    assert "Item | Price" in contexts and "speaker notes" in contexts
    assert (document.blocks[-1].who, document.blocks[-1].when[:10]) == ("Bo", "2026-05-01")
    assert {chunk.span.unit for chunk in check_chunks(document)} == {"s"}
    assert document.places[-1].number == 2 and document.kind == "slides"
    assert document.note == "1 of its slides are damaged"
