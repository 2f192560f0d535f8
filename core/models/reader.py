"""A question and texts → the spans of each that answer it best, by the reader; worker only.

A small head that the model's file carries turns the state of each token into how likely an answer
starts and ends there. A score above 0 means that the text answers; the file says where that is.
Words are tokenized one by one, which keeps their places.
"""

from __future__ import annotations

import base64
import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.models.states import open_model

WINDOW = 384
"""Tokens that are read at once, the question among them."""
_MOST_ASKED = 64
"""Tokens of a question; what follows is not read."""
_LONGEST_ANSWER = 30
_STARTS = 20
"""Beginnings that are looked at in a window."""
_HEADS = 3
_VERSION = 1
_MOST_META = 1 << 16
_KEY = "cairn.reader."
_HINT = "install cairn again; until then answers are whole sentences"
# As BERT splits: each mark and each CJK character is a word of its own.
_MARKS = (
    r"!-/:-@\[-`{-~\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2010-\u2027\u2030-\u2043\u2045-\u2051\u2053-\u205e"
    r"\u3001-\u3003\u3008-\u3011\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
)
_WORD = re.compile(rf"[^\s{_MARKS}]+|\S")

Floats = NDArray[np.float32]
Span = tuple[int, int, float]
"""Characters of the text from and to, and the score."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's tokens, and of each the word that it is of, as characters from and to."""

    tokens: list[int]
    places: list[tuple[int, int]]


class Reader:
    def __init__(self, path: Path) -> None:
        try:
            self._api, self._model, self._states = open_model(path, "", WINDOW, "reader")
        except Unavailable as error:  # no setting names another
            raise Unavailable(error.message, _HINT) from error
        api = self._api
        self._width = self._states.width
        self._vocabulary = api.llama_model_get_vocab(self._model)
        try:
            self._read_head(path)
        except Unavailable:
            self._states.close()
            api.llama_model_free(self._model)
            raise
        self._cls, self._sep = (
            int(api.llama_vocab_bos(self._vocabulary)),
            int(api.llama_vocab_sep(self._vocabulary)),
        )
        self._known = lru_cache(maxsize=20_000)(self._tokenize)

    def _read_head(self, path: Path) -> None:
        try:
            version = int(self._meta("version"))
            numbers = np.frombuffer(base64.b64decode(self._meta("head"), validate=True), "<f4")
            head = numbers.reshape(_HEADS, self._width + 1)
            self._threshold = float(self._meta("threshold"))
            self._weight = float(self._meta("weight"))
        except ValueError as error:
            raise Unavailable(f"{path} is not a reader", _HINT) from error
        if (
            version != _VERSION
            or not np.isfinite([*head.flat, self._threshold, self._weight]).all()
        ):
            raise Unavailable(f"{path} is a reader of another version of cairn", _HINT)
        self._head, self._bias = head[:, :-1], head[:, -1]

    def _meta(self, key: str) -> str:
        """What the file says of it; empty when it doesn't."""
        room = ctypes.create_string_buffer(_MOST_META)
        name = (_KEY + key).encode()
        self._api.llama_model_meta_val_str(self._model, name, room, _MOST_META)
        return room.value.decode("utf-8", "replace")

    def set_threads(self, count: int) -> None:
        self._states.set_threads(count)

    def split(self, text: str) -> Words:
        tokens: list[int] = []
        places: list[tuple[int, int]] = []
        for match in _WORD.finditer(text):
            found = self._known(match[0])
            tokens += found
            places += [match.span()] * len(found)
        return Words(tokens, places)

    def _tokenize(self, word: str) -> tuple[int, ...]:
        data = unicodedata.normalize("NFD", word).encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(
            self._vocabulary, data, len(data), tokens, room, False, False
        )
        return tuple(tokens[: max(count, 0)])

    def read(
        self, question: str, texts: Sequence[str], most: int
    ) -> Iterator[list[list[Span]] | None]:
        """Yields None after each window, so that the caller can turn away; then what was found.

        Of each text at most `most` spans, the best first, none of which touches another.
        """
        asked = self.split(question).tokens[:_MOST_ASKED]
        found: list[list[Span]] = []
        for text in texts:
            spans: list[Span] = []
            for window in windows(self.split(text), WINDOW - len(asked) - 3):
                spans += self._answers(asked, window, most)
                yield None
            found.append(apart(spans, most))
        yield found

    def _answers(self, asked: list[int], window: Words, most: int) -> list[Span]:
        first = len(asked) + 2
        scores = self._scores([self._cls, *asked, self._sep, *window.tokens, self._sep])
        silence = scores[0, 0] + scores[0, 1] - self._weight * scores[0, 2] + self._threshold
        return [
            (window.places[start][0], window.places[end][1], float(score - silence))
            for start, end, score in best_spans(scores[first:-1, 0], scores[first:-1, 1], most)
        ]

    def _scores(self, tokens: list[int]) -> Floats:
        """Tokens × heads."""
        (states,) = self._states.of([tokens])
        return np.asarray(states @ self._head.T + self._bias, np.float32)


def windows(text: Words, room: int) -> Iterator[Words]:
    """The text in pieces of at most `room` tokens, each a third of that into the one before it."""
    step = room - room // 3
    last = max(1, len(text.tokens) - room // 3)
    for start in range(0, last, step):
        yield Words(text.tokens[start : start + room], text.places[start : start + room])


def best_spans(starts: Floats, ends: Floats, most: int) -> list[tuple[int, int, float]]:
    """First and last token and the sum of their scores, the best first, one for each beginning."""
    spans = []
    for start in np.argsort(-starts, kind="stable")[:_STARTS]:
        within = ends[start : start + _LONGEST_ANSWER]
        end = int(within.argmax())
        spans.append((int(start), int(start) + end, float(starts[start] + within[end])))
    return sorted(spans, key=lambda span: -span[2])[: 4 * most]


def apart(spans: Sequence[Span], most: int) -> list[Span]:
    """The best spans of which none shares a character with a better one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span[2], span[0], span[1])):
        if len(kept) == most:
            break
        if all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
            kept.append(span)
    return kept
