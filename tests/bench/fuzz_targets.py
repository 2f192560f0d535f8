"""Every parser that cairn has of its own, and what to begin with when it is fuzzed.

A target takes bytes. What it may raise is for a file's own trouble; anything else is a fault.
"""

from __future__ import annotations

import io
import json
import socket
import struct
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cairn.core.errors import CairnError
from tests.bench.fuzz_chats import SEEDS, read_chat

_NOW = datetime(2026, 5, 2, 12, 0)
_TURN = {"conversation": "c", "title": "t", "time": "2026-05-02T10:00:00Z", "author": "Ana",
         "origin": "person", "text": "We agreed on 400.", "id": "1", "reply_to": "0"}  # fmt: skip
_MAIL = (
    "From: Ana <ana@example.org>\nTo: =?utf-8?q?B=C3=A9n?= <b@example.org>\nSubject: Garden\n"
    "Date: Sat, 2 May 2026 10:00:00 +0200\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
    'boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n\nYes.\n\nOn 1 May, Ben wrote:\n'
    "> No?\n--x\nContent-Type: text/html\n"
    "Content-Transfer-Encoding: base64\n\nPGI+aGk8L2I+\n--x--\n"
)
_ICS = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260502T100000\n"
    "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5\nSUMMARY:Dig\\, plant\nEND:VEVENT\nEND:VCALENDAR\n"
)
_VCF = "BEGIN:VCARD\nVERSION:4.0\nFN:Ana\nBDAY:19800102\nTEL;TYPE=cell:+44 1\nEND:VCARD\n"
_MD = "---\ntitle: A\ntags: [a, b]\ndate: 2026-05-02\n---\n# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
_ENTRY = (
    "---\nid: e_7k2m9q\ntitle: Budget\nkind: decision\ntags: [garden]\nrelations:\n"
    '  - {type: supersedes, to: e_4hd81x}\nsources:\n  - {uri: "file:~/a.md#L1", hash: "b:1"}\n'
    "---\n"
    "We agreed on 400.\n"
)
_ORG = (
    "#+TITLE: A\n#+DATE: <2026-05-02>\n* TODO [#A] Dig :a:b:\nSCHEDULED: <2026-05-02 Sat +1w>\n"
    ":PROPERTIES:\n:ID: 1\n:END:\nSee [[file:a.md][it]] and =x=.\n** Plants\n| a | b |\n|---+---|\n"
    "| 1 | 2 |\n#+BEGIN_SRC py\n* no heading\n#+END_SRC\n- [ ] one :: two\n  1. three\n"
)
_RST = (
    "A\n=\n:Date: 2026-05-02\n\nB\n-\n\n.. note:: x\n\n::\n\n  code\n\n"
    "====  ===\na     b\n====  ===\n"
)
_ADOC = "= A\nAna <a@b>\nv1.0, 2026-05-02\n\n== B\n----\n= code\n----\n|===\n|a |b\n|===\n* one\n"
_TEX = "\\title{A}\\section{B}\n% no\n\\begin{verbatim}\n\\section{x}\n\\end{verbatim}\n$y$\n"
_TEXTILE = "h1. A\n\nh2(#b). B\n\nbc. code\n\n|_. a |_. b |\n| 1 | 2 |\n\n* one\n** two\n"


@dataclass(frozen=True, slots=True)
class Target:
    run: Callable[[bytes, Path], object]
    """With a folder for what has to be a file."""
    seeds: tuple[bytes, ...]
    endings: str = ""
    """Of the files in a folder of data that are good to begin with."""


def _file(name: str) -> Callable[[bytes, Path], object]:
    """The reader that a file of this name gets, and all that becomes of what it gives."""

    def run(data: bytes, folder: Path) -> object:
        from cairn.core.chunk import chunk_document
        from cairn.core.extract.families import family_of
        from cairn.core.extract.source import Source
        from cairn.core.redact import redact_document

        source = Source(f"file:{name}", name, data, 1_000_000)
        family = family_of(name, data)
        return chunk_document(redact_document(family.read(source))[0]) if family else None

    return run


def _entry(data: bytes, folder: Path) -> object:
    from cairn.core.tree.markdown import parse, render

    entry = parse(data.decode("utf-8", "replace"), "e_7k2m9q", "x")
    return parse(render(entry), "e_7k2m9q", "x")


def _times(data: bytes, folder: Path) -> object:
    from cairn.core.extract.dates import find_date, find_time
    from cairn.core.times.phrases import find

    text = data.decode("utf-8", "replace")
    found = [find(text, _NOW, language) for language in ("en", "de", "fr", "es")]
    return found, find_date(text), find_time(text)


def _question(data: bytes, folder: Path) -> object:
    from cairn.core.recall.question.analyze import analyze

    return analyze(data.decode("utf-8", "replace"), _NOW)


def _secrets(data: bytes, folder: Path) -> object:
    from cairn.core.redact import redact

    return redact(data.decode("utf-8", "replace"))


def _charset(data: bytes, folder: Path) -> object:
    from cairn.core.extract.source import Source, decode

    return decode(Source("file:x", "x.txt", data, 1_000_000))


def _place(data: bytes, folder: Path) -> object:
    from cairn.core.locate import parse_citation

    return parse_citation(data.decode("utf-8", "replace"))


def _frame(data: bytes, folder: Path) -> object:
    from cairn.core.process import receive_frame

    ours, theirs = socket.socketpair()
    with ours:
        sender = threading.Thread(target=_send, args=(theirs, data))
        sender.start()
        try:
            return receive_frame(ours)
        finally:
            sender.join()


def _send(stream: socket.socket, data: bytes) -> None:
    with stream:
        stream.sendall(data)


