"""A process that works on a tree is killed again and again, while a user edits its files."""

from __future__ import annotations

from pathlib import Path

from tests.bench.tree_kills import Trial


def test_whatever_is_killed_the_tree_its_history_and_the_users_edits_agree(tmp_path: Path) -> None:
    trial = Trial(tmp_path / "home", seed=3)
    figures = trial.run(kills=12, operations=100)
    assert trial.faults == []
    assert figures["user_edits"] > 0
