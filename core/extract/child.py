"""The extractor process: `python -m cairn.core.extract.child FD`.

Reads one file at a time into chunks, behind everything else on the machine, under limits and
confined, so that a hostile or broken file costs itself only. Secrets are taken out here, before
anything leaves this process. Started and restarted by `Reading`.
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

from cairn.core.chats.batches import Batches
from cairn.core.chats.document import compose_document
from cairn.core.chats.troubles import explained
from cairn.core.chunk import chunk_document, passage_id
from cairn.core.confine import PARSERS, confine
from cairn.core.errors import ExtractError
from cairn.core.extract import Limits, extract, runner
from cairn.core.extract.card import PEEK_BYTES, can_peek, card, first_lines, name_words
from cairn.core.extract.reading import READABLE
from cairn.core.language import detect
from cairn.core.process import SCRATCH, Frame, log_without_texts, serve, stand_back
from cairn.core.records import Chunk, Origin
from cairn.core.redact import redact, redact_document
from cairn.core.tree.markdown import Broken, origin_of
from cairn.core.uris import tree_uri

_LIMITS = (
    (resource.RLIMIT_AS, 4 << 30), (resource.RLIMIT_FSIZE, 1 << 30), (resource.RLIMIT_NOFILE, 512),
    (resource.RLIMIT_CORE, 0),
)  # fmt: skip
_USUAL, _WHOLE = 200, 350
"""Tokens of a passage."""
_NO_MEMORY = ExtractError("memory", "reading it took too much memory")
_batches: Batches | None = None


def main() -> None:
    log_without_texts()
    warnings.simplefilter("ignore")
    stand_back()
    for limit, most in _LIMITS:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    _confine(int(sys.argv[1]))
    serve(int(sys.argv[1]), _answer)


def _confine(channel: int) -> None:
    """Read only what is watched, write only the folder for scratch."""
    if sys.platform != "linux":
        return
    runner.start(channel)
    scratch = os.environ.get(SCRATCH)
    named = os.environ.pop(READABLE, "").split()
    readable = [_path(each.partition(":")[0]) for each in named]
    confine(PARSERS, readable, [Path(scratch)] if scratch else [])


def _answer(frame: Frame) -> Frame:
    request = frame.header
    started = time.process_time()
    reply = _OPERATIONS[request["op"]](request)
    return Frame({**reply, "cpu_s": time.process_time() - started})


def _path(text: str) -> Path:
    return Path(os.fsdecode(bytes.fromhex(text)))


def _read(request: dict[str, Any]) -> dict[str, Any]:
    path = _path(request["path"])
    tree = _path(request["entry"]) if request["entry"] else None
    limits = Limits(max_bytes=request["max_bytes"])
    try:
        document = extract(path, request["uri"], limits)
        if tree:
            document = replace(document, kind="entry", origin=_of_whom(path))
        document, redacted = redact_document(document)
        language = detect(document.text)
        chunks = chunk_document(document)
        if tree:
            chunks = [_wherever_home_lies(chunk, tree) for chunk in chunks]
    except ExtractError as error:
        return _trouble(error)
    except MemoryError:
        return _trouble(_NO_MEMORY)
    if chunks:
        chunks[0] = replace(chunks[0], name=name_words(path, tree))
    return {
        "note": document.note, "chunks": [asdict(chunk) for chunk in chunks],
        "redacted": redacted, "language": language,
    }  # fmt: skip


def _of_whom(entry: Path) -> Origin:
    """Whose words it rests on: filed, they are still those of whoever said them."""
    try:
        return origin_of(entry.read_text("utf-8"))
    except (OSError, ValueError, Broken):
        return "document"


def _wherever_home_lies(chunk: Chunk, tree: Path) -> Chunk:
    """With an id that is the same in another home: by it equally good passages are ordered."""
    return replace(chunk, id=passage_id(tree_uri(chunk.uri, tree), chunk.ordinal, chunk.hash))


def _trouble(error: ExtractError) -> dict[str, Any]:
    message = redact(error.message).text
    return {"code": error.code, "message": message, "skipped": error.skipped}


def _take(request: dict[str, Any]) -> dict[str, Any]:
    """The next batch of the transcript that is open, or the first one from a state."""
    global _batches
    path = _path(request["path"])
    asked = path, request["kind"], request["state"], request["me"]
    try:
        goes_on = request["go_on"] and _batches is not None and _batches.path == path
        if _batches is None or not (goes_on or _batches.stands_at(*asked)):
            _batches = Batches(*asked)
        batch = _batches.next()
    except Exception as error:  # readers meet whatever a program may have written
        _batches = None
        return _trouble(explained(error))
    if batch["is_last"]:
        _batches = None
    return batch


def _compose(request: dict[str, Any]) -> dict[str, Any]:
    """The passages of a part of a conversation, whose turns bear no secrets any more."""
    document = compose_document(request)
    # What is said of a sitting is one passage: its parts alone would not say which one it was.
    chunks = chunk_document(document, budget=_WHOLE if document.kind == "episode" else _USUAL)
    return {
        "note": "", "chunks": [asdict(replace(chunk, uri=request["conversation"]))
                               for chunk in chunks],
        "redacted": {}, "language": detect(document.text) if chunks else "",
    }  # fmt: skip


def _glance(request: dict[str, Any]) -> dict[str, Any]:
    """A card for each file, with its first lines where they can be had for one short read."""
    tree = _path(request["tree"])
    cards = [_card(_path(path), uri, size, tree) for path, uri, size in request["files"]]
    return {"chunks": [asdict(chunk) for chunk in cards]}


def _card(path: Path, uri: str, size: int, tree: Path) -> Chunk:
    lines = ""
    if can_peek(path.name):
        # The file can have been swapped for a pipe or a link since it was listed.
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
        with contextlib.suppress(OSError), os.fdopen(os.open(path, flags), "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                lines = first_lines(file.read(PEEK_BYTES))
    return card(path, uri, size, lines, tree if path.is_relative_to(tree) else None)


_OPERATIONS = {"read": _read, "glance": _glance, "take": _take, "compose": _compose}

if __name__ == "__main__":
    main()
