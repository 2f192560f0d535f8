"""Containers of office documents: bombs, damage, passwords, and names that lie."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract import package as limits
from tests.extract.checks import read
from tests.extract.office_maker import docx, package, paragraph

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(folder: Path, name: str, data: bytes) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(folder, name, data)
    return caught.value


def test_a_bomb_unpacks_only_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_MEMBER_BYTES", 100_000)
    error = refused(tmp_path, "a.docx", docx(paragraph("x" * 200_000)))
    assert error.code == "too-large" and error.skipped


def test_many_members_and_a_total_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_TOTAL_BYTES", 3_000)
    assert refused(tmp_path, "a.docx", docx(paragraph("x" * 4_000))).code == "too-large"
    monkeypatch.setattr(limits, "_MOST_MEMBERS", 2)
    assert refused(tmp_path, "a.docx", docx(paragraph("x"))).code == "too-large"


def test_entities_are_refused(tmp_path: Path) -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    data = package({"word/document.xml": f"<!DOCTYPE x [{lol}]><x>&l8;</x>"})
    assert "entities" in refused(tmp_path, "a.docx", data).message


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.xps"])
def test_damage_and_passwords_are_named(tmp_path: Path, name: str) -> None:
    whole = docx(paragraph("text " * 200))
    assert refused(tmp_path, name, whole[:-60]).code == "broken"
    locked = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    error = refused(tmp_path, name, locked)
    assert error.message == "it is protected by a password" and error.skipped


def test_a_member_with_a_password(tmp_path: Path) -> None:
    data = bytearray(docx(paragraph("x")))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    assert refused(tmp_path, "a.docx", bytes(data)).code == "encrypted"


def test_content_decides_when_the_name_lies(tmp_path: Path) -> None:
    word = docx(paragraph("I am a document"))
    for name in ("a.doc", "a.rtf", "a.pptx", "a.xlsx", "a", "a.odt", "a.bin"):
        assert read(tmp_path, name, word).text == "I am a document"
    for name in ("b.doc", "b.docx", "b.odt"):
        assert read(tmp_path, name, b"{\\rtf1 I am rich}").text == "I am rich"
        page = read(tmp_path, name, "<html><body><p>I am a page</p></body></html>")
        assert page.text == "I am a page" and page.kind == "web"


def test_a_zip_that_is_no_document(tmp_path: Path) -> None:
    data = package({"readme.txt": "hello"})
    assert refused(tmp_path, "a.docx", data).code in ("no-text", "broken")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert refused(tmp_path, "a.docx", empty.getvalue()).code in ("no-text", "broken")
