"""An address → a file on disk, checked as it comes in. The only code of cairn that uses a network.

Called when somebody asked for a model and agreed. What has come stays in `NAME.part` beside the
file until it is whole and right, so that a broken line, a kill -9 or a full disk costs no second
download; nothing but a file with the right sum ever bears its name.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cairn.core.errors import CairnError, NotFound, Unavailable
from cairn.core.models.files.hosts import OPENER, check_address, words_of
from cairn.core.models.files.unfinished import NOTES, PART, Tell, drop, note

_PIECE = 1 << 20
_TRIES = 5
_SILENT_S = 15.0
_PAUSE_S = 1.0
_SPARE_DISK = 256 << 20
_MAGIC = b"GGUF"
_AGAIN = "run the same command again: it goes on where it stopped"


class Halted(Unavailable):
    """Whoever asked has left; what has come so far is kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    url: str
    size: int
    """In bytes; 0 where it is not known."""
    sha256: str
    """Empty where it is not known: then the sum of what comes is only told."""


@dataclass(frozen=True, slots=True)
class Pulled:
    path: Path
    size: int
    sha256: str


class _Broken(Exception):
    """The line broke; it is worth another try."""


def pull(wanted: Wanted, target: Path, tell: Tell, stop: Callable[[], bool]) -> Pulled:
    check_address(wanted.url)
    try:
        return _Pull(wanted, target, tell, stop).run()
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        what = "the disk is full" if full else (error.strerror or str(error))
        raise Unavailable(f"{target.name} could not be written: {what}", (
            f"free some space, then {_AGAIN}" if full else _AGAIN
        )) from error  # fmt: skip
    finally:
        part = target.with_name(target.name + PART)
        if part.is_file() and part.stat().st_size == 0:
            drop(target)  # nothing has come that could be gone on with


