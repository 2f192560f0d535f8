"""Bookmarks as browsers export them: one block each, under its folders, with the day of adding."""

from __future__ import annotations

from pathlib import Path

from tests.extract.checks import check_chunks, read

HEAD = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n"
PAGE = (
    HEAD
    + """<DL><p>
    <DT><A HREF="https://example.org/a?x=1&amp;y=2" ADD_DATE="1456433748">Top</A>
    <DT><H3 ADD_DATE="1456433722">Boats</H3>
    <DD>Everything that floats
    <DL><p>
        <DT><A HREF="https://example.org/b" TAGS="sea, red ,">Ropes &amp; knots</A>
        <DD>How to tie them
  - bowline
        <DT><H3>Old</H3>
        <DL><p>
            <DT><A HREF="https://example.org/c" ADD_DATE="1456433748000000">Schooner</A>
        </DL><p>
    </DL><p>
    <HR>
    <DT><A HREF="https://example.org/d" ADD_DATE="10/Oct/2000:13:55:36 +0300">Last</A>
</DL><p>
"""
)


def test_a_bookmark_is_its_title_address_description_and_tags(tmp_path: Path) -> None:
    document = read(tmp_path, "bookmarks.html", PAGE)
    text = [document.text[block.start : block.end] for block in document.blocks]
    assert text == [
        "Top\nhttps://example.org/a?x=1&y=2",
        "Boats\n\nEverything that floats",
        "Ropes & knots\nhttps://example.org/b\nHow to tie them\n  - bowline\nTags: sea, red",
        "Old\n\nSchooner\nhttps://example.org/c",
        "Last\nhttps://example.org/d",
    ]
    assert (document.title, document.kind) == ("Bookmarks", "web")
    check_chunks(document)


def test_folders_are_headings_and_end_where_their_list_does(tmp_path: Path) -> None:
    document = read(tmp_path, "bookmarks.htm", PAGE)
    assert [block.heading for block in document.blocks] == [
        (), ("Boats",), ("Boats",), ("Boats", "Old"), (),
    ]  # fmt: skip


def test_the_day_of_adding_is_read_in_every_form(tmp_path: Path) -> None:
    document = read(tmp_path, "bookmarks.htm", PAGE)
    assert [block.when for block in document.blocks] == [
        "2016-02-25T20:55:48+00:00", "", "", "2016-02-25T20:55:48+00:00", "2000-10-10",
    ]  # fmt: skip


def test_a_citation_names_the_line_of_the_bookmark(tmp_path: Path) -> None:
    document = read(tmp_path, "bookmarks.htm", PAGE)
    rows = PAGE.split("\n")
    at = {place.start: place.number for place in document.places}
    for block, words in zip(document.blocks, ("Top", "Boats", "Ropes", "Old", "Last"), strict=True):
        assert words in rows[at[block.start] - 1]


def test_a_long_icon_hides_neither_address_nor_tags(tmp_path: Path) -> None:
    icon = "data:image/png;base64," + "iVBORw0KGgo" * 4000
    link = f'<DT><A ICON="{icon}" HREF="https://example.org/{"p" * 900}" TAGS="x">Long</A>'
    document = read(tmp_path, "b.htm", HEAD + "<DL><p>" + link)
    assert document.text == f"Long\nhttps://example.org/{'p' * 900}\nTags: x"


def test_a_list_without_an_extension_is_known_by_its_content(tmp_path: Path) -> None:
    assert len(read(tmp_path, "bookmarks", PAGE).blocks) == 5
    page = PAGE.replace("NETSCAPE-Bookmark-file-1", "html")
    assert "https" not in read(tmp_path, "b.html", page).text  # any other page shows no addresses


def test_lists_that_are_not_closed_are_still_read(tmp_path: Path) -> None:
    nested = "<DL><p><DT><H3>deep</H3>" * 500 + '<DL><DT><A HREF="https://example.org/z">End'
    document = read(tmp_path, "b.htm", HEAD + nested)
    assert document.text.endswith("End\nhttps://example.org/z")
    closed = "</DL>" * 50 + '<DT><A HREF="https://example.org/z">End</A>'
    assert read(tmp_path, "b.htm", HEAD + closed).blocks[0].heading == ()


def test_a_hundred_thousand_open_tags_take_no_long(tmp_path: Path) -> None:
    hostile = '<A HREF="https://example.org/z">End</A>' + "<a href=" * 100_000
    assert "https://example.org/z" in read(tmp_path, "b.htm", HEAD + hostile).text
