"""A host on 127.0.0.1 that behaves as told: with ranges and without, broken, busy, elsewhere."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Host:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.files: dict[str, bytes] = {}
        """What lies there beside it, by path."""
        self.asked: list[tuple[str, str]] = []
        """Path and range of each request."""
        self.tag = '"one"'
        self.modified = ""
        self.failures: Counter[str] = Counter()
        """How many more requests of a path are to fail."""
        self.go_on = threading.Event()
        self.url = ""

    def answer(self, request: _Handler) -> None:
        span = request.headers.get("Range", "")
        self.asked.append((request.path, span))
        behave = getattr(self, "_" + request.path.strip("/").partition(".")[0], None)
        if request.path in self.files:
            self._send(request, 0, self.files[request.path], self.files[request.path])
        elif behave is None:
            request.send_error(404)
        else:
            behave(request, span)

    def _file(self, request: _Handler, span: str) -> None:
        start = int(span.removeprefix("bytes=").rstrip("-") or 0) if self._may(request, span) else 0
        self._send(request, start, self.data[start:], self.data)

    def _may(self, request: _Handler, span: str) -> bool:
        known = request.headers.get("If-Range", "")
        return bool(span) and known in ("", self.tag)

    def _send(self, request: _Handler, start: int, body: bytes, whole: bytes) -> None:
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        request.send_header("Content-Length", str(len(whole) - start))
        for name, mark in (("ETag", self.tag), ("Last-Modified", self.modified)):
            if mark:
                request.send_header(name, mark)
        request.end_headers()
        request.wfile.write(body)

    def _breaks(self, request: _Handler, span: str) -> None:
        """Half of what is left comes, as often as it is to fail."""
        start = int(span.removeprefix("bytes=").rstrip("-") or 0)
        rest = self.data[start:]
        self.failures["breaks"] -= 1
        if self.failures["breaks"] >= 0:
            rest = rest[: len(rest) // 2]
        self._send(request, start, rest, self.data)
        request.close_connection = True

    def _waits(self, request: _Handler, span: str) -> None:
        """The first half comes; the rest only when it may."""
        start = int(span.removeprefix("bytes=").rstrip("-") or 0)
        half = len(self.data) // 2
        if start < half:
            self._send(request, start, self.data[start:half], self.data)
            request.wfile.flush()
            self.go_on.wait(60)
            start = half
            request.wfile.write(self.data[half:])
        else:
            self._send(request, start, self.data[start:], self.data)

    def _plain(self, request: _Handler, span: str) -> None:
        """Ranges are not known here, nor is the length told."""
        request.send_response(200)
        request.end_headers()
        request.wfile.write(self.data)
        request.close_connection = True

    def _half(self, request: _Handler, span: str) -> None:
        """Neither are they here, and only half comes the first time."""
        self.failures["half"] -= 1
        body = self.data[: len(self.data) // 2] if self.failures["half"] >= 0 else self.data
        request.send_response(200)
        request.send_header("Content-Length", str(len(self.data)))
        request.end_headers()
        request.wfile.write(body)
        request.close_connection = True

    def _moved(self, request: _Handler, span: str) -> None:
        request.send_response(302)
        request.send_header("Location", "/file.gguf")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _circle(self, request: _Handler, span: str) -> None:
        request.send_response(302)
        request.send_header("Location", "/circle")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _nowhere(self, request: _Handler, span: str) -> None:
        request.send_response(302)
        request.send_header("Location", "http://[x/file.gguf")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _elsewhere(self, request: _Handler, span: str) -> None:
        request.send_response(302)
        request.send_header("Location", "http://example.org/file.gguf")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _private(self, request: _Handler, span: str) -> None:
        request.send_error(401)

    def _busy(self, request: _Handler, span: str) -> None:
        self.failures["busy"] -= 1
        if self.failures["busy"] >= 0:
            request.send_error(503)
        else:
            self._file(request, span)

    def _page(self, request: _Handler, span: str) -> None:
        body = b"<!doctype html><p>Please sign in"
        self._send(request, 0, body, body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host: Host = self.server.host  # type: ignore[attr-defined]
        try:
            host.answer(self)
        except OSError:
            self.close_connection = True  # whoever asked has left

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(data: bytes) -> Iterator[Host]:
    host = Host(data)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.host = host  # type: ignore[attr-defined]
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield host
    finally:
        host.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