def _gguf(data: bytes, folder: Path) -> object:
    from cairn.core.models.files.gguf_header import read_header

    path = folder / "m.gguf"
    path.write_bytes(data)
    return read_header(path)


def _snapshot(data: bytes, folder: Path) -> object:
    from cairn.native import scan

    path = folder / "rows"
    path.write_bytes(data)
    return scan.opened(path, 8, "state")


def _saved_snapshot() -> bytes:
    import tempfile

    import numpy as np

    from cairn import native
    from cairn.native import scan

    rows = scan.Rows(8)
    rows.append(*native.quantize(np.eye(8, dtype=np.float32)))
    with tempfile.TemporaryDirectory() as folder:
        rows.save(Path(folder) / "rows", "state", bytes(range(64)))
        return (Path(folder) / "rows").read_bytes()


def _zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return packed.getvalue()


def _tiny_gguf() -> bytes:
    def text(words: bytes) -> bytes:
        return struct.pack("<Q", len(words)) + words

    pairs = text(b"general.architecture") + struct.pack("<I", 8) + text(b"llama")
    tensor = text(b"t") + struct.pack("<IQIQ", 1, 32, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + pairs + tensor
    return head + bytes(-len(head) % 32 + 128)


_WORD = ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
         "<w:body><w:p><w:r><w:t>We agreed.</w:t></w:r></w:p></w:body></w:document>")  # fmt: skip
_TURNS = "".join(json.dumps(_TURN) + "\n" for _ in range(2)).encode()
_FRAME = struct.pack("<II", 13, 2) + b'{"op": "x"}  ' + b"ab"

TARGETS: dict[str, Target] = {
    "mail": Target(_file("a.eml"), (_MAIL.encode(),), ".eml .msg"),
    "mailbox": Target(_file("a.mbox"), (f"From a@b Sat May 2\n{_MAIL}".encode(),), ".mbox"),
    "calendar": Target(_file("a.ics"), (_ICS.encode(),), ".ics"),
    "contacts": Target(_file("a.vcf"), (_VCF.encode(),), ".vcf"),
    "markdown": Target(_file("a.md"), (_MD.encode(),), ".md"),
    "org": Target(_file("a.org"), (_ORG.encode(),), ".org"),
    "rst": Target(_file("a.rst"), (_RST.encode(),), ".rst"),
    "asciidoc": Target(_file("a.adoc"), (_ADOC.encode(),), ".adoc .asciidoc"),
    "tex": Target(_file("a.tex"), (_TEX.encode(),), ".tex"),
    "textile": Target(_file("a.textile"), (_TEXTILE.encode(),), ".textile .muse"),
    "subtitles": Target(_file("a.srt"), (b"1\n00:00:01,000 --> 00:00:02,000\n<i>Hi</i>\n\n",),
                        ".srt .vtt"),
    "table": Target(_file("a.csv"), (b'a;b\n1;"x\ny"\n2;z\n',), ".csv .tsv"),
    "notebook": Target(
        _file("a.ipynb"),
        (b'{"cells":[{"cell_type":"code","source":["x"],"outputs":[{"text":"y"}]}],"nbformat":4}',),
        ".ipynb",
    ),
    "turns": Target(_file("a.turns.jsonl"), (_TURNS,), ".turns.jsonl"),
    "page": Target(_file("a.html"), (b"<html><title>A</title><p>b<table><tr><td>c</table>",),
                   ".html .htm .xml"),
    "rtf": Target(_file("a.rtf"), (rb"{\rtf1\ansi{\fonttbl\f0 A;}\u233?Hi\'e9\par}",), ".rtf"),
    "word": Target(_file("a.docx"), (_zipped(word__document_xml=_WORD),), ".docx"),
    "book": Target(_file("a.epub"), (_zipped(META_INF__container_xml="<container/>"),), ".epub"),
    "notes": Target(_file("a.enex"), (b"<en-export><note><title>A</title><content><![CDATA["
                                      b"<en-note>x</en-note>]]></content></note></en-export>",),
                    ".enex"),
    "old word": Target(_file("a.doc"), (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1024),), ".doc"),
    "json": Target(_file("a.json"), (b'{"a": [1, "x", {"b": null}]}',), ".json"),
    "charset": Target(_charset, ("Größe, ñandú, Straße".encode("cp1252"), "庭".encode("shift_jis")),
                      ".txt .xml .html"),
    "entry": Target(_entry, (_ENTRY.encode(),), ".md"),
    "times": Target(_times, (b"last Tuesday, 3 weeks ago, between 2 and 5 May 2026",
                             b"vor drei Wochen, am 2. Mai; il y a 2 jours; ayer")),
    "question": Target(_question, (b"What did Ana say about the garden before 2 May 2026?",
                                   b'not "heron" in ~/a.md from Ben since last week')),
    "secrets": Target(_secrets, (b"password: hunter2 token=ghp_0123456789abcdef0123456789abcdef",
                                 b"AKIAABCDEFGHIJKLMNOP 4111 1111 1111 1111 postgres://a:b@c/d")),
    "place": Target(_place, (b"~/mail/budget.eml:11", b"file:///a/b.md#L3-L9",
                             b"chat:claude/9f#t4")),
    "frame": Target(_frame, (_FRAME,)),
    "gguf": Target(_gguf, (_tiny_gguf(),)),
    "snapshot": Target(_snapshot, (_saved_snapshot(),)),
    **{f"chat {kind}": Target(read_chat(kind, name), begun)
       for kind, (name, begun) in SEEDS.items()},
}  # fmt: skip
EXPECTED = (CairnError,)
