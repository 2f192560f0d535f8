"""The compressed RTF body of an Outlook item → RTF bytes (MS-OXRTFCP).

Called by `outlook.py`. A damaged or hostile body gives what could be unpacked, up to a limit.
"""

from __future__ import annotations

import struct

_COMPRESSED = 0x75465A4C
_PLAIN = 0x414C454D
_WINDOW = 4096
_MOST_BYTES = 4_000_000
# What every such body may refer back to, fixed by the format.
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpack_rtf(data: bytes) -> bytes:
    if len(data) < 16:
        return b""
    _, size, magic, _ = struct.unpack_from("<IIII", data)
    size = min(size, _MOST_BYTES)
    if magic == _PLAIN:
        return data[16 : 16 + size]
    return _unpack(data, size) if magic == _COMPRESSED else b""


def _unpack(data: bytes, size: int) -> bytes:
    # Back references count from a window's start, so the output keeps the window in front of it.
    out = bytearray(_START)
    size += len(_START)
    at, end = 16, len(data)
    while at < end and len(out) < size:
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 1 >= end:
                return bytes(out[len(_START) : size])
            pair = data[at] << 8 | data[at + 1]
            at += 2
            offset, length = pair >> 4, (pair & 15) + 2
            back = (len(out) - offset) % _WINDOW
            if back == 0:  # it points at itself: the end
                return bytes(out[len(_START) : size])
            if back > len(out):
                return bytes(out[len(_START) : size])
            for _ in range(length):
                out.append(out[-back])
    return bytes(out[len(_START) : size])
