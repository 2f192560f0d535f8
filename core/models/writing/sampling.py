"""Scores of all tokens → the next token: the likeliest, or a drawn one, that the grammar allows.

Called by the generator, for one text each; it has to be closed.
"""

from __future__ import annotations

import ctypes
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import Unavailable

_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_SURE = 0.05
"""Scores that a batch of several tokens makes differ from those of one by one by less than this."""


class Sampler:
    def __init__(
        self, api: Any, vocabulary: Any, size: int, schema: dict[str, Any] | None, seed: int,
        warmth: float,
    ) -> None:  # fmt: skip
        self._api, self._size = api, size
        self.is_plain = schema is None and warmth <= 0
        """Does it always take the likeliest?"""
        self._chain = self._grammar = None
        if self.is_plain:
            return
        self._chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
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
        scores = self._scores(context, -1)
        if self.is_plain:
            return int(scores.argmax())
        token = self._pick(np.arange(self._size, dtype=np.int32), scores, self._chain)
        if self._grammar:
            # Whether one token fits is known at once; only otherwise all of them are looked at.
            one = np.array([token], dtype=np.int32)
            if self._pick(one, np.zeros(1, np.float32), self._grammar) < 0:
                everything = np.arange(self._size, dtype=np.int32)
                token = self._pick(everything, scores, self._grammar, self._chain)
            self._api.llama_sampler_accept(self._grammar, token)
        return token

    def likeliest(self, context: Any, row: int) -> tuple[int, bool]:
        """Of one row of a batch; and is it so by enough that no rounding can have made it so?"""
        scores = self._scores(context, row)
        best = int(scores.argmax())
        second = max(
            float(scores[:best].max(initial=-np.inf)),
            float(scores[best + 1 :].max(initial=-np.inf)),
        )
        return best, float(scores[best]) - second > _SURE

    def _scores(self, context: Any, row: int) -> NDArray[np.float32]:
        pointer = self._api.llama_get_logits_ith(context, row)
        scores: NDArray[np.float32] = np.ctypeslib.as_array(pointer, shape=(self._size,))
        return scores

    def _pick(self, tokens: NDArray[np.int32], scores: NDArray[np.float32], *samplers: Any) -> int:
        """The token that is taken; -1 if the last of them refuses all."""
        api = self._api
        data = np.zeros(len(tokens), _CANDIDATE)
        data["id"], data["logit"] = tokens, scores
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
