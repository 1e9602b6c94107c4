"""The cell of the intermediate representation: state, what moves it, and what it emits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netspec.expr.nodes import Expression
from netspec.ir.derived import Derived
from netspec.ir.names import COUNTDOWN
from netspec.units import Dimension

Kind = Literal["real", "integer", "truth"]
"""What a value is: a binary64, a signed 64-bit integer or a truth value."""


@dataclass(frozen=True, slots=True)
class View:
    """The neurons `start … stop-1` of a population or source."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Variable:
    """A state variable or a local of one step.

    Attributes:
        shared: One value for the whole population, else one per neuron. What is assigned to it
            reads only what is shared too.
    """

    name: str
    dimension: Dimension
    kind: Kind = "real"
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers listed in advance: in step `k` the real `name` is row `k div hold`, or the last one.

    Attributes:
        per_neuron: A row has one number per neuron, else one for the population.
        hold: Steps for which a row holds.
    """

    name: str
    dimension: Dimension
    per_neuron: bool
    hold: int = 1


Distribution = Literal["uniform", "normal", "bernoulli", "poisson"]
"""What numbers are drawn while running: uniform on [0, 1); normal with mean 0 and standard
deviation 1; 1 with a probability and else 0; or how many events a Poisson process has."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A random number that is readable until the step ends.

    Its stream has the path `populations.NAME`, or that of the input that it belongs to, and this
    purpose; neuron `i` takes the draw at (k div hold, i) in step `k`, and what is shared that at
    (k div hold, 0).

    Attributes:
        name: Of the real local that holds it.
        purpose: Of the stream.
        shared: One number for the whole population.
        mean: Probability or mean number, where the distribution has one; reads parameters, `t`,
            tables and earlier draws.
        hold: Steps for which a number holds; 1 where there is a mean.
        origin: Path of the input that it belongs to; empty if it is the population's own.
    """

    name: str
    distribution: Distribution
    purpose: str
    shared: bool = False
    mean: Expression | None = None
    hold: int = 1
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that only the timeline changes.

    Attributes:
        per_neuron: One value per neuron, else one for the population.
        varies: Some timeline entry changes it, so it is not a constant of the program.
    """

    name: str
    dimension: Dimension
    kind: Kind = "real"
    per_neuron: bool = False
    varies: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """`target = value` for every neuron."""

    target: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Stage:
    """Assignments that happen together: all values are computed before any target changes."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something a neuron does when its condition holds; `spike` is one.

    Attributes:
        condition: Truth value, tested on the updated state of all neurons before anything below.
        immediate: Executed in sequence right after all conditions were tested, before delivery;
            a spike starts its refractory countdown here (`_refractory = _period`), which shuts
            the ports of held variables already in the step of the spike.
        statements: Executed in sequence at the end of the step where the condition held.
    """

    name: str
    condition: Expression
    immediate: tuple[Statement, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Port:
    """Where events arrive: statements run in sequence for every neuron in every step.

    They read `acc` and `n_events` of this port, also when nothing arrived (then both are 0).
    """

    name: str
    weight_dimension: Dimension
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """A line of the model as its author wrote it, for readers and for unit checks.

    Attributes:
        kind: `derivative` for d(name)/dt = value, `definition` for name = value.
        dimension: Of `name` itself, also for a derivative.
    """

    kind: Literal["derivative", "definition"]
    name: str
    dimension: Dimension
    value: Expression


@dataclass(frozen=True, slots=True)
class Cell:
    """A neuron model, lowered: the membrane and its receptors in one flat name space.

    Attributes:
        model: Name of the membrane model, for readers.
        state: Sorted by name; the compiler's own (leading underscore) last.
        locals: Assigned by a stage in every step and readable until the step ends.
        tables: Numbers of a step that were listed in advance.
        draws: Random numbers of a step, in order.
        gathered: Locals that gathers add to, from +0.0; readable until the step ends.
        parameters: Sorted by name, the compiler's own last.
        derived: How `realise` computes the compiler's own parameters.
        stages: The update, in order.
        events: `spike` first.
        ports: Sorted by name.
        equations: The model as written, for readers.
        integrator: How its derivatives became stages, for readers; empty if it has none.
    """

    model: str
    state: tuple[Variable, ...]
    locals: tuple[Variable, ...]
    draws: tuple[Draw, ...]
    parameters: tuple[Parameter, ...]
    derived: tuple[Derived, ...]
    stages: tuple[Stage, ...]
    events: tuple[Event, ...]
    ports: tuple[Port, ...]
    equations: tuple[Equation, ...]
    integrator: str = ""
    gathered: tuple[Variable, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def declared_state(self) -> tuple[Variable, ...]:
        """State that the author declared: what state digests and finiteness checks look at."""
        return tuple(variable for variable in self.state if not variable.name.startswith("_"))

    @property
    def has_countdown(self) -> bool:
        """Whether neurons can be held; the state digest takes 0 for each neuron if not."""
        return any(variable.name == COUNTDOWN for variable in self.state)
