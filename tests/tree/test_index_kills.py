"""An engine is killed while it works on a tree and notes that a user edits: the index keeps up."""

from __future__ import annotations

from pathlib import Path

from cairn.core.config import Config, Models
from tests.bench.tree_index_kills import IndexTrial


def test_whatever_is_killed_the_index_holds_what_the_files_say(tmp_path: Path) -> None:
    words_only = Config(models=Models(embedder=str(tmp_path / "none.gguf")))
    trial = IndexTrial(tmp_path, seed=3, config=words_only)
    figures = trial.run(kills=2)
    assert trial.faults == []
    assert figures["compared"] > 0
