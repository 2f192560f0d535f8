"""Music and recordings: their tags."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import read


def frame(name: bytes, text: str, prefix: bytes = b"") -> bytes:
    body = b"\x03" + prefix + text.encode()
    return name + struct.pack(">I", len(body)) + b"\0\0" + body


def mp3(*frames: bytes) -> bytes:
    """An ID3v2.3 tag before a few silent frames."""
    body = b"".join(frames)
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body + (b"\xff\xfb\x90\x64" + b"\0" * 413) * 20


def reason(folder: Path, name: str, data: bytes) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(folder, name, data)
    return caught.value


def test_a_song(tmp_path: Path) -> None:
    data = mp3(
        frame(b"TIT2", "The garden"),
        frame(b"TPE1", "Ana Pérez"),
        frame(b"TALB", "Seasons"),
        frame(b"TYER", "2014"),
        frame(b"COMM", "for Ben", b"eng\0"),
        frame(b"USLT", "[00:01.20]Beans and peas\n[00:04.00]grow in May", b"eng\0"),
    )
    document = read(tmp_path, "01.mp3", data)
    assert (document.kind, document.title, document.who) == ("media", "The garden", "Ana Pérez")
    for row in ("Title: The garden", "Artist: Ana Pérez", "Album: Seasons", "Year: 2014"):
        assert row in document.text
    assert "Comment: for Ben" in document.text
    assert "Lyrics: Beans and peas\ngrow in May" in document.text
    assert document.when == ""


def test_without_tags(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0" * 16_000)
    error = reason(tmp_path, "b.wav", (tmp_path / "a.wav").read_bytes())
    assert (error.code, error.skipped) == ("no-text", True)


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.flac", "a.ogg", "a.wma", "a.mp4", "a.aac"])
def test_hostile_files(tmp_path: Path, name: str) -> None:
    heads = (
        b"ID3\x03\0\0\x7f\x7f\x7f\x7fTIT2\xff\xff\xff\xff",
        b"\xff\xff\xff\xffftypM4A " + b"\xff" * 100,
        b"\0\0\0\x18ftypM4A " + b"\0" * 8 + b"\0\0\0\x01moov" + b"\xff" * 8 + b"\0" * 500,
        b"fLaC\x84\xff\xff\xff" + b"\xff" * 100,
        b"OggS" + b"\xff" * 300,
        b"not music at all",
    )
    for data in heads:
        assert reason(tmp_path, name, data).code in ("broken", "no-text")
    whole = mp3(frame(b"TIT2", "The garden"))
    for length in range(1, 60):
        try:
            read(tmp_path, name, whole[:length])
        except ExtractError as error:
            assert error.code in ("broken", "no-text")
