"""Which state recordings one monitor takes together."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.ir import nodes as ir


@dataclass(frozen=True, slots=True)
class Sampling:
    """Samples of some neurons of a population, taken in the steps divisible by `every`.

    Attributes:
        size: Of the population.
        windows: When they are; `None` for the whole run.
        number: Among the windows of the network, for names.
    """

    population: str
    size: int
    view: ir.View
    every: int
    windows: tuple[ir.Window, ...] | None
    number: int

    @property
    def is_event(self) -> bool:
        """Whether the samples are taken at an event.

        An event that looks at the number of the step does so exactly. A slower clock would not: C++
        standalone compares the times of clocks with a tolerance that is too small for long runs.
        """
        return self.every > 1 or self.windows is not None

    @property
    def words(self) -> tuple[str, ...]:
        """What tells it from other samplings of the population, for its name."""
        view = self.view
        which = () if view == ir.View(0, self.size) else (f"from_{view.start}_to_{view.stop}",)
        when = () if self.windows is None else (f"in_windows_{self.number}",)
        distance = (f"every_{self.every}",) if self.every > 1 else ()
        return (*which, *when, *distance)


def sampling_of(network: ir.Network, recording: ir.StateRecording) -> Sampling:
    """Return how a recording is sampled.

    Brian2 warns of what is recorded of several neurons and is one value for all of them.
    """
    view = recording.view
    population = next(each for each in network.populations if each.name == recording.population)
    for each in population.cell.parameters:
        in_every_step = recording.every == 1 and recording.windows is None
        if each.name == recording.variable and not each.per_neuron and in_every_step:
            view = ir.View(view.start, min(view.start + 1, view.stop))
    known = list(dict.fromkeys(each.windows for each in network.state_recordings))
    windows = recording.windows
    number = known.index(windows)
    return Sampling(population.name, population.size, view, recording.every, windows, number)


def samplings(network: ir.Network) -> list[Sampling]:
    """Return how anything is sampled, each way once, in the order of the recordings."""
    found = (sampling_of(network, recording) for recording in network.state_recordings)
    return list(dict.fromkeys(each for each in found if len(each.view)))
