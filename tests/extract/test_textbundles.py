"""Text bundles in ZIPs: a part for each note, everything else by name."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.extract.media import textbundles
from tests.extract.checks import check_chunks, check_document, read
from tests.extract.test_archives import make_zip

NOTE = "# Quay\n\nThe quay is **closed** on Monday.\n\n![](assets/quay.png)\n"


def bear(**more: object) -> bytes:
    return json.dumps({"version": 2, "net.shinyfrog.bear": more}).encode()


def test_each_bundle_of_a_zip_is_a_note_of_its_own(tmp_path: Path) -> None:
    members = {
        "Harbour.textbundle/text.md": NOTE.encode(),
        "Harbour.textbundle/info.json": b'{"version": 2}',
        "Harbour.textbundle/assets/quay.png": b"png",
        "__MACOSX/Harbour.textbundle/._text.md": b"x",
        "__MACOSX/Harbour.textbundle/text.md": b"x",
        "Group/Übung.textbundle/text.markdown": b"sails",
        "other/text.md": b"not in a bundle",
    }
    document = read(tmp_path, "Export.zip", make_zip(members))
    assert [(part.uri, part.title, part.kind) for part in document.parts] == [
        ("file:Export.zip!/Harbour.md", "Quay", "note"),
        ("file:Export.zip!/Übung.markdown", "Übung", "note"),
    ]
    assert "closed" in document.parts[0].text
    assert "Harbour.textbundle/assets/quay.png" in document.text
    for part in (*document.parts, replace(document, parts=())):
        check_document(part)
        check_chunks(part)


def test_a_packed_bundle_may_lie_in_a_folder_or_not(tmp_path: Path) -> None:
    for member, name in (("text.md", "Trip.md"), ("Harbour.textbundle/text.md", "Harbour.md")):
        document = read(tmp_path, "Trip.textpack", make_zip({member: NOTE.encode()}))
        assert [part.uri for part in document.parts] == [f"file:Trip.textpack!/{name}"]


def test_notes_of_one_name_stay_apart(tmp_path: Path) -> None:
    members = {f"{n}/Day.textbundle/text.md": b"day %d" % n for n in range(3)}
    parts = read(tmp_path, "a.bear2bk", make_zip(members)).parts
    assert [part.uri.partition("!/")[2] for part in parts] == ["Day.md", "Day (2).md", "Day (3).md"]


def test_bear_says_when_a_note_was_made_and_what_is_in_its_trash(tmp_path: Path) -> None:
    members = {
        "A.textbundle/text.md": b"kept",
        "A.textbundle/info.json": bear(creationDate="2021-05-06T07:08:09Z", trashed=0),
        "B.textbundle/text.md": b"thrown away",
        "B.textbundle/info.json": bear(trashed=1),
        "C.textbundle/text.md": b"odd",
        "C.textbundle/info.json": b"[[[",
    }
    document = read(tmp_path, "a.bear2bk", make_zip(members))
    assert [(part.text, part.when) for part in document.parts] == [
        ("kept", "2021-05-06T07:08:09+00:00"), ("odd", ""),
    ]  # fmt: skip
    assert document.note == "1 note was left out: in the trash"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    members = {
        f"{n}.textbundle/text.md": data for n, data in enumerate((b"", b"\0\1\2" * 99, b"ok"))
    }
    document = read(tmp_path, "a.zip", make_zip(members))
    assert [part.text for part in document.parts] == ["ok"]
    assert document.note == (
        "the note 0.md was not read: it is empty; "
        "the note 1.md was not read: it is not text, or in an unknown encoding"
    )


def test_a_bomb_of_a_note_is_not_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("A.textbundle/text.md", b"a" * (140 << 20))
        archive.writestr("B.textbundle/text.md", b"fine")
    document = read(tmp_path, "a.zip", out.getvalue())
    assert [part.text for part in document.parts] == ["fine"]
    assert "unpacks to more than can be read" in document.note


def test_only_so_many_notes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {f"{n}.textbundle/text.md": b"x" for n in range(4)}
    monkeypatch.setattr(textbundles, "_MOST_NOTES", 3)
    document = read(tmp_path, "a.zip", make_zip(members))
    assert (len(document.parts), document.note) == (3, "1 note was left out: there are too many")
