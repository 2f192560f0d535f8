"""A picture file → what it says about itself: when and where it was taken, its caption, keywords.

Called by `extract`. Pillow opens the file's head and EXIF, IPTC and XMP are read; the pixels are
never decoded. A picture without such details holds nothing to find.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip, decode_bytes
from cairn.core.extract.xmltree import child, read_tree
from cairn.core.records import Document

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

_FORMATS = ("JPEG", "MPO", "PNG", "TIFF", "WEBP", "GIF", "AVIF")
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TIFF_HEAD = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_TAKEN = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d:\d\d)(?::(\d\d))?.*", re.DOTALL)
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_TEXTS = {  # EXIF tags whose text is worth finding
    0x010E: "Caption", 0x9C9B: "Title", 0x9C9C: "Comment", 0x9286: "Comment", 0x9C9F: "Subject",
    0x9C9E: "Keywords", 0x013B: "Photographer", 0x9C9D: "Photographer", 0x8298: "Copyright",
}  # fmt: skip
_IPTC = {
    5: "Title", 105: "Title", 120: "Caption", 25: "Keywords", 80: "Photographer", 92: "Location",
    90: "Location", 95: "Location", 101: "Location", 116: "Copyright",
}  # fmt: skip
_XMP = {
    "dc:title": "Title", "dc:description": "Caption", "dc:subject": "Keywords",
    "dc:creator": "Photographer", "dc:rights": "Copyright", "PersonInImage": "People",
    "Location": "Location", "City": "Location", "State": "Location", "Country": "Location",
    "UserComment": "Comment", "Headline": "Title", "AltTextAccessibility": "Description",
}  # fmt: skip
_INFO = {
    "comment": "Comment", "Title": "Title", "Description": "Caption", "Comment": "Comment",
    "Author": "Photographer", "Copyright": "Copyright", "Keywords": "Keywords",
}  # fmt: skip
_ORDER = (
    "Title", "Caption", "Description", "Comment", "Subject", "People", "Keywords", "Location",
    "Photographer", "Copyright",
)  # fmt: skip
# What cameras and programs put where a caption could be.
_EMPTY = re.compile(
    r"(?:olympus digital camera|digital camera|default|untitled|created with gimp|screenshot|"
    r"sony dsc|samsung|minolta digital camera|kodak digital .{0,20}|[\W_?]*)",
    re.IGNORECASE,
)
_MOST_CHARS = 20_000  # of one detail
_MOST_XMP = 2_000_000


@dataclass(slots=True)
class _Details:
    size: tuple[int, int] = (0, 0)
    when: str = ""
    camera: str = ""
    place: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, label: str, value: object) -> None:
        text = clean(" ".join(str(value)[:_MOST_CHARS].replace("\0", " ").split()))
        known = self.texts.setdefault(label, [])
        if text and not _EMPTY.fullmatch(text) and text not in known:
            known.append(text)


def read_picture(source: Source) -> Document:
    details = _details(source)
    texts = {label: details.texts[label] for label in _ORDER if details.texts.get(label)}
    if not (details.when or details.camera or details.place or texts):
        message = "it holds no text or details besides its name"
        raise ExtractError("no-text", message, skipped=True)
    pieces = Pieces("n", source.max_chars)
    taken = f" taken {details.when[:16].replace('T', ' at ')}" if details.when else ""
    camera = f" with {details.camera}" if details.camera else ""
    pieces.paragraph(f"{'Photo' if taken or camera else 'Picture'}{taken}{camera}")
    if details.place:
        pieces.paragraph(f"Place: {details.place}", gap="\n")
    for label, values in texts.items():
        pieces.paragraph(f"{label}: {', '.join(values)}", gap="\n")
    if all(details.size):
        pieces.paragraph(f"Size: {details.size[0]} × {details.size[1]} pixels", gap="\n")
    who = clip(", ".join(texts.get("Photographer", [])))
    title = clip(texts.get("Title", [""])[0])
    when = details.when or find_date(source.name)
    return pieces.document(source, "image", Properties(title, who, when))


def _details(source: Source) -> _Details:
    from PIL import Image, UnidentifiedImageError

    Image.init()
    formats = [name for name in _FORMATS if name in Image.OPEN]
    details = _Details()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes and damaged tags
            with Image.open(io.BytesIO(source.data), formats=formats) as image:
                details.size = image.size
                _from_image(image, details)
    except Image.DecompressionBombError:
        message = "it claims to have more pixels than a picture has"
        raise ExtractError("too-large", message, skipped=True) from None
    except UnidentifiedImageError:
        if not _from_container(source.data, details):
            raise _unreadable(source) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise _unreadable(source) from None
    return details


def _unreadable(source: Source) -> ExtractError:
    if source.suffix in (".heic", ".heif") and source.data[4:8] == b"ftyp":
        message = "it holds no text or details besides its name"
        return ExtractError("no-text", message, skipped=True)
    return ExtractError("broken", "the picture could not be read: it is damaged")


def _from_image(image: Image, details: _Details) -> None:
    info: Mapping[Any, Any] = image.info
    for name, label in _INFO.items():
        if value := info.get(name):
            details.add(label, _decoded(value))
    with suppress(Exception):  # whatever damaged metadata makes Pillow raise
        _from_iptc(image, details)
    with suppress(Exception):
        _from_xmp(_xmp_of(image), details)
    with suppress(Exception):
        if image.format == "TIFF":
            _from_exif(image.getexif(), details)
        elif raw := info.get("exif"):  # `getexif` would decode a PNG
            _from_exif(_exif(raw), details)


def _from_container(data: bytes, details: _Details) -> bool:
    """The EXIF within a HEIC file, which Pillow can't open."""
    found = _TIFF_HEAD.search(data) if data[4:8] == b"ftyp" else None
    if not found:
        return False
    with suppress(Exception):
        _from_exif(_exif(data[found.start() : found.start() + 65_536]), details)
    return True


