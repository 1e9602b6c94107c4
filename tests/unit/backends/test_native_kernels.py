"""Compiled kernels of realisation: the bits are NumPy's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from unit.realise.drawn_edges import ENDS, rule_of
from unit.realise.scale import CASES, scaled

import netspec
from netspec.passes import pipeline
from netspec.realise import kernels, streams
from netspec.realise.distributions import EdgeStream
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.realise.rules import Ends
from netspec.realise.rules.fixed_total_number import FixedTotalNumber
from netspec_native import backend
from netspec_native.kernels import NativeKernels, kernels as compiled

EXAMPLES = Path(__file__).parents[3] / "examples"
KEY = (0x01234567, 0x89ABCDEF)

pytestmark = pytest.mark.skipif(backend.version() is None, reason="there is no C compiler")


@pytest.fixture(scope="module")
def fast() -> NativeKernels:
    return compiled()


@pytest.fixture
def with_kernels(fast: NativeKernels) -> Iterator[None]:
    with kernels.using(fast):
        yield


@pytest.mark.parametrize("count", [0, 1, 3, 4, 1023, 1025, 5000])
def test_draws_at_addresses_are_the_same(fast: NativeKernels, count: int) -> None:
    random = np.random.default_rng(count)
    rows = np.sort(random.integers(0, 2**48, count))
    rows[count // 2 :] = rows[count // 2 : count // 2 + 1]
    indices = np.arange(count) + random.integers(0, 2**40)
    plain = streams.draws_at(KEY, rows, indices)
    with kernels.using(fast):
        assert np.array_equal(streams.draws_at(KEY, rows, indices), plain)


def test_high_halves_of_draws_are_the_same(fast: NativeKernels) -> None:
    random = np.random.default_rng(0)
    rows = np.sort(random.integers(0, 2**48, 300))[:, np.newaxis]
    indices = random.integers(0, 2**48, 7) + np.arange(7)
    plain = streams.running_words(KEY, rows, indices)
    with kernels.using(fast):
        assert np.array_equal(streams.running_words(KEY, rows, indices), plain)


def test_draws_of_rows_are_the_same(fast: NativeKernels) -> None:
    rows = np.random.default_rng(3).integers(0, 2**48, 50)
    plain = streams.draws(KEY, rows, 8, 27)
    with kernels.using(fast):
        assert np.array_equal(streams.draws(KEY, rows, 8, 27), plain)


def test_draws_in_spans_are_the_same(fast: NativeKernels) -> None:
    random = np.random.default_rng(1)
    spans = (np.arange(500), random.integers(0, 99, 500), random.integers(0, 30, 500))
    plain = streams.draws_in_spans(KEY, *spans)
    with kernels.using(fast):
        assert np.array_equal(streams.draws_in_spans(KEY, *spans), plain)


@pytest.mark.parametrize("function", ["exp", "log", "log1p", "normal_quantile", "sigmoid"])
def test_functions_of_arrays_are_the_same(fast: NativeKernels, function: str) -> None:
    random = np.random.default_rng(2)
    x = np.concatenate([random.random(9999), [0.0, 1.0, 5e-324, 0.5, 1e300, np.inf, np.nan]])
    with np.errstate(all="ignore"):
        plain = evaluate_function(function, x)
        with kernels.using(fast):
            found = evaluate_function(function, x)
    same = (found == plain) | (np.isnan(found) & np.isnan(plain))
    assert same.all()
    assert np.array_equal(np.signbit(found), np.signbit(plain)) or np.isnan(plain).any()


@pytest.mark.parametrize("ends", ENDS, ids=str)
@pytest.mark.parametrize("number", [1, 3, 1024, 5001])
@pytest.mark.parametrize("autapses", [True, False])
def test_chosen_pairs_are_the_same(
    fast: NativeKernels, ends: Ends, number: int, autapses: bool
) -> None:
    if ends.pairs(autapses=autapses):
        assert_same_pairs(fast, ends, number, autapses=autapses)


@pytest.mark.parametrize(
    "targets", [255, 256, 257, 2**16 - 1, 2**16, 2**16 + 1, 2**24 + 1, 2**32 - 1]
)
def test_targets_of_any_number_of_bytes_are_in_order(fast: NativeKernels, targets: int) -> None:
    for sources in (1, 50, 2**20):
        assert_same_pairs(fast, Ends(sources, targets, None), 3000, autapses=True)
        assert_same_pairs(fast, Ends(sources, targets, -100), 3000, autapses=False)


def assert_same_pairs(fast: NativeKernels, ends: Ends, number: int, *, autapses: bool) -> None:
    own = FixedTotalNumber()
    asked = rule_of("fixed_total_number", number=number, autapses=autapses)
    plain, order = own.rows(asked, ends, lambda purpose: KEY)
    with kernels.using(fast):
        found, none = own.rows(asked, ends, lambda purpose: KEY)
    assert order is none is None
    assert found.firsts.dtype == plain.firsts.dtype
    assert found.targets.dtype == plain.targets.dtype
    assert np.array_equal(found.firsts, plain.firsts)
    assert np.array_equal(found.targets, plain.targets)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_of_edges_are_the_same(fast: NativeKernels, seed: int) -> None:
    random = np.random.default_rng(seed)
    counts = random.integers(0, [1, 2, 6, 300, 5000][seed], 3000)
    counts[:seed] = counts[-seed:] = 0  # sources at the ends without edges
    counts[1500] = 4001
    firsts = np.concatenate(([0], np.cumsum(counts)))
    stream = EdgeStream(KEY, firsts)
    total = int(firsts[-1])
    some = np.sort(random.choice(total, total // 7, replace=False))
    first = int(firsts[1500]) + 3
    for edges in (np.arange(total), some, np.arange(first, first + 1030), some[:1], some[:0]):
        for attempt, k in ((0, 0), (3, 2**15)):
            plain = stream.drawn(edges, attempt, k)
            with kernels.using(fast):
                assert np.array_equal(stream.drawn(edges, attempt, k), plain)


DISTRIBUTIONS = {
    "normal": {"normal": {"mean": "1 nS", "sd": "0.6 nS", "redraw": ["0.2 nS", "1.9 nS"]}},
    "lognormal": {"lognormal": {"median": "1 nS", "sigma": 0.5, "clip": ["0.2 nS", "3 nS"]}},
    "gamma": {"gamma": {"shape": 0.7, "scale": "1 nS"}},
    "exponential": {"exponential": {"mean": "1 nS"}},
    "uniform": {"uniform": {"low": "1 nS", "high": "2 nS"}},
}


VALUES = {
    "delays that are drawn": {"delay": {"normal": {"mean": "1 ms", "sd": "9 ms"}}},
    "delays of 8 bits": {"delay": {"normal": {"mean": "1 ms", "sd": "0.6 ms"}}},
    "other parameters for each edge": {
        "weight": {"normal": {"mean": "(i + 1)*nS", "sd": "0.1 nS", "redraw": ["0.5*i*nS", None]}},
        "delay": {"uniform": {"low": "0.1 ms", "high": "0.2*(1 + j)*ms"}},
    },
    "a grid that needs 64 bits": {
        "weight": {"normal": {"mean": "1 nS", "sd": "1 nS"}},
        "weight_bits": 30,
    },
    "w_max": {
        "weight": {"normal": {"mean": "1 nS", "sd": "1 nS", "clip": ["-2 nS", "2 nS"]}},
        "w_max": "2 nS",
    },
}


@pytest.mark.parametrize("values", VALUES)
def test_values_of_edges_are_the_same(fast: NativeKernels, values: str) -> None:
    changes = {f"projections.exc_exc.{name}": value for name, value in VALUES[values].items()}
    network = netspec.load(EXAMPLES / "coba.json").replace(changes)
    plain = pipeline.realised(network)
    with kernels.using(fast):
        assert_same(pipeline.realised(network), plain)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_network_is_realised_the_same(fast: NativeKernels, distribution: str) -> None:
    changes = {"projections.exc_exc.weight": DISTRIBUTIONS[distribution]}
    network = netspec.load(EXAMPLES / "coba.json").replace(changes)
    plain = pipeline.realised(network)
    with kernels.using(fast):
        assert_same(pipeline.realised(network), plain)


@pytest.mark.parametrize("case", CASES)
def test_every_rule_makes_the_same_edges(fast: NativeKernels, case: str) -> None:
    network = scaled(case, 3000)
    if case == "fixed_total_number":
        network = network.replace({"projections.rec.rule.fixed_total_number.number": 10**6})
    plain = pipeline.realised(network)
    with kernels.using(fast):
        assert_same(pipeline.realised(network), plain)


def assert_same(found: RealisedNetwork, expected: RealisedNetwork) -> None:
    assert found.projections.keys() == expected.projections.keys()
    for name, edges in expected.projections.items():
        own = found.projections[name]
        for field in RealisedProjection.__slots__:
            a, b = getattr(own, field), getattr(edges, field)
            assert a.dtype == b.dtype, (name, field)
            assert a.tobytes() == b.tobytes(), (name, field)


@pytest.mark.usefixtures("with_kernels")
def test_problems_of_projections_come_in_order() -> None:
    changes = {
        f"projections.{name}.weight": {"normal": {"mean": "1 nS", "sd": "-1 nS"}}
        for name in ("exc_exc", "inh_exc")
    }
    network = netspec.load(EXAMPLES / "coba.json").replace(changes)
    with pytest.raises(netspec.SpecError) as raised:
        pipeline.realised(network)
    places = [each.path for each in raised.value.diagnostics]
    assert places == sorted(places)
    assert len(places) == 2
