"""Numbers that old formats use for encodings → Python's names, and bytes decoded by them."""

from __future__ import annotations

_NAMES = {
    437: "cp437", 708: "iso8859-6", 709: "iso8859-6", 10000: "mac-roman", 10001: "cp932",
    10002: "big5", 10003: "cp949", 10004: "cp1256", 10006: "mac-greek", 10007: "mac-cyrillic",
    10008: "gb18030", 10029: "mac-latin2", 20127: "cp1252", 20866: "koi8-r", 21866: "koi8-u",
    28591: "cp1252", 28592: "iso8859-2", 28595: "iso8859-5", 28605: "iso8859-15",
    50220: "iso2022-jp", 51932: "euc-jp", 54936: "gb18030", 65001: "utf-8", 936: "gb18030",
}  # fmt: skip
_KNOWN = frozenset(
    (437, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874, 932, 949, 950)
) | frozenset(range(1250, 1259))
_CHARSETS = {  # of fonts
    77: "mac-roman", 78: "cp932", 79: "cp949", 80: "gb18030", 81: "big5", 83: "cp1255",
    84: "cp1256", 85: "mac-greek", 86: "cp1254", 88: "mac-latin2", 89: "mac-cyrillic",
    128: "cp932", 129: "cp949", 130: "cp1361", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip


def codepage(number: int) -> str:
    """The name of an encoding by its Windows number; Western European when it is unknown."""
    if number in _NAMES:
        return _NAMES[number]
    return f"cp{number}" if number in _KNOWN else "cp1252"


def font_codepage(charset: int) -> str:
    """The encoding of text in a font with this character set; "" when the font doesn't say."""
    return _CHARSETS.get(charset, "")
