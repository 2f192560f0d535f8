"""A file or an address → a model that cairn knows by name; the half of `Collection` that takes in.

Whatever comes is read and tried before it counts. A pulled file is tried when it fits, and kept
even when it does not fit now: it may be too dear to fetch twice.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cairn.core.errors import CairnError, ConfigError, NotFound, Unavailable
from cairn.core.models.files.catalogue import Offer, offers
from cairn.core.models.files.gguf_header import Header, read_header
from cairn.core.models.files.hosts import check_address
from cairn.core.models.files.kept import PART_NAME, Kept, Shelf, stamp
from cairn.core.models.files.pull import Halted, Pulled, Wanted
from cairn.core.models.files.pull_parts import pull_parts
from cairn.core.models.files.unfinished import Tell, parts_of, stem_of, target_of, waiting
from cairn.core.models.fit.shape import Shape, shape_of
from cairn.core.models.plan import Plan

Stop = Callable[[], bool]
Try = Callable[[Kept, Shape, bool], Plan]
"""Runs it if it fits, every weight looked at if the last says so; `Unavailable` if it won't run."""
_PIECE = 4 << 20


@dataclass(frozen=True, slots=True)
class Deal:
    """What a pull would come to, to be agreed to before anything is asked of the host."""

    name: str
    url: str
    host: str
    size: int
    """In bytes; 0 where only the host knows."""
    licence: str
    sha256: str
    about: str
    waiting: int
    """Bytes that an earlier pull has left."""
    shape: Shape | None
    here: bool
    parts: int = 1
    """In how many files it comes."""


class Arrivals:
    def __init__(self, shelf: Shelf, attempt: Try) -> None:
        self._shelf = shelf
        self._try = attempt

    def deal(self, what: str) -> Deal:
        """`what` is a name of the catalogue or the address of a GGUF file."""
        offer = next((offer for offer in offers() if what in (offer.name, offer.url)), None)
        if offer is None and "://" not in what:
            raise NotFound(
                f"there is no model called `{what}` to pull",
                "`cairn model list` has names; the address of a GGUF file will do, too",
            )
        url = offer.url if offer else what
        host = check_address(url)
        parts = parts_of(url)
        if url != parts[0]:
            raise ConfigError(
                f"`{url}` is one part of a model that was split",
                f"`cairn model pull {parts[0]}` fetches all {len(parts)} parts",
            )
        if len(parts) == 1 and PART_NAME.search(stem_of(url)):
            raise ConfigError(
                f"`{url}` is one part of a model, and which one can't be",
                "look at the address; that of a first part ends in -00001-of-…",
            )
        known = next((each for each in self._shelf.all() if each.url == url), None)
        return Deal(
            name=_named(offer, known, url, self._shelf),
            url=url,
            host=host,
            size=offer.size if offer else 0,
            licence=offer.licence if offer else "",
            sha256=(offer.sha256 if offer else "") or self._shelf.sums().get(url, ""),
            about=offer.about if offer else "",
            waiting=waiting(self._shelf.folder, url),
            shape=offer.shape if offer else None,
            here=known is not None and Path(known.path).is_file(),
            parts=len(parts),
        )

    def fetch(self, deal: Deal, tell: Tell, stop: Stop) -> Pulled:
        # A size without a checksum is only about right.
        wanted = Wanted(deal.url, deal.size, deal.sha256)
        return pull_parts(wanted, self._shelf.folder, tell, stop)

    def keep(self, deal: Deal, pulled: Pulled) -> Kept:
        """What was fetched, looked through, tried, and known by name from now on."""
        try:
            header = read_header(pulled.path)
            shape = shape_of(header)
        except CairnError:
            for url in parts_of(deal.url):  # whole, and yet no model
                target_of(self._shelf.folder, url).unlink(missing_ok=True)
            raise
        kept = replace(
            describe(header, shape, self.deal(deal.url).name), url=deal.url, owned=True,
            sha256=pulled.sha256, licence=deal.licence or header.licence, about=deal.about,
        )  # fmt: skip
        self._shelf.put(kept)
        try:
            self._try(kept, shape, True)
        except Unavailable as error:
            raise Unavailable(
                error.message,
                f"it is kept all the same; `cairn model remove {kept.name}` deletes it",
            ) from error
        kept = replace(kept, stamp=stamp(header.files))
        self._shelf.put(kept)
        return kept

    def add(self, path: Path, *, copy: bool, tell: Tell, stop: Stop) -> Kept:
        """Know a file by name from now on; with `copy` as a copy in the home."""
        path = Path(os.path.realpath(path.expanduser()))
        header = read_header(path)
        shape = shape_of(header)
        kept = describe(header, shape, self._shelf.name_for(path))
        planned = self._try(kept, shape, True)
        if not planned.runs:
            raise planned.refusal()
        if copy:
            kept = replace(kept, path=str(self._copy(header, tell, stop)), owned=True)
            header = read_header(Path(kept.path))
        kept = replace(kept, stamp=stamp(header.files))
        self._shelf.put(kept)
        return kept

    def _copy(self, header: Header, tell: Tell, stop: Stop) -> Path:
        folder, done = self._shelf.folder, 0
        if header.size + _PIECE > shutil.disk_usage(folder).free:
            raise Unavailable(
                f"there is no room for a copy of {header.path.name} in {folder}",
                "free some space, or add it where it lies, without `--copy`",
            )
        targets = [folder / part.name for part in header.files]
        if taken := [target for target in targets if target.exists()]:
            raise ConfigError(f"{taken[0]} is there already", "add that one, or remove it first")
        try:
            for part, target in zip(header.files, targets, strict=True):
                with part.open("rb") as source, target.open("xb") as file:
                    while piece := source.read(_PIECE):
                        if stop():
                            raise Halted("stopped", "nothing was kept; run it again")
                        file.write(piece)
                        done += len(piece)
                        tell(done, header.size)
        except BaseException:
            for target in targets:
                target.unlink(missing_ok=True)
            raise
        return targets[0]


def describe(header: Header, shape: Shape, name: str) -> Kept:
    kind = "generator" if shape.writes else "embedder"
    return Kept(
        name, str(header.path), kind, header.size, "", shape.quantization, shape.architecture,
        header.licence,
    )  # fmt: skip


def _named(offer: Offer | None, known: Kept | None, url: str, shelf: Shelf) -> str:
    if known is not None:
        return known.name
    return shelf.free(offer.name if offer else stem_of(url))
