"""Render models: what each template of the program receives, all of it ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.codegen.kept import Kept as KeptSpikes
from netspec.codegen.timeline import Change


@dataclass(frozen=True, slots=True)
class Nothing:
    """For templates that are the same in every program."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number with a name; `note` is its unit and what else there is to say, or empty."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """`header.jinja`."""

    network: str
    fingerprint: str
    semantics: int
    seed: int
    dt: str
    steps: int
    changes: str


@dataclass(frozen=True, slots=True)
class CellConstants:
    """A population in `constants.jinja`."""

    population: str
    model: str
    equations: tuple[str, ...]
    size: Constant
    parameters: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """`constants.jinja`."""

    cells: tuple[CellConstants, ...]


@dataclass(frozen=True, slots=True)
class PopulationSetup:
    """A population in `setup.jinja`.

    Attributes:
        arrays: State and parameters that live in arrays or change.
        accumulators: What ports sum up.
        state: Text of a dictionary from declared variables to arrays.
        hashed: Text of the list of arrays that the state digest covers.
    """

    name: str
    arrays: tuple[Constant, ...]
    accumulators: tuple[Constant, ...]
    state: str
    hashed: str


@dataclass(frozen=True, slots=True)
class ObjectSetup:
    """A source, projection or recording in `setup.jinja`."""

    title: str
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class ObjectSpikes:
    """An object, and the list of what it fired lately."""

    name: str
    spikes: str


@dataclass(frozen=True, slots=True)
class Setup:
    """`setup.jinja`."""

    populations: tuple[PopulationSetup, ...]
    others: tuple[ObjectSetup, ...]
    spikes: tuple[ObjectSpikes, ...]
    kept: tuple[KeptSpikes, ...]
    takes_digests: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A state recording in `begin.jinja`: the array of its samples, and what is sampled."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """The state recordings with one distance and the same windows in `begin.jinja`.

    Attributes:
        within: Condition that the step is in a window; empty if every step is.
        row: Name of the number of samples in windows, or empty likewise.
    """

    every: int
    samples: tuple[Sample, ...]
    within: str
    row: str


@dataclass(frozen=True, slots=True)
class GatherLines:
    """A gather in `begin.jinja`; `connected` names a flag, or is empty."""

    title: str
    connected: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """`begin.jinja`: the head of the loop, timeline, gathers, recordings and digests.

    Attributes:
        lookups: What tables say of the step.
        gathered: Locals that gathers add to, with what they begin as.
        digest_period: Steps between two looks at all state, 0 if no digest is taken of it.
        counts_begun: Whether something is sampled all the time.
    """

    reads_time: bool
    lookups: tuple[Constant, ...]
    changes: tuple[Change, ...]
    gathered: tuple[Constant, ...]
    gathers: tuple[GatherLines, ...]
    digest_period: int
    counts_begun: bool
    samplings: tuple[Sampling, ...]


@dataclass(frozen=True, slots=True)
class PopulationLines:
    """Printed statements of one population."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PopulationUpdate:
    """How one population advances by dt; `integrator` is empty if nothing is integrated."""

    name: str
    integrator: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """Random numbers of a population in `update.jinja`.

    Attributes:
        hold: Steps for which a number holds.
        function: What makes them from the key of a stream.
        made: What makes numbers of all steps of a batch from 64-bit integers; empty if the
            function does already.
        line: What looks up the numbers of the step.
    """

    batch: str
    start: str
    end: str
    steps: int
    hold: int
    function: str
    made: str
    key: tuple[int, int]
    size: str
    line: str


@dataclass(frozen=True, slots=True)
class Update:
    """`update.jinja`; `filters` are sums that are finite unless some state is not."""

    draws: tuple[Draw, ...]
    populations: tuple[PopulationUpdate, ...]
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FiredLines:
    """Statements over the neurons where an event happened."""

    fired: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoissonDraw:
    """A Poisson source in `events.jinja`."""

    fired: str
    batch: str
    start: str
    end: str
    steps: int
    key: tuple[int, int]
    high: str
    low: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A source of listed events in `events.jinja`."""

    fired: str
    listed: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the spikes of an object go."""

    fired: str
    spikes: str


@dataclass(frozen=True, slots=True)
class Recent:
    """A ring of what an object fired in the last steps."""

    fired: str
    ring: str
    length: int


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A projection with several delays, whose events are put where they arrive."""

    fired: str
    ring: str
    first: str
    stretches: str


@dataclass(frozen=True, slots=True)
class Events:
    """`events.jinja`; `conditions` are lines that find the neurons in which an event happens."""

    conditions: tuple[str, ...]
    immediate: tuple[FiredLines, ...]
    draws: tuple[PoissonDraw, ...]
    listed: tuple[Listed, ...]
    kept: tuple[Kept, ...]
    recent: tuple[Recent, ...]
    scheduled: tuple[Scheduled, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A projection in `deliver.jinja`.

    Attributes:
        edges: Text of the stretches of edges whose events arrive now.
        connected: Name of the flag, empty if events are always delivered.
        weights: Name of an array, else empty.
        weight: Name of the number, if all weights are one.
        n_events: Name of the counter, empty if the port does not count.
    """

    title: str
    edges: str
    connected: str
    targets: str
    size: str
    accumulator: str
    weights: str
    weight: str
    n_events: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """`deliver.jinja`."""

    cleared: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    ports: tuple[PopulationLines, ...]


@dataclass(frozen=True, slots=True)
class Resets:
    """`reset.jinja`: the end of the loop.

    Attributes:
        batch: Steps after which spikes are handed over.
    """

    resets: tuple[FiredLines, ...]
    batch: int


@dataclass(frozen=True, slots=True)
class Samples:
    """A state recording in `result.jinja`; `rows` tells how many samples there are."""

    name: str
    rows: str


@dataclass(frozen=True, slots=True)
class Result:
    """`result.jinja`.

    Attributes:
        recorded: Objects of which some spikes are.
        counts: Texts of the numbers that are asked for.
    """

    recorded: tuple[str, ...]
    samples: tuple[Samples, ...]
    counts: tuple[str, ...]
    takes_digests: bool
