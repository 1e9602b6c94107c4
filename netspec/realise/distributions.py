"""Values drawn from distributions before step 0, each item by itself.

The words that make the value of an item follow from its address (row, index) in the stream. Word
`k` of attempt `a` is, as a number between 0 and 1,

    u = draw(row + 2**32 * a, index + 2**32 * k)
    v_k = ((u div 2**12) + 0.5) * 2**-52

How many items there are, in which order they are made and how many attempts others need changes
nothing. The functions are netspec's own and every operation is rounded as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, starmap
from typing import Protocol

import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic, SpecError
from netspec.ir.recipe import Drawn, Item
from netspec.realise import kernels
from netspec.realise.evaluate import evaluate_function
from netspec.realise.network import FloatArray
from netspec.realise.philox import Key
from netspec.realise.rows import FirstArray, sources_of
from netspec.realise.streams import draws_at, open_uniform, stream_key

MAX_ATTEMPTS = 1000
"""At drawing one value within its bounds."""

FIRST_BLOCK = 256
"""Items that are drawn before the others: bounds that are never met are found out soon."""

_BLOCK = 2**15
"""Items that are drawn together: they fit into the cache, and hide the cost of a NumPy call."""

SUM_TOLERANCE = 1e-9
"""How far a sum of probabilities may be from 1."""

SECOND_GAMMA = 2**15
"""The first word of the second of two gamma numbers."""

Indices = npt.NDArray[np.int64]

Parameters = Mapping[str, FloatArray]
"""By name, shape () or one per item."""


@dataclass(frozen=True, slots=True, eq=False)
class NeuronStream:
    """Where the draws of a value of neurons are: in one row.

    Attributes:
        key: Of the stream.
        neurons: Shaped like the value; without dimensions where one value is for all.
    """

    key: Key
    neurons: Indices

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.neurons.shape

    def drawn(self, items: Indices, attempt: int, k: int) -> FloatArray:
        """Return the v_k of an attempt for some items, numbered in order."""
        indices = self.neurons.reshape(-1)[items]
        return numbers_at(self.key, np.zeros_like(items), indices, attempt, k)


@dataclass(frozen=True, slots=True, eq=False)
class EdgeStream:
    """Where the draws of a value of edges are: in a row for each source.

    Attributes:
        key: Of the stream.
        firsts: Of `Rows`; sources are counted within the source as addressed.
    """

    key: Key
    firsts: FirstArray

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return (int(self.firsts[-1]),)

    def drawn(self, items: Indices, attempt: int, k: int) -> FloatArray:
        """Return the v_k of an attempt for some items, numbered in order."""
        faster = kernels.current()
        if faster is not None:
            return faster.numbers_of_edges(self.key, self.firsts, items, attempt << 32, k << 32)
        rows = sources_of(self.firsts, items).astype(np.int64)
        return numbers_at(self.key, rows, items - self.firsts[rows], attempt, k)


class ItemStream(Protocol):
    """Where the draws of items are."""

    @property
    def key(self) -> Key:
        """Key of the stream."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what is drawn; without dimensions where one value is for all."""

    def drawn(self, items: Indices, attempt: int, k: int) -> FloatArray:
        """Return the v_k of an attempt for some items, numbered in order."""


def numbers_at(key: Key, rows: Indices, indices: Indices, attempt: int, k: int) -> FloatArray:
    """Return the v_k of an attempt for items with some addresses."""
    return open_uniform(draws_at(key, rows + (attempt << 32), indices + (k << 32)))


def neuron_stream(seed: int, path: str, item: Item, neurons: Indices) -> NeuronStream:
    """Return what a value of some neurons of a population or input is drawn from."""
    return NeuronStream(stream_key(seed, path, item.purpose), neurons)


