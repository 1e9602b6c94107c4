"""`Results`: everything a run leaves behind, to look at, save and draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self

from netspec.errors import NetspecError
from netspec.ir import nodes as ir
from netspec.results.counts import (
    Counted,
    PopulationRate,
    SpikeCounts,
    population_rates,
    spike_counts,
)
from netspec.results.digest import combined_digest
from netspec.results.phase import PhaseResults, counts_by_phase, phase_of
from netspec.results.record import NonFinite, RunRecord
from netspec.results.recorded import NotRecordedError as NotRecordedError, Recorded as Recorded
from netspec.results.replay import OwnSpikes
from netspec.results.spikes import Spikes, monitored_spikes
from netspec.results.traces import Trace, recorded_traces
from netspec.results.weights import WeightTrace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netspec.results.comparison import Comparison
    from netspec.results.elsewhere import Recording
    from netspec.results.resemblance import Resemblance

ObjectKind = Literal["population", "source", "event"]


@dataclass(frozen=True, slots=True)
class SpikingObject:
    """A population, a source or a named event of a population, monitored or not.

    Attributes:
        size: Neurons.
        count: Spikes of all of them.
        digest: Hexadecimal spike digest of all of them.
    """

    kind: ObjectKind
    size: int
    count: int
    digest: str


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """One finished, interrupted or non-finite run.

    Attributes:
        dt: Duration of a step in seconds.
        steps: Completed steps.
        objects: Every population, then its named events as `exc.burst`, then every source.
        spikes: What spike monitors saw, by object.
        states: What state monitors saw, by population and variable.
        weights: What weight monitors saw, by projection.
        counted: Numbers of spikes that were counted while running; `spike_counts`,
            `population_rates` and `phase` are made of them.
        phases: First step, and the step after the last, of every phase, by name.
        state_digests: Hexadecimal state digest of every population; empty if none was taken.
        outcome: `None`, or where a state variable became NaN or infinite.
        metadata: Seed, fingerprints, versions, wall times (`metadata["wall_times"]["simulate"]` in
            seconds) and whether the run is `complete`; plain data as in JSON.
    """

    dt: float
    steps: int
    objects: Mapping[str, SpikingObject]
    spikes: Mapping[str, Spikes]
    states: Mapping[str, Mapping[str, Trace]]
    weights: Mapping[str, WeightTrace]
    counted: tuple[Counted, ...]
    phases: Mapping[str, tuple[int, int]]
    state_digests: Mapping[str, str]
    outcome: NonFinite | None
    metadata: Mapping[str, Any]

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        network: ir.Network,
        metadata: Mapping[str, Any],
        weights: Mapping[str, WeightTrace] = MappingProxyType({}),
    ) -> Self:
        """Dress the raw record of a run of `network`."""
        objects: dict[str, SpikingObject] = {}
        sources = {source.name for source in network.sources}
        for each in sorted(network.emitters, key=lambda each: (each.owner in sources, each.name)):
            raw = record.tallies[each.name]
            kind: ObjectKind = "source" if each.owner in sources else "population"
            kind = kind if each.event == ir.SPIKE else "event"
            objects[each.name] = SpikingObject(kind, each.size, raw.count, raw.digest)
        spikes = Recorded(
            {
                each.name: monitored_spikes(
                    record.spikes[each.name], each, objects[each.name].size, network.dt
                )
                for each in network.spike_recordings
            }
        )
        states = {name: Recorded(each) for name, each in recorded_traces(record, network).items()}
        return cls(
            network.dt,
            record.steps,
            objects,
            spikes,
            Recorded(states),
            Recorded(weights),
            tuple(map(Counted, network.count_recordings, record.counts)),
            {each.name: (each.window.start, each.window.stop) for each in network.phases},
            dict(record.state_digests),
            record.outcome,
            dict(metadata),
        )

    @property
    def digests(self) -> dict[str, str]:
        """Spike digest of every population, source and named event, monitored or not."""
        return {name: each.digest for name, each in self.objects.items()}

    @property
    def counts(self) -> dict[str, int]:
        """Number of spikes of every population, source and named event, monitored or not."""
        return {name: each.count for name, each in self.objects.items()}

    @property
    def rates(self) -> dict[str, float]:
        """Mean rate in Hz per neuron of every object; NaN where nothing was simulated."""
        seconds = self.steps * self.dt
        return {
            name: each.count / (each.size * seconds) if each.size * seconds else float("nan")
            for name, each in self.objects.items()
        }

    @property
    def spike_counts(self) -> Mapping[str, SpikeCounts]:
        """Spikes of each neuron, of what `monitors.counts` names."""
        return Recorded(spike_counts(self.counted, 0))

    @property
    def population_rates(self) -> Mapping[str, PopulationRate]:
        """Rates over time of what `monitors.rates` names."""
        return Recorded(population_rates(self.counted, self.steps, self.dt))

    def phase(self, name: str) -> PhaseResults:
        """Return what lies in one of the phases of the run.

        Raises:
            NotRecordedError: There is no such phase.
        """
        names = list(self.phases)
        if name not in names:
            known = ", ".join(f"'{each}'" for each in names) or "none"
            raise NotRecordedError(f"there is no phase '{name}'; phases: {known}")
        return phase_of(self, names.index(name))

    @property
    def counts_by_phase(self) -> Mapping[str, list[int]]:
        """Number of spikes of every object in each phase, in the order of `phases`."""
        return counts_by_phase(self)

    @property
    def own_spikes(self) -> Mapping[str, OwnSpikes]:
        """What neurons emitted themselves while spikes were replayed, by object; else empty."""
        told = self.metadata.get("replay", {"own_spikes": {}})
        return {name: OwnSpikes(**each) for name, each in told["own_spikes"].items()}

    @property
    def complete(self) -> bool:
        """Whether every step that was asked for was simulated."""
        return bool(self.metadata.get("complete", False))

    def digest(self) -> str:
        """Return one hexadecimal digest of all spikes of the run."""
        return combined_digest(self.digests)

    def state_digest(self) -> str:
        """Return one hexadecimal digest of the state of all populations.

        Raises:
            NotRecordedError: None was taken, since it was to be left out or the run became
                non-finite.
        """
        populations = {name for name, each in self.objects.items() if each.kind == "population"}
        if not populations <= self.state_digests.keys():
            reason = (
                "its state became non-finite" if self.outcome else "it was asked to leave it out"
            )
            raise NotRecordedError(f"no state digest was taken in this run: {reason}")
        return combined_digest(self.state_digests)

    def compare(self, other: Results) -> Comparison:
        """Return how other results differ from these, which are the expected ones.

        Nothing is compared with a tolerance; `resemblance` is for what cannot be equal.
        """
        from netspec.results.comparison import compare_results

        return compare_results(self, other)

    def resemblance(
        self,
        other: Results | Mapping[str, Recording] | str | Path,
        *,
        names: tuple[str, str] = ("these", "other"),
        of: str | None = None,
        tau: str = "10 ms",
        width: str = "5 ms",
    ) -> Resemblance:
        """Return statistics of these results and of another recording, without a verdict.

        Args:
            other: Results, spikes by population, or a file of either: `.npz`, or a table `.csv`.
            names: What the two are called.
            of: Population of the spikes of a file that does not say.
            tau: Time constant of the distance between trains.
            width: Of the bins for correlations.

        Raises:
            RecordingError: The recordings cannot be compared; the message says why.
            OSError: A file cannot be read.
        """
        from netspec.results.resemblance import resemblance

        return resemblance(self, other, names=names, of=of, tau=tau, width=width)

    def save(self, path: str | Path) -> None:
        """Write an `.npz` file, whole or not at all.

        Raises:
            NetspecError: The file's name does not end in `.npz`.
            OSError: The file cannot be written.
        """
        from netspec.results.archive import save

        if Path(path).suffix.lower() != ".npz":
            raise NetspecError(f"expected a file name ending in .npz, got '{path}'")
        save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Read a file written by `save`; nothing in it is executed.

        Raises:
            NetspecError: The file holds no results, or damaged ones.
            OSError: The file cannot be read.
        """
        from netspec.results.archive import load

        return load(Path(path))

    def plot_raster(self, figure: Figure | None = None) -> Figure:
        """Draw recorded spikes over time in ms, and the mean rate per object below.

        Args:
            figure: Drawn into; a new pyplot figure if left out.
        """
        from netspec.results.raster import draw_raster

        return draw_raster(self, figure)

    def plot_traces(self, figure: Figure | None = None) -> Figure:
        """Draw recorded state over time in ms, one panel per variable.

        Args:
            figure: Drawn into; a new pyplot figure if left out.
        """
        from netspec.results.trace_plot import draw_traces

        return draw_traces(self, figure)

    def _repr_html_(self) -> str:
        from netspec.results.text import html

        return html(self)

    def __repr__(self) -> str:
        from netspec.results.text import headline

        return f"<Results: {headline(self)}>"
