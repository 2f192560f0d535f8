"""Web pages saved as one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read

PAGE = b"""From: <Saved by Blink>
Subject: The garden
Date: Mon, 3 Jun 2024 18:20:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="=b"

--=b
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><head><title>Beds</title></head><body><h1>Beds</h1><p>Caf=E9 be=
ans</p><p>peas</p></body></html>
--=b
Content-Type: image/png
Content-Transfer-Encoding: base64

AAAA
--=b--
"""


def test_a_saved_page(tmp_path: Path) -> None:
    document = read(tmp_path, "a.mhtml", PAGE)
    assert document.text == "Beds\n\nCafé beans\n\npeas"
    assert (document.kind, document.title) == ("web", "Beds")
    assert document.when.startswith("2024-06-03T18:20:00")
    assert [place.number for place in document.places] == [1, 2]
    assert check_chunks(document)[0].span.locator.startswith("n1")


def test_without_a_page(tmp_path: Path) -> None:
    for data in (b"hello", PAGE.replace(b"text/html", b"text/css"), PAGE[:120]):
        with pytest.raises(ExtractError) as caught:
            read(tmp_path, "a.mht", data)
        assert caught.value.code == "no-text"


def test_any_truncation_is_survived(tmp_path: Path) -> None:
    for length in range(1, len(PAGE), 7):
        try:
            read(tmp_path, "a.mht", PAGE[:length])
        except ExtractError as error:
            assert error.code == "no-text"