def _exif(raw: bytes) -> Exif:
    from PIL.Image import Exif

    exif = Exif()
    exif.load(raw)
    return exif


def _from_exif(exif: Exif, details: _Details) -> None:
    tags: dict[int, Any] = dict(exif)
    with suppress(Exception):
        tags |= exif.get_ifd(_EXIF_IFD)
    for tag, label in _TEXTS.items():
        if value := tags.get(tag):
            details.add(label, _exif_text(tag, value))
    maker, model = (" ".join(str(tags.get(tag, "")).strip(" \0").split()) for tag in (271, 272))
    known = model.lower().startswith(maker.lower().split(" ")[0]) if maker else True
    details.camera = clip(clean(model if known else f"{maker} {model}".strip()))
    for moment, offset in ((0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010)):
        zone = str(tags.get(offset, "")).strip(" \0")
        details.when = details.when or _moment(str(tags.get(moment, "")), zone)
    with suppress(Exception):
        details.place = _place(exif.get_ifd(_GPS_IFD))


def _exif_text(tag: int, value: Any) -> str:
    if tag >= 0x9C9B and isinstance(value, bytes | tuple):
        return bytes(value).decode("utf-16-le", "replace")
    if tag == 0x9286 and isinstance(value, bytes):
        code, value = value[:8], value[8:]
        if code.startswith(b"UNICODE"):
            return str(value.decode("utf-16-le" if value[1:2] == b"\0" else "utf-16-be", "replace"))
    return _decoded(value)


def _moment(value: str, zone: str) -> str:
    found = _TAKEN.fullmatch(value.strip(" \0"))
    if not found:
        return ""
    year, month, day, clock, seconds = found.groups()
    zone = zone if _OFFSET.fullmatch(zone) else ""
    return find_time(f"{year}-{month}-{day}T{clock}:{seconds or '00'}{zone}")


def _place(gps: Mapping[int, Any]) -> str:
    """Such as `12.54321° N, 9.87654° E`."""
    shown: list[str] = []
    for letter, tag, most in (("NS", 2, 90), ("EW", 4, 180)):
        degrees = sum(float(part) / 60**n for n, part in enumerate(gps[tag]))
        side = str(gps.get(tag - 1, letter[0])).strip(" \0").upper()[:1]
        if not math.isfinite(degrees) or not 0 <= degrees <= most or side not in letter:
            return ""
        shown.append(f"{degrees:.5f}° {side or letter[0]}")
    return ", ".join(shown) if shown != ["0.00000° N", "0.00000° E"] else ""


def _from_iptc(image: Image, details: _Details) -> None:
    from PIL import IptcImagePlugin
    from PIL.ImageFile import ImageFile

    if not isinstance(image, ImageFile):
        return
    info: Mapping[Any, Any] = IptcImagePlugin.getiptcinfo(image) or {}
    for number, label in _IPTC.items():
        value = info.get((2, number), [])
        for part in value if isinstance(value, list) else [value]:
            details.add(label, _decoded(part))


def _decoded(value: Any) -> str:
    return decode_bytes(value) if isinstance(value, bytes) else str(value)


def _xmp_of(image: Image) -> bytes:
    info: Mapping[Any, Any] = image.info
    value = info.get("xmp") or info.get("XML:com.adobe.xmp") or b""
    if not value and image.format == "TIFF":
        value = getattr(image, "tag_v2", {}).get(700, b"")
    return value.encode() if isinstance(value, str) else bytes(value)


def _from_xmp(data: bytes, details: _Details) -> None:
    if not data or len(data) > _MOST_XMP:
        return
    root = read_tree(data.strip(b"\0 \r\n\t")).root
    for node in root.iter():
        for name, value in node.attrib.items():
            if name in _XMP:
                details.add(_XMP[name], value)
        if node.tag in _XMP:
            for value in _items(node):
                details.add(_XMP[node.tag], value)
        date = node.get("DateTimeOriginal") or node.get("DateCreated")
        if node.tag in ("DateTimeOriginal", "DateCreated"):
            date = node.text
        details.when = details.when or find_time(date or "")


def _items(node: Element) -> Iterator[str]:
    """The items of a list, or the first of a text in several languages."""
    if alternatives := child(node, "Alt"):
        yield from (item.text or "" for item in list(alternatives)[:1])
    elif len(node):
        yield from (item.text or "" for item in node.iter("li"))
    else:
        yield node.text or ""
