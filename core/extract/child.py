"""The extractor process: `python -m cairn.core.extract.child FD`.

Reads one file at a time into chunks, behind everything else on the machine and under memory limits,
so that a hostile or broken file costs itself only. Secrets are taken out here, before anything
leaves this process. Started and restarted by `Reading`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import stat
import sys
import time
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cairn.core.chunk import chunk_document
from cairn.core.errors import ExtractError
from cairn.core.extract import Limits, extract
from cairn.core.extract.card import PEEK_BYTES, can_peek, card, first_lines, name_words
from cairn.core.language import detect
from cairn.core.process import Frame, log_without_texts, serve, stand_back
from cairn.core.records import Chunk
from cairn.core.redact import redact, redact_document

_MEMORY = 4 << 30


def main() -> None:
    log_without_texts()
    warnings.simplefilter("ignore")
    stand_back()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    serve(int(sys.argv[1]), _answer)


def _answer(frame: Frame) -> Frame:
    request = frame.header
    started = time.process_time()
    reply = _glance(request) if request["op"] == "glance" else _read(request)
    return Frame({**reply, "cpu_s": time.process_time() - started})


def _path(text: str) -> Path:
    return Path(os.fsdecode(bytes.fromhex(text)))


def _read(request: dict[str, Any]) -> dict[str, Any]:
    path = _path(request["path"])
    limits = Limits(max_bytes=request["max_bytes"])
    try:
        document = extract(path, request["uri"], limits)
        if request["entry"]:
            document = replace(document, kind="entry", origin="user")
        document, redacted = redact_document(document)
        language = detect(document.text)
        chunks = chunk_document(document)
    except ExtractError as error:
        message = redact(error.message).text
        return {"code": error.code, "message": message, "skipped": error.skipped}
    except MemoryError:
        return {"code": "memory", "message": "reading it took too much memory", "skipped": False}
    if chunks:
        chunks[0] = replace(chunks[0], name=name_words(path))
    return {
        "note": document.note, "chunks": [asdict(chunk) for chunk in chunks],
        "redacted": redacted, "language": language,
    }  # fmt: skip


def _glance(request: dict[str, Any]) -> dict[str, Any]:
    """A card for each file, with its first lines where they can be had for one short read."""
    cards = [_card(_path(path), uri, size) for path, uri, size in request["files"]]
    return {"chunks": [asdict(chunk) for chunk in cards]}


def _card(path: Path, uri: str, size: int) -> Chunk:
    lines = ""
    if can_peek(path.name):
        # The file can have been swapped for a pipe or a link since it was listed.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
        with contextlib.suppress(OSError), os.fdopen(os.open(path, flags), "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                lines = first_lines(file.read(PEEK_BYTES))
    return card(path, uri, size, lines)


if __name__ == "__main__":
    main()
