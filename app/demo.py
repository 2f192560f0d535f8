"""`cairn demo`: the whole way from files to a cited answer, on a sample life in a temporary home.

Uses the real engine in this process, so it shows what the installed parts can do and touches
nothing of the user's.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from cairn import assets
from cairn.app import render, wire
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home

QUESTIONS = (
    ("a fact", "What did the boiler service cost?"),
    ("a date", "When does the lease of the flat end?"),
    ("changed later", "What did we agree on for the garden budget?"),
    ("not in there", "Which dentist did we choose for Mila?"),
)


def run(*, keep: bool) -> int:
    folder = Path(tempfile.mkdtemp(prefix="cairn-demo-"))
    try:
        compiled = shutil.ignore_patterns("__pycache__")  # pip makes it beside the sample code
        shutil.copytree(assets.path("demo"), folder / "life", ignore=compiled)
        failed = _show(folder)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    _say_next(folder if keep else None)
    return 4 if failed else 0


def _show(folder: Path) -> int:
    """Index and ask; the number of files that could not be read."""
    life = folder / "life"
    files = sum(path.is_file() for path in life.rglob("*"))
    render.out(f"A small sample life: {files} files (notes, mails, a PDF, a chat, code, a table).")
    render.out()
    started = time.perf_counter()
    engine = Engine(open_home(folder / "home"), Config())
    try:
        engine.add(life)
        engine.work()
        counts = engine.journal.counts()
        render.out(
            f"Read and indexed {counts.indexed} files into {counts.chunks} passages "
            f"in {time.perf_counter() - started:.1f} s, all on this machine."
        )
        if engine.ingest.degraded:
            render.note(f"note: {engine.ingest.degraded}")
        for label, question in QUESTIONS:
            _ask(engine, label, question, folder)
        return counts.failed
    finally:
        engine.close()


def _ask(engine: Engine, label: str, question: str, folder: Path) -> None:
    started = time.perf_counter()
    data = wire.answer(engine.ask(question), engine.finding.titles)
    took_ms = (time.perf_counter() - started) * 1000
    for citation in data["citations"]:
        citation["path"] = os.path.relpath(citation["path"], folder)
    render.out()
    heading = render.style(f'cairn ask "{question}"', "bold")
    render.out(f"{heading}   ({label}, {took_ms:.0f} ms)")
    render.answer(data)


def _say_next(kept: Path | None) -> None:
    render.out()
    render.out("Now with your own files:")
    render.out("  cairn add ~/notes")
    render.out('  cairn ask "what did we decide about …?"')
    if kept:
        render.out()
        render.out(f"The sample home stays in {kept}; ask it with:")
        render.out(f'  CAIRN_HOME={kept}/home cairn ask "…"')
    sys.stdout.flush()
