"""Numbers of events: thresholds that rational arithmetic confirms, and the Poisson law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import netspec.codegen
from netspec.realise.streams import draws, stream_key
from netspec.testing.oracle import scalar

TEXT = (Path(netspec.codegen.__file__).parent / "templates" / "poisson.jinja").read_text("utf-8")
ALL = 2**64
MEANS = [0.0, 1e-300, 0.01, 0.7, 2.0, 10.0, 63.999, 64.0]

Numbers = Callable[[Any, Any], Any]


def numbers_of(text: str = TEXT) -> Numbers:
    """Return the function that programs have."""
    exp = scalar.function("exp")
    names: dict[str, Any] = {"np": np, "exp": np.vectorize(exp, otypes=[np.float64])}
    exec(text, names)  # noqa: S102 - it is part of every program
    found: Numbers = names["poisson_numbers"]
    return found


def thresholds(mean: float) -> Iterator[int]:
    """Yield what a draw must reach for one event more, every operation in rationals and rounded."""
    m, term = 0, Fraction(scalar.function("exp")(-mean))
    total = term
    while not (m > mean and term < Fraction(1, ALL)):
        yield min(int(total * ALL), ALL - 1)
        m += 1
        term = Fraction(float(Fraction(float(term * Fraction(mean))) / m))
        total = Fraction(float(total + term))


def at_the_edges(mean: float) -> list[int]:
    edges = {0, ALL - 1, *(edge + by for edge in thresholds(mean) for by in (-1, 0))}
    return sorted(edge for edge in edges if 0 <= edge < ALL)


def counted(mean: float) -> list[int]:
    limits = list(thresholds(mean))
    return [sum(limit <= u for limit in limits) for u in at_the_edges(mean)]


def is_right(numbers: Numbers, mean: float) -> bool:
    drawn = np.array(at_the_edges(mean), dtype=np.uint64)
    return bool(numbers(drawn, mean).tolist() == counted(mean))


@pytest.mark.parametrize("mean", MEANS)
def test_programs_count_thresholds(mean: float) -> None:
    assert is_right(numbers_of(), mean)


@pytest.mark.parametrize("mean", MEANS)
def test_the_oracle_counts_thresholds(mean: float) -> None:
    assert [scalar.poisson_count(mean, u) for u in at_the_edges(mean)] == counted(mean)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("draws >= limits", "draws > limits"),
        ("term < 2.0**-64", "term < 2.0**-50"),
        ("term < 2.0**-64", "term < 2.0**-80"),
        ("(m > mean) & ", ""),
        ("term * mean / m", "term * (mean / m)"),
        ("np.uint64(2**64 - 1)", "np.uint64(2**64 - 2)"),
    ],
)
def test_nothing_can_be_left_out(right: str, wrong: str) -> None:
    """The check above can fail."""
    assert TEXT.count(right) == 1
    broken = numbers_of(TEXT.replace(right, wrong))
    assert not all(is_right(broken, mean) for mean in [*MEANS, 1e-25])


def test_each_neuron_has_its_own_mean() -> None:
    means = np.array(MEANS)
    drawn = draws(stream_key(3, "inputs.x", "events"), np.arange(40), 0, len(MEANS))
    alone = [
        [scalar.poisson_count(mean, int(u)) for mean, u in zip(means, row, strict=True)]
        for row in drawn
    ]
    assert numbers_of()(drawn, means).tolist() == alone


@pytest.mark.parametrize("mean", [0.01, 2.0, 10.0, 64.0])
def test_thresholds_are_those_of_the_law(mean: float) -> None:
    with mpmath.workprec(120):
        total = mpmath.mpf(0)
        for m, limit in enumerate(thresholds(mean)):
            total += mpmath.exp(-mean) * mpmath.mpf(mean) ** m / mpmath.factorial(m)
            assert abs(mpmath.mpf(limit) / ALL - total) < 1e-14


@pytest.mark.parametrize("mean", [0.01, 2.0, 10.0, 64.0])
def test_numbers_follow_the_law(mean: float) -> None:
    n = 200_000
    drawn = draws(stream_key(11, f"inputs.{mean:g}", "events"), np.arange(n // 100), 0, 100)
    counts = np.bincount(numbers_of()(drawn, mean).astype(np.int64).ravel(), minlength=200)
    expected = [
        float(n * mpmath.exp(-mean) * mpmath.mpf(mean) ** m / mpmath.factorial(m))
        for m in range(200)
    ]
    observed: list[float] = []
    wanted: list[float] = []
    rest_observed = rest_wanted = 0.0
    for seen, share in zip(counts.tolist(), expected, strict=True):  # rare numbers together
        rest_observed, rest_wanted = rest_observed + seen, rest_wanted + share
        if rest_wanted >= 10:
            observed.append(rest_observed)
            wanted.append(rest_wanted)
            rest_observed = rest_wanted = 0.0
    observed[-1] += rest_observed
    wanted[-1] += rest_wanted
    squares = sum((a - b) ** 2 / b for a, b in zip(observed, wanted, strict=True))
    freedom = len(observed) - 1
    assert float(mpmath.gammainc(freedom / 2, squares / 2, regularized=True)) > 1e-6
