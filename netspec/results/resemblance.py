"""How alike two recordings are that cannot be equal: statistics, without a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from netspec.columns import table
from netspec.files import open_file
from netspec.limits import LONGEST_STEP, SHORTEST_STEP
from netspec.results.archive import REFUSALS
from netspec.results.clock import step_in_milliseconds
from netspec.results.elsewhere import (
    Recording,
    RecordingError,
    read_recordings,
    says_itself,
)
from netspec.results.spikes import Spikes, trains_of
from netspec.results.statistics import correlations, distances, rates, variations
from netspec.units import TIME, UnitError, parse_quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netspec.results.results import Results

FloatArray = npt.NDArray[np.float64]
Both = tuple[FloatArray, FloatArray]
"""Numbers of the one recording and of the other."""


_EXPLAINED = """\
Mean ± standard deviation over {duration} ms. Correlations are of spikes in bins of {width} ms.
The distance is van Rossum's (2001), squared, with tau = {tau} ms, over the mean number of spikes:
0 for the same spikes, 1 on average for unrelated Poisson trains of the same rate.
Statistics can be alike where runs are not: nothing here says that they are the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """Statistics of one population in two recordings.

    Attributes:
        neurons: That both recorded.
        rates: In Hz, of each neuron.
        variations: Coefficients of variation of intervals, of each neuron with three spikes.
        correlations: Of pairs of neurons.
        distances: Between the trains of each neuron that spikes; 0 if they are the same, about 1
            if they are unrelated.
    """

    name: str
    neurons: int
    rates: Both
    variations: Both
    correlations: Both
    distances: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Resemblance:
    """Statistics of two recordings, side by side; `str()` is a table.

    Attributes:
        names: Of the recordings.
        populations: What both recorded.
        duration: That is compared, in ms.
        width: Of the bins in which spikes are counted for correlations, in ms.
        tau: Time constant of van Rossum's distance, in ms.
    """

    names: tuple[str, str]
    populations: tuple[Likeness, ...]
    duration: float
    width: float
    tau: float

    def __str__(self) -> str:
        rows = table([("population", "", *self.names, "between them"), *self._rows()])
        return f"{rows}\n\n" + _EXPLAINED.format(
            **{each: f"{getattr(self, each):.15g}" for each in ("duration", "width", "tau")}
        )

    def plot(self, figure: Figure | None = None) -> Figure:
        """Draw how the statistics are distributed over neurons.

        Args:
            figure: Drawn into; a new pyplot figure if left out.
        """
        from netspec.results.resemblance_plot import draw_resemblance

        return draw_resemblance(self, figure)

    def _rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        for each in self.populations:
            (one, other), title = each.rates, f"{each.name} ({each.neurons})"
            yield title, "rate (Hz)", _spread(one), _spread(other), ""
            one, other = each.variations
            yield "", "CV of intervals", _counted(one), _counted(other), ""
            one, other = each.correlations
            yield "", "correlation of pairs", _counted(one), _counted(other), ""
            yield "", "distance", "", "", _counted(each.distances)


def _spread(values: FloatArray) -> str:
    return f"{values.mean():.4g} ± {values.std():.3g}" if values.size else "-"


def _counted(values: FloatArray) -> str:
    return f"{_spread(values)} of {values.size}" if values.size else "-"


