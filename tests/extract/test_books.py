"""E-books and XPS documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read
from tests.extract.office_maker import package

CONTAINER = '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>'
OPF = (
    '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Beds</dc:title>'
    "<dc:creator>Ann</dc:creator><dc:date>2019-05-01</dc:date></metadata><manifest>"
    '<item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    '</manifest><spine><itemref idref="b"/><itemref idref="a"/><itemref idref="x"/></spine>'
    "</package>"
)
NCX = (
    '<ncx><navMap><navPoint><navLabel><text>Before</text></navLabel><content src="b.xhtml#p1"/>'
    "</navPoint></navMap></ncx>"
)


def epub(**more: str) -> bytes:
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "O/b.opf": OPF,
            "O/toc.ncx": NCX,
            "O/a b.xhtml": "<html><head><title/><script src='x'/></head><body><h1>Soil</h1>"
            "<p>Twelve bags.</p></body></html>",
            "O/b.xhtml": "<html><body><p>No heading here.</p><p>Two.</p></body></html>",
            **{name.replace("__", "/") + ".xml": text for name, text in more.items()},
        }
    )


def test_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    document = read(tmp_path, "a.epub", epub())
    shown = [(document.text[b.start : b.end], b.heading) for b in document.blocks]
    assert shown == [
        ("No heading here.", ("Before",)),
        ("Two.", ("Before",)),
        ("Soil\n\nTwelve bags.", ("Soil",)),
    ]
    assert (document.title, document.who, document.when) == ("The Beds", "Ann", "2019-05-01")
    assert document.kind == "book"
    assert [chunk.span.locator for chunk in check_chunks(document)] == ["n1-n2", "n3"]


def test_copy_protection_is_named(tmp_path: Path) -> None:
    locked = '<encryption><EncryptionMethod Algorithm="aes"/></encryption>'
    with pytest.raises(ExtractError, match="protected against copying") as caught:
        read(tmp_path, "a.epub", epub(**{"META-INF__encryption": locked}))
    assert caught.value.skipped


def test_a_fictionbook_plain_and_zipped(tmp_path: Path) -> None:
    book = (
        '<?xml version="1.0" encoding="windows-1251"?><FictionBook><description><title-info>'
        "<author><first-name>Анна</first-name><last-name>К.</last-name></author>"
        "<book-title>Сад</book-title><date>2019-05-01</date></title-info></description><body>"
        "<section><title><p>Весна</p></title><section><title><p>Май</p></title><p>Две грядки.</p>"
        "</section></section></body><binary>AAAA</binary></FictionBook>"
    ).encode("cp1251")
    for name, data in (("a.fb2", book), ("a.fb2.zip", package({"x.fb2": book})), ("b", book)):
        document = read(tmp_path, name, data)
        assert document.text == "Весна\n\nМай\n\nДве грядки."
        assert document.blocks[-1].heading == ("Весна", "Май")
        assert (document.title, document.who) == ("Сад", "Анна К.")
    torn = read(tmp_path, "torn.fb2", book[: book.index(b"</section>")])
    assert "грядки" in torn.text and "damaged" in torn.note


def test_xps_pages_are_put_together_from_glyphs(tmp_path: Path) -> None:
    def run(text: str, x: int, y: int) -> str:
        return (
            f'<Glyphs UnicodeString="{text}" OriginX="{x}" OriginY="{y}" FontRenderingEmSize="10"/>'
        )

    page = (
        run("Two", 0, 10) + run("words", 20, 10) + run("be", 0, 24) + run("low", 10, 24)
        + run("Far", 0, 200)
    )  # fmt: skip
    data = package(
        {
            "FixedDocSeq.fdseq": '<FixedDocumentSequence><DocumentReference Source="/D/f.fdoc"/>'
            "</FixedDocumentSequence>",
            "D/f.fdoc": '<FixedDocument><PageContent Source="1.fpage"/><PageContent Source='
            '"2.fpage"/></FixedDocument>',
            "D/1.fpage": f'<FixedPage><Canvas RenderTransform="2,0,0,2,5,5">{page}</Canvas>'
            "</FixedPage>",
            "D/2.fpage": f"<FixedPage>{run('{}{Last}', 0, 0)}</FixedPage>",
        }
    )
    document = read(tmp_path, "a.oxps", data)
    assert document.text == "Two words\nbelow\n\nFar\n\n{Last}"
    assert [(place.unit, place.number) for place in document.places] == [("p", 1), ("p", 2)]
