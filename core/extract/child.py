"""The extractor process: `python -m cairn.core.extract.child FD`.

Reads one file at a time into chunks, niced and under memory limits, so that a hostile or broken
file costs itself only. Started and restarted by `Reading`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cairn.core.chunk import chunk_document
from cairn.core.errors import ExtractError
from cairn.core.extract import Limits, extract
from cairn.core.process import Frame, serve

_MEMORY = 4 << 30


def main() -> None:
    warnings.simplefilter("ignore")
    os.nice(10)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    serve(int(sys.argv[1]), lambda frame: Frame(_read(frame.header)))


def _read(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(os.fsdecode(bytes.fromhex(request["path"])))
    limits = Limits(max_bytes=request["max_bytes"])
    try:
        document = extract(path, request["uri"], limits)
        if request["entry"]:
            document = replace(document, kind="entry", origin="user")
        chunks = chunk_document(document)
    except ExtractError as error:
        return {"code": error.code, "message": error.message, "skipped": error.skipped}
    except MemoryError:
        return {"code": "memory", "message": "reading it took too much memory", "skipped": False}
    return {"note": document.note, "chunks": [asdict(chunk) for chunk in chunks]}


if __name__ == "__main__":
    main()
