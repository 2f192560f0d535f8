"""What a model has read of a prompt's unchanging beginning, kept so that it is read only once.

Used by the generator's process: in memory between requests, and as files of the home's cache for
the next process. A file that is damaged, or of another model, is passed over and made anew. They
hold nothing of the user's: only what every prompt begins with.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import secrets
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

LEAST = 16
"""Tokens for which it is worth the trouble."""
_IN_MEMORY, _ON_DISK = 3, 4
_LARGEST = 128 << 20
_MAGIC = b"cairn kv 1\n"
_DIGEST = 32
_EDGE = 1 << 20


class Prefixes:
    def __init__(self, api: Any, context: Any, folder: Path | None, key: str) -> None:
        """`key` names the model and how it is run: what was read by another fits no more."""
        self._api, self._context = api, context
        self._folder, self._key = folder, key
        self._kept: OrderedDict[tuple[int, ...], bytes] = OrderedDict()

    def restore(self, tokens: list[int]) -> bool:
        """Put the model where it is after reading `tokens`, if that was kept."""
        name = tuple(tokens)
        for state in (self._kept.get(name), self._read(tokens)):
            if state and self._api.llama_state_seq_set_data(
                self._context, (ctypes.c_uint8 * len(state)).from_buffer_copy(state), len(state), 0
            ):
                self._remember(name, state)
                return True
        return False

    def keep(self, tokens: list[int]) -> None:
        """The model has read just these."""
        size = int(self._api.llama_state_seq_get_size(self._context, 0))
        if not 0 < size <= _LARGEST:
            return
        room = (ctypes.c_uint8 * size)()
        written = int(self._api.llama_state_seq_get_data(self._context, room, size, 0))
        if written:
            state = bytes(memoryview(room)[:written])
            self._remember(tuple(tokens), state)
            self._write(tokens, state)

    def _remember(self, name: tuple[int, ...], state: bytes) -> None:
        self._kept[name] = state
        self._kept.move_to_end(name)
        while len(self._kept) > _IN_MEMORY:
            self._kept.popitem(last=False)

    def _path(self, tokens: list[int]) -> Path | None:
        if self._folder is None:
            return None
        name = hashlib.blake2b(self._key.encode() + _packed(tokens), digest_size=16).hexdigest()
        return self._folder / f"{name}.kv"

    def _read(self, tokens: list[int]) -> bytes | None:
        path, head = self._path(tokens), _packed(tokens)
        if path is None:
            return None
        try:
            if path.stat().st_size > _LARGEST + (1 << 20):
                return None
            data = path.read_bytes()
            os.utime(path)  # the one that was used last is kept longest
        except OSError:
            return None
        begin = len(_MAGIC) + _DIGEST
        digest, rest = data[len(_MAGIC) : begin], data[begin:]
        if data[: len(_MAGIC)] != _MAGIC or not rest.startswith(head):
            return None
        return rest[len(head) :] if digest == _digest(self._key, rest) else None

    def _write(self, tokens: list[int], state: bytes) -> None:
        """A full disk, or one that can't be written to, costs only time."""
        path = self._path(tokens)
        if path is None:
            return
        rest = _packed(tokens) + state
        temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
        with contextlib.suppress(OSError):
            try:
                path.parent.mkdir(mode=0o700, exist_ok=True)
                temporary.write_bytes(_MAGIC + _digest(self._key, rest) + rest)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            self._clear()

    def _clear(self) -> None:
        assert self._folder is not None
        files = sorted(self._folder.glob("*.kv"), key=lambda path: -path.stat().st_mtime_ns)
        for path in files[_ON_DISK:]:
            path.unlink(missing_ok=True)


def stamp(path: Path) -> str:
    """Tells a model's file from any other, without reading all of it."""
    status = path.stat()
    hasher = hashlib.blake2b(f"{status.st_size} {status.st_mtime_ns}".encode(), digest_size=16)
    with path.open("rb") as file:
        hasher.update(file.read(_EDGE))
        file.seek(max(0, status.st_size - _EDGE))
        hasher.update(file.read(_EDGE))
    return hasher.hexdigest()


def _packed(tokens: list[int]) -> bytes:
    return np.array([len(tokens), *tokens], dtype="<i4").tobytes()


def _digest(key: str, rest: bytes) -> bytes:
    hasher = hashlib.blake2b(key.encode(), digest_size=_DIGEST)
    hasher.update(rest)
    return hasher.digest()
