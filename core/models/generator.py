"""Messages → text by a GGUF chat model, through llama.cpp's low-level interface; worker only.

With a JSON schema every token is held to the grammar made from it. Text between the messages'
own marks can't close a message: what the model reads as a mark is broken up within them. The same
messages with the same seed give the same text.
"""

from __future__ import annotations

import ctypes
import json
import re
import warnings
from collections.abc import Callable
from collections.abc import Generator as Steps
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable
from cairn.core.models.weights import load

Message = dict[str, str]
_BATCH = 256
"""Tokens of the prompt that are read at a time, between looks at whether to stop."""
_CHAT_ML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)
_THOUGHT = re.compile(r"^\s*(?:<think>)?.*?</think>\s*", re.DOTALL)
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


class Generator:
    def __init__(self, path: Path, window: int) -> None:
        self._api, self._model = load(path, "models.generator")
        api = self._api
        self._vocabulary = api.llama_model_get_vocab(self._model)
        self._size = int(api.llama_vocab_n_tokens(self._vocabulary))
        self.window = min(int(api.llama_model_n_ctx_train(self._model)), window)
        self._context = self._open_context()
        self._marks = self._find_marks()
        self._format = self._open_template()

    def _open_context(self) -> Any:
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx = self.window
        parameters.n_batch = parameters.n_ubatch = _BATCH
        context = api.llama_init_from_model(self._model, parameters)
        if not context:
            raise Unavailable("the model needs more memory than there is", "close some programs")
        return context

    def _find_marks(self) -> re.Pattern[str] | None:
        """What stands for a token of control, such as the end of a message."""
        api = self._api
        special = api.LLAMA_TOKEN_ATTR_CONTROL | api.LLAMA_TOKEN_ATTR_USER_DEFINED
        found = [
            text
            for token in range(self._size)
            if api.llama_vocab_get_attr(self._vocabulary, token) & special
            and len(text := self._text(token)) > 2
            and not text.isspace()
        ]
        longest_first = sorted(found, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first))) if found else None

    def _open_template(self) -> Callable[..., Any]:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        own = self._api.llama_model_chat_template(self._model, None)
        begin, end = (
            self._text(token) if token >= 0 else ""
            for token in (
                self._api.llama_vocab_bos(self._vocabulary),
                self._api.llama_vocab_eos(self._vocabulary),
            )
        )
        template = own.decode("utf-8", "replace") if own else _CHAT_ML
        self._begins = begin
        formatter: Callable[..., Any] = Jinja2ChatFormatter(
            template, eos_token=end, bos_token=begin
        )
        return formatter

    def _text(self, token: int) -> str:
        return str(
            self._api.llama_vocab_get_text(self._vocabulary, token).decode("utf-8", "replace")
        )

    def set_threads(self, count: int) -> None:
        self._api.llama_set_n_threads(self._context, count, count)

    def generate(
        self, messages: list[Message], schema: dict[str, Any] | None, most: int, seed: int,
        warmth: float,
    ) -> Steps[str | None, None, None]:  # fmt: skip
        """Yields None after each step, so that the caller can stop; then the text."""
        prompt = self._prompt(messages)
        if len(prompt) + most > self.window:
            raise Unavailable(
                f"{len(prompt)} tokens and an answer of {most} are more than the model can take in"
            )
        sampler = _Sampler(self._api, self._vocabulary, self._size, schema, seed, warmth)
        try:
            self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)
            for start in range(0, len(prompt), _BATCH):
                self._decode(prompt[start : start + _BATCH])
                yield None
            said = bytearray()
            for _ in range(most):
                token = sampler.next(self._context)
                if self._api.llama_vocab_is_eog(self._vocabulary, token):
                    break
                said += self._piece(token)
                self._decode([token])
                yield None
        finally:
            sampler.close()
        yield _THOUGHT.sub("", said.decode("utf-8", "replace"), count=1).strip()

    def _prompt(self, messages: list[Message]) -> list[int]:
        safe = [{**message, "content": self._without_marks(message["content"])}
                for message in messages]  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = self._render(safe)
        if text.rstrip().endswith("<think>"):
            text += "\n</think>\n\n"
        if self._begins and text.startswith(self._begins):
            text = text[len(self._begins) :]  # the tokenizer adds it
        return self._tokenize(text)

    def _render(self, messages: list[Message]) -> str:
        try:
            return str(self._format(messages=messages, enable_thinking=False).prompt)
        except Exception as error:  # templates are programs, and raise what they like
            if messages[0]["role"] != "system" or len(messages) < 2:
                raise Unavailable(
                    f"the model's chat template fails ({type(error).__name__})",
                    "name another GGUF file with `cairn config set models.generator FILE`",
                ) from error
            first, second, *rest = messages  # some know no system message
            content = f"{first['content']}\n\n{second['content']}"
            return self._render([{"role": "user", "content": content}, *rest])

    def _without_marks(self, text: str) -> str:
        return self._marks.sub(lambda m: f"{m[0][0]} {m[0][1:]}", text) if self._marks else text

    def _tokenize(self, text: str) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(
            self._vocabulary, data, len(data), tokens, room, True, True
        )
        return list(tokens[: max(count, 0)])

    def _decode(self, tokens: list[int]) -> None:
        array = (ctypes.c_int32 * len(tokens))(*tokens)
        batch = self._api.llama_batch_get_one(array, len(tokens))
        if self._api.llama_decode(self._context, batch) != 0:
            raise Unavailable("the model stopped half way", "close some programs, and try again")

    def _piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(256)
        size = self._api.llama_token_to_piece(self._vocabulary, token, room, 256, 0, False)
        return room.raw[: max(size, 0)]


