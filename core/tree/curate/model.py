"""The curator that asks a local model: utterances → the same proposals as the rules make.

Called by the engine's side when the machine is idle. The model chooses and words; whether what it
wrote is said by its evidence is decided by checks.py alone. An answer of the wrong form is asked
for once more, then left to the rules.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cairn.core.models.writing.generating import Stopped
from cairn.core.records import EntryKind
from cairn.core.tree.curate import prompts, schema
from cairn.core.tree.curate.checks import judge, read_draft
from cairn.core.tree.curate.evidence import Sentence, batches
from cairn.core.tree.curate.material import Proposal, Utterance

Generate = Callable[..., str]
"""`Generating.generate`: messages, schema, max_tokens, seed."""
_CHOICE_TOKENS, _DRAFT_TOKENS = 200, 320
_SECOND_WARMTH = 0.4
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Told:
    """What the model was asked and what became of its answers."""

    sentences: int = 0
    asked: int = 0
    """Requests to the model."""
    kept: int = 0
    invalid: int = 0
    """Answers of the wrong form, twice; left to the rules."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Drafts that were not believed, by the reason."""
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    proposals: tuple[Proposal, ...]
    told: Told


class ModelCurator:
    def __init__(self, generate: Generate, fingerprint: str) -> None:
        self._generate = generate
        self._author = f"model:{fingerprint}"

    def propose(
        self, utterances: Iterable[Utterance], stop: Callable[[], bool] = lambda: False
    ) -> Outcome:
        """Raises `Unavailable` when the model can't be asked; what is stopped is told as such."""
        work = _Work(self._generate, self._author, stop)
        try:
            for batch in batches(utterances):
                work.look_through(batch)
        except Stopped:
            return work.outcome(is_stopped=True)
        return work.outcome(is_stopped=False)


class _Work:
    """One round of asking, and its counts."""

    def __init__(self, generate: Generate, author: str, stop: Callable[[], bool]) -> None:
        self._generate, self._author, self._stop = generate, author, stop
        self._found: dict[str, Proposal] = {}
        self._refused: Counter[str] = Counter()
        self._sentences = self._asked = self._invalid = 0

    def outcome(self, *, is_stopped: bool) -> Outcome:
        told = Told(
            self._sentences, self._asked, len(self._found), self._invalid,
            dict(self._refused.most_common()), is_stopped,
        )  # fmt: skip
        return Outcome(tuple(self._found.values()), told)

    def look_through(self, batch: Sequence[Sentence]) -> None:
        self._sentences += len(batch)
        numbers = [sentence.number for sentence in batch]
        chosen = self._ask(
            prompts.choose(batch), schema.choice(numbers), _CHOICE_TOKENS,
            lambda answer: read_choice(answer, numbers),
        )  # fmt: skip
        for number, kind in (chosen or {}).items():
            sentence = next(s for s in batch if s.number == number)
            self._write(batch, sentence, kind)

    def _write(self, batch: Sequence[Sentence], sentence: Sentence, kind: EntryKind) -> None:
        near = [s.number for s in batch if 0 <= sentence.number - s.number <= 2]
        draft = self._ask(
            prompts.write(batch, sentence, kind), schema.draft(near), _DRAFT_TOKENS,
            lambda answer: read_draft(answer, kind, near),
        )  # fmt: skip
        if draft is None:
            return
        proposal = judge(draft, batch, self._author)
        if isinstance(proposal, str):
            self._refused[_without_words(proposal)] += 1
        else:
            self._found.setdefault(proposal.key, proposal)

    def _ask(
        self,
        messages: list[prompts.Message],
        form: dict[str, Any],
        most: int,
        read: Callable[[object], Answer | None],
    ) -> Answer | None:
        """The model's answer, asked for twice at most; None if both are of the wrong form."""
        for seed, warmth in ((0, 0.0), (1, _SECOND_WARMTH)):
            if self._stop():
                raise Stopped("the curator was told to stop")
            self._asked += 1
            text = self._generate(messages, form, most, seed, warmth=warmth, stop=self._stop)
            if (answer := read(read_json(text))) is not None:
                return answer
        self._invalid += 1
        return None


def read_json(text: str) -> object:
    """None for what is no JSON, such as an answer that was cut off."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def read_choice(answer: object, numbers: Sequence[int]) -> dict[int, EntryKind] | None:
    """Sentence → kind; None for what isn't of the form that was asked for."""
    kept = answer.get("keep") if isinstance(answer, dict) else None
    if not isinstance(kept, list):
        return None
    chosen: dict[int, EntryKind] = {}
    for one in kept:
        number, kind = (one.get("sentence"), one.get("kind")) if isinstance(one, dict) else (0, "")
        known = next((known for known in schema.KINDS if known == kind), None)
        if type(number) is not int or number not in numbers or known is None:
            return None
        chosen.setdefault(number, known)
    return chosen


def _without_words(reason: str) -> str:
    """So that reasons can be counted: “blue” and “red” are not in what was said alike."""
    before, sign, after = reason.partition("“")
    return f"{before}a word{after.partition('”')[2]}" if sign else reason
