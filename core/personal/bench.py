"""The engine's door to the personal benchmark: make the questions, ask them, keep and compare.

Called by the front ends' operations. It goes on question by question, so that whoever waits sees it
and may stop; a run that was stopped is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from cairn.core.asking import Asking
from cairn.core.config import Config
from cairn.core.errors import NotFound
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.personal.cases import Case, cases
from cairn.core.personal.runs import Compared, Run, Runs, compare
from cairn.core.personal.trying import Outcome, attempt
from cairn.core.recall.certain.calibration import sample

USUAL = 60
_OF_MODELS = ("embedder", "generator", "answers", "think")
"""The settings of models on which an answer depends; the others are about time and memory."""


@dataclass(frozen=True, slots=True)
class Benched:
    run: Run
    compared: Compared | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    asking: Asking
    index: Index
    journal: Journal
    config: Config
    quick: bool = False
    """Without a model that writes."""

    def cases(self, most: int = USUAL) -> list[Case]:
        found = cases(sample(self.index), self.asking.feedback.all(), most)
        if not found:
            raise NotFound(
                "there is too little in the memory to make questions from",
                "`cairn add` a folder first",
            )
        return found

    def attempt(self, case: Case) -> Outcome:
        return attempt(case, self.asking, quick=self.quick)

    def keep(self, outcomes: Sequence[Outcome], seconds: float) -> Benched:
        runs = Runs(self.journal)
        run = runs.keep(self.asking.session.now(), self.made, outcomes, round(seconds, 1))
        before = runs.before(run)
        return Benched(run, compare(before, run) if before else None, tuple(outcomes))

    def runs(self) -> list[Run]:
        """The latest first."""
        return Runs(self.journal).all()

    @property
    def made(self) -> dict[str, str]:
        """Models and settings on which answers depend, by their names."""
        models = asdict(self.config.models)
        told = {f"models.{name}": str(models[name]) for name in _OF_MODELS}
        told |= {f"recall.{name}": str(value) for name, value in asdict(self.config.recall).items()}
        writes = "" if self.quick or not self.config.models.answers else models["generator"]
        return {
            **told,
            "vectors": self.index.fingerprint,
            "model": _named(Path(writes)) if writes else "",
            "version": version("cairn"),
        }


def _named(path: Path) -> str:
    """By name and size: another file may have taken its place."""
    try:
        return f"{path.name}, {path.stat().st_size} bytes"
    except OSError:
        return path.name
