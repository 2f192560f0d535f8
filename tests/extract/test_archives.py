"""Archives: what is in them, without unpacking."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract.media import archives
from tests.extract.checks import check_chunks, read


def make_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 6, 3, 1, 2, 4)), data, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def make_tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_717_372_800
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


MEMBERS = {"photos/beach.jpg": b"x" * 2_100_000, "Übung.txt": b"hi", "old.zip": b"PK"}


def reason(folder: Path, name: str, data: bytes) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(folder, name, data)
    return caught.value


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.zip", None),
        ("a.tar", bytes),
        ("a.tar.gz", gzip.compress),
        ("a.tgz", gzip.compress),
        ("a.tar.bz2", bz2.compress),
        ("a.tar.xz", lzma.compress),
    ],
)
def test_members(tmp_path: Path, name: str, pack: Callable[[bytes], bytes] | None) -> None:
    data = pack(make_tar(MEMBERS)) if pack else make_zip(MEMBERS)
    document = read(tmp_path, name, data)
    assert document.kind == "archive"
    assert document.text == (
        "Archive with 3 files, 2.1 MB unpacked\n\n"
        "photos/beach.jpg | 2.1 MB | 2024-06-03\n"
        "Übung.txt | 2 bytes | 2024-06-03\n"
        "old.zip | 2 bytes | 2024-06-03"
    )
    assert check_chunks(document)


def test_programs_are_not_archives(tmp_path: Path) -> None:
    for name in ("a.jar", "a.apk", "a.whl"):
        assert reason(tmp_path, name, make_zip({"A.class": b"x"})).code == "unknown-type"


def test_those_that_need_a_program(tmp_path: Path) -> None:
    for name, program in (("a.7z", "7z"), ("a.rar", "unrar")):
        error = reason(tmp_path, name, b"something")
        assert (error.code, error.skipped) == ("needs-tool", True)
        assert program in error.message


def test_many_members(tmp_path: Path) -> None:
    document = read(tmp_path, "a.zip", make_zip({f"n{n}.txt": b"" for n in range(10_050)}))
    assert "n9999.txt" in document.text and "n10000.txt" not in document.text
    assert "10,050 files" in document.text
    assert document.note == "only the first 10,000 of its files are listed"


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_UNPACKED", 1_000_000)
    data = gzip.compress(make_tar({"a.txt": b"a", "zeros": b"\0" * 5_000_000, "b.txt": b"b"}))
    document = read(tmp_path, "a.tar.gz", data)
    assert "zeros | 5.0 MB" in document.text and "b.txt" not in document.text
    assert document.note == "only its first 1.0 MB were looked through"


def test_nothing_in_it(tmp_path: Path) -> None:
    assert reason(tmp_path, "a.zip", make_zip({})).code == "no-text"
    assert reason(tmp_path, "a.zip", make_zip({"folder/": b""})).code == "no-text"


def test_names_in_utf_8_that_do_not_say_so(tmp_path: Path) -> None:
    data = make_zip({"ab.txt": b"x"}).replace(b"ab.txt", "é".encode() + b".txt")
    assert "é.txt" in read(tmp_path, "a.zip", data).text


def test_any_truncation_is_survived(tmp_path: Path) -> None:
    tar = make_tar({f"{n}.txt": b"x" * 700 for n in range(5)})
    for name, data in (
        ("a.zip", make_zip({f"{n}.txt": b"x" * 700 for n in range(5)})),
        ("a.tar", tar),
        ("a.tar.gz", gzip.compress(tar)),
        ("a.tar.xz", lzma.compress(tar)),
    ):
        for length in range(1, len(data), len(data) // 60):
            try:
                read(tmp_path, name, data[:length])
            except ExtractError as error:
                assert error.code in ("broken", "no-text"), (name, length)
