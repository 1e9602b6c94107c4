"""`resolve`, the inputs that act on the neurons of a population."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netspec.expr.nodes import Expression
from netspec.expr.parse import shorten
from netspec.passes.compose.parts import CURRENT
from netspec.passes.courses import CourseOwner, resolve_course
from netspec.passes.effects import (
    Gate,
    check_new_names,
    gate,
    while_on,
    with_course,
    with_current,
    with_drive,
)
from netspec.passes.problems import Problems
from netspec.passes.readable import neuron_symbols
from netspec.passes.resolve_sources import per_step
from netspec.passes.resolved import (
    Assign,
    ComposedCell,
    CoursePart,
    GridWeight,
    ReceptorPort,
    ResolvedEffect,
    ResolvedPopulation,
    Symbol,
)
from netspec.passes.scope import Scope
from netspec.passes.values import resolve_value, steps_of
from netspec.spec.inputs import Current, Effect, PoissonDrive
from netspec.spec.problems import listed, nearest
from netspec.units import FREQUENCY, Dimension


@dataclass(frozen=True, slots=True)
class PlacedEffect:
    """What becomes of an input that acts on neurons.

    Attributes:
        effect: What the rest of the document may say of it.
        population: That it acts on, with the input in its cell.
        changes: What its time course and its window change.
    """

    effect: ResolvedEffect
    population: ResolvedPopulation
    changes: tuple[Assign, ...]


def resolve_current(name: str, given: Current, scope: Scope) -> PlacedEffect | None:
    """Return a current, or `None` once a problem with it was reported.

    Args:
        name: Of the input.
        given: As in the document.
        scope: Populations, with what acts on them already.
    """
    builder = _builder(name, given, scope)
    if builder is None:
        return None
    owner, problems = builder.owner, scope.problems
    dimension = _dimension_of_input(name, given, builder.population, problems)
    if dimension is None:
        return None
    part = resolve_course(given.amplitude, "amplitude", dimension, owner, scope.dt, problems)
    if part is None:
        return None
    attached = builder.attach(part, (), (owner.called(CURRENT),), problems)
    if attached is None:
        return None
    cell, condition = attached
    value = while_on(condition, part.value, dimension)
    settable = [("amplitude", owner.called("amplitude"), dimension)] * part.is_plain
    return builder.done(with_current(cell, name, given.into, dimension, value), part, settable)


def resolve_drive(name: str, given: PoissonDrive, scope: Scope) -> PlacedEffect | None:
    """Return a Poisson drive, or `None` once a problem with it was reported.

    Args:
        name: Of the input.
        given: As in the document.
        scope: Populations, with what acts on them already.
    """
    builder = _builder(name, given, scope)
    if builder is None:
        return None
    owner, problems = builder.owner, scope.problems
    port = _port(name, given, builder.population, problems)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, scope.dt, problems)
    weight = None if port is None else _weight(given, port, owner, problems)
    if part is None or port is None or weight is None:
        return None
    attached = builder.attach(part, (weight,), (), problems)
    if attached is None:
        return None
    cell, condition = attached
    mean = per_step(while_on(condition, part.value, FREQUENCY))
    grid = GridWeight(
        name,
        port.name,
        weight.name,
        f"_{weight.name}_on_grid",
        owner.view,
        port.weight_dimension,
        port.weight_unit,
        given.weight_bits,
    )
    settable = [("rate", owner.called("rate"), FREQUENCY)] * part.is_plain
    settable.append(("weight", weight.name, weight.dimension))
    return builder.done(with_drive(cell, grid, mean, f"{owner.path}.rate"), part, settable)


@dataclass(frozen=True, slots=True)
class _EffectBuilder:
    """An input that acts on neurons.

    Attributes:
        owner: Of its values, which may read parameters of the neurons.
        population: That the neurons belong to.
        gate: Open while it acts on them; `None` if it always does.
    """

    owner: CourseOwner
    population: ResolvedPopulation
    gate: Gate | None

    def attach(
        self,
        part: CoursePart,
        symbols: tuple[Symbol, ...],
        made: tuple[str, ...],
        problems: Problems,
    ) -> tuple[ComposedCell, Expression | None] | None:
        """Return the cell with what the input is made of, and the condition while it acts.

        Args:
            part: Its time course.
            symbols: Its other parameters.
            made: Other names that the cell will have by it.
            problems: Where problems go.
        """
        symbols += (self.gate.symbol,) if self.gate else ()
        names = [each.name for each in (*part.parameters, *symbols)]
        names += [*made, *(table.name for table, _ in part.tables)]
        cell = self.population.cell
        if not check_new_names(cell, names, self.owner, problems):
            return None
        return with_course(cell, part, symbols), self.gate.condition if self.gate else None

    def done(
        self, cell: ComposedCell, part: CoursePart, settable: list[tuple[str, str, Dimension]]
    ) -> PlacedEffect:
        """Return what becomes of the input, with the cell in the place of the population's."""
        name = self.population.name
        return PlacedEffect(
            ResolvedEffect(self.owner.name, name, self.owner.view, tuple(settable)),
            replace(self.population, cell=cell),
            (*part.changes, *(self.gate.changes if self.gate else ())),
        )


