"""Render models of the C file: what each template receives, all of it ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass

from netspec_native.arrays import Shared
from netspec_native.edge_models import Bundle, Leaving


@dataclass(frozen=True, slots=True)
class Nothing:
    """For templates that are the same in every program."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number with a name; `note` is its unit and what else there is to say, or empty."""

    kind: str
    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CellHead:
    """What the top of the C file says about a population."""

    population: str
    model: str
    size: int
    equations: tuple[str, ...]
    constants: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """`head.c.jinja`."""

    network: str
    dt: str
    populations: tuple[CellHead, ...]
    sections: int
    weight_of_run: int


@dataclass(frozen=True, slots=True)
class Random:
    """`random.c.jinja`: what is drawn."""

    draws: Draws


@dataclass(frozen=True, slots=True)
class Draws:
    """Which functions are needed."""

    spikes: bool
    uniform: bool
    normal: bool
    bernoulli: bool
    poisson: bool
    counts: bool

    @property
    def any(self) -> bool:
        """Whether something is drawn at all."""
        return self.spikes or self.uniform or self.normal or self.bernoulli or self.poisson

    @property
    def integers(self) -> bool:
        """Whether some need all 64 bits."""
        return self.uniform or self.bernoulli or self.poisson


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a population.

    Attributes:
        happens: Where it happens, in a block; `any` tells whether it does at all.
        known: How often it had happened before the block.
        reached: How many of those that it happened to have yet to be dealt with.
    """

    fired: str
    n_fired: str
    happens: str
    any: str
    known: str
    reached: str
    condition: tuple[str, ...]
    immediate: tuple[str, ...]
    reset: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ports:
    """What is done with what arrived in a block: its rows, and the loop over its neurons."""

    rows: tuple[str, ...]
    loop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """An array of a block that `exprel` is applied to.

    Attributes:
        far: Name of what is less than 0 if some of its numbers are not near 0.
    """

    name: str
    far: str


@dataclass(frozen=True, slots=True)
class Update:
    """How a population advances.

    Attributes:
        constants: Numbers of the whole population.
        buffers: Arrays of a block.
        draws: Random numbers of a block.
        ahead: What a loop before that over neurons computes.
        growths: Arrays that `exprel` is then applied to.
        loop: What the loop over neurons computes.
        wrong: The number of the first variable that is not finite, 0 if all are.
        seen: How the loop tells that there is something to look for.
        loop_stores: How it ends: what is kept of its neuron.
        stores: What is kept of shared state.
        ports: If they have a loop of their own here.
        needed: Pointers into arrays.
    """

    function: str
    constants: tuple[str, ...]
    buffers: tuple[str, ...]
    draws: tuple[str, ...]
    ahead: tuple[str, ...]
    growths: tuple[Growth, ...]
    loop: tuple[str, ...]
    wrong: tuple[str, ...]
    seen: tuple[str, ...]
    loop_stores: tuple[str, ...]
    stores: tuple[str, ...]
    events: tuple[Event, ...]
    ports: Ports | None
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitPorts:
    """Ports and resets in a function of their own."""

    function: str
    constants: tuple[str, ...]
    needed: list[str]
    ports: Ports
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """`population.c.jinja`."""

    title: str
    number: int
    section: int
    first: str
    end: str
    update: Update
    split: SplitPorts | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of `struct part`."""

    kind: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Divided:
    """Neurons that are divided among parts.

    Attributes:
        size: How many there are.
        share: Name of the number in each part.
        first, end: Names of the bounds in a part.
    """

    size: int
    share: str
    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Row:
    """What arrives at a port.

    Attributes:
        acc, n_events: Names of its rows in a part.
        kind: C type of a sum.
        sums: The array that has the row of sums.
    """

    acc: str
    n_events: str
    kind: str
    sums: str
    share: str


@dataclass(frozen=True, slots=True)
class Buffer:
    """An array of a part: its name, the C type and the number of its items."""

    name: str
    kind: str
    length: str


