"""Web pages: what a reader sees, at the lines where it is written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cairn.core.extract.web.page import read_page
from tests.extract.checks import check_chunks, read

PAGE = """\
<!DOCTYPE html>
<html><head><title>My  page &amp; more</title>
<meta property="article:published_time" content="2026-03-02T10:00:00+01:00">
<style>p { color: red }</style><script>if (a < b) { hide("<p>") }</script></head>
<body><nav><a>Menu</a></nav><h1>Head</h1>
<p>Some <b>bold</b>
text &amp; more, <i>joi</i>ned <!-- <p>not this --> here
<ul><li>one<li>two</ul>
<table><tr><th>Name<th>Qty</tr>
<tr><td>Soil<td>12</tr>
<tr><td><td>3</tr></table>
<h2>Sub</h2><noscript>enable it</noscript>
<pre>a
  b</pre>
<div>last<br>line</div>
"""


def test_page(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", PAGE)
    assert (document.kind, document.title) == ("web", "My page & more")
    assert document.when == "2026-03-02T10:00:00+01:00"
    rows = [
        (document.text[block.start : block.end], block.heading, block.context)
        for block in document.blocks
    ]
    assert rows == [
        ("Head\n\nSome bold text & more, joined here", ("Head",), ""),
        ("one", ("Head",), ""),
        ("two", ("Head",), ""),
        ("Name | Qty\nSoil | 12", ("Head",), "Name | Qty"),
        ("| 3", ("Head",), "Name | Qty"),
        ("Sub\n\na\n  b", ("Head", "Sub"), ""),
        ("last\nline", ("Head", "Sub"), ""),
    ]


def test_citations_name_the_lines_of_the_source(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", PAGE)
    source = PAGE.split("\n")
    found = {}
    for chunk in check_chunks(document, budget=8):
        cited = "\n".join(source[chunk.span.first - 1 : chunk.span.last])
        words = [word for word in chunk.text.replace("|", " ").split() if word.isalnum()]
        assert all(word in cited or word == "joined" for word in words)
        found[chunk.text] = chunk.span.locator
    assert next(at for text, at in found.items() if text.endswith("last\nline")).endswith("L15")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("<template><p>gone</template>kept", "kept"),
        ("<noscript>never closed <p>kept", "never closed\n\nkept"),
        ("<nav>only a menu</nav>", "only a menu"),
        ("<svg/>kept", "kept"),
        ("a < b and c > d", "a < b and c > d"),
        ('<a title="1 > 0">x</a>', "x"),
        ("<p title=it's>don't</p> stop", "don't\n\nstop"),
        ("<b never closed", "<b never closed"),
        ("&lt;p&gt; &#65; &bogus; &#xD800;", "<p> A &bogus; \ufffd"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("<h1>unclosed<p>para", "unclosed\n\npara"),
        ("<table><tr><td><table><tr><td>in</table><td>out</table>", "in\n\nout"),
        ("<td>a<td>b", "a | b"),
        ("x<!-- never closed > y", "x y"),
        ("<script>never closed", ""),
    ],
)
def test_tag_soup(html: str, text: str) -> None:
    assert read_page(html).text == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ('<meta charset="iso-8859-2"><p>český'.encode("iso-8859-2"), "český"),
        ('<meta charset="shift_jis"><p>日本'.encode("cp932"), "日本"),
        ('<meta charset="iso-8859-1"><p>“é”'.encode("cp1252"), "“é”"),
        ('<meta charset="iso-8859-1"><p>“é”'.encode(), "“é”"),
        ('<meta charset="hex"><p>é'.encode("cp1252"), "é"),
        ("<p>é".encode("utf-16"), "é"),
    ],
)
def test_charsets(tmp_path: Path, data: bytes, text: str) -> None:
    assert read(tmp_path, "a.html", data).text == text


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<a b='", "<!--", "<div>", "<table><tr><td>", "<a x=1 ", "&#", "<svg>"]
)
def test_a_hostile_page_takes_linear_time(unit: str) -> None:
    began = time.monotonic()
    read_page(unit * (500_000 // len(unit)))
    assert time.monotonic() - began < 20