class _Sampler:
    """Takes the next token: the likeliest, or a drawn one, that the grammar allows."""

    def __init__(
        self, api: Any, vocabulary: Any, size: int, schema: dict[str, Any] | None, seed: int,
        warmth: float,
    ) -> None:  # fmt: skip
        self._api, self._size = api, size
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        self._grammar = None
        if warmth > 0:
            api.llama_sampler_chain_add(self._chain, api.llama_sampler_init_temp(warmth))
            api.llama_sampler_chain_add(self._chain, api.llama_sampler_init_dist(seed))
        else:
            api.llama_sampler_chain_add(self._chain, api.llama_sampler_init_greedy())
        if schema is not None:
            from llama_cpp.llama_grammar import json_schema_to_gbnf

            rules = json_schema_to_gbnf(json.dumps(schema)).encode()
            self._grammar = api.llama_sampler_init_grammar(vocabulary, rules, b"root")
            if not self._grammar:
                self.close()
                raise Unavailable("the model can't be held to this form")

    def next(self, context: Any) -> int:
        pointer = self._api.llama_get_logits_ith(context, -1)
        logits = np.ctypeslib.as_array(pointer, shape=(self._size,))
        token = self._pick(np.arange(self._size, dtype=np.int32), logits, self._chain)
        if self._grammar:
            # Whether one token fits is known at once; only otherwise all of them are looked at.
            one = np.array([token], dtype=np.int32)
            if self._pick(one, np.zeros(1, np.float32), self._grammar) < 0:
                everything = np.arange(self._size, dtype=np.int32)
                token = self._pick(everything, logits, self._grammar, self._chain)
            self._api.llama_sampler_accept(self._grammar, token)
        return token

    def _pick(self, tokens: NDArray[np.int32], logits: NDArray[np.float32], *samplers: Any) -> int:
        """The token that is taken; -1 if the last of them refuses all."""
        api = self._api
        data = np.zeros(len(tokens), _CANDIDATE)
        data["id"], data["logit"] = tokens, logits
        pointer = data.ctypes.data_as(api.llama_token_data_p)
        array = api.llama_token_data_array(pointer, len(data), -1, False)
        for sampler in samplers:
            api.llama_sampler_apply(sampler, ctypes.byref(array))
        if array.selected >= 0:
            return int(array.data[array.selected].id)
        return -1 if data["logit"][0] == -np.inf else int(data["id"][0])

    def close(self) -> None:
        for sampler in (self._chain, self._grammar):
            if sampler:
                self._api.llama_sampler_free(sampler)
