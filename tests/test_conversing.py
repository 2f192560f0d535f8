"""What took a model is not asked of it twice, as long as all of it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config, Models
from cairn.core.conversing import converse, request
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Answer
from tests.models.copying import make_copying

ASKED = "What did we agree on for the Garden budget?"
NOTE = "# Garden budget\n\nWe agreed on 400 euros for the garden budget.\n"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "life").mkdir()
    (tmp_path / "life" / "garden.md").write_text(NOTE)
    make_copying(tmp_path / "copying.gguf")
    models = Models(generator=str(tmp_path / "copying.gguf"))
    opened = Engine(open_home(tmp_path / "home"), Config(models=models))
    opened.add(tmp_path / "life")
    opened.work()
    yield opened
    opened.close()


def ask(engine: Engine, text: str, **beside: str) -> tuple[Answer, bool]:
    """And whether it was known."""
    answer = converse(engine.asking, request(text, beside)).answer
    return answer, "known" in {timing.stage for timing in answer.timings}


def test_it_is_known_until_something_changes(engine: Engine, tmp_path: Path) -> None:
    first, was_known = ask(engine, ASKED)
    assert (first.tier, was_known) == (4, False)
    again, was_known = ask(engine, "For the Garden budget, what did we agree on?")
    assert was_known and again.sentences == first.sentences
    assert not ask(engine, "What did we not agree on for the Garden budget?")[1]
    assert not ask(engine, ASKED, kind="note")[1]
    (tmp_path / "life" / "more.md").write_text("Ben paints the fence.\n")
    engine.add(tmp_path / "life")
    engine.work()
    assert not ask(engine, ASKED)[1]
