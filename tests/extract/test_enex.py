"""Notes exported from Evernote: titles, days, tags, lists, tables, listings, attachments."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract.xmltree import read_each, words_of
from cairn.core.records import Document
from tests.extract.checks import check_chunks, read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE en-export SYSTEM "http://x/e4.dtd">\n'


def note(body: str, *, title: str = "Harbour", more: str = "") -> str:
    enml = f'<?xml version="1.0"?><!DOCTYPE en-note SYSTEM "enml2.dtd"><en-note>{body}</en-note>'
    return (
        f"<note><title>{title}</title><content><![CDATA[{enml}]]></content>"
        f"<created>20240112T072527Z</created><updated>20240301T080000Z</updated>{more}</note>"
    )


def export(*notes: str) -> str:
    return f'{HEAD}<en-export application="Evernote">{"".join(notes)}</en-export>'


def text_of(folder: Path, body: str) -> str:
    """What a note's body is read as, below its title."""
    document = read(folder, "n.enex", export(note(body)))
    return document.text.removeprefix("Harbour\n\n")


def resource(name: str, mime: str, data: bytes) -> str:
    return (
        f'<resource><data encoding="base64">{base64.b64encode(data).decode()}</data>'
        f"<mime>{mime}</mime><resource-attributes><file-name>{name}</file-name>"
        "</resource-attributes></resource>"
    )


def test_a_note_has_its_title_day_author_tags_and_source(tmp_path: Path) -> None:
    more = (
        "<tag>boats</tag><tag>north sea</tag><note-attributes><author>Ida</author>"
        "<source-url>https://example.org/quay</source-url></note-attributes>"
    )
    document = read(tmp_path, "n.enex", export(note("<div>The quay is closed.</div>", more=more)))
    assert (document.title, document.when, document.who) == (
        "Harbour", "2024-01-12T07:25:27+00:00", "Ida",
    )  # fmt: skip
    assert document.text == "Harbour\n\nSource: https://example.org/quay\n\nThe quay is closed."
    for block in document.blocks:
        assert block.heading == ("Harbour",)
        assert block.context == "tags: boats, north sea"
        assert (block.when[:10], block.who) == ("2024-01-12", "Ida")
    check_chunks(document)


def test_each_note_of_a_notebook_stands_under_its_own_title(tmp_path: Path) -> None:
    notes = [note(f"<div>words {n}</div>", title=f"Note {n}") for n in range(3)]
    document = read(tmp_path, "Travel.enex", export(*notes))
    assert document.title == "Travel"
    assert [block.heading for block in document.blocks] == [(f"Note {n}",) for n in range(3)]
    assert [place.number for place in document.places] == list(range(1, 7))


def test_a_note_that_is_only_a_title_is_kept(tmp_path: Path) -> None:
    document = read(tmp_path, "n.enex", export(note(""), note("<div>b</div>", title="Other")))
    assert [block.heading for block in document.blocks] == [("Harbour",), ("Other",)]
    assert document.blocks[0].when.startswith("2024-01-12")


def test_lists_are_nested_and_numbered(tmp_path: Path) -> None:
    body = (
        "<ul><li><div>rope</div></li><ul><li>thin</li></ul><li>paint</li></ul>"
        "<ol><li>first</li><li>second<ul><li>inner</li></ul></li></ol>after"
    )
    assert text_of(tmp_path, body) == (
        "- rope\n  - thin\n- paint\n\n1. first\n2. second\n  - inner\n\nafter"
    )


def test_boxes_are_shown_in_every_form(tmp_path: Path) -> None:
    body = (
        '<div><en-todo checked="true"/>paid</div><div><en-todo/>called</div>'
        '<ul style="--en-todo:true;"><li style="--en-checked: false;">open</li>'
        '<li style="--en-checked:true;"><div>done</div></li></ul>'
    )
    assert text_of(tmp_path, body) == "☑ paid\n☐ called\n\n☐ open\n☑ done"


