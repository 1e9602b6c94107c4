"""Render models: what each template of the script receives, all of it ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.codegen.kept import Kept
from netspec_brian2.functions import ScriptFunction


@dataclass(frozen=True, slots=True)
class Nothing:
    """For templates that are the same in every script."""


@dataclass(frozen=True, slots=True)
class Header:
    """`header.jinja`.

    Attributes:
        imported: Names from brian2.
        is_standalone: The target is C++ standalone.
        draws: Something is drawn while running.
        chooses: A function chooses between two values.
    """

    network: str
    fingerprint: str
    semantics: int
    seed: int
    dt: str
    steps: int
    imported: tuple[str, ...]
    is_standalone: bool
    draws: bool
    chooses: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """`preferences.jinja`.

    Attributes:
        is_standalone: The target is C++ standalone.
        is_compiled: The target is not NumPy.
        flags: Text of the list of compiler flags.
        threads: Of OpenMP; 0 for a program without it.
    """

    dt: str
    steps: int
    target: str
    is_standalone: bool
    is_compiled: bool
    flags: str
    threads: int


@dataclass(frozen=True, slots=True)
class Draws:
    """`draws.jinja`.

    Attributes:
        streams: Their number.
        poisson: Some are of Poisson sources.
        uniform, normal, bernoulli, counts: Some of them are drawn from in this way.
    """

    streams: int
    poisson: bool
    uniform: bool
    normal: bool
    bernoulli: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Functions:
    """`functions.jinja`; `c_text` and `draws` are for compiled targets.

    Attributes:
        chosen: Names of the functions that choose between two values.
    """

    is_compiled: bool
    functions: tuple[ScriptFunction, ...]
    chosen: tuple[str, ...]
    c_text: str
    draws: Draws | None


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of random numbers.

    Attributes:
        name: Of the constant that is its key.
        purpose: What it is for.
    """

    name: str
    key: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """`name = value`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Code that runs in every step.

    Attributes:
        name: Of the operation and of the constant with its code.
        when: Brian2's slot.
    """

    name: str
    lines: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event beside Brian2's own `spike`.

    Attributes:
        when: Brian2's slot in which it is tested.
    """

    name: str
    condition: str
    when: str


@dataclass(frozen=True, slots=True)
class Reset:
    """What neurons do at the end of a step in which an event beside `spike` happened.

    Attributes:
        event: Brian2's name.
        name: Of the constant with the statements.
        order: Among the resets of the group; that of `spike` has 0.
    """

    event: str
    name: str
    lines: tuple[str, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers listed for each step, as a function of time.

    Attributes:
        hold: Steps for which a row holds.
    """

    name: str
    values: str
    hold: int


