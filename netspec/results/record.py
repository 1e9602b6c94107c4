"""What a backend hands back: the raw record of one run, before it is dressed as `Results`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class NonFinite:
    """A state variable became NaN or infinite; one of the legal outcomes of a run.

    The first in the order (step, population, index, variable). The state is looked at when it is
    realised (step 0), after the update of every step, and after the last step K (reported as
    step K). Names are ordered by code points.
    """

    step: int
    population: str
    index: int
    variable: str


@dataclass(frozen=True, slots=True)
class SpikeTally:
    """What is known of all spikes of one object without keeping them.

    Attributes:
        count: Their number.
        digest: Hexadecimal SHA-256 over step and index of every spike as unsigned 64-bit
            little-endian integers, in the order (step, index).
    """

    count: int
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class SpikeRecord:
    """Spikes of one object, sorted by (step, index).

    Attributes:
        steps: int64, shape (spikes,).
        indices: int64, shape (spikes,).
    """

    steps: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """Everything observed in a run.

    Attributes:
        steps: Completed steps; fewer than asked if the run was interrupted or became non-finite.
        tallies: Of every population, source and named event, monitored or not, by name.
        spikes: Of those that have a recording, by name; of its neurons and in its windows.
        states: One array per state recording of the IR, in its order; SI, shape
            (samples, neurons of the view). Samples of the steps that were begun.
        counts: One array per count recording of the IR, in its order; int64, shape as it says,
            0 for what the run did not reach.
        state_digests: Hexadecimal SHA-256 per population. It covers, at the record phase of every
            step divisible by 1,000 and once more after the last step, the raw little-endian bytes
            of the declared state variables in code-point order and then of the refractory
            countdown as int64 (zeros where the cell has none). Empty if they were to be left out,
            and if the run became non-finite: the bits of a NaN differ between machines.
        outcome: `None` unless the run ended by `NonFinite`; then spikes are those of earlier
            steps and samples those of steps up to and including `outcome.step`, or none if the
            state was not finite before step 0.
    """

    steps: int
    tallies: Mapping[str, SpikeTally]
    spikes: Mapping[str, SpikeRecord]
    states: tuple[npt.NDArray[np.float64] | npt.NDArray[np.int64], ...]
    counts: tuple[npt.NDArray[np.int64], ...]
    state_digests: Mapping[str, str]
    outcome: NonFinite | None = None
