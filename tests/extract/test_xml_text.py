"""XML: data by its elements, articles by their sections."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read

DATA = """<?xml version="1.0" encoding="UTF-8"?>
<factbook>
  <country code="us"><name>United States</name><capital>Washington</capital></country>
  <country code="ca"><name>Canada</name><officialLanguage>French</officialLanguage></country>
  <about>Made <b>by</b> hand</about>
</factbook>
"""

ARTICLE = """<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">
<article><front><article-meta><title-group><article-title>On <i>beans</i></article-title>
</title-group><contrib-group><contrib><name><surname>Pérez</surname><given-names>Ana</given-names>
</name></contrib></contrib-group><pub-date><day>18</day><month>6</month><year>2020</year></pub-date>
<abstract><p>Short.</p></abstract></article-meta></front>
<body><sec><label>1.</label><title>Methods</title><p>We sowed <list><list-item><p>beans</p>
</list-item><list-item><p>peas</p></list-item></list> and waited.</p>
<table-wrap><label>Table 1</label><caption><p>Yield</p></caption><table>
<tr><th>Bed</th><th>kg</th></tr><tr><td>North</td><td>4</td></tr></table></table-wrap></sec></body>
<back><ref-list><ref><label>1</label><element-citation><name><surname>Doe</surname></name>
<source>Soil</source><year>1999</year></element-citation></ref></ref-list></back></article>
"""


def test_data(tmp_path: Path) -> None:
    document = read(tmp_path, "facts.xml", DATA)
    found = {document.text[b.start : b.end]: b.heading for b in document.blocks}
    assert (document.kind, document.title) == ("data", "facts")
    record = "country: United States\n\ncode: us\nname: United States\ncapital: Washington"
    assert any(text.endswith(record) for text in found)
    assert ("factbook", "country: Canada") in found.values()
    assert "official Language: French" in document.text
    assert "about: Made by hand" in document.text
    assert check_chunks(document)


def test_an_article(tmp_path: Path) -> None:
    document = read(tmp_path, "a.nxml", ARTICLE)
    assert (document.title, document.who, document.when) == ("On beans", "Ana Pérez", "2020-06-18")
    assert document.kind == "text"
    found = {document.text[b.start : b.end]: b for b in document.blocks}
    assert found["and waited."].heading == ("On beans", "1. Methods")
    assert "beans" in found and "peas" in found
    assert found["Bed | kg\nNorth | 4"].context == "Bed | kg"
    assert "References\n\n[1] Doe. Soil. 1999" in found


def test_encodings(tmp_path: Path) -> None:
    for charset in ("shift_jis", "euc-jp", "utf-16"):
        source = f'<?xml version="1.0" encoding="{charset}"?><a><b>日本語</b><c>x</c></a>'
        assert "日本語" in read(tmp_path, "a.xml", source.encode(charset)).text


def test_feeds_keep_web_pages_in_their_elements(tmp_path: Path) -> None:
    page = "&lt;p&gt;It &lt;b&gt;rains&lt;/b&gt;&lt;/p&gt;"
    feed = f"<rss><item><title>News</title><d>{page}</d></item></rss>"
    assert read(tmp_path, "a.rss", feed).text.endswith("d: It rains")


def test_what_is_something_else(tmp_path: Path) -> None:
    page = "<?xml version='1.0'?><html><body><h1>Hello</h1><p>there</p></body></html>"
    assert read(tmp_path, "a.xml", page).kind == "web"


def test_damaged_xml_is_read_by_its_tags(tmp_path: Path) -> None:
    document = read(tmp_path, "a.xml", "<a><b>beans</b><c>peas</x> & more</a>")
    assert "beans" in document.text and "more" in document.text
    assert "damaged" in document.note


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>', "broken"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "broken"),
        ("<a>" * 100_000, "broken"),
        ("no xml at all", "broken"),
        ("<a/>", "no-text"),
    ],
)
def test_hostile_xml(tmp_path: Path, source: str, code: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "a.xml", source)
    assert caught.value.code == code


def test_many_elements(tmp_path: Path) -> None:
    rows = "".join(f"<r><a>{n}</a><b>x</b></r>" for n in range(20_000))
    assert "19999" in read(tmp_path, "a.xml", f"<t>{rows}</t>").text
