"""AsciiDoc, Textile and Muse, and what documents say of themselves in their first lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.checks import check_lines, read

ADOC = """= The garden
Ana Pérez <ana@example.org>
v1.0, 2026-03-02
:toc:

== Beans

First paragraph.

* one
** two
. three

----
== not a heading

code
----

=== Peas

Sown late.
"""

TEXTILE = """h1. The garden

Hello there.

* one
* two

<pre>
h2. not a heading

x
</pre>

h2(#id). Beans

Sown.
"""

MUSE = """#title The garden
#author Ana
#date July 17, 2006

* Beans

 - one
 - two

<example>
* not a heading

x
</example>

** Peas

Sown.
"""


def pieces(folder: Path, name: str, source: str) -> dict[str, tuple[str, ...]]:
    document = read(folder, name, source)
    check_lines(document, source)
    return {document.text[b.start : b.end].split("\n")[-1]: b.heading for b in document.blocks}


def test_asciidoc(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.adoc", ADOC)
    assert found["First paragraph."] == ("The garden", "Beans")
    assert found["** two"] and found[". three"] and found["----"]
    assert found["Sown late."] == ("The garden", "Beans", "Peas")
    document = read(tmp_path, "a.adoc", ADOC)
    assert (document.title, document.when) == ("The garden", "2026-03-02")


def test_textile(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.textile", TEXTILE)
    assert found["* one"] == found["</pre>"] == ("The garden",)
    assert found["Sown."] == ("The garden", "Beans")


def test_muse(tmp_path: Path) -> None:
    found = pieces(tmp_path, "a.muse", MUSE)
    assert found[" - one"] == found["</example>"] == ("Beans",)
    assert found["Sown."] == ("Beans", "Peas")
    document = read(tmp_path, "a.muse", MUSE)
    assert (document.title, document.who, document.when) == ("The garden", "Ana", "2006-07-17")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.rst", "Garden\n======\n\n:Author: Ana\n:Date: 2026-03-02\n\nText.\n"),
        ("a.adoc", "= Garden\n:author: Ana\n:revdate: 2026-03-02\n\nText.\n"),
        ("a.org", "#+TITLE: Garden\n#+AUTHOR: Ana\n#+DATE: <2026-03-02 Mon>\n\nText.\n"),
        ("a.md", "---\ntitle: Garden\nauthor: Ana\npublished: 2026-03-02\n---\nText.\n"),
    ],
)
def test_dates_and_authors(tmp_path: Path, name: str, source: str) -> None:
    document = read(tmp_path, name, source)
    assert (document.title, document.who, document.when) == ("Garden", "Ana", "2026-03-02")


@pytest.mark.parametrize("suffix", ["adoc", "textile", "muse"])
def test_unclosed_listings_and_long_lines(tmp_path: Path, suffix: str) -> None:
    opening = {"adoc": "----", "textile": "<pre>", "muse": "<example>"}[suffix]
    source = (opening + "\nx\n") * 5000 + "= " * 100_000 + "\n" + "*" * 100_000 + "h1" * 50_000
    assert read(tmp_path, f"a.{suffix}", source).text == source


def test_a_page_says_when_it_was_published(tmp_path: Path) -> None:
    for said in (
        "Published: March 2, 2026",
        "Posted on 2026-03-02",
        "Veröffentlicht am 2. März 2026",
    ):
        page = f"<html><body><h1>News</h1><p>{said}</p><p>Text</p></body></html>"
        assert read(tmp_path, "a.html", page).when == "2026-03-02"
    meta = '<meta property="article:published_time" content="2026-03-02T10:00:00Z">'
    meta = f"<html>{meta}<p>Published: 2020-01-01"
    assert read(tmp_path, "a.html", meta).when == "2026-03-02T10:00:00+00:00"
    assert read(tmp_path, "a.html", "<p>It was published on 2026-03-02</p>").when == ""


@pytest.mark.parametrize("name", ["app.log.1", "app.log-20260302", "app.log.2026-03-02", "APP.LOG"])
def test_rotated_logs(tmp_path: Path, name: str) -> None:
    document = read(tmp_path, name, "2026-03-02 started\n  more\n2026-03-03 stopped\n")
    assert [block.when for block in document.blocks] == ["2026-03-02", "2026-03-02", "2026-03-03"]


def test_a_name_with_two_extensions(tmp_path: Path) -> None:
    assert read(tmp_path, "page.html.json", '{"a": 1}').kind == "data"
