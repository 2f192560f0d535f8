"""A folder of real files of many types: is each read and found, or named with a reason?

`python -m tests.bench.folder --data DIR [--expected DIR] [--json PATH|-]`

Every file must end as indexed or with a reason. An indexed one is asked for with eight words in a
row from its middle and must be among the first three; where `--expected` holds a text of it by
another reader, the share of that text's words which the passages hold is told.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Chunk
from cairn.core.uris import container, uri_path
from tests.bench.common import say, write_json

_MARKUP = re.compile(r"<!--.*?-->|\]\([^)]*\)|[^\w\s]", re.DOTALL)


def words(text: str) -> list[str]:
    return _MARKUP.sub(" ", text).lower().split()


def run(data: Path, expected: Path | None) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(open_home(Path(folder) / "home"), Config())
        try:
            started = time.perf_counter()
            engine.add(data)
            engine.work()
            took = time.perf_counter() - started
            return {**_examine(engine, data, expected), "seconds": round(took, 1)}
        finally:
            engine.close()


def _examine(engine: Engine, data: Path, expected: Path | None) -> dict[str, object]:
    texts: dict[str, list[Chunk]] = {}
    ids = [id for batch, _ in engine.index.table.vectors() for id in batch]
    for chunk in engine.index.table.fetch(ids):
        texts.setdefault(container(chunk.uri), []).append(chunk)
    files = [path for path in data.rglob("*") if path.is_file()]
    silent, lost, reasons = [], [], {}
    shares: dict[str, float] = {}
    records = {uri_path(record.uri): record for record in engine.folders.files(data)}
    for path in sorted(files):
        name, record = str(path.relative_to(data)), records.get(path)
        if record is None:
            silent.append(name)
            continue
        if record.state != "indexed":
            reasons[name] = record.reason
            continue
        chunks = sorted(texts.get(record.uri, []), key=lambda chunk: chunk.ordinal)
        middle = chunks[len(chunks) // 2]
        asked = middle.text.split()[:8]
        found = engine.search(" ".join(asked), limit=3).evidence
        if record.uri not in {container(item.chunk.uri) for item in found}:
            lost.append(f"{name}: {' '.join(asked)}")
        if expected and (other := _other_text(expected, path.relative_to(data))):
            mine = set(words(" ".join(f"{chunk.embedding_text}" for chunk in chunks)))
            theirs = set(words(other))
            shares[name] = round(len(theirs & mine) / max(1, len(theirs)), 3)
    return {
        "files": len(files), "indexed": len(files) - len(silent) - len(reasons),
        "with_a_reason": reasons, "unaccounted_for": silent, "not_among_first_three": lost,
        "share_of_expected_words": shares,
    }  # fmt: skip


def _other_text(expected: Path, name: Path) -> str:
    # Texts of one collection bear the name without the extension, and are of PDFs alone.
    bare = [(expected / name).with_suffix(".md")] if name.suffix == ".pdf" else []
    for candidate in (expected / f"{name}.md", *bare):
        if candidate.is_file():
            return candidate.read_text("utf-8", "replace")
    flat = (
        expected / name.parts[0] / name.parts[1] / f"{name.name}.md"
        if len(name.parts) > 2
        else None
    )
    return flat.read_text("utf-8", "replace") if flat and flat.is_file() else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--expected", type=Path)
    parser.add_argument("--json")
    options = parser.parse_args()
    figures = run(options.data, options.expected)
    for name, value in figures.items():
        say(f"{name}: {value}")
    if options.json:
        write_json(figures, options.json)


if __name__ == "__main__":
    main()