def test_rows_of_a_table_keep_their_header(tmp_path: Path) -> None:
    body = (
        "<table><tr><th>Boat</th><th>Length</th></tr>"
        "<tr><td><div>Elsa</div><div>red</div></td><td>9&nbsp;m</td></tr></table>"
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    document = read(tmp_path, "n.enex", export(note(body)))
    assert document.text.endswith("Boat | Length\nElsa red | 9 m\n\na | b")
    assert [block.context for block in document.blocks] == ["Boat | Length", ""]


def test_a_listing_keeps_its_lines_and_indents(tmp_path: Path) -> None:
    body = (
        '<div>before</div><div style="box-sizing: border-box;-en-codeblock: true;"><div>if a:</div>'
        "<div>\xa0   run()<br/></div><div><br/></div><div>stop()</div></div><div>after</div>"
    )
    assert text_of(tmp_path, body) == "before\n\nif a:\n    run()\n\nstop()\n\nafter"


def test_lines_and_empty_lines_are_told_apart(tmp_path: Path) -> None:
    body = "<div>one</div><div>two</div><div><br/></div><div>three<br/>four</div><p>five</p>"
    assert text_of(tmp_path, body) == "one\ntwo\n\nthree\nfour\n\nfive"


def test_headings_of_a_note_are_below_its_title(tmp_path: Path) -> None:
    document = read(tmp_path, "n.enex", export(note("<h1>Crew</h1><div>Ida, Ben</div>")))
    assert document.blocks[0].heading == ("Harbour", "Crew")


def test_encrypted_passages_are_left_out_and_counted(tmp_path: Path) -> None:
    body = '<div>open</div><en-crypt cipher="AES">RU5DMCR2SQ8U0qVD</en-crypt><div>also open</div>'
    document = read(tmp_path, "n.enex", export(note(body)))
    assert document.text == "Harbour\n\nopen\nalso open"
    assert document.note == "1 encrypted passage was left out"
    locked = '<note><title>T</title><content encoding="base64:aes">RU5DMA==</content></note>'
    document = read(tmp_path, "n.enex", export(locked))
    assert (document.text, document.note) == ("T", "1 encrypted passage was left out")


def test_tasks_and_reminders_are_shown(tmp_path: Path) -> None:
    more = (
        "<task><title>Buy paint</title><taskStatus>open</taskStatus>"
        "<dueDate>20240528T215959Z</dueDate></task>"
        "<task><title>Ask Ben</title><taskStatus>completed</taskStatus></task>"
    )
    group = '<div style="--en-task-group:true;"><div>Content not supported</div></div>'
    document = read(tmp_path, "n.enex", export(note(group + "<div>end</div>", more=more)))
    assert document.text == ("Harbour\n\nend\n\n☐ Buy paint (due 2024-05-28 21:59 UTC)\n☑ Ask Ben")


def test_attachments_are_named_and_documents_among_them_are_read(tmp_path: Path) -> None:
    more = resource("crew list.txt", "text/plain", b"Ida and Ben sail on Monday.")
    more += resource("dot.png", "image/png", b"not a picture")
    document = read(tmp_path, "n.enex", export(note("<div>see</div>", more=more)))
    assert document.text.endswith("see\n\nAttachments: crew list.txt, dot.png")
    (part,) = document.parts
    assert part.uri == "file:n.enex!/crew list.txt"
    assert part.text == "Ida and Ben sail on Monday."
    assert part.when == document.when
    assert document.note == ""
    check_chunks(replace(document, parts=()))


def test_a_damaged_attachment_is_named_in_the_note(tmp_path: Path) -> None:
    more = (
        '<resource><data encoding="base64">abcde</data><mime>text/plain</mime><resource-attributes>'
        "<file-name>x.txt</file-name></resource-attributes></resource>"
    )
    document = read(tmp_path, "n.enex", export(note("<div>see</div>", more=more)))
    assert document.note == "the attachment x.txt was not read: it is damaged"


def test_an_export_torn_off_gives_what_comes_before(tmp_path: Path) -> None:
    whole = export(note("<div>first</div>"), note("<div>second words</div>", title="Other"))
    document = read(tmp_path, "n.enex", whole[: whole.index("second words") + 6])
    assert document.text.startswith("Harbour\n\nfirst\n\nOther")
    assert document.note == "it is damaged; only what stands before the damage was read"


def test_an_export_without_its_suffix_is_known_by_its_content(tmp_path: Path) -> None:
    for name in ("export", "export.xml", "export.bak"):
        assert read(tmp_path, name, export(note("<div>quay</div>"))).title == "Harbour"


@pytest.mark.parametrize(
    "body",
    [
        "<en-crypt>secret", "<table><tr><td>a", "<ul><ul><li>", "</div></ul></table></li>",
        '<div style="-en-codeblock:true">x', '<div style="--en-task-group:true">x', "<tr>a<td>b",
        "<td>a</td><td>b</td>", "<" * 500, "<ul>" * 500 + "<li>deep",
    ],
)  # fmt: skip
def test_wrong_markup_never_loses_the_note(tmp_path: Path, body: str) -> None:
    document = read(tmp_path, "n.enex", export(note(body), note("<div>z</div>", title="Next")))
    assert document.text.startswith("Harbour")
    assert document.text.endswith("Next\n\nz")


def test_entities_are_refused_and_nothing_but_notes_is_no_text(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "xxxx">]><en-export><note><title>&b;</title></note></en-export>'
    with pytest.raises(ExtractError, match="defines entities"):
        read(tmp_path, "n.enex", bomb)
    with pytest.raises(ExtractError, match="no visible text"):
        read(tmp_path, "n.enex", export())
    with pytest.raises(ExtractError, match="XML is damaged"):
        read(tmp_path, "n.enex", "not XML at all")


def test_elements_are_given_away_one_by_one() -> None:
    rows = "".join(f"<row>{n}<row>in</row></row>" for n in range(200_000))
    trees = read_each(f"<all><other>x</other>{rows}</all>".encode(), "row")
    assert words_of(next(trees).root) == "0in"
    *_, last = trees
    assert (words_of(last.root), last.damaged) == ("199999in", False)


def _titles(document: Document) -> list[str]:
    return [block.heading[0] for block in document.blocks]


def test_notes_without_a_title_are_called_so(tmp_path: Path) -> None:
    document = read(tmp_path, "n.enex", export(note("<div>a</div>", title=" ")))
    assert _titles(document) == ["Untitled"]