@dataclass(frozen=True, slots=True)
class Emitter:
    """Something that emits.

    Attributes:
        title: What results call it.
        fired, n_fired: What is fired in a part.
        steps, indices: Where that is noted.
        size: Neurons.
        room: Spikes that can be noted.
        leaving: Bundles with edges that start here.
    """

    title: str
    fired: str
    n_fired: str
    steps: str
    indices: str
    size: int
    room: int
    share: str
    leaving: tuple[Leaving, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source of events that is no population.

    Attributes:
        is_poisson: It draws; otherwise its events are listed.
        key: Of its stream.
    """

    title: str
    function: str
    first: str
    end: str
    fired: str
    n_fired: str
    high: str
    low: str
    is_poisson: bool
    key: str
    listed_steps: str
    listed_indices: str
    next: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """A state recording.

    Attributes:
        steps: Text of the pointer to the steps of samples, empty if there are windows.
        cursor: Name of the number of the next sample.
        start, stop: Neurons that are looked at.
        first, end: Names of the bounds of a part.
        value: Lines that take one sample.
    """

    title: str
    function: str
    kind: str
    samples: str
    steps: str
    n_steps: int
    cursor: str
    every: int
    start: int
    stop: int
    first: str
    end: str
    value: tuple[str, ...]
    reads_time: bool


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gather.

    Attributes:
        function: Adds what each target gathers.
        total: The function that sums a pool.
        pool: Neurons that are summed once, or `None` for a sum over edges.
        local: Text of what is added to.
        starts: Text of the pointer to the first edge of each target.
        value: Text of what one edge or one neuron adds.
    """

    title: str
    number: int
    function: str
    total: str
    connected: str
    pool: int | None
    local: str
    starts: str
    weight: str
    value: str
    first: str
    end: str
    reads_time: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """A local that gathers add to."""

    name: str
    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Parts:
    """`parts.c.jinja`: what a thread works on.

    Attributes:
        grows: Whether `exprel` is computed for whole blocks.
        near: As far as it is a polynomial.
    """

    shared: tuple[Shared, ...]
    shares: tuple[str, ...]
    fields: tuple[Field, ...]
    n_bundles: int
    grows: bool
    near: float


@dataclass(frozen=True, slots=True)
class Sources:
    """`sources.c.jinja`."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """`looks.c.jinja`: what is summed and recorded before a step."""

    gathers: tuple[Gathering, ...]
    samplings: tuple[Sampling, ...]


@dataclass(frozen=True, slots=True)
class Countdown:
    """Countdowns that parts keep in 16 bits during a run."""

    name: str
    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Run:
    """`run.c.jinja`: the parts of a network, a step and a run.

    Attributes:
        ports: Functions, if ports come after all updates.
        waits_after_gathers: Whether a thread must not go on while others look at its state.
        least_parts: Fewest parts in which 16 bits tell targets apart.
        few, width: So few neurons stay together; parts of more are multiples of a width.
        spins: How often a thread looks whether the others are here before it sleeps.
        n_departures: In how many bundles there are edges of an emitter, of all emitters.
    """

    divided: tuple[Divided, ...]
    rows: tuple[Row, ...]
    buffers: tuple[Buffer, ...]
    countdowns: tuple[Countdown, ...]
    shared_state: tuple[str, ...]
    bundles: tuple[Bundle, ...]
    emitters: tuple[Emitter, ...]
    updates: tuple[str, ...]
    ports: tuple[str, ...]
    sources: tuple[str, ...]
    samplings: tuple[str, ...]
    pools: tuple[Gathering, ...]
    gathers: tuple[Gathering, ...]
    gathered: tuple[Gathered, ...]
    waits_after_gathers: bool
    least_parts: int
    few: int
    width: int
    n_totals: int
    n_departures: int
    spins: int
    section: int


@dataclass(frozen=True, slots=True)
class Map:
    """A function that is applied to arrays: what C calls that, and the function itself."""

    name: str
    call: str


@dataclass(frozen=True, slots=True)
class KernelsFile:
    """`kernels.c.jinja`."""

    functions: str
    maps: tuple[Map, ...]