def edge_stream(seed: int, path: str, item: Item, firsts: FirstArray) -> EdgeStream:
    """Return what a value of the edges of a projection is drawn from."""
    return EdgeStream(stream_key(seed, path, item.purpose), firsts)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The numbers v_k of one attempt for some items."""

    stream: ItemStream
    items: Indices
    attempt: int = 0

    def __call__(self, k: int, chosen: Indices | slice = slice(None)) -> FloatArray:
        """Return the v_k of all these items, or of chosen ones."""
        return self.stream.drawn(self.items[chosen], self.attempt, k)


def draw(drawn: Drawn, parameters: Parameters, stream: ItemStream, path: str) -> FloatArray:
    """Return one value per item, shaped like the stream.

    Args:
        drawn: What is drawn.
        parameters: Its parameters, computed.
        stream: Of the value.
        path: Its place, for messages.

    Raises:
        SpecError: A parameter makes no sense, or bounds are not met.
    """
    _check(drawn, parameters)
    result = np.empty(math.prod(stream.shape))
    for block in _blocks(result.size):
        result[block] = _draw_block(drawn, _of_items(parameters, block), stream, block, path)
    return result.reshape(stream.shape)


def draw_in_blocks(
    drawn: Drawn, parameters: Callable[[slice], Parameters], stream: ItemStream, path: str
) -> Iterator[tuple[slice, FloatArray]]:
    """Yield one value per item, some items at a time.

    Args:
        drawn: What is drawn.
        parameters: Returns its parameters for consecutive items, computed; the same object again
            for those that have the same.
        stream: Of the value.
        path: Its place, for messages.

    Raises:
        SpecError: A parameter makes no sense, or bounds are not met.
    """
    checked = None
    for block in _blocks(math.prod(stream.shape)):
        own = parameters(block)
        if own is not checked:
            _check(drawn, own, block.start)
            checked = own
        yield block, _draw_block(drawn, own, stream, block, path)


def _blocks(count: int) -> Iterator[slice]:
    return starmap(slice, pairwise((0, *range(FIRST_BLOCK, count, _BLOCK), count)))


def _check(drawn: Drawn, parameters: Parameters, first: int = 0) -> None:
    for fault in faults(drawn, parameters, first=first):
        raise SpecError([fault])


def _draw_block(
    drawn: Drawn, own: Parameters, stream: ItemStream, block: slice, path: str
) -> FloatArray:
    """Return the values of consecutive items.

    Args:
        drawn: What is drawn.
        own: The parameters of these items.
        stream: Of the value.
        block: The items.
        path: Place of the value.
    """
    items = np.arange(block.start, block.stop)
    low = own.get(f"{drawn.outside}[0]", np.asarray(-np.inf))
    high = own.get(f"{drawn.outside}[1]", np.asarray(np.inf))
    with np.errstate(all="ignore"):
        values = _attempt(drawn, own, Words(stream, items))
        if drawn.outside == "clip":
            return evaluate_function("clip", values, low, high)
        outside = np.flatnonzero((values < low) | (values > high))
        for number in range(1, MAX_ATTEMPTS):
            if not outside.size:
                return values
            words = Words(stream, items[outside], number)
            again = _attempt(drawn, _of_items(own, outside), words)
            values[outside] = again
            outside = outside[(again < _of(low, outside)) | (again > _of(high, outside))]
    if outside.size:
        raise _never_within(f"{path}.{drawn.distribution}.redraw", items[outside[0]])
    return values


def _attempt(drawn: Drawn, own: Parameters, words: Words) -> FloatArray:
    values = _FORMULAS[drawn.distribution](own, words)
    return values if values.ndim else np.full(words.items.shape, values)


def _of_items(parameters: Parameters, items: Indices | slice) -> Parameters:
    return {name: _of(each, items) for name, each in parameters.items()}


def _of(values: FloatArray, items: Indices | slice) -> FloatArray:
    return values[items] if values.ndim else values


def _never_within(path: str, index: int) -> SpecError:
    message = f"{MAX_ATTEMPTS} attempts gave no value within the bounds for index {index}"
    hints = ("widen the bounds, or write 'clip' in place of 'redraw'",)
    return SpecError([Diagnostic("bounds-not-met", path, message, hints=hints)])


# --- the distributions ----------------------------------------------------------------------


def _normal(of: Parameters, v: Words) -> FloatArray:
    return np.asarray(of["mean"] + of["sd"] * evaluate_function("normal_quantile", v(0)))


def _lognormal(of: Parameters, v: Words) -> FloatArray:
    z = evaluate_function("normal_quantile", v(0))
    return np.asarray(of["median"] * evaluate_function("exp", of["sigma"] * z))


def _uniform(of: Parameters, v: Words) -> FloatArray:
    return _between(of, v(0))


def _exponential(of: Parameters, v: Words) -> FloatArray:
    return np.asarray(of["mean"] * _standard_exponential(v))


def _weibull(of: Parameters, v: Words) -> FloatArray:
    power = evaluate_function("power", _standard_exponential(v), 1.0 / of["shape"])
    return np.asarray(of["scale"] * power)


def _gamma(of: Parameters, v: Words) -> FloatArray:
    return np.asarray(of["scale"] * evaluate_function("exp", log_gamma(of["shape"], v, 0)))


def _beta(of: Parameters, v: Words) -> FloatArray:
    ratio = log_gamma(of["alpha"], v, 0) - log_gamma(of["beta"], v, SECOND_GAMMA)
    return _between(of, evaluate_function("sigmoid", ratio))


def _discrete(of: Parameters, v: Words) -> FloatArray:
    probabilities, values = _listed(of, "probabilities"), _listed(of, "values")
    sums = [probabilities[0]]
    for each in probabilities[1:]:
        sums.append(np.asarray(sums[-1] + each))
    first, result = v(0), values[-1]
    for limit, value in zip(reversed(sums[:-1]), reversed(values[:-1]), strict=True):
        result = np.where(first < limit, value, result)
    return result


def _between(of: Parameters, share: FloatArray) -> FloatArray:
    stretched = of["low"] + (of["high"] - of["low"]) * share
    return evaluate_function("min", stretched, of["high"])


def _standard_exponential(v: Words) -> FloatArray:
    return np.asarray(-evaluate_function("log1p", -v(0)))


def log_gamma(shape: FloatArray, v: Words, first: int) -> FloatArray:
    """Return the logarithms of gamma numbers of scale 1 (Marsaglia and Tsang 2000).

    Word `first` lifts shapes below 1; trial m takes the words first + 1 + 2*m and the next.
    """
    shape = np.broadcast_to(shape, v.items.shape)
    d = np.where(shape < 1.0, shape + 1.0, shape) - 1.0 / 3.0
    c = 1.0 / (3.0 * np.sqrt(d))
    result = np.empty(v.items.shape)
    left, k = np.arange(result.size), first + 1
    while left.size:
        x = evaluate_function("normal_quantile", v(k, left))
        root = 1.0 + c[left] * x
        cube = root * root * root
        log_cube = evaluate_function("log", cube)
        limit = ((0.5 * x) * x + d[left]) - d[left] * cube + d[left] * log_cube
        taken = (root > 0.0) & (evaluate_function("log", v(k + 1, left)) < limit)
        result[left[taken]] = evaluate_function("log", d[left[taken]]) + log_cube[taken]
        left, k = left[~taken], k + 2
    small = np.flatnonzero(shape < 1.0)
    if small.size:
        result[small] += evaluate_function("log", v(first, small)) / shape[small]
    return result


_FORMULAS: Mapping[str, Callable[[Parameters, Words], FloatArray]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "exponential": _exponential,
    "gamma": _gamma,
    "beta": _beta,
    "weibull": _weibull,
    "discrete": _discrete,
}
"""What makes values of parameters and words, by distribution."""


# --- what parameters must be ----------------------------------------------------------------


def _last(*values: FloatArray) -> FloatArray:
    return values[-1]


def _total(*values: FloatArray) -> FloatArray:
    return np.asarray(sum(values))


@dataclass(frozen=True, slots=True)
class _Rule:
    """Something that must hold for parameters.

    Attributes:
        place: Of the parameter that is to blame if it does not.
        given: Returns what is shown then.
    """

    names: tuple[str, ...]
    holds: Callable[..., npt.NDArray[np.bool_]]
    message: str
    place: str
    given: Callable[..., FloatArray] = _last


def faults(
    drawn: Drawn,
    parameters: Parameters,
    texts: Mapping[str, str] | None = None,
    *,
    first: int = 0,
) -> Iterator[Diagnostic]:
    """Yield the problems of parameters as far as their values are known.

    Args:
        drawn: What is drawn.
        parameters: Those that are known.
        texts: How they are written, by place.
        first: Number of the first item that they are of.
    """
    paths = {each.name: each.path for each in drawn.parameters}
    for rule in _rules(drawn, paths):
        if not parameters.keys() >= set(rule.names):
            continue
        known = np.broadcast_arrays(*(parameters[name] for name in rule.names))
        bad = np.flatnonzero(~np.asarray(rule.holds(*known)))
        if bad.size:
            number = np.atleast_1d(rule.given(*known))[bad[0]]
            text = (texts or {}).get(rule.place, f"{number:.6g}")
            which = f" for index {first + bad[0]}" if known[0].ndim else ""
            yield Diagnostic("bad-distribution", rule.place, f"{rule.message}, got {text}{which}")


def _rules(drawn: Drawn, paths: Mapping[str, str]) -> Iterator[_Rule]:
    for name in _NOT_NEGATIVE.get(drawn.distribution, ()):
        message = f"'{name}' cannot be negative"
        yield _Rule((name,), lambda x: x >= 0.0, message, paths[name])
    for name in _POSITIVE.get(drawn.distribution, ()):
        message = f"'{name}' must be above 0"
        yield _Rule((name,), lambda x: x > 0.0, message, paths[name])
    for low, high in (("low", "high"), (f"{drawn.outside}[0]", f"{drawn.outside}[1]")):
        message = "the largest value cannot be below the least"
        yield _Rule((low, high), lambda low, high: low <= high, message, paths.get(high, ""))
    # Of the halves, which never overflow.
    far = "'low' and 'high' are too far apart"
    yield _Rule(
        ("low", "high"),
        lambda low, high: 0.5 * high - 0.5 * low < 2.0**1023,
        far,
        paths.get("high", ""),
    )
    shares = tuple(name for name in paths if name.startswith("probabilities["))
    for name in shares:
        message = "a probability cannot be negative"
        yield _Rule((name,), lambda p: p >= 0.0, message, paths[name])
    if shares:
        message = "probabilities must add up to 1"
        place = paths[shares[0]].rpartition("[")[0]
        yield _Rule(shares, _is_one, message, place, _total)


def _is_one(*probabilities: FloatArray) -> npt.NDArray[np.bool_]:
    return np.asarray(np.abs(_total(*probabilities) - 1.0) <= SUM_TOLERANCE)


def _listed(of: Parameters, name: str) -> list[FloatArray]:
    return [each for place, each in of.items() if place.startswith(f"{name}[")]


_NOT_NEGATIVE = {"normal": ("sd",), "lognormal": ("sigma",)}

_POSITIVE = {"gamma": ("shape",), "weibull": ("shape",), "beta": ("alpha", "beta")}
