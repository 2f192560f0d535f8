"""Addresses of files: readable, reversible, and safe to show."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.uris import container, file_uri, folder_uris, part_name, part_uri, pasted, uri_path


def test_the_users_folder_is_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert file_uri(Path("/home/anna/notes/a b.md")) == "file:~/notes/a b.md"
    assert file_uri(Path("/home/annabel/a.md")) == "file:/home/annabel/a.md"
    assert uri_path("file:~/notes/a b.md#L3-L4") == Path("/home/anna/notes/a b.md")


@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
def test_any_path_comes_back_and_is_one_clean_line(raw: bytes) -> None:
    path = Path("/") / os.fsdecode(raw).lstrip("/")
    uri = file_uri(path)
    assert uri_path(uri) == path
    assert uri_path(uri + "#L1") == path
    assert uri.encode("utf-8").isascii() or uri.isprintable() or "\n" not in uri
    assert container(uri) == uri
    assert uri_path(uri + "!/part of it.docx#p3") == path
    assert container(uri + "!/a!/b") == uri


def test_what_lies_inside_a_file_is_told_from_a_folder_that_ends_with_a_mark() -> None:
    assert uri_path("file:/a/trip.eml!/plan.docx#p3") == Path("/a/trip.eml")
    assert container("file:/a/trip.eml!/zip!/plan.docx") == "file:/a/trip.eml"
    assert file_uri(Path("/a/new!/b!c.md")) == "file:/a/new%21/b!c.md"
    assert file_uri(Path("/a/new!/b.md")).startswith(folder_uris(Path("/a/new!"))[0] + "/")
    assert container(file_uri(Path("/a/b!")) + "!/part") == file_uri(Path("/a/b!"))


@given(st.text(min_size=1, max_size=30))
def test_a_name_inside_a_file_is_one_step_of_an_address(name: str) -> None:
    uri = part_uri("file:/a/trip.eml", name)
    part = uri.removeprefix("file:/a/trip.eml!/")
    assert container(uri) == "file:/a/trip.eml" and uri_path(uri) == Path("/a/trip.eml")
    assert not set("/#\n\x1b") & set(part)
    assert part_name(part) == part
    assert container(part_uri(uri, "b")) == "file:/a/trip.eml"


def test_no_name_is_more_than_a_word_to_the_shell_it_is_pasted_into(tmp_path: Path) -> None:
    names = ["$(touch pwned)", "`touch pwned`", "a; touch pwned", "a'; touch pwned; '",
             "a\ntouch pwned", "a && touch pwned", "a>pwned", "a|touch pwned", 'a"b', "a b.md",
             "a*", "a\\", "ü.md", "file:~/a b.eml!/#2$HOME.txt#L1"]  # fmt: skip
    command = "printf '%s\\0' " + " ".join(map(pasted, names))
    said = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)
    assert said.stdout.decode().split("\0")[:-1] == names
    assert not (tmp_path / "pwned").exists()
    assert pasted("file:~/notes/a.md#L12-L18") == "file:~/notes/a.md#L12-L18"