def _builder(name: str, given: Effect, scope: Scope) -> _EffectBuilder | None:
    path = f"inputs.{name}"
    place = scope.population(given.target, f"{path}.target")
    window = _window(given, path, scope)
    if place is None or window is None:
        return None
    population, view = place
    cell = population.cell
    symbols = neuron_symbols(cell, scope.positions_of(population.name))
    running = frozenset(each.name for each in cell.own_parameters)
    owner = CourseOwner(name, population.name, view, population.size, symbols, running, f"_{name}")
    return _EffectBuilder(owner, population, gate(owner, *window))


def _window(given: Effect, path: str, scope: Scope) -> tuple[int, int | None] | None:
    """Return the steps in which an input acts: the first one, and the first one after it."""
    steps: dict[str, int | None] = {"start": 0, "stop": None}
    for field, time in (("start", given.start), ("stop", given.stop)):
        if time is not None:
            step = steps_of(time.value, scope.dt, time.text, f"{path}.{field}", scope.problems)
            if step is None:
                return None
            steps[field] = step
    start = steps["start"]
    assert start is not None
    return start, steps["stop"]


def _dimension_of_input(
    name: str, given: Current, population: ResolvedPopulation, problems: Problems
) -> Dimension | None:
    known = [each for each, _ in population.cell.inputs]
    if given.into in known:
        found = (e.dimension for e in population.cell.definitions if e.name == given.into)
        return next(found, None)  # the cell has problems of its own
    problems.error(
        "unknown-input",
        f"inputs.{name}.into",
        f"the cell of '{population.name}' has no input '{shorten(given.into)}'",
        notes=(f"inputs of the cell: {listed(known)}",),
        hints=nearest(given.into, known),
    )
    return None


def _port(
    name: str, given: PoissonDrive, population: ResolvedPopulation, problems: Problems
) -> ReceptorPort | None:
    ports = {each.name: each for each in population.cell.ports}
    if given.receptor in ports:
        return ports[given.receptor]
    problems.error(
        "unknown-receptor",
        f"inputs.{name}.receptor",
        f"the cell of '{population.name}' has no receptor '{shorten(given.receptor)}' that takes "
        "events",
        notes=(f"its receptors: {listed(ports)}",),
        hints=nearest(given.receptor, ports),
    )
    return None


def _weight(
    given: PoissonDrive, port: ReceptorPort, owner: CourseOwner, problems: Problems
) -> Symbol | None:
    path = f"{owner.path}.weight"
    count = len(owner.view)
    value = resolve_value(
        given.weight, port.weight_dimension, owner.symbols, path, problems, count=count
    )
    if value is None:
        return None
    return Symbol(
        owner.called("weight"), port.weight_dimension, owner.spread(value), path, of_input=True
    )
