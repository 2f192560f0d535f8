"""The door to everything about models: what there is, what fits, fetching, trying, forgetting.

Held by the engine as `models`. Nothing is accepted before its header was read and it has run in a
throwaway process; nothing is fetched unless `pull` is called; nothing but cairn's own copies is
deleted.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection as Several
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from cairn import assets
from cairn.core.config import Models
from cairn.core.errors import Busy, CairnError, ConfigError, NotFound, Unavailable
from cairn.core.home import Home
from cairn.core.models.files.catalogue import Offer, offers
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.files.kept import NONE, SHIPPED, Kept, Shelf, stamp
from cairn.core.models.files.trying import Tried, Trying
from cairn.core.models.files.unfinished import (
    PART,
    Tell,
    drop,
    left_of,
    parts_of,
    target_of,
    unfinished,
    waiting,
)
from cairn.core.models.fit.kernels import KERNELS, settle, settled
from cairn.core.models.fit.machine import Machine
from cairn.core.models.fit.shape import Shape, shape_of
from cairn.core.models.offload.packed import advice, packed_files
from cairn.core.models.offload.reads import READS, known
from cairn.core.models.offload.reads import settle as settle_reads
from cairn.core.models.plan import Allowed, Plan, plan

if TYPE_CHECKING:
    from cairn.core.models.files.arrivals import Arrivals, Deal, Stop

_BENCH_READ, _BENCH_WRITTEN = 512, 48
_BENCH_S = 900.0
_DIMENSIONS = 384
_PATIENCE_S, _MORE_PATIENCE_S = 60.0, 180.0
"""That an answer takes; and for a better one."""
_ALIKE = 0.85
"""A model of this share of another's weights does about as well."""
_OPEN = ("Apache-2.0", "MIT")


@dataclass(frozen=True, slots=True)
class Listed:
    kept: Kept
    used: bool
    plan: Plan | None
    trouble: str
    """Why it can't be used, in words."""
    packing: str = ""
    """What packing it would be good for, where it would help."""


@dataclass(frozen=True, slots=True)
class Offered:
    offer: Offer
    plan: Plan
    here: str
    """The name under which it lies here already; empty if it does not."""
    waiting: int
    """Bytes of it that an earlier pull has left."""


@dataclass(frozen=True, slots=True)
class Advice:
    machine: Machine
    offered: tuple[Offered, ...]
    best: str
    """The name of the one to take; empty if none fits."""
    beyond: str
    """Of a more capable one that does not fit, but answers soon enough with weights on the disk."""


@dataclass(frozen=True, slots=True)
class Benched:
    kept: Kept
    plan: Plan
    tried: Tried
    plain: Tried | None
    """With llama.cpp's own kernels alone; None where ours have no part in it."""


