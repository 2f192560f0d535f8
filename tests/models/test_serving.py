"""A model's process between requests: it stays, and leaves when idle or when others need memory."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models import serving
from cairn.core.models.serving import Serving
from cairn.core.models.writing.generating import Generating
from cairn.core.process import Frame, receive_frame, send_frame
from tests.models.files.test_gguf_header import number, tensor, write


class Echo(Serving):
    def answer(self, request: Frame) -> None:
        send_frame(self.stream, Frame({"id": request.header["id"]}))


class Heavy(Echo):
    heavy = True


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[socket.socket, socket.socket]]:
    monkeypatch.setattr(serving, "_LOOK_S", 0.05)
    left = threading.Event()  # what its reader ends with would end the tests, too
    monkeypatch.setattr(serving.os, "_exit", lambda code: left.set())
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    assert left.wait(20)
    theirs.close()


def started(process: Serving) -> threading.Thread:
    thread = threading.Thread(target=process.run, daemon=True)
    thread.start()
    return thread


def ask(ours: socket.socket) -> None:
    send_frame(ours, Frame({"op": "echo", "id": 7}))
    reply = receive_frame(ours)
    assert reply is not None
    assert reply.header["id"] == 7


def test_a_large_model_makes_room_when_memory_gets_short(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = threading.Event()
    monkeypatch.setattr(serving, "is_pressed", pressed.is_set)
    thread = started(Heavy(ends[1], 0))
    ask(ends[0])
    thread.join(0.3)
    assert thread.is_alive()
    pressed.set()
    thread.join(20)
    assert not thread.is_alive()


def test_a_small_one_stays(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "is_pressed", lambda: True)
    thread = started(Echo(ends[1], 0))
    thread.join(0.3)
    ask(ends[0])
    assert thread.is_alive()


def test_either_leaves_when_nobody_has_asked_for_long(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "is_pressed", lambda: False)
    thread = started(Heavy(ends[1], 0.2))
    ask(ends[0])
    thread.join(20)
    assert not thread.is_alive()


def test_a_model_without_room_is_refused_in_words(tmp_path: Path) -> None:
    sizes = {"block_count": 4096, "embedding_length": 1 << 20, "attention.head_count": 1}
    items = tuple(number(f"llama.{key}", value) for key, value in sizes.items())
    path = write(tmp_path / "huge.gguf", items=items, tensors=(tensor("a", (64,)),))
    generating = Generating(Models(generator=str(path)), tmp_path)
    for _ in range(2):  # it is asked anew each time: there may be room by then
        with pytest.raises(Unavailable, match=r"needs \d+.* of memory") as caught:
            generating.generate([("user", "hello")], None, 5)
        assert "cairn model recommend" in caught.value.hint
    generating.close()
