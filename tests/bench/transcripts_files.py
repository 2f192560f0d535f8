"""Notes, bookmarks and calendars of a watched folder: is each item of each file in a passage?

Called by `tests.bench.transcripts`. Items are counted with plain patterns: `<note>`, pages of a
Roam graph, notes of a textbundle, `<A HREF`, VEVENT.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.redact import redact
from cairn.core.uris import container, uri_path

_FOLDERS = ("notes", "bookmarks", "calendar")
_EVENT = re.compile(r"^BEGIN:VEVENT\s*$(.*?)^END:VEVENT", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"<A\s[^>]*HREF=[\"']?([^\"'>\s]*)[^>]*>(.*?)</A>", re.DOTALL | re.IGNORECASE)
_TITLE_CHARS = 110
"""Longer titles of bookmarks are cut."""
_MARKUP = re.compile(r"<[^>]+>")


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def items(path: Path) -> Iterator[str]:
    """What each item of a file is called."""
    if path.suffix == ".zip":
        yield from _bundles(path)
        return
    text = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    if path.suffix == ".enex":
        for note in re.findall(r"<note>(.*?)</note>", text, re.DOTALL):
            title = re.search(r"<title>(.*?)</title>", note, re.DOTALL)
            yield unescape(title[1]) if title else ""
            body = note.partition("<content>")[2].partition("</content>")[0]
            for line in re.findall(r"<div>([^<>\[\]]+)</div>", body):
                yield unescape(unescape(line))
    elif path.suffix == ".ics":
        for event in _EVENT.findall(re.sub(r"\n[ \t]", "", text)):
            summary = re.search(r"^SUMMARY[^:\n]*:(.*)$", event, re.MULTILINE)
            said = re.sub(r"\\([,;\\])", r"\1", summary[1].replace("\\n", " ")) if summary else ""
            yield said
    elif path.suffix == ".htm":
        for href, title in _LINK.findall(text):
            title = unescape(_MARKUP.sub("", title))
            yield title[:_TITLE_CHARS].rpartition(" ")[0] if title[_TITLE_CHARS:] else title or href
    elif path.suffix == ".json":
        for page in json.loads(text):
            yield page["title"]
            yield from _strings(page)


def _strings(page: dict[str, object]) -> Iterator[str]:
    children = page.get("children")
    for child in children if isinstance(children, list) else []:
        yield from str(child.get("string", "")).splitlines()
        yield from _strings(child)


def _bundles(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.search(r"/text\.(md|markdown|txt)$", name) and "__MACOSX" not in name:
                yield from archive.read(name).decode("utf-8").splitlines()


def check_files(data: Path, only: str) -> dict[str, object]:
    """How many items there are by kind of file, and what is not in the passages."""
    counts: Counter[str] = Counter()
    differs: list[str] = []
    reasons: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as home:
        engine = Engine(open_home(Path(home) / "home"), Config())
        try:
            for folder in _FOLDERS:
                if only in folder:
                    engine.add(data / folder)
            engine.work()
            texts = _passages(engine)
            for folder in _FOLDERS:
                records = {
                    uri_path(record.uri): record for record in engine.folders.files(data / folder)
                }
                for path in sorted((data / folder).rglob("*")) if only in folder else ():
                    if not path.is_file() or path.name == "SOURCE.txt":
                        continue
                    name, record = path.name, records.get(path)
                    told = list(items(path))
                    counts[f"{path.suffix} files"] += 1
                    counts[f"{path.suffix} items"] += len(told)
                    if record is None or record.state != "indexed":
                        reasons[name] = record.reason if record else "not listed"
                        if any(words(item) for item in told):
                            differs.append(f"{name}: {reasons[name]}")
                        continue
                    found = texts[path]
                    counts[f"{path.suffix} passages"] += found.count("|")
                    for item in dict.fromkeys(told):
                        if not all(_is_in(words(piece), found) for piece in _pieces(item)):
                            differs.append(f"{name}: {item[:80]!r}")
        finally:
            engine.close()
    return {"counts": dict(counts), "with_a_reason": reasons, "differs": differs}


def _pieces(item: str) -> Iterator[str]:
    """What stands in it as it is: not what refers to another block, nor a component."""
    yield from re.split(r"\(\([^()]*\)\)|\{\{.*?\}\}|\{\{|\}\}", redact(item).text)


def _is_in(said: str, found: str) -> bool:
    """Whole, or divided between two passages?"""
    if said in found:
        return True
    told = said.split()
    return any(
        f" {' '.join(told[at:])} " in f" {found}" and f"{' '.join(told[:at])} |" in found
        for at in range(1, len(told))
    )


def _passages(engine: Engine) -> dict[Path, str]:
    texts: dict[Path, str] = defaultdict(str)
    ids = [id for batch, _ in engine.index.table.vectors() for id in batch]
    for chunk in engine.index.table.fetch(ids):
        path = uri_path(container(chunk.uri))
        texts[path] += f"{words(f'{chunk.title} {chunk.embedding_text}')} | "
    return texts
