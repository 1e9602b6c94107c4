"""A phase: what a run did between two times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netspec.results.counts import PopulationRate, SpikeCounts, spike_counts
from netspec.results.recorded import Recorded
from netspec.results.spikes import Spikes
from netspec.results.traces import Trace

if TYPE_CHECKING:
    from netspec.results.results import Results


@dataclass(frozen=True, eq=False, repr=False)
class PhaseResults:
    """The part of results that lies in a phase, as far as the run went.

    Attributes:
        name: Of the phase.
        start: Its first step.
        stop: The step after its last one, or after the last that was simulated.
        dt: Duration of a step in seconds.
        spikes: What spike monitors saw, by object.
        states: What state monitors saw, by population and variable.
        weights: What weight monitors saw, by projection.
        counts: Number of spikes of every population, source and named event, monitored or not.
        rates: Mean rate in Hz per neuron of every object; NaN where nothing was simulated.
        spike_counts: Spikes of each neuron that was counted, by what was counted.
        population_rates: Bins that lie in the phase as a whole, by what was counted.
    """

    name: str
    start: int
    stop: int
    dt: float
    spikes: Mapping[str, Spikes]
    states: Mapping[str, Mapping[str, Trace]]
    weights: Mapping[str, Trace]
    counts: Mapping[str, int]
    rates: Mapping[str, float]
    spike_counts: Mapping[str, SpikeCounts]
    population_rates: Mapping[str, PopulationRate]

    def __repr__(self) -> str:
        return f"<PhaseResults: '{self.name}', steps {self.start} to {self.stop - 1}>"


def phase_of(results: Results, number: int) -> PhaseResults:
    """Return one of the phases of results."""
    name, (first, end) = list(results.phases.items())[number]
    start, stop = min(first, results.steps), min(end, results.steps)
    counts = {name: each[number] for name, each in counts_by_phase(results).items()}
    seconds = (stop - start) * results.dt
    sizes = {name: each.size * seconds for name, each in results.objects.items()}
    return PhaseResults(
        name=name,
        start=start,
        stop=stop,
        dt=results.dt,
        spikes=Recorded({name: each.within(start, stop) for name, each in results.spikes.items()}),
        states=Recorded(
            {
                population: Recorded(
                    {name: each.within(start, stop) for name, each in traces.items()}
                )
                for population, traces in results.states.items()
            }
        ),
        weights=Recorded(
            {name: each.within(start, stop) for name, each in results.weights.items()}
        ),
        counts=counts,
        rates={
            name: count / sizes[name] if sizes[name] else float("nan")
            for name, count in counts.items()
        },
        spike_counts=Recorded(spike_counts(results.counted, 1 + number)),
        population_rates=Recorded(
            {name: each.within(start, stop) for name, each in results.population_rates.items()}
        ),
    )


def counts_by_phase(results: Results) -> dict[str, list[int]]:
    """Return the numbers of spikes in all phases, by object."""
    found: dict[str, list[int]] = {}
    for each in results.counted:
        if each.recording.every is None and not each.recording.per_neuron:
            found[each.recording.name] = each.values[:, 0].tolist()
    return {name: found[name] for name in results.objects if name in found}