def resemblance(
    results: Results,
    other: Results | Mapping[str, Recording] | str | Path,
    *,
    names: tuple[str, str] = ("these", "other"),
    of: str | None = None,
    tau: str = "10 ms",
    width: str = "5 ms",
) -> Resemblance:
    """Return statistics of results and of another recording of the same populations.

    Args:
        results: Of a run; they say how many neurons there are, and for how long.
        other: Results, spikes by population, or a file of either.
        names: What the two are called.
        of: Population of the spikes of a file that does not say.
        tau: Time constant of the distance.
        width: Of the bins for correlations.

    Raises:
        RecordingError: Nothing was recorded in both, or not all the time, or a neuron does not
            exist; or a time is none.
        ResultsFileError: A file that looks like results is damaged.
        OSError: A file cannot be read.
    """
    times = _milliseconds("tau", tau), _milliseconds("width", width)
    if not isinstance(other, Mapping) and isinstance(other, str | Path):
        other = _read(Path(other), results, of)
    duration = _duration(results)
    if isinstance(other, Mapping):
        theirs: Results | Mapping[str, Recording] = other
    else:
        theirs, duration = other, min(duration, _duration(other))
    known = theirs if isinstance(theirs, Mapping) else theirs.spikes
    common = [name for name in results.spikes if name in known]
    if not common:
        raise RecordingError(
            f"nothing was recorded in both: {_listed(results.spikes)} here, {_listed(known)} there"
        )
    if duration <= 0:
        raise RecordingError("one of the runs has no steps")
    found = [_likeness(name, results, theirs, duration, *times) for name in common]
    return Resemblance(names, tuple(found), duration, times[1], times[0])


def _read(path: Path, results: Results, of: str | None) -> Results | dict[str, Recording]:
    """Return what a file holds: results of netspec, or spikes from elsewhere."""
    if path.suffix.lower() == ".npz" and _is_of_netspec(path):
        if of is not None:
            raise says_itself(path)
        return type(results).load(path)
    only = next(iter(results.spikes)) if len(results.spikes) == 1 else None
    return read_recordings(path, of, default=only)


def _is_of_netspec(path: Path) -> bool:
    from netspec.results.header import HEADER

    try:
        with open_file(path) as stream, np.load(stream, allow_pickle=False) as archive:
            return HEADER in archive.files
    except REFUSALS:
        return False


def _duration(results: Results) -> float:
    return float(results.steps * step_in_milliseconds(results.dt))


def _likeness(
    name: str,
    results: Results,
    other: Results | Mapping[str, Recording],
    duration: float,
    tau: float,
    width: float,
) -> Likeness:
    mine = _trains(results, name, duration)
    if isinstance(other, Mapping):
        theirs = _split(other[name], results.spikes[name], name, duration)
    else:
        theirs = _trains(other, name, duration)
    neurons = sorted(mine.keys() & theirs.keys())
    both = [mine[each] for each in neurons], [theirs[each] for each in neurons]
    return Likeness(
        name,
        len(neurons),
        (rates(both[0], duration), rates(both[1], duration)),
        (variations(both[0]), variations(both[1])),
        (correlations(both[0], duration, width), correlations(both[1], duration, width)),
        distances(*both, tau),
    )


def _trains(results: Results, name: str, duration: float) -> dict[int, FloatArray]:
    spikes = results.spikes[name]
    if spikes.windows is not None:
        raise RecordingError(f"'{name}' was recorded in parts of the run only")
    return {neuron: train[train < duration] for neuron, train in spikes.trains().items()}


def _split(recording: Recording, mine: Spikes, name: str, duration: float) -> dict[int, FloatArray]:
    """Return the trains of the neurons that the run recorded too."""
    size = mine.size
    if recording.i.size and int(recording.i.max()) >= size:
        message = f"'{name}' has {size} neurons, counted from 0, and there is a spike of neuron "
        raise RecordingError(f"{message}{int(recording.i.max())}")
    inside = (recording.t >= 0.0) & (recording.t < duration)
    indices, times = recording.i[inside], recording.t[inside]
    return trains_of(mine.neurons, indices, times)


def _milliseconds(name: str, text: str) -> float:
    try:
        quantity = parse_quantity(text)
    except UnitError as error:
        raise RecordingError(f"{name}: {error}") from None
    if quantity.dimension != TIME or quantity.value <= 0:
        raise RecordingError(f"{name}: expected a time above 0 such as '10 ms', got '{text}'")
    if not SHORTEST_STEP <= float(quantity.value) <= LONGEST_STEP:
        raise RecordingError(f"{name}: expected a time from 1 ps to 10^6 s, got '{text}'")
    return float(quantity.value * 1000)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in names) or "nothing"
