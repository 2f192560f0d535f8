"""Which reader takes which file: by its name, else by how it begins.

A family is one way of reading. Its reader, `Source -> Document`, is named and imported when it is
needed, so that a library for spreadsheets costs nobody who has none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from cairn.core.extract.source import Source
from cairn.core.records import Document


@dataclass(frozen=True, slots=True)
class Family:
    reader: str
    """`module:function`, below `cairn.core`."""
    words: str
    """What such a file is called in messages."""
    suffixes: str = ""
    names: str = ""
    """Whole names, without an extension, that mean this family."""

    def read(self, source: Source) -> Document:
        module, _, function = self.reader.partition(":")
        read: Callable[[Source], Document] = getattr(
            import_module(f"cairn.core.{module}"), function
        )
        return read(source)


PLAIN = Family(
    "extract.text:read_plain", "text", "txt text log",
    "readme license licence copying authors todo notes changelog changes news",
)  # fmt: skip
CODE = Family(
    "extract.code:read_code", "source code",
    "py pyi js mjs cjs ts tsx jsx c h cc cpp cxx hpp hh rs go java kt kts rb sh bash zsh fish "
    "sql css scss swift lua pl pm r jl scala cs php ex exs hs clj el vim cmake",
    "makefile gnumakefile dockerfile containerfile justfile",
)  # fmt: skip
WEB = Family("extract.web:read_web", "web page", "html htm xhtml")
MAIL = Family("extract.mail:read_mail", "mail", "eml")
PDF = Family("extract.pdf:read_pdf", "PDF", "pdf")
TURNS = Family("chats.turns:read_turns", "conversation", "turns.jsonl")

FAMILIES = (
    PLAIN,
    CODE,
    WEB,
    MAIL,
    PDF,
    TURNS,
    Family("extract.markup:read_markup", "text", "md markdown org rst tex"),
    Family("extract.data:read_config", "settings file", "toml yaml yml ini cfg conf"),
    Family("extract.data:read_json", "JSON", "json jsonl ndjson"),
    Family("extract.tables:read_table", "table", "csv tsv"),
)
_BY_SUFFIX = {suffix: family for family in FAMILIES for suffix in family.suffixes.split()}
_BY_NAME = {name: family for family in FAMILIES for name in family.names.split()}


def family_of(name: str, data: bytes) -> Family | None:
    return _by_name(name) or _by_content(name, data)


def _by_name(name: str) -> Family | None:
    lower = name.lower()
    if lower == "turns.jsonl" or lower.endswith(".turns.jsonl"):
        return TURNS
    stem, suffix = os.path.splitext(lower)
    return _BY_SUFFIX.get(suffix[1:]) if suffix else _BY_NAME.get(stem)


def _by_content(name: str, data: bytes) -> Family | None:
    """What a file with a foreign or no extension turns out to be."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return PDF
    if head.startswith((b"<!doctype html", b"<html")):
        return WEB
    if re.match(rb"#!\s*/", head):
        return CODE
    if not os.path.splitext(name)[1] and _is_utf8(data):
        return PLAIN
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
