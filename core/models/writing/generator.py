"""Messages → text by a GGUF chat model, through llama.cpp's low-level interface; worker only.

With a JSON schema every token is held to the grammar made from it. The same messages with the same
seed give the same text: what a prompt begins with is read apart from the rest, kept or not, and
guesses are only taken where the model itself would have written them.
"""

from __future__ import annotations

import codecs
import ctypes
import importlib.metadata
import time
from collections.abc import Callable, Collection, Iterator
from collections.abc import Generator as Steps
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.models.offload.opening import open_model
from cairn.core.models.plan import Plan
from cairn.core.models.writing.chat import Chat, Message
from cairn.core.models.writing.context import open_context
from cairn.core.models.writing.lookup import MOST, Lookup, Pace
from cairn.core.models.writing.prefix import LEAST, Prefixes, stamp
from cairn.core.models.writing.sampling import Sampler
from cairn.core.models.writing.thought import Thought, is_mark

_LONGEST_THOUGHT = 1024
_ABORTED = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written."""

    messages: list[Message]
    most: int
    """Tokens, without those of a thought."""
    schema: dict[str, Any] | None = None
    seed: int = 0
    warmth: float = 0.0
    think: bool = False
    guess: bool | None = None
    """Whether to guess ahead; None for where it is faster."""


@dataclass(frozen=True, slots=True)
class Step:
    """A sign of life: so much of the prompt is read, or this is the next piece of the text."""

    read: int = 0
    of: int = 0
    text: str = ""
    thinks: bool = False
    whole: str | None = None
    """The text, at the end of it."""


class Aborted(Exception):
    """The text was no longer wanted while the prompt was being read."""


class Generator:
    def __init__(
        self, path: Path, chosen: Plan, kept: Path | None = None,
        kernels: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        """`kept` is the folder for what prompts begin with; `kernels` are as `load` has them."""
        self.opened = open_model(path, chosen, kernels=kernels)
        self._api, self._model = self.opened.api, self.opened.model
        api, advice = self._api, self.opened.advice
        self.chat = Chat(api, self._model)
        self.window, self._reads = chosen.window, min(chosen.batch, chosen.window)
        self.is_unwanted: Callable[[], bool] = lambda: False
        hear = advice.callback if advice else None
        self._context = open_context(api, self._model, chosen, hear)
        self._memory = api.llama_get_memory(self._context)
        self._watch = api.ggml_abort_callback(
            lambda _: self.is_unwanted() or self.opened.is_troubled
        )
        build = importlib.metadata.version("llama-cpp-python")
        how = f"{chosen.cache} {chosen.window} {kernels if kernels is None else sorted(kernels)}"
        self._prefixes = Prefixes(api, self._context, kept, f"{stamp(path)} {build} {how}")
        self._batch = api.llama_batch_init(MOST + 1, 0, 1)
        self._may_go_back = not (
            api.llama_model_is_recurrent(self._model) or api.llama_model_is_hybrid(self._model)
        )
        self._pace = Pace()
        self.guessed = self.right = 0
        """Tokens that were guessed, and how many of them were taken."""

    def set_threads(self, count: int) -> None:
        self._api.llama_set_n_threads(self._context, count, count)

    def generate(self, wanted: Wanted) -> Steps[Step, None, None]:
        """The caller may stop after any step; while it reads, `is_unwanted` may (`Aborted`)."""
        think = wanted.think and wanted.schema is None
        prompt, opened = self.chat.prompt(wanted.messages, think)
        room = self.window - len(prompt) - wanted.most
        if room < 0:
            raise Unavailable(
                f"{len(prompt)} tokens and an answer of {wanted.most} are more than the model "
                "can take in"
            )
        sampler = Sampler(
            self._api, self.chat.vocabulary, self.chat.size, wanted.schema, wanted.seed,
            wanted.warmth,
        )  # fmt: skip
        try:
            yield from self._read(prompt, self.chat.head(wanted.messages, prompt, think))
            thought = min(room, _LONGEST_THOUGHT) if think else 0
            yield from self._write(prompt, sampler, wanted, Thought(opened), thought)
        finally:
            sampler.close()

    # -- reading

    def _read(self, prompt: list[int], head: int) -> Iterator[Step]:
        self._api.llama_memory_clear(self._memory, True)
        at = 0
        if head >= LEAST:
            if not self._prefixes.restore(prompt[:head]):
                self._api.llama_memory_clear(self._memory, True)
                yield from self._take_in(prompt, 0, head)
                self._prefixes.keep(prompt[:head])
            at = head
        yield from self._take_in(prompt, at, len(prompt))

    def _take_in(self, prompt: list[int], begin: int, end: int) -> Iterator[Step]:
        # Asking between any two of its steps is dear for a single token, and cheap for many.
        self._api.llama_set_abort_callback(self._context, self._watch, None)
        try:
            for start in range(begin, end, self._reads):
                last = min(start + self._reads, end)
                self._decode(prompt[start:last])
                yield Step(read=last, of=len(prompt))
        finally:
            none = ctypes.cast(0, self._api.ggml_abort_callback)
            self._api.llama_set_abort_callback(self._context, none, None)

    def _decode(self, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        self._run(self._api.llama_batch_get_one(array, len(tokens)))

    def _run(self, batch: Any) -> None:
        code = self._api.llama_decode(self._context, batch)
        self.opened.check()
        if code == _ABORTED:
            raise Aborted
        if code != 0:
            raise Unavailable("the model stopped half way", "close some programs, and try again")

    # -- writing

    def _write(
        self, prompt: list[int], sampler: Sampler, wanted: Wanted, thought: Thought, longest: int
    ) -> Iterator[Step]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        said, written, thinking = "", 0, 0
        tokens = self._tokens(prompt, sampler, wanted.guess, wanted.most + longest)
        for token in tokens:
            if self.chat.is_end(token):
                break
            if mark := self.chat.control(token):
                piece = mark if is_mark(mark) else ""
            else:
                piece = decoder.decode(self.chat.piece(token))
            shown = thought.feed(piece)
            said += shown
            thinking, written = (
                (thinking + 1, written) if thought.is_open else (thinking, written + 1)
            )
            yield Step(text=shown, thinks=thought.is_open)
            if written >= wanted.most:
                break
            if thought.is_open and thinking >= longest:
                break
        rest = thought.feed(decoder.decode(b"", final=True)) + thought.finish()
        yield Step(text=rest, whole=(said + rest).strip())

    def _tokens(
        self, prompt: list[int], sampler: Sampler, guess: bool | None, most: int
    ) -> Iterator[int]:
        """As the model would write them one by one, without end."""
        may_guess = sampler.is_plain and guess is not False and self._may_go_back
        lookup = Lookup(prompt) if may_guess else None
        at, token = len(prompt), sampler.next(self._context)
        end = min(self.window, at + most)
        while at < end:
            yield token
            guesses: list[int] = []
            if lookup:
                lookup.add(token)
                if guess or self._pace.may_guess:
                    guesses = lookup.guess(min(MOST, end - at - 1))
            if not guesses:
                token = self._alone(token, sampler)
                at += 1
                continue
            right, token = self._check([token, *guesses], at, sampler)
            for each in guesses[:right]:
                if lookup:
                    lookup.add(each)
                yield each
            at += 1 + right

    def _alone(self, token: int, sampler: Sampler) -> int:
        """What follows a token."""
        started = time.perf_counter()
        self._decode([token])
        following = sampler.next(self._context)
        self._pace.note_alone(time.perf_counter() - started)
        return following

    def _check(self, tokens: list[int], at: int, sampler: Sampler) -> tuple[int, int]:
        """How many of the tokens after the first one are right, and what follows those."""
        started = time.perf_counter()
        self._fill(tokens, at)
        self._run(self._batch)
        right, following = 0, 0
        for row in range(len(tokens)):
            following, is_sure = sampler.likeliest(self._context, row)
            if not is_sure:
                self._go_back(at + row)
                self._decode([tokens[row]])
                following = sampler.next(self._context)
                break
            if row + 1 == len(tokens) or following != tokens[row + 1]:
                self._go_back(at + row + 1)
                break
            right += 1
        self.guessed, self.right = self.guessed + len(tokens) - 1, self.right + right
        self._pace.note_batch(time.perf_counter() - started, 1 + right)
        return right, following

    def _fill(self, tokens: list[int], at: int) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for number, token in enumerate(tokens):
            batch.token[number], batch.pos[number] = token, at + number
            batch.n_seq_id[number], batch.seq_id[number][0] = 1, 0
            batch.logits[number] = 1

    def _go_back(self, to: int) -> None:
        if not self._api.llama_memory_seq_rm(self._memory, 0, to, -1):
            raise Unavailable("the model can't take back a guess")
