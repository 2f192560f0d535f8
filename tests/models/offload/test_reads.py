"""How fast a disk is: measured politely, kept, and measured again when it says too little."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cairn.core.models.offload import reads as module
from cairn.core.models.offload.reads import UNKNOWN, Reads, guess, known, measure, settle

MB = 1 << 20


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("disk") / "model.gguf"
    with path.open("wb") as file:
        for _ in range(80):
            file.write(os.urandom(MB))
    return path


def test_pieces_cost_waiting_and_bytes() -> None:
    disk = Reads(wait_s=1e-4, rate=1e9)
    assert disk.seconds(1e9, 1e6) == pytest.approx(1000 * 1e-4 + 1)
    assert disk.seconds(1e9, 1e5) > disk.seconds(1e9, 1e6)
    assert disk.seconds(0, 1e6) == 0
    assert UNKNOWN.seconds(1e9, 1e6) == 0


def test_a_disk_is_measured_without_much_reading(large: Path) -> None:
    found = measure(large)
    assert 1e6 < found.rate < 1e12
    assert 0 <= found.wait_s < 0.1
    assert sum(module._MOST.values()) <= 256 * MB
    assert sum(module._LONGEST_S.values()) <= 0.5


def test_what_is_too_small_or_not_there_says_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small.gguf"
    small.write_bytes(b"x" * MB)
    assert measure(small) == measure(tmp_path / "none.gguf") == UNKNOWN
    assert settle(tmp_path / "disks.json", small) == UNKNOWN
    assert not (tmp_path / "disks.json").exists()


def test_it_is_measured_once_for_a_disk_and_again_after_a_month(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def fake(file: Path, *, calm: bool = True) -> Reads:
        asked.append(file)
        return Reads(1e-5, 1e9 * len(asked), calm)

    monkeypatch.setattr(module, "measure", fake)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    kept, day = tmp_path / "disks.json", 86400.0
    assert known(kept, large) == UNKNOWN
    first = settle(kept, large, now=day)
    assert settle(kept, large, now=20 * day) == first == known(kept, large.parent)
    assert len(asked) == 1
    assert settle(kept, large, now=40 * day).rate == 2e9
    assert settle(kept, large, now=2 * day).rate == 3e9  # it was kept in the future


def test_what_was_measured_while_others_were_at_work_counts_until_they_are_not(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "measure", lambda file, *, calm: Reads(0, 1e9 + calm, calm))
    kept = tmp_path / "disks.json"
    for load, expected in ((99.0, 1e9), (99.0, 1e9), (0.0, 1e9 + 1)):
        monkeypatch.setattr(os, "getloadavg", lambda load=load: (load, 0.0, 0.0))
        assert settle(kept, large).rate == expected


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"a": 1}', '{"%": {"at": "x"}}', '{"%": {"at": 1, "rate": -1, "wait_s": 0}}'],
)
def test_what_is_kept_may_be_damaged(large: Path, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "disks.json"
    kept.write_text(content.replace("%", module._name(large)))
    assert known(kept, large) == UNKNOWN
    assert settle(kept, large).rate > 0
    assert module._name(large) in json.loads(kept.read_text())


def test_of_a_rate_alone_small_pieces_are_thought_slower() -> None:
    assert guess(0) == UNKNOWN
    assert guess(2e9).seconds(1e9, 4096) > 2 * guess(2e9).seconds(1e9, MB) > 1.0
