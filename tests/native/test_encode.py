"""The encoder at every level: its matrices against float64, its states against a plain BERT.

All levels, the plain C++ among them, must give the same bits, and so must any company of other
sequences and any number of threads.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cairn.native import encode
from cairn.native.encode import Encoder, Shape, Stored
from tests.native.bert import Reference, make_model, numbers, round_to_codes, stored

LEVELS = encode.levels()
SMALL = Shape(64, 96, 2, 3, 50, 70, 1e-12)
SHAPES = [SMALL, Shape(128, 64, 2, 2, 40, 40, 1e-7), Shape(96, 160, 3, 1, 9, 300, 1e-5)]
pytestmark = pytest.mark.skipif(not LEVELS, reason="the compiled kernels are not there")


def sequences(shape: Shape, *lengths: int, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [random.integers(0, shape.vocabulary, n).astype(np.int32) for n in lengths]


@settings(max_examples=60, deadline=None)
@given(
    some.integers(1, 15), some.integers(1, 70), some.integers(1, 5), some.integers(0, 1 << 32),
    some.sampled_from([1e-30, 1e-3, 1.0, 1e4]),
)  # fmt: skip
def test_a_product_is_that_of_its_codes_at_every_level(
    rows: int, outputs: int, blocks: int, seed: int, size: float
) -> None:
    random = np.random.default_rng(seed)
    weights = stored(random.standard_normal((outputs, 32 * blocks)).astype(np.float32))
    values = (random.standard_normal((rows, 32 * blocks)) * size).astype(np.float32)
    values[random.random(values.shape) < 0.2] = 0
    made = {level: encode.product(level, weights, values) for level in LEVELS}
    assert len({each.tobytes() for each in made.values()}) == 1
    terms = np.abs(round_to_codes(values)) @ np.abs(numbers(weights)).T
    expected = round_to_codes(values) @ numbers(weights).T
    # 8 roundings of a sum whose terms may cancel
    assert (np.abs(made["scalar"] - expected) <= 1e-6 * terms + 1e-38).all()


def test_the_lowest_code_and_the_highest_are_multiplied_exactly() -> None:
    for code in (-128, 127):
        data = np.full((32, 34), code & 0xFF, np.uint8)
        data[:, :2] = np.array([1.0], "<f2").view(np.uint8)
        weights = Stored("Q8_0", 32, 32, data.ravel())
        for sign in (1.0, -1.0):
            values = np.full((3, 32), sign, np.float32)
            for level in LEVELS:
                made = encode.product(level, weights, values)
                exact = code * sign * 127 * 32 * float(np.float16(1 / 127))
                assert (np.abs(made - exact) <= abs(exact) * 1e-6).all(), level


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_states_are_those_of_a_plain_bert(shape: Shape) -> None:
    tensors = make_model(shape)
    exact = Reference(shape, tensors, rounded=False)
    rounded = Reference(shape, tensors, rounded=True)
    for tokens in sequences(shape, 1, 2, 17, shape.positions):
        (states,) = Encoder(shape, tensors, LEVELS[-1]).states([tokens])
        wanted = exact.states(tokens.tolist())
        ours = np.linalg.norm(states - wanted, axis=1) / np.linalg.norm(wanted, axis=1)
        theirs = np.linalg.norm(rounded.states(tokens.tolist()) - wanted, axis=1)
        # Rounding to 8 bits is most of what is lost; a wrong operation loses far more.
        assert ours.max() < 0.05
        assert ours.mean() < 1.5 * (theirs / np.linalg.norm(wanted, axis=1)).mean()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_all_levels_give_the_same_bits(shape: Shape) -> None:
    tensors, asked = make_model(shape), sequences(shape, 5, 1, 40, 33, 16)
    made = [Encoder(shape, tensors, level).states(asked) for level in LEVELS]
    for others in made[1:]:
        for one, other in zip(made[0], others, strict=True):
            assert np.array_equal(one, other)


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(1, 70), min_size=1, max_size=9), some.integers(1, 5))
def test_states_depend_on_nothing_but_their_sequence(lengths: list[int], threads: int) -> None:
    encoder = Encoder(SMALL, make_model(SMALL), LEVELS[-1])
    asked = sequences(SMALL, *lengths)
    together = encoder.states(asked, threads)
    backwards = encoder.states(asked[::-1], 1)[::-1]
    for tokens, one, other in zip(asked, together, backwards, strict=True):
        (alone,) = encoder.states([tokens])
        assert np.array_equal(one, alone) and np.array_equal(other, alone)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_that_share_one_sequence_give_the_same_bits(threads: int) -> None:
    shape = SHAPES[2]
    encoder = Encoder(shape, make_model(shape), LEVELS[-1])
    for tokens in sequences(shape, 300, 150, 49, 2):
        (alone,), (shared,) = encoder.states([tokens]), encoder.states([tokens], threads)
        assert np.array_equal(alone, shared)


def test_nothing_asked_is_nothing_answered() -> None:
    assert Encoder(SMALL, make_model(SMALL), "scalar").states([]) == []


@pytest.mark.parametrize("tokens", [[], [50], [-1], [0] * 71], ids=str)
def test_tokens_that_the_model_does_not_know_are_refused(tokens: list[int]) -> None:
    encoder = Encoder(SMALL, make_model(SMALL), LEVELS[-1])
    with pytest.raises(ValueError, match="token"):
        encoder.states([np.array([1, 2], np.int32), np.array(tokens, np.int32)], 2)


@pytest.mark.parametrize("name", list(make_model(SMALL))[:20])
def test_a_file_that_lacks_a_part_or_has_it_cut_or_bent_is_refused(name: str) -> None:
    whole = make_model(SMALL)
    part = whole[name]
    bent = [
        {key: value for key, value in whole.items() if key != name},
        {**whole, name: replace(part, data=part.data[:-1].copy())},
        {**whole, name: replace(part, columns=part.columns + 32)},
    ]
    for tensors in bent:
        with pytest.raises(ValueError, match=name.replace(".", r"\.")):
            Encoder(SMALL, tensors, "scalar")


def test_numbers_that_are_none_are_refused() -> None:
    for name in ("blk.0.ffn_up.weight", "blk.1.attn_q.bias", "token_embd_norm.bias"):
        tensors = make_model(SMALL)
        data = tensors[name].data.copy()
        data[:4] = 0xFF
        with pytest.raises(ValueError, match="holds a number that is none"):
            Encoder(SMALL, {**tensors, name: replace(tensors[name], data=data)}, "scalar")


def test_weights_in_another_number_format_are_refused() -> None:
    for form in ("F16", "F32"):
        tensors = make_model(SMALL)
        tensors["blk.0.ffn_up.weight"] = stored(np.ones((96, 64), np.float32), form)
        with pytest.raises(ValueError, match="not in the number format Q8_0"):
            Encoder(SMALL, tensors, "scalar")


@pytest.mark.parametrize(
    "shape",
    [
        replace(SMALL, heads=3), replace(SMALL, heads=0), replace(SMALL, width=0),
        replace(SMALL, hidden=90), replace(SMALL, epsilon=float("nan")),
        replace(SMALL, layers=1 << 40), replace(SMALL, heads=4),
    ],
    ids=str,
)  # fmt: skip
def test_impossible_shapes_are_refused(shape: Shape) -> None:
    with pytest.raises(ValueError, match="model"):
        Encoder(shape, make_model(SMALL), "scalar")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="level"):
        Encoder(SMALL, make_model(SMALL), "numpy")
