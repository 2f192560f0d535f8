"""Which model to take: the most capable that is quick enough here, under an open licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.home import open_home
from cairn.core.models.files.catalogue import offers
from cairn.core.models.files.collection import Collection
from cairn.core.models.files.trying import Trying
from cairn.core.models.fit.machine import Machine, Speeds


@pytest.fixture
def models(tmp_path: Path) -> Collection:
    """This machine's kernels have no say in it."""
    return Collection(open_home(tmp_path / "home"), Models(kernels=False))


def test_the_most_capable_that_is_quick_enough_is_recommended(
    models: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def best(total: float, compute: float) -> str:
        memory = int(total * (1 << 30))
        here = Machine(memory, memory * 3 // 4, 8, Speeds(50e9, 2e9, compute))
        monkeypatch.setattr(Trying, "machine", lambda self, measured=True: here)
        return models.advice().best

    assert best(32, 1e12) == "qwen3-30b-a3b"
    assert best(16, 1e12) == "qwen3-8b"
    assert best(16, 40e9) in ("qwen3-1.7b", "qwen2.5-1.5b")
    assert best(2, 20e9) == "llama-3.2-1b"
    assert best(0.5, 1e12) == ""


def test_of_models_that_do_about_as_well_one_under_an_open_licence_is_recommended(
    models: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Machine(16 << 30, 12 << 30, 8, Speeds(50e9, 2e9, 1e12))
    monkeypatch.setattr(Trying, "machine", lambda self, measured=True: here)

    def best(*names: str) -> str:
        some = [offer for offer in offers() if offer.name in names]
        monkeypatch.setattr("cairn.core.models.files.collection.offers", lambda: some)
        return models.advice().best

    assert best("gemma-3-4b", "phi-4-mini", "qwen3-1.7b") == "phi-4-mini"
    assert best("gemma-3-4b", "qwen3-1.7b") == "gemma-3-4b"


def test_a_better_one_that_does_not_fit_is_named_if_it_answers_soon_enough_from_the_disk(
    models: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beyond(total: float, disk: float) -> tuple[str, str]:
        memory = int(total * (1 << 30))
        here = Machine(memory, memory * 3 // 4, 8, Speeds(50e9, disk, 1e12))
        monkeypatch.setattr(Trying, "machine", lambda self, measured=True: here)
        advice = models.advice()
        return advice.best, advice.beyond

    assert beyond(32, 2e9) == ("qwen3-30b-a3b", "")
    assert beyond(16, 4e9) == ("qwen3-8b", "qwen3-30b-a3b")
    assert beyond(16, 0.05e9) == ("qwen3-8b", "")
