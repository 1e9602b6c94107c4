"""Recorded state variables, as users see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.errors import NetspecError
from netspec.ir import nodes as ir
from netspec.results.clock import milliseconds
from netspec.results.record import RunRecord
from netspec.units import TIME, UNITS, Dimension, UnitError, describe, parse_unit

IntegerArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trace:
    """Samples of one variable; usable wherever an array is (`numpy.asarray(trace)`).

    Attributes:
        values: In SI, shape (samples, neurons); float64, or int64 for integer variables.
        i: int64, shape (neurons,); indices in the whole population.
        every: Samples are taken in the steps that are divisible by this.
        unit: The SI unit of `values`, e.g. `V`; `1` for plain numbers.
        dt: Duration of a step in seconds.
        steps: Those of the samples if they are not all that `every` says, else `None`.
    """

    values: FloatArray | IntegerArray
    i: IntegerArray
    every: int
    unit: str
    dt: float
    steps: IntegerArray | None = None

    @cached_property
    def step(self) -> IntegerArray:
        """Steps of the samples, shape (samples,); state is sampled before the step's update."""
        if self.steps is not None:
            return self.steps
        return np.arange(len(self.values), dtype=np.int64) * self.every

    @cached_property
    def t(self) -> FloatArray:
        """Times of the samples in ms, shape (samples,)."""
        return milliseconds(self.step, self.dt)

    def to(self, unit: str) -> FloatArray:
        """Return the values in another unit, e.g. `to("mV")`; shape (samples, neurons).

        Raises:
            NetspecError: The text is not a unit, or one of another dimension.
        """
        own = parse_unit(self.unit)
        try:
            wanted = parse_unit(unit)
        except UnitError as error:
            raise NetspecError(str(error)) from None
        if wanted.dimension != own.dimension:
            got = f"'{unit}' is {describe(wanted.dimension)}"
            raise NetspecError(f"the values are {describe(own.dimension)}; {got}")
        ratio = own.factor / wanted.factor
        # Powers of ten: dividing by 1000 rounds once where multiplying by 0.001 rounds twice.
        values = np.asarray(self.values, dtype=np.float64)
        return values * float(ratio.numerator) / float(ratio.denominator)

    def within(self, start: int, stop: int) -> Trace:
        """Return the samples of some steps."""
        part = slice(*np.searchsorted(self.step, (start, stop)))
        return replace(self, values=self.values[part], steps=self.step[part])

    @property
    def shape(self) -> tuple[int, ...]:
        """(samples, neurons)."""
        return self.values.shape

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: Any) -> Any:
        return self.values[index]

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        if copy:
            return np.array(self.values, dtype=dtype)
        return np.asarray(self.values, dtype=dtype)

    def __repr__(self) -> str:
        samples, neurons = self.shape
        return f"<Trace: {samples} samples of {neurons} neurons in {self.unit}>"


def recorded_traces(record: RunRecord, network: ir.Network) -> dict[str, dict[str, Trace]]:
    """Return the state recordings of a run by population and variable.

    Recordings of one variable become one trace of all their neurons, ascending. Only if they
    differ in `every` do they stay apart: the finest keeps the plain name, a coarser one is called
    `V.every_100`.
    """
    found: dict[tuple[str, str, int], list[Trace]] = {}
    for recording, values in zip(network.state_recordings, record.states, strict=True):
        neurons = np.arange(recording.view.start, recording.view.stop, dtype=np.int64)
        unit = unit_text(recording.dimension)
        steps = None
        if recording.windows is not None:
            steps = sample_steps(recording.samples(network.steps))[: len(values)]
        trace = Trace(values, neurons, recording.every, unit, network.dt, steps)
        key = (recording.population, recording.variable, recording.every)
        found.setdefault(key, []).append(trace)
    traces: dict[str, dict[str, Trace]] = {}
    for population, variable, every in sorted(found):
        own = traces.setdefault(population, {})
        name = f"{variable}.every_{every}" if variable in own else variable
        own[name] = _merged(found[population, variable, every])
    return traces


def sample_steps(samples: Iterable[range]) -> IntegerArray:
    """Return the steps of samples as an array."""
    parts = (np.arange(each.start, each.stop, each.step) for each in samples)
    return np.asarray(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def unit_text(dimension: Dimension) -> str:
    """Return the SI unit of a dimension as traces name it."""
    # A rate of change reads better as V/s than in base units.
    integral, own = str(dimension * TIME), str(dimension)
    is_rate = own not in UNITS and own != "1" and integral in UNITS
    return f"{integral}/s" if is_rate else own


def _merged(parts: Sequence[Trace]) -> Trace:
    if len(parts) == 1:
        return parts[0]
    joined: Any = np.concatenate([part.values for part in parts], axis=1)
    neurons, first = np.unique(np.concatenate([part.i for part in parts]), return_index=True)
    return replace(parts[0], values=joined[:, first], i=neurons)