class _Pull:
    def __init__(self, wanted: Wanted, target: Path, tell: Tell, stop: Callable[[], bool]) -> None:
        self._wanted, self._target, self._tell, self._stop = wanted, target, tell, stop
        self._part = target.with_name(target.name + PART)
        self._notes = target.with_name(target.name + NOTES)
        self._sum = hashlib.sha256()
        self._have = 0
        self._total = wanted.size if wanted.sha256 else 0
        self._mark = ""
        """What the host calls this version of the file, or since when it is so."""

    def run(self) -> Pulled:
        with self._part.open("a+b") as file:
            self._resume(file)
            failures, reached = 0, self._have
            while not self._total or self._have < self._total:
                try:
                    self._fetch(file)
                    break
                except _Broken as error:
                    failures = failures + 1 if self._have == reached else 1
                    reached = self._have
                    if failures == _TRIES:
                        raise Unavailable(
                            f"{self._host()} can't be reached: {error}",
                            f"check the connection, then {_AGAIN}",
                        ) from error
                    self._wait(_PAUSE_S * failures)
            file.flush()
            os.fsync(file.fileno())
        return self._finish()

    def _resume(self, file: Any) -> None:
        """Take up what an earlier try left, if it is of the same file."""
        try:
            notes = json.loads(self._notes.read_text("utf-8"))
            known = notes["url"] == self._wanted.url
        except (OSError, ValueError, KeyError, TypeError):
            known, notes = False, {}
        if not known:
            file.truncate(0)
            return
        self._mark, total = str(notes.get("mark", "")), int(notes.get("total", 0))
        self._total = self._total or total
        file.seek(0)
        while piece := file.read(_PIECE):
            self._check_stop()
            self._sum.update(piece)
            self._have += len(piece)
            self._tell(self._have, self._total)
        if self._total and self._have > self._total:
            self._begin_again(file)

    def _begin_again(self, file: Any) -> None:
        file.seek(0)
        file.truncate(0)
        self._sum, self._have = hashlib.sha256(), 0
        self._total = self._wanted.size if self._wanted.sha256 else 0

    def _fetch(self, file: Any) -> None:
        with self._open() as reply:
            if reply.status == 206:
                if not self._continues(reply):
                    self._begin_again(file)
                    raise _Broken("the file has changed there")
            elif self._have:  # it can't go on in the middle, or is another one by now
                self._begin_again(file)
            self._note(reply)
            self._check_room()
            while True:
                self._check_stop()
                try:
                    piece = reply.read1(_PIECE)
                except (OSError, http.client.HTTPException) as error:
                    raise _Broken(words_of(error)) from error
                if not piece:
                    break
                self._keep(file, piece)
        if self._total and self._have < self._total:
            raise _Broken("the connection broke off")

    def _keep(self, file: Any, piece: bytes) -> None:
        if self._have == 0 and not piece.startswith(_MAGIC[: len(piece)]):
            drop(self._target)
            raise Unavailable(
                f"{self._host()} sends something else than a GGUF file",
                "open the address in a browser: it may ask you to sign in or to agree first",
            )
        file.write(piece)
        self._sum.update(piece)
        self._have += len(piece)
        if self._total and self._have > self._total:
            drop(self._target)
            raise Unavailable(
                f"{self._host()} sends more than the {self._total} bytes that it should",
                "it is not the file that is wanted; nothing of it was kept",
            )
        self._tell(self._have, self._total)

    def _open(self) -> http.client.HTTPResponse:
        headers = {"User-Agent": "cairn", "Accept-Encoding": "identity"}
        if self._have and (self._mark or self._wanted.sha256):
            headers["Range"] = f"bytes={self._have}-"
            if self._is_strong:
                headers["If-Range"] = self._mark
        request = urllib.request.Request(self._wanted.url, headers=headers)
        try:
            reply: http.client.HTTPResponse = OPENER.open(request, timeout=_SILENT_S)
        except urllib.error.HTTPError as error:
            error.close()
            raise self._refused(error.code) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, CairnError):
                raise error.reason from error
            raise _Broken(words_of(error.reason)) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _Broken(words_of(error)) from error  # where it leads may be no address at all
        return reply

    def _refused(self, status: int) -> Exception:
        host = self._host()
        if status in (404, 410):
            return NotFound(f"{host} has no such file", "check the address")
        if status in (401, 403):
            return Unavailable(
                f"{host} gives this file only to those who signed in or agreed to its licence",
                "fetch it with a browser, then `cairn model add FILE`",
            )
        if status == 416:
            drop(self._target)
            return Unavailable(f"the file at {host} has changed meanwhile", "run the command again")
        if status == 429 or status >= 500:
            return _Broken(f"it is busy or broken (status {status})")
        return Unavailable(f"{host} refuses the file (status {status})", "check the address")

    def _continues(self, reply: http.client.HTTPResponse) -> bool:
        """Does what comes follow what is here, and is it of the same file?"""
        place, _, total = reply.headers.get("Content-Range", "").rpartition("/")
        same = not total.isdigit() or self._total in (0, int(total))
        return place.startswith(f"bytes {self._have}-") and same and self._is_same(reply)

    def _is_same(self, reply: http.client.HTTPResponse) -> bool:
        """Hosts that don't know If-Range go on with whatever is there now."""
        marks = _marks(reply)
        if self._mark and marks:
            return self._mark in marks
        return self._is_strong or bool(self._wanted.sha256)

    @property
    def _is_strong(self) -> bool:
        """May the host be asked to go on only if it is still so?"""
        return bool(self._mark) and not self._mark.startswith("W/")

    def _note(self, reply: http.client.HTTPResponse) -> None:
        length = reply.headers.get("Content-Length", "")
        total = self._have + int(length) if length.isdigit() else 0
        if self._wanted.sha256 and total and self._total not in (0, total):
            raise Unavailable(
                f"{self._host()} has another file there: {total} bytes, not {self._total}",
                "nothing was kept; look at the address, or pull another",
            )
        self._total = self._total or total
        if marks := _marks(reply):
            self._mark = marks[0]
        elif reply.status != 206:  # which need not say it again
            self._mark = ""
        note(self._target, self._wanted.url, self._mark, self._total)

    def _check_room(self) -> None:
        left = self._total - self._have
        free = shutil.disk_usage(self._target.parent).free
        if self._total and left + _SPARE_DISK > free:
            raise Unavailable(
                f"{left / 1e9:.1f} GB are still to come, and {free / 1e9:.1f} GB are free on that "
                "disk",
                f"free some space, then {_AGAIN}",
            )

    def _finish(self) -> Pulled:
        found = self._sum.hexdigest()
        if self._wanted.sha256 and found != self._wanted.sha256:
            drop(self._target)
            raise Unavailable(
                f"what {self._host()} sent is not the file that is wanted: its checksum is "
                f"{found[:12]}…, not {self._wanted.sha256[:12]}…",
                "nothing of it was kept; run the command again, or pull another",
            )
        self._part.replace(self._target)
        drop(self._target)
        return Pulled(self._target, self._have, found)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._check_stop()
            time.sleep(0.1)

    def _check_stop(self) -> None:
        if self._stop():
            raise Halted("stopped", _AGAIN)

    def _host(self) -> str:
        return urlsplit(self._wanted.url).hostname or ""


def _marks(reply: http.client.HTTPResponse) -> list[str]:
    return [mark for name in ("ETag", "Last-Modified") if (mark := reply.headers.get(name, ""))]
