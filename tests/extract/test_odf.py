"""OpenDocument texts and presentations, zipped and flat."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read
from tests.extract.office_maker import ODF_NAMES, odf, package

TEXT = (
    "<office:body><office:text><text:tracked-changes><text:p>deleted</text:p>"
    '</text:tracked-changes><text:h text:outline-level="1">Beds</text:h>'
    '<text:p>Two<text:s text:c="999999999"/>words<text:note text:note-class="footnote">'
    "<text:note-citation>9</text:note-citation><text:note-body><text:p>In May</text:p>"
    "</text:note-body></text:note><office:annotation><dc:creator>Bo</dc:creator>"
    "<dc:date>2026-04-01T08:00:00</dc:date><text:p>Sure?</text:p></office:annotation></text:p>"
    "<text:list><text:list-item><text:p>soil</text:p><text:list><text:list-item>"
    "<text:p>dark</text:p></text:list-item></text:list></text:list-item></text:list>"
    "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Item</text:p>"
    "</table:table-cell><table:table-cell><text:p>Qty</text:p></table:table-cell></table:table-row>"
    '</table:table-header-rows><table:table-row table:number-rows-repeated="1000000">'
    "<table:table-cell><text:p>pots</text:p></table:table-cell><table:table-cell "
    'table:number-columns-repeated="16000"><text:p>3</text:p></table:table-cell></table:table-row>'
    "</table:table></office:text></office:body>"
)


def test_text_with_everything(tmp_path: Path) -> None:
    document = read(tmp_path, "2026-03-02 plan.odt", odf("text", TEXT))
    shown = [document.text[block.start : block.end] for block in document.blocks]
    assert shown[0].startswith("Beds\n\nTwo ") and shown[0].endswith(" words[1]")
    assert shown[1:5] == ["[1] In May", "Comment by Bo: Sure?", "- soil", "- dark"]
    assert shown[5].startswith("Item | Qty\npots | 3 | 3") and len(shown) == 6
    assert len(document.text) < 600 and "deleted" not in document.text
    assert document.blocks[2].who == "Bo" and document.blocks[2].when == "2026-04-01T08:00:00"
    assert {block.heading for block in document.blocks} == {("Beds",)}
    assert (document.when, document.title, document.kind) == ("2026-03-02", "Beds", "text")
    check_chunks(document)


def test_flat_files_are_read_too(tmp_path: Path) -> None:
    flat = f"<?xml version='1.0'?><office:document {ODF_NAMES}>{TEXT}</office:document>"
    assert "In May" in read(tmp_path, "a.fodt", flat).text
    assert "In May" in read(tmp_path, "a", flat).text


def test_slides(tmp_path: Path) -> None:
    def page(title: str, text: str) -> str:
        return (
            f"<draw:page><draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box>"
            '</draw:frame><draw:frame presentation:class="title"><draw:text-box>'
            f"<text:p>{title}</text:p></draw:text-box></draw:frame><presentation:notes>"
            '<draw:frame presentation:class="notes"><draw:text-box><text:p>Speak up</text:p>'
            "</draw:text-box></draw:frame></presentation:notes></draw:page>"
        )

    pages = page("Hello", "Welcome") + page("Soil", "Twelve bags")
    body = f"<office:body><office:presentation>{pages}</office:presentation></office:body>"
    document = read(tmp_path, "a.odp", odf("presentation", body))
    assert document.text.startswith("Hello\n\nWelcome\n\nSpeak up\n\nSoil\n\nTwelve bags")
    assert [place.number for place in document.places] == [1, 2]
    assert document.blocks[1].context == "speaker notes" and document.kind == "slides"


def test_a_password_is_named(tmp_path: Path) -> None:
    data = package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": b"\x01\x02\x03",
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
        }
    )
    with pytest.raises(ExtractError, match="protected by a password"):
        read(tmp_path, "a.odt", data)
