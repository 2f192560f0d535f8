"""What went wrong while a transcript was read → what to tell its user, in plain words.

Called in the extractor process. Readers meet whatever a program, a disk or a stranger may have
written, so every error has an answer here; none names its kind or quotes what was read.
"""

from __future__ import annotations

import zipfile
import zlib

from cairn.core.errors import ExtractError
from cairn.core.extract import explain


def explained(error: Exception) -> ExtractError:
    if isinstance(error, ExtractError):
        return error
    if isinstance(error, OSError) and error.errno:
        return explain(error)
    # Without a number it comes from what unpacks.
    if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError | OSError):
        return ExtractError("broken", "it is damaged")
    if isinstance(error, MemoryError):
        return ExtractError("memory", "reading it took too much memory")
    if isinstance(error, NotImplementedError):
        return ExtractError("unsupported", "it is packed in a way that cairn can't unpack")
    if isinstance(error, RuntimeError) and "password" in str(error):
        return ExtractError("encrypted", "it is protected by a password")
    return ExtractError("broken", "it could not be read")