@dataclass(frozen=True, slots=True)
class Group:
    """`group.jinja`: a population or a Poisson source.

    Attributes:
        title: For the comment.
        equations: Lines of the model.
        method: Name of the constant with the pinned update, empty if no variable has a derivative.
        update: Its lines.
        integrator: What made it from the equations.
        threshold: Condition of the spike event, empty if there is none.
        reset: Name of the constant with its statements, empty if there are none.
        reset_lines: Its lines.
        events: Beside the spike event.
        resets: Of these events.
        integers: Names of 64-bit variables.
        keys: Name of the constant with the keys of the streams, empty if there are none.
        streams: That the group draws from.
        tables: Of numbers for each step.
        operations: Beside the update.
    """

    name: str
    title: str
    size: int
    equations_name: str
    equations: tuple[str, ...]
    method: str
    update: tuple[str, ...]
    integrator: str
    threshold: str
    reset: str
    reset_lines: tuple[str, ...]
    events: tuple[Event, ...]
    resets: tuple[Reset, ...]
    integers: tuple[str, ...]
    keys: str
    streams: tuple[Stream, ...]
    tables: tuple[Table, ...]
    values: tuple[Assigned, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """`listed.jinja`: a source that emits listed events."""

    name: str
    title: str
    size: int
    indices: str
    steps: str


@dataclass(frozen=True, slots=True)
class Projection:
    """`projection.jinja`.

    Attributes:
        event: Of the source, empty for its spikes.
        arrival: Name of the constant with the statements of an event that arrives, empty if the
            edges gather.
        delay: In steps if all edges have one, else empty.
        summed: What they gather, empty if events arrive.
        operations: That switch it.
    """

    name: str
    title: str
    source: str
    event: str
    target: str
    model_name: str
    model: tuple[str, ...]
    arrival: str
    arrival_lines: tuple[str, ...]
    sources: str
    targets: str
    delay: str
    summed: str
    integers: tuple[str, ...]
    values: tuple[Assigned, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    """`gathering.jinja`; `pools` tells whether some sums are over a population."""

    pools: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """`pool.jinja`: one sum over neurons of a population.

    Attributes:
        start, stop: The neurons of `source` that are summed.
        value: What each adds.
        unit: Of the sum.
        lanes, into_lanes, sum: Names of the sixteen lanes, the synapses onto them, and their sum.
    """

    title: str
    source: str
    start: int
    stop: int
    value: str
    unit: str
    lanes: str
    into_lanes: str
    sum: str


@dataclass(frozen=True, slots=True)
class Spikes:
    """The spikes of a population or source, or what another event of a population emits.

    Attributes:
        object: Name in the document.
        event: Brian2's name of the event, empty for spikes.
        monitor: Name of the monitor, empty if the object can have no spikes.
    """

    object: str
    group: str
    event: str
    monitor: str


@dataclass(frozen=True, slots=True)
class SamplingMonitor:
    """A monitor of some neurons.

    Attributes:
        variables: Text of the list of what it records.
        event: At which it samples, empty for every step.
        start, stop: The neurons that it looks at in every step.
    """

    name: str
    group: str
    variables: str
    event: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Samples:
    """A state recording.

    Attributes:
        monitor: Name of its monitor, or `None` if it looks at nobody.
        width: Values in a sample.
        rows: Text of the number of samples.
        dtype: Of the samples.
    """

    monitor: str
    variable: str
    width: int
    rows: str
    dtype: str


@dataclass(frozen=True, slots=True)
class Watched:
    """What is looked at in a population.

    Attributes:
        snapshots: Name of the monitor that keeps the state, empty if there is no state or if no
            digest is taken of it.
        event: At which it does so.
        state: Text of a dictionary from declared variables to Brian2's names.
        shared: Text of the list of those that are one value for all.
        countdown: Text of Brian2's name of the refractory countdown, or `None`.
        recorded: Text of the list of variables in a snapshot.
        not_finite: Text of Brian2's name of the variable that remembers, or `None`.
    """

    population: str
    group: str
    snapshots: str
    event: str
    state: str
    shared: str
    countdown: str
    recorded: str
    not_finite: str


@dataclass(frozen=True, slots=True)
class WatchedTable:
    """`watched.jinja`."""

    watched: tuple[Watched, ...]


@dataclass(frozen=True, slots=True)
class Monitors:
    """`monitors.jinja`.

    Attributes:
        objects: All objects of the network.
        digest_period: Steps between two looks at all state, 0 if no digest is taken of it.
    """

    spikes: tuple[Spikes, ...]
    watched: tuple[Watched, ...]
    samplings: tuple[SamplingMonitor, ...]
    objects: tuple[str, ...]
    digest_period: int


@dataclass(frozen=True, slots=True)
class Records:
    """`records.jinja`.

    Attributes:
        at_start: Text of step, population, index and variable where the state is not finite before
            step 0, or `None`.
        batch: Steps after which spikes are handed over.
        digest_period: Steps between two looks at all state, 0 if no digest is taken of it.
        has_windows: Whether some state is sampled in parts of the run.
    """

    at_start: str
    kept: tuple[Kept, ...]
    batch: int
    digest_period: int
    has_windows: bool
    is_standalone: bool


@dataclass(frozen=True, slots=True)
class Simulate:
    """`simulate.jinja`.

    Attributes:
        recorded: Objects of which some spikes are.
        counts: Texts of the numbers of spikes that are asked for.
        digest_period: Steps between two looks at all state, 0 if no digest is taken of it.
    """

    recorded: tuple[str, ...]
    samples: tuple[Samples, ...]
    counts: tuple[str, ...]
    digest_period: int
