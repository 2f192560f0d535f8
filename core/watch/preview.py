"""A folder → what `cairn add` would read, pass over and leave out, with nothing stored.

Called by the engine for `cairn add --dry-run`. Files are really read, in the extractor process,
because only that tells which secrets are in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cairn.core.errors import CairnError, ExtractError
from cairn.core.extract.reading import Reading
from cairn.core.journal import Policy
from cairn.core.report import Preview, PreviewedFile
from cairn.core.uris import uri_path
from cairn.core.watch.folders import Folders
from cairn.core.watch.sweep import list_files


def preview(
    path: Path,
    policy: Policy,
    folders: Folders,
    reading: Reading,
    tell: Callable[[int, int], None],
) -> Preview:
    """`tell` hears how many of how many files are done."""
    path = folders.checked(path)
    passed: list[PreviewedFile] = []
    listing = list_files(
        path, folders.rules_for(path), folders.outside(path),
        lambda entry, verdict: passed.append(PreviewedFile(str(entry), verdict.reason)),
    )  # fmt: skip
    read, skipped, redacted = 0, [], []
    kinds: Counter[str] = Counter()
    passages = 0
    for number, (uri, status) in enumerate(listing.files.items()):
        tell(number, len(listing.files))
        file = uri_path(uri)
        if policy != "full":
            continue
        try:
            result = reading.read(file, uri)
        except ExtractError as error:
            skipped.append(PreviewedFile(str(file), error.message, status.st_size))
            continue
        except CairnError as error:
            skipped.append(PreviewedFile(str(file), f"reading it failed: {error.message}"))
            continue
        read += 1
        passages += len(result.chunks)
        if result.redacted:
            found = dict(result.redacted)
            kinds.update(found)
            redacted.append(PreviewedFile(str(file), ", ".join(found)))
    size = sum(status.st_size for status in listing.files.values())
    closed = [PreviewedFile(str(folder), "it may not be listed") for folder in listing.closed]
    return Preview(
        str(path), policy, len(listing.files), size, read, passages, tuple(skipped),
        (*passed, *closed), tuple(redacted), tuple(sorted(kinds.items())),
    )  # fmt: skip
