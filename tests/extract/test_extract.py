"""The door: what is opened at all, how a type is told, and that only ExtractError comes out."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cairn.core.errors import ExtractError
from cairn.core.extract import Limits, extract
from tests.extract.checks import check_chunks, check_document, read
from tests.pdf_maker import make_pdf


def refusal(path: Path, limits: Limits | None = None) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        extract(path, "file:x", limits or Limits())
    return caught.value


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("text")
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "real.txt")
    fifo = tmp_path / "pipe.txt"
    os.mkfifo(fifo)
    assert (refusal(link).code, refusal(link).skipped) == ("symlink", True)
    assert (refusal(fifo).code, refusal(fifo).skipped) == ("not-a-file", True)
    assert (refusal(tmp_path).code, refusal(tmp_path).skipped) == ("not-a-file", True)


def test_missing_and_forbidden_files_are_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = refusal(tmp_path / "gone.txt")
    assert (gone.code, gone.skipped) == ("vanished", False)
    (tmp_path / "file.txt").write_text("text")
    assert refusal(tmp_path / "file.txt" / "below.txt").code == "vanished"

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "open", refuse)
    forbidden = refusal(tmp_path / "file.txt")
    assert (forbidden.code, forbidden.skipped) == ("no-permission", False)


def test_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    assert (refusal(path).code, refusal(path).skipped) == ("empty", True)
    path.write_text("word " * 1000)
    large = refusal(path, Limits(max_bytes=1024))
    assert (large.code, large.skipped) == ("too-large", True)
    assert "0.0 MiB" in large.message
    long = refusal(path, Limits(max_chars=100))
    assert (long.code, long.skipped) == ("too-large", True)
    assert "5,000" in long.message and "100" in long.message


@pytest.mark.parametrize("content", ["", " \n\t\r\n ", "\ufeff", "\u200b\n", "\ufeff \ufeff"])
def test_nothing_to_see(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(content)
    error = refusal(path)
    assert error.code in ("empty", "no-text") and error.skipped


def test_binary_content_in_a_text_type(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc\0def")
    assert (refusal(path).code, refusal(path).skipped) == ("binary", True)
    path.write_bytes(random.Random(1).randbytes(5000).replace(b"\0", b"\1"))
    assert refusal(path).code == "binary"


def test_types_are_known_by_content(tmp_path: Path) -> None:
    assert read(tmp_path, "page.bak", "<!DOCTYPE html><p>Hello").kind == "web"
    assert read(tmp_path, "scan.bin", make_pdf(["Hello"])).kind == "pdf"
    assert read(tmp_path, "run", "#!/bin/sh\necho hello\n").kind == "code"
    assert read(tmp_path, "shopping", "milk and bread\n").kind == "note"
    path = tmp_path / "a.xyz"
    path.write_bytes(b"PK\3\4 something")
    assert (refusal(path).code, refusal(path).skipped) == ("unknown-type", True)


def test_a_parsers_exception_becomes_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 secret words that no message may show")
    error = refusal(path)
    assert (error.code, error.skipped) == ("broken", False)
    assert error.message.startswith("the PDF could not be read: ")
    assert "secret" not in error.message and error.__cause__ is None


PARTS = (
    "a b 1 2026-03-02 é 中 \n \r\n \t - * # ## | > < </ <p> <td> <h1> <table> &amp; &# ; : , \" ' "
    "` ``` ~~~ === --- :: .. [ ] { } ( ) \\ \\u0041 \\ud800 ? =?utf-8?q? ?= @ . ! def class "
    "\\section{ #+begin_src |-|-| From: Subject: Content-Type: text/html multipart/mixed "
    "boundary=a --a"
)
ALPHABET = st.sampled_from(PARTS.split(" "))
SUFFIXES = (
    "md org rst tex txt log py js toml yaml json jsonl csv tsv html eml pdf turns.jsonl".split()
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.one_of(st.binary(max_size=400), st.lists(ALPHABET, max_size=60)))
def test_any_bytes_give_a_document_or_a_reason(
    tmp_path: Path, suffix: str, data: bytes | list[str]
) -> None:
    path = tmp_path / f"fuzz.{suffix}"
    path.write_bytes(data if isinstance(data, bytes) else "".join(data).encode())
    try:
        document = extract(path, "file:fuzz")
    except ExtractError as error:
        assert error.code and error.message
        return
    check_document(document)
    check_chunks(document, budget=16)
