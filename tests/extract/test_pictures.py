"""Pictures: what they say about themselves, and nothing of their pixels."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF
 xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:ps="http://ns.adobe.com/photoshop/1.0/"><r:Description ps:City="Porto">
 <dc:description><r:Alt><r:li>By the river</r:li><r:li>Am Fluss</r:li></r:Alt></dc:description>
 <dc:subject><r:Bag><r:li>boats</r:li><r:li>sunset</r:li></r:Bag></dc:subject>
</r:Description></r:RDF></x:xmpmeta>"""


def exif(**zone: Any) -> Image.Exif:
    tags = Image.Exif()
    tags[271], tags[272] = "Canon", "Canon EOS 40D"
    tags[0x010E] = "Ana on the beach"
    tags[0x9C9E] = "summer\0".encode("utf-16-le")
    tags.get_ifd(0x8769).update({0x9003: "2014:06:03 18:20:07", **zone.get("more", {})})
    tags.get_ifd(0x8825).update({1: "N", 2: (12.0, 32.0, 35.556), 3: "W", 4: (9.0, 52.0, 35.616)})
    return tags


def picture(format: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), 128).save(out, format, **options)
    return out.getvalue()


def reason(folder: Path, name: str, data: bytes) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(folder, name, data)
    return caught.value


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_a_photo(tmp_path: Path, name: str) -> None:
    format = {"jpg": "JPEG"}.get(name[2:], name[2:].upper())
    document = read(tmp_path, name, picture(format, exif=exif()))
    assert document.text == (
        "Photo taken 2014-06-03 at 18:20 with Canon EOS 40D\n"
        "Place: 12.54321° N, 9.87656° W\n"
        "Caption: Ana on the beach\n"
        "Keywords: summer\n"
        "Size: 64 × 48 pixels"
    )
    assert (document.kind, document.when) == ("image", "2014-06-03T18:20:07")
    assert len(check_chunks(document)) == 1


def test_a_tiff(tmp_path: Path) -> None:
    document = read(tmp_path, "a.tif", picture("TIFF", exif=exif()))
    assert "Caption: Ana on the beach" in document.text and "Canon EOS 40D" in document.text


def test_the_offset_of_the_time(tmp_path: Path) -> None:
    data = picture(exif=exif(more={0x9011: "+02:00"}))
    assert read(tmp_path, "a.jpg", data).when == "2014-06-03T18:20:07+02:00"
    data = picture(exif=exif(more={0x9003: "0000:00:00 00:00:00"}))
    assert read(tmp_path, "IMG 2015-01-02.jpg", data).when == "2015-01-02"


def test_xmp_iptc_and_comments(tmp_path: Path) -> None:
    text = read(tmp_path, "a.jpg", picture(xmp=XMP)).text
    assert "Caption: By the river" in text and "Am Fluss" not in text
    assert "Keywords: boats, sunset" in text and "Location: Porto" in text
    assert (
        "Comment: made at home"
        in read(tmp_path, "a.gif", picture("GIF", comment=b"made at home")).text
    )
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", "The garden plan")
    assert "Caption: The garden plan" in read(tmp_path, "b.png", picture("PNG", pnginfo=info)).text
    record = b"\x1c\x02\x05\0\x05Title\x1c\x02\x78\0\x09A caption"
    block = (
        b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    )
    marker = b"Photoshop 3.0\0" + block
    plain = picture()
    data = plain[:2] + b"\xff\xed" + struct.pack(">H", len(marker) + 2) + marker + plain[2:]
    document = read(tmp_path, "c.jpg", data)
    assert document.title == "Title" and "Caption: A caption" in document.text


def test_heic_by_its_exif(tmp_path: Path) -> None:
    raw = exif().tobytes()
    data = b"\0\0\0\x18ftypheic" + b"\0" * 200 + raw + b"\0" * 50
    assert read(tmp_path, "a.heic", data).when == "2014-06-03T18:20:07"
    error = reason(tmp_path, "b.heic", b"\0\0\0\x18ftypheic" + b"\0" * 200)
    assert (error.code, error.skipped) == ("no-text", True)


def test_a_picture_without_details(tmp_path: Path) -> None:
    error = reason(tmp_path, "a.jpg", picture())
    assert (error.code, error.skipped) == ("no-text", True)
    assert error.message == "it holds no text or details besides its name"
    tags = Image.Exif()
    tags[0x010E] = "OLYMPUS DIGITAL CAMERA         "
    assert reason(tmp_path, "a.jpg", picture(exif=tags)).code == "no-text"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_hostile_pictures(tmp_path: Path) -> None:
    head = b"\x89PNG\r\n\x1a\n"
    huge = chunk(b"IHDR", struct.pack(">IIBBBBB", 2**20, 2**20, 8, 2, 0, 0, 0))
    assert reason(tmp_path, "bomb.png", head + huge + chunk(b"IDAT", b"")).code == "too-large"
    small = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 50_000_000))
    assert reason(tmp_path, "text.png", head + small + text + chunk(b"IDAT", b"")).code in (
        "broken", "no-text",
    )  # fmt: skip
    entities = XMP.replace(b"<x:xmp", b'<!DOCTYPE x [<!ENTITY a "b">]><x:xmp', 1)
    assert reason(tmp_path, "xmp.jpg", picture(xmp=entities)).code == "no-text"
    assert reason(tmp_path, "a.jpg", b"not a picture").code == "broken"


def test_any_truncation_is_survived(tmp_path: Path) -> None:
    for name, format in (
        ("a.jpg", "JPEG"),
        ("a.png", "PNG"),
        ("a.tif", "TIFF"),
        ("a.webp", "WEBP"),
    ):
        data = picture(format, exif=exif())
        for length in range(1, len(data), 41):
            try:
                read(tmp_path, name, data[:length])
            except ExtractError as error:
                assert error.code in ("broken", "no-text"), length
