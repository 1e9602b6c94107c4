"""The JSON text in a results file: what its arrays are, and the run's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from netspec.ir.nodes import CountRecording, View, Window
from netspec.limits import LONGEST_STEP, MAX_NEURONS, MAX_STEPS, SHORTEST_STEP
from netspec.results.record import NonFinite
from netspec.results.results import ObjectKind, SpikingObject

if TYPE_CHECKING:
    from netspec.results.results import Results

HEADER = "netspec"
"""Name of the text among the arrays of a results file."""

Digest = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{64}\z")]
Name = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_.]*\z", max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ObjectEntry(_Part):
    """A population, a source or a named event."""

    kind: ObjectKind
    size: Annotated[int, Field(ge=0, le=MAX_NEURONS)]
    count: Count
    digest: Digest

    def as_object(self) -> SpikingObject:
        """Return the entry as results hold it."""
        return SpikingObject(self.kind, self.size, self.count, self.digest)


class TraceEntry(_Part):
    """A recorded variable; its arrays are `states/POPULATION/VARIABLE/…`."""

    population: Name
    variable: Name
    unit: str
    every: Annotated[int, Field(ge=1, lt=2**63)]


class WeightEntry(_Part):
    """Recorded weights; their arrays are `weights/PROJECTION/…`."""

    projection: Name
    unit: str
    every: Annotated[int, Field(ge=1, lt=2**63)]


Stretch = tuple[Count, Count]
"""First step or neuron, and the one after the last."""


class CountEntry(_Part):
    """Spikes that were counted; their numbers are the array `counts/NUMBER`."""

    label: Annotated[str, StringConstraints(max_length=200)]
    source: Name
    event: Name
    neurons: Stretch
    windows: tuple[Stretch, ...]
    every: Annotated[int, Field(ge=1, lt=2**63)] | None
    per_neuron: bool

    def as_recording(self) -> CountRecording:
        """Return the entry as results hold it."""
        windows = tuple(Window(*each) for each in self.windows)
        view = View(*self.neurons)
        return CountRecording(
            self.label, self.source, self.event, view, windows, self.every, self.per_neuron
        )


class OutcomeEntry(_Part):
    """Where a state variable became NaN or infinite."""

    step: Count
    population: Name
    index: Count
    variable: Name

    def as_outcome(self) -> NonFinite:
        """Return the entry as results hold it."""
        return NonFinite(self.step, self.population, self.index, self.variable)


class Header(_Part):
    """The whole text."""

    format: Literal["netspec-results-1", "netspec-results-2"] = "netspec-results-2"
    dt: Annotated[float, Field(ge=SHORTEST_STEP, le=LONGEST_STEP)]
    steps: Annotated[int, Field(ge=0, le=MAX_STEPS)]
    objects: dict[Name, ObjectEntry]
    spikes: tuple[Name, ...]
    spike_windows: dict[Name, tuple[Stretch, ...]] = {}
    traces: tuple[TraceEntry, ...]
    weights: tuple[WeightEntry, ...] = ()
    counts: tuple[CountEntry, ...] = ()
    phases: dict[Name, Stretch] = {}
    state_digests: dict[Name, Digest]
    outcome: OutcomeEntry | None
    metadata: dict[str, JsonValue]


def _count_entry(recording: CountRecording) -> CountEntry:
    return CountEntry(
        label=recording.label,
        source=recording.source,
        event=recording.event,
        neurons=(recording.view.start, recording.view.stop),
        windows=tuple((each.start, each.stop) for each in recording.windows),
        every=recording.every,
        per_neuron=recording.per_neuron,
    )


def header_of(results: Results) -> Header:
    """Return the text that goes with the arrays of `results`."""
    objects = {
        name: ObjectEntry(kind=each.kind, size=each.size, count=each.count, digest=each.digest)
        for name, each in results.objects.items()
    }
    traces = tuple(
        TraceEntry(population=population, variable=variable, unit=trace.unit, every=trace.every)
        for population, variables in results.states.items()
        for variable, trace in variables.items()
    )
    end = results.outcome
    return Header(
        dt=results.dt,
        steps=results.steps,
        objects=objects,
        spikes=tuple(results.spikes),
        spike_windows={
            name: spikes.windows
            for name, spikes in results.spikes.items()
            if spikes.windows is not None
        },
        traces=traces,
        weights=tuple(
            WeightEntry(projection=name, unit=each.unit, every=each.every)
            for name, each in results.weights.items()
        ),
        counts=tuple(_count_entry(each.recording) for each in results.counted),
        phases=dict(results.phases),
        state_digests=dict(results.state_digests),
        outcome=None
        if end is None
        else OutcomeEntry(
            step=end.step, population=end.population, index=end.index, variable=end.variable
        ),
        metadata=dict(results.metadata),
    )
