"""The engine's side of the reader: a question and texts → the spans that answer it, with scores.

It shares the process that embeds questions, which loads it when it is first asked. Any trouble
becomes `Unavailable` with a remedy; callers then go on with whole sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cairn import assets
from cairn.core.errors import Unavailable
from cairn.core.models.embedding import Embedding

_HINT = "answers are whole sentences; run `cairn doctor` to see why"


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a text that may answer: characters from and to."""

    start: int
    end: int
    score: float
    """Above 0 when the reader holds it for an answer; the higher the surer."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in one text."""

    spans: tuple[Span, ...]
    """The best first; none shares a character with another."""

    @property
    def score(self) -> float:
        """Whether the text answers, as its best span says."""
        return self.spans[0].score if self.spans else float("-inf")


class Reading:
    def __init__(self, embedding: Embedding, path: Path | None = None) -> None:
        """`path` is for another reader than the one that ships with cairn."""
        self._embedding, self._path = embedding, path

    @property
    def path(self) -> Path:
        try:
            return self._path or assets.path("reader.gguf")
        except FileNotFoundError as error:
            raise Unavailable("the reader is missing", _HINT) from error

    def read(self, question: str, texts: Sequence[str], most: int = 3) -> list[Read]:
        """Of each text its best spans, at most `most`; a long text is read in windows."""
        path = self.path
        if not path.is_file():
            raise Unavailable(f"the reader {path} is missing", _HINT)
        request = {
            "op": "read", "reader": str(path), "question": question, "texts": list(texts),
            "most": most,
        }  # fmt: skip
        reply = self._embedding.ask(request, "reader", _HINT)
        return [Read(tuple(Span(*span) for span in spans)) for spans in reply.header["found"]]
