"""Messages ⇄ a model's tokens: its own chat template, its tokenizer, its marks; worker only.

Text within a message can't close it: what the model reads as a mark is broken up there.
"""

from __future__ import annotations

import ctypes
import re
import warnings
from collections.abc import Callable
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.models.writing.thought import closing, opened_by

Message = dict[str, str]
_CHAT_ML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)
_OTHER = "~"
"""Stands for any other question, to see what a prompt begins with whatever is asked."""


class Chat:
    def __init__(self, api: Any, model: Any) -> None:
        self._api, self._model = api, model
        self.vocabulary = api.llama_model_get_vocab(model)
        self.size = int(api.llama_vocab_n_tokens(self.vocabulary))
        self._control = self._find(api.LLAMA_TOKEN_ATTR_CONTROL)
        self._marks = self._find_marks()
        self._begins = ""
        self._format = self._open_template()

    def _find(self, kind: int) -> dict[int, str]:
        """Tokens of a kind, with their texts."""
        return {
            token: self._text(token)
            for token in range(self.size)
            if self._api.llama_vocab_get_attr(self.vocabulary, token) & kind
        }

    def _find_marks(self) -> re.Pattern[str] | None:
        """Whatever stands for one token of a special kind, such as the end of a message."""
        found = [
            *self._control.values(),
            *self._find(self._api.LLAMA_TOKEN_ATTR_USER_DEFINED).values(),
        ]
        marks = sorted(
            (text for text in found if len(text) > 2 and not text.isspace()), key=len, reverse=True
        )
        return re.compile("|".join(map(re.escape, marks))) if marks else None

    def _open_template(self) -> Callable[..., Any]:
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        own = self._api.llama_model_chat_template(self._model, None)
        begin, end = (
            self._text(token) if token >= 0 else ""
            for token in (
                self._api.llama_vocab_bos(self.vocabulary),
                self._api.llama_vocab_eos(self.vocabulary),
            )
        )
        template = own.decode("utf-8", "replace") if own else _CHAT_ML
        self._begins = begin
        try:
            formatter: Callable[..., Any] = Jinja2ChatFormatter(
                template, eos_token=end, bos_token=begin
            )
        except Exception as error:  # whatever a broken template makes jinja raise
            raise _broken(error) from error
        return formatter

    def prompt(self, messages: list[Message], think: bool = False) -> tuple[list[int], str]:
        """The tokens, and the mark of a thought that they begin, if they do."""
        safe = [{**message, "content": self.without_marks(message["content"])}
                for message in messages]  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = self.render(safe, think)
        opened = opened_by(text)
        if opened and not think:
            text, opened = f"{text.rstrip()}\n{closing(opened)}\n\n", ""
        if self._begins and text.startswith(self._begins):
            text = text[len(self._begins) :]  # the tokenizer adds it
        return self.tokens(text, special=True), opened

    def head(self, messages: list[Message], tokens: list[int], think: bool = False) -> int:
        """With how many of its tokens a prompt begins whatever is asked."""
        if len(messages) < 2 or messages[0]["role"] != "system":
            return 0
        try:
            others, _ = self.prompt([messages[0], {"role": "user", "content": _OTHER}], think)
        except Unavailable:  # some templates want questions of a certain form
            return 0
        shared = 0
        for one, other in zip(tokens[:-1], others, strict=False):
            if one != other:
                break
            shared += 1
        return shared

    def render(self, messages: list[Message], think: bool = False) -> str:
        try:
            return str(self._format(messages=messages, enable_thinking=think).prompt)
        except Exception as error:  # templates are programs, and raise what they like
            if messages[0]["role"] != "system" or len(messages) < 2:
                raise _broken(error) from error
            first, second, *rest = messages  # some know no system message
            content = f"{first['content']}\n\n{second['content']}"
            return self.render([{"role": "user", "content": content}, *rest], think)

    def without_marks(self, text: str) -> str:
        return self._marks.sub(lambda m: f"{m[0][0]} {m[0][1:]}", text) if self._marks else text

    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        """`special`: marks count as such, and the prompt begins as the model wants it."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (ctypes.c_int32 * room)()
        count = self._api.llama_tokenize(
            self.vocabulary, data, len(data), tokens, room, special, special
        )
        return list(tokens[: max(count, 0)])

    def piece(self, token: int) -> bytes:
        room = ctypes.create_string_buffer(256)
        size = self._api.llama_token_to_piece(self.vocabulary, token, room, 256, 0, False)
        return room.raw[: max(size, 0)]

    def control(self, token: int) -> str:
        """The text of a token of control, such as a mark; empty for any other."""
        return self._control.get(token, "")

    def is_end(self, token: int) -> bool:
        return bool(self._api.llama_vocab_is_eog(self.vocabulary, token))

    def _text(self, token: int) -> str:
        return str(
            self._api.llama_vocab_get_text(self.vocabulary, token).decode("utf-8", "replace")
        )


def _broken(error: Exception) -> Unavailable:
    return Unavailable(
        f"the model's chat template fails ({type(error).__name__})",
        "`cairn model recommend` names models with a sound one, `cairn model use NAME` takes one",
    )
