from __future__ import annotations

import hashlib
import math
from fractions import Fraction

import numpy as np
import pytest

from netspec.realise.philox import philox4x32
from netspec.realise.streams import (
    draws,
    draws_at,
    open_uniform,
    running_words,
    stream_key,
    thresholds,
    uniform,
)

KEY = stream_key(123, "inputs.ext", "events")


def scalar_draw(key: tuple[int, int], row: int, index: int) -> int:
    """The draw at one address, straight from the module's table."""
    block, word = divmod(index, 4)
    last = (row >> 32) | (block >> 32) << 16
    high, low = (
        int(philox4x32((block & 0xFFFFFFFF, row & 0xFFFFFFFF, lane, last), key)[word])
        for lane in (0, 1)
    )
    return high << 32 | low


def test_key_is_pinned() -> None:
    digest = hashlib.sha256(b"netspec:1\x00" + b"123\x00inputs.ext\x00events").digest()

    assert KEY[0] | KEY[1] << 32 == int.from_bytes(digest[:8], "little")
    assert KEY == (0x6804BBFF, 0x38CD11AC)


def test_key_depends_on_each_name() -> None:
    keys = {
        stream_key(seed, path, purpose)
        for seed in (0, 1, 2**64 - 1)
        for path in ("inputs.ext", "inputs.ex", "inputs.extern")
        for purpose in ("events", "", "weights", "µ")
    }

    assert len(keys) == 3 * 3 * 4


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_key_refuses_a_seed_out_of_range(seed: int) -> None:
    with pytest.raises(ValueError, match=r"expected a seed of 0 \.\.\. 2\*\*64 - 1, got"):
        stream_key(seed, "a", "b")


def test_key_refuses_names_that_could_be_confused() -> None:
    with pytest.raises(ValueError, match="without zero bytes"):
        stream_key(0, "a\0b", "c")


def test_running_words_follow_the_table() -> None:
    steps = np.array([0, 1, 2**32 - 1, 2**32, 2**48 - 1])
    neurons = np.array([0, 1, 2, 3, 4, 4097, 2**34 + 5, 2**48 - 1])

    high = running_words(KEY, steps[:, np.newaxis], neurons)
    u = draws_at(KEY, steps[:, np.newaxis], neurons)

    assert high.dtype == np.uint32
    for row, step in enumerate(steps):
        for column, neuron in enumerate(neurons):
            expected = scalar_draw(KEY, int(step), int(neuron))
            assert int(u[row, column]) == expected
            assert int(high[row, column]) == expected >> 32
    assert int(running_words(KEY, 7, 9)) == scalar_draw(KEY, 7, 9) >> 32


@pytest.mark.parametrize("n_neurons", [0, 1, 3, 4, 5, 1001])
def test_running_words_of_neurons_in_a_row_are_high_halves_of_draws(n_neurons: int) -> None:
    steps = np.arange(2**32 - 2, 2**32 + 2)

    u = draws(KEY, steps, 0, n_neurons)

    high = running_words(KEY, steps[:, np.newaxis], np.arange(n_neurons))
    np.testing.assert_array_equal(high, u >> np.uint64(32))


def test_draws_before_the_run_use_the_same_addresses() -> None:
    rows = np.array([5, 0, 2**40 + 3])

    u = draws(KEY, rows, 8, 6)

    assert u.dtype == np.uint64
    expected = [[scalar_draw(KEY, int(row), index) for index in range(8, 14)] for row in rows]
    assert u.tolist() == expected


def test_draws_start_at_a_whole_block() -> None:
    with pytest.raises(ValueError, match="multiple of 4, got 6"):
        draws(KEY, 0, 6, 4)


@pytest.mark.parametrize("address", [-1, 2**48])
def test_addresses_must_fit_the_counter(address: int) -> None:
    for call in (
        lambda: running_words(KEY, address, 0),
        lambda: running_words(KEY, 0, np.array([3, address])),
        lambda: draws(KEY, address, 0, 4),
    ):
        with pytest.raises(ValueError, match="2\\*\\*48 - 1"):
            call()


def test_thresholds_are_exact() -> None:
    generator = running_words(KEY, 0, np.arange(4000)).astype(np.float64)
    special = [0.0, -0.0, 5e-324, 1e-300, 2.0**-64, 2.0**-65, 2.0**-53, 0.009, 0.1, 0.5]
    special += [float(np.nextafter(edge, side)) for edge in (0.5, 2.0**-32) for side in (0, 1)]
    special += [2.0**-32, 2.0**-32 * (1 - 2.0**-53), 1 - 2.0**-53, 1.0]
    mantissas = (generator[:2000] + 0.5) * 2.0**-32
    p = np.concatenate([special, mantissas * 2.0 ** -(generator[2000:] // 2**26)])

    high, low = thresholds(p)

    assert high.dtype == np.uint64
    assert low.dtype == np.uint32
    for probability, upper, lower in zip(p, high, low, strict=True):
        exact = math.ceil(Fraction(float(probability)) * 2**64)
        assert (int(upper), int(lower)) == divmod(exact, 2**32)


def test_thresholds_decide_at_the_boundary() -> None:
    high, low = (int(half) for half in thresholds(0.1))
    threshold = math.ceil(Fraction(0.1) * 2**64)

    for u, fires in ((threshold - 1, True), (threshold, False), (0, True), (2**64 - 1, False)):
        h, l = divmod(u, 2**32)  # noqa: E741
        assert (h < high or (h == high and l < low)) is fires


@pytest.mark.parametrize("p", [-1e-300, 1.0 + 2.0**-52, math.nan, math.inf])
def test_thresholds_refuse_what_is_no_probability(p: float) -> None:
    with pytest.raises(ValueError, match=r"probabilities in \[0, 1\]"):
        thresholds(np.array([0.5, p]))


def test_uniforms_are_exact() -> None:
    integers = [0, 1, 2**11 - 1, 2**11, 2**12 - 1, 2**12, 2**63, 2**64 - 1, 0x123456789ABCDEF1]
    u = np.array(integers, dtype=np.uint64)

    for value, one, other in zip(integers, uniform(u), open_uniform(u), strict=True):
        assert Fraction(float(one)) == Fraction(value // 2**11, 2**53)
        assert Fraction(float(other)) == Fraction(2 * (value // 2**12) + 1, 2**53)
    assert 0.0 < open_uniform(u).min() < open_uniform(u).max() < 1.0


def test_words_look_uniform_and_uncorrelated() -> None:
    n_values = 400_000
    values = uniform(draws(KEY, np.arange(1000), 0, 400))

    deviation = math.sqrt(1.0 / 12.0 / n_values)
    assert abs(values.mean() - 0.5) < 5.0 * deviation
    for shifted in (values[1:, :], values[:, 1:], values[:, 4:]):
        first = values[: shifted.shape[0], : shifted.shape[1]]
        product = ((first - 0.5) * (shifted - 0.5)).mean() * 12.0
        assert abs(product) < 5.0 / math.sqrt(shifted.size)