class Collection:
    def __init__(self, home: Home, settings: Models) -> None:
        self._settings = settings
        self._shelf = Shelf(home.models)
        self._trying = Trying(home.logs, home.cache)
        self._kernels = home.cache / KERNELS
        self._allowed = Allowed.by(settings, home.cache / READS)
        self._lock = threading.Lock()
        self._fetched: set[str] = set()
        """Addresses from which something comes just now."""

    # -- looking

    def machine(self, *, measured: bool = True) -> Machine:
        machine = self._trying.machine(measured=measured)
        found = settled(self._kernels) if self._settings.kernels else None
        return replace(machine, rates=found.rates if found else ())

    def all(self) -> list[Listed]:
        """What is here: the shipped embedder, what was added, and what the settings name."""
        machine = self.machine(measured=False)
        return [self._listed(kept, machine) for kept in self._known()]

    def _known(self) -> list[Kept]:
        kept = self._shelf.all()
        shipped = assets.path("embedder.gguf")
        extra = [_plain(shipped, SHIPPED, "embedder", "comes with cairn")]
        paths = {str(shipped), *(each.path for each in kept)}
        for kind in ("generator", "embedder"):
            used = self._used(kind)
            if used and used not in paths:
                name = self._shelf.free(Path(used).stem)
                extra.append(_plain(Path(used), name, kind, "named in the settings"))
        return [*extra, *kept]

    def _used(self, kind: str) -> str:
        value: str = getattr(self._settings, kind)
        if value:
            return str(Path(value).expanduser())
        return str(assets.path("embedder.gguf")) if kind == "embedder" else ""

    def _listed(self, kept: Kept, machine: Machine) -> Listed:
        used = kept.path == self._used(kept.kind)
        try:
            header = read_header(Path(kept.path))
            shape = shape_of(header)
        except CairnError as error:
            return Listed(kept, used, None, error.message)
        kept = replace(
            kept, size=header.size, quantization=shape.quantization,
            architecture=shape.architecture, licence=kept.licence or header.licence,
        )  # fmt: skip
        ran = kept.stamp or not kept.url
        trouble = "" if ran else "it did not run when it came; `cairn model use` tries it again"
        chosen = self.plan(shape, machine, Path(kept.path))
        return Listed(kept, used, chosen, trouble, advice(header) if chosen.offload else "")

    def plan(
        self, shape: Shape, machine: Machine, file: Path | None = None, *, measured: bool = False
    ) -> Plan:
        """Of a model that lies at `file`, or will lie in the home; `measured` looks at its disk
        if it is to be read from there."""
        found = partial(plan, shape, threads=self._settings.threads, allowed=self._allowed)
        chosen = found(machine)
        if shape.size <= chosen.free or self._allowed.disks is None:
            return chosen
        known_reads = known(self._allowed.disks, file or self._shelf.folder)
        if measured and file:
            known_reads = settle_reads(self._allowed.disks, file)
        return found(replace(machine, reads=known_reads))

    def offered(self, *, measured: bool = False) -> list[Offered]:
        """What could be pulled, the most capable first, and how it would do here."""
        machine = self.machine(measured=measured)
        known = {each.url: each.name for each in self._shelf.all()}
        return [
            Offered(
                offer, self.plan(offer.shape, machine), known.get(offer.url, ""),
                waiting(self._shelf.folder, offer.url),
            )
            for offer in offers()
        ]  # fmt: skip

    def unfinished(self) -> list[tuple[str, int]]:
        """Addresses of which a pull has brought only a part yet, and how many bytes."""
        return unfinished(self._shelf.folder)

    def advice(self) -> Advice:
        """Of those that fit, the most capable that answers in reasonable time; and of others."""
        if self._settings.kernels:
            settle(self._kernels)
        found = tuple(self.offered(measured=True))
        fitting = [each for each in found if each.plan.fits]
        quick = [each for each in fitting if each.plan.answer_s <= _PATIENCE_S]
        slow = sorted(fitting, key=lambda each: each.plan.answer_s)
        best = _open_one(quick or slow)
        names = [each.offer.name if each else "" for each in (best, _beyond(found, best))]
        return Advice(self.machine(measured=False), found, *names)

    # -- taking in

    @cached_property
    def _arrivals(self) -> Arrivals:
        """What speaks to hosts is loaded when somebody wants it to."""
        from cairn.core.models.files.arrivals import Arrivals

        return Arrivals(self._shelf, self._try)

    def deal(self, what: str) -> Deal:
        return self._arrivals.deal(what)

    def pull(self, what: str, tell: Tell, stop: Stop) -> Kept:
        """Fetch it, hold it to its checksum, try it; it is kept even if it does not fit now."""
        deal = self.deal(what)
        with self._fetching(deal.url):
            pulled = self._arrivals.fetch(deal, tell, stop)
            with self._lock:
                return self._arrivals.keep(deal, pulled)

    def add(self, path: Path, *, copy: bool, tell: Tell, stop: Stop) -> Kept:
        """Know a file by name from now on; with `copy` as a copy in the home."""
        with self._alone():
            return self._arrivals.add(path, copy=copy, tell=tell, stop=stop)

    # -- using, removing

    def use(self, name: str) -> tuple[Kept, Plan]:
        """Make sure that it runs here and now; whoever asks then puts it into the settings."""
        kept = self.find(name)
        with self._alone():
            header = read_header(Path(kept.path))
            now = stamp(header.files)
            planned = self._try(kept, shape_of(header), kept.stamp != now)
            if not planned.runs:
                raise planned.refusal()
            if self._shelf.find(name):
                self._shelf.put(replace(kept, stamp=now))
            return kept, planned

    def find(self, name: str) -> Kept:
        found = next((kept for kept in self._known() if kept.name == name), None)
        if found is None:
            offered = name in {offer.name for offer in offers()}
            raise NotFound(
                f"there is no model called `{name}` here",
                f"`cairn model pull {name}` fetches it" if offered else
                "`cairn model list` shows what there is, `cairn model add FILE` adds one",
            )  # fmt: skip
        return found

    def forget(self, name: str) -> tuple[Path, ...]:
        """The files that removing it would delete; none of the user's own."""
        kept = self._shelf.find(name)
        if kept is None:
            return self._begun(name)
        if kept.path == self._used(kept.kind):
            raise ConfigError(
                f"`{name}` is in use", f"`cairn model use {NONE}`, or another one, then remove it"
            )
        path = Path(kept.path)
        if not kept.owned or path.parent != self._shelf.folder or not path.is_file():
            return ()
        try:
            return read_header(path).files
        except CairnError:
            return (path,)

    def _begun(self, name: str) -> tuple[Path, ...]:
        """What a pull that did not end has left."""
        url = _address(name)
        if url in self._fetched:
            raise Busy(f"`{name}` is being fetched just now", "stop that, then remove it")
        is_known = any(each.url == url for each in self._shelf.all())
        if "://" in url and not is_known and (left := left_of(self._shelf.folder, url)):
            return left
        self.find(name)
        raise ConfigError(
            f"`{name}` is not cairn's to remove", "`cairn model use NAME` takes another instead"
        )

    def remove(self, name: str) -> tuple[Path, ...]:
        with self._alone():
            files = self.forget(name)
            kept = self._shelf.find(name)
            for file in packed_files(Path(kept.path)) if kept else ():
                file.unlink(missing_ok=True)
            for file in files:
                file.unlink(missing_ok=True)
                drop(file.with_name(file.name.removesuffix(PART)))
            if "://" in (url := _address(name)):
                for part in parts_of(url):
                    drop(target_of(self._shelf.folder, part))
            self._shelf.drop(name)
            return files

    def pack(self, name: str, tell: Tell, stop: Stop) -> Path:
        """Write a model's neurons into a file of their own beside it, as far as that helps it."""
        from cairn.core.models.offload.packing import pack

        kept = self.find(name)
        with self._alone():
            return pack(Path(kept.path), tell, stop)

    def packing(self, name: str, chosen: Plan) -> str:
        return advice(read_header(Path(self.find(name).path))) if chosen.offload else ""

    # -- trying

    def bench(self, name: str) -> Benched:
        """How fast it is, beside what was expected; without a name, the one in use."""
        kept = self.find(name) if name else self._in_use()
        shape = shape_of(read_header(Path(kept.path)))
        with self._alone():
            chosen = settle(self._kernels).types if self._settings.kernels else None
            planned = self.plan(shape, self.machine(), Path(kept.path), measured=True)
            if not planned.runs:
                raise planned.refusal()
            written = _BENCH_WRITTEN if shape.writes else 0
            read = min(_BENCH_READ, planned.window - written - 1)

            def run(kernels: Several[str] | None) -> Tried:
                return self._trying.run(
                    Path(kept.path), planned, read=read, written=written, longest_s=_BENCH_S,
                    kernels=kernels,
                )  # fmt: skip

            tried = run(chosen if shape.writes else None)
            ours = chosen is not None and shape.writes and planned.offload is None
            plain = run(None) if ours else None
        return Benched(kept, planned, tried, plain)

    def _in_use(self) -> Kept:
        for kept in self._known():
            if kept.kind == "generator" and kept.path == self._used("generator"):
                return kept
        raise NotFound(
            "no model that writes is in use", "name one, or choose one with `cairn model use NAME`"
        )

    def _try(self, kept: Kept, shape: Shape, thorough: bool) -> Plan:
        planned = self.plan(shape, self.machine(), Path(kept.path), measured=True)
        if not planned.runs:
            return planned
        tried = self._trying.run(
            Path(kept.path), planned, thorough=thorough, written=2 if shape.writes else 0
        )
        if not shape.writes and tried.dimensions != _DIMENSIONS:
            raise Unavailable(
                f"{kept.name} makes vectors of {tried.dimensions} numbers, and the index takes "
                f"those of {_DIMENSIONS}",
                "choose an embedder like the shipped one",
            )
        return planned

    @contextmanager
    def _fetching(self, url: str) -> Iterator[None]:
        """One at a time from an address; others, and all else, may go on beside it."""
        with self._lock:
            if url in self._fetched:
                raise Busy("it is being fetched already", "try again when that is done")
            self._fetched.add(url)
        try:
            yield
        finally:
            self._fetched.discard(url)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(blocking=False):
            raise Busy("another model is being tried just now", "try again when it is done")
        try:
            yield
        finally:
            self._lock.release()


def _open_one(ranked: Sequence[Offered]) -> Offered | None:
    """The first, or where others do about as well, the first of those under an open licence."""
    if not ranked:
        return None
    enough = ranked[0].offer.shape.weights * _ALIKE
    alike = [each for each in ranked if each.offer.shape.weights >= enough]
    return next((each for each in alike if each.offer.licence in _OPEN), ranked[0])


def _beyond(found: Sequence[Offered], best: Offered | None) -> Offered | None:
    some = found[: found.index(best)] if best else found
    soon = (each for each in some if 0 < each.plan.answer_s <= _MORE_PATIENCE_S)
    return next((each for each in soon if each.plan.offload), None)


def _address(name: str) -> str:
    """From which it would be pulled, if it is a name of the catalogue."""
    offer = next((offer for offer in offers() if name in (offer.name, offer.url)), None)
    return offer.url if offer else name


def _plain(path: Path, name: str, kind: str, about: str) -> Kept:
    size = 0
    with contextlib.suppress(OSError):
        size = path.stat().st_size
    return Kept(name, str(path), kind, size, "", about=about)
