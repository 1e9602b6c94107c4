"""`resolve`, the inputs: sources of spikes, and what acts on cells from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from netspec.expr.nodes import Binary, Compare, Constant, Expression, Logical, Name
from netspec.expr.parse import shorten
from netspec.expr.types import Hidden, ValueType
from netspec.ir import nodes as ir
from netspec.ir.recipe import Scalar
from netspec.passes.compose.parts import CURRENT
from netspec.passes.courses import Owner, gate, resolve_course
from netspec.passes.effects import (
    check_new_names,
    while_on,
    with_course,
    with_current,
    with_drive,
)
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    Assign,
    ComposedCell,
    CoursePart,
    EventRule,
    GridWeight,
    ReceptorPort,
    ResolvedEffect,
    ResolvedGenerator,
    ResolvedInput,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedSpikeTimes,
    Symbol,
)
from netspec.passes.scope import Scope
from netspec.passes.values import resolve_value, steps_of
from netspec.realise.durations import ROUNDING_HINT
from netspec.spec.inputs import CorrelatedPoisson, Current, Poisson, PoissonDrive, SpikeTimes
from netspec.spec.network import Network
from netspec.spec.problems import listed, nearest
from netspec.units import DIMENSIONLESS, FREQUENCY, LENGTH, TIME, Dimension


@dataclass(frozen=True, slots=True)
class Inputs:
    """What inputs become.

    Attributes:
        sources: Those that emit spikes, by name.
        effects: Those that act on populations, by name.
        populations: With what acts on them, by name.
        changes: Entries of the timeline that time courses stand for.
    """

    sources: dict[str, ResolvedInput]
    effects: dict[str, ResolvedEffect]
    populations: dict[str, ResolvedPopulation]
    changes: list[Assign]


def resolve_inputs(
    network: Network,
    populations: Mapping[str, ResolvedPopulation],
    dt: Fraction,
    problems: Problems,
) -> Inputs:
    """Return the inputs that have no problems.

    Args:
        network: As written.
        populations: By name, as far as they are known.
        dt: Seconds.
        problems: Where problems go.
    """
    found = Inputs({}, {}, dict(populations), [])
    scope = Scope(network, populations, {}, dt, 0, problems)
    for name, given in sorted(network.inputs.items()):
        match given:
            case Poisson():
                _poisson(name, given, found, dt, problems)
            case CorrelatedPoisson():
                _correlated(name, given, found, dt, problems)
            case SpikeTimes():
                steps = _spike_steps(given, dt, f"inputs.{name}", problems)
                found.sources[name] = ResolvedSpikeTimes(name, steps)
            case PoissonDrive():
                _drive(name, given, scope, found)
            case Current():
                _current(name, given, scope, found)
    return found


# --- sources that draw ------------------------------------------------------------------------


def _poisson(name: str, given: Poisson, found: Inputs, dt: Fraction, problems: Problems) -> None:
    owner = _source(name, given.size)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, dt, problems)
    if part is None:
        return
    if isinstance(part.value, Name) and not part.tables:  # the timeline says it all
        (rate,) = part.parameters
        assert rate.value is not None
        found.sources[name] = ResolvedPoisson(name, given.size, rate.value, part.is_plain)
        found.changes.extend(replace(each, kind="rate") for each in part.changes)
        return
    draw = ir.Draw("_fires", "bernoulli", "spikes", mean=_per_step(part.value))
    fires = Compare(">", Name(draw.name), Constant(0.5))
    cell = _generator(f"inputs.{name}", "poisson", part, (draw,), fires)
    found.sources[name] = ResolvedGenerator(name, given.size, cell)
    found.changes.extend(part.changes)


def _correlated(
    name: str, given: CorrelatedPoisson, found: Inputs, dt: Fraction, problems: Problems
) -> None:
    owner = replace(_source(name, given.size), alike=True)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, dt, problems)
    if part is None:
        return
    p = _per_step(part.value)
    c = Symbol(
        "correlation",
        DIMENSIONLESS,
        Scalar(_decimal(given.correlation)),
        f"{owner.path}.correlation",
    )
    common, own = Name("_common"), Name("_own")
    half = Constant(0.5)
    if given.method == "common_source":
        # Each neuron fires with p in all: 1 - p = (1 - shared)*(1 - the rest).
        shared: Expression = Binary("*", Name(c.name), p)
        one = Constant(1.0)
        rest: Expression = Binary("/", Binary("-", p, shared), Binary("-", one, shared))
        fires = Logical("or", Compare(">", common, half), Compare(">", own, half))
    else:
        shared, rest = Binary("/", p, Name(c.name)), Name(c.name)
        fires = Logical("and", Compare(">", common, half), Compare(">", own, half))
    draws = (
        ir.Draw(common.name, "bernoulli", "common spikes", shared=True, mean=shared),
        ir.Draw(own.name, "bernoulli", "own spikes", mean=rest),
    )
    part = replace(part, parameters=(*part.parameters, c))
    cell = _generator(owner.path, f"correlated_poisson, {given.method}", part, draws, fires)
    settable = (("rate", FREQUENCY),) if part.is_plain else ()
    found.sources[name] = ResolvedGenerator(name, given.size, cell, settable)
    found.changes.extend(part.changes)


def _decimal(number: float) -> Fraction:
    return Fraction(repr(number))


def _source(name: str, size: int) -> Owner:
    symbols: dict[str, ValueType] = {"i": DIMENSIONLESS}
    return Owner(name, name, ir.View(0, size), size, symbols)


def _per_step(rate: Expression) -> Expression:
    return Binary("*", rate, Name(ir.TIME_STEP))


def _generator(
    path: str, model: str, part: CoursePart, draws: tuple[ir.Draw, ...], fires: Expression
) -> ComposedCell:
    """Return the cell of a source that is computed like a population."""
    return ComposedCell(
        path=path,
        model=model,
        integrator=None,
        parameters=tuple(sorted(part.parameters, key=lambda symbol: symbol.name)),
        state=(),
        definitions=(),
        derivatives=(),
        noise=(),
        update=(),
        increments=(),
        draws=(*part.draws, *draws),
        events=(EventRule(ir.SPIKE, fires, ()),),
        refractoriness=None,
        ports=(),
        gathers=(),
        defaults=(),
        tables=part.tables,
        means=tuple((draw.name, f"{path}.rate") for draw in draws),
    )


# --- what acts on cells -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Acting:
    """An input that acts on neurons.

    Attributes:
        owner: Of its values, which may read parameters of the neurons.
        start: First step in which it acts.
        stop: First step in which it no longer does; `None` for the end of the run.
    """

    owner: Owner
    population: ResolvedPopulation
    start: int
    stop: int | None

    def attach(
        self,
        part: CoursePart,
        symbols: tuple[Symbol, ...],
        made: tuple[str, ...],
        found: Inputs,
        problems: Problems,
    ) -> tuple[ComposedCell, Expression | None] | None:
        """Return the cell with what the input is made of, and the condition while it acts.

        Args:
            part: Its time course.
            symbols: Its other parameters.
            made: Other names that the cell will have by it.
            found: Where changes of the timeline go.
            problems: Where problems go.
        """
        switch = gate(self.owner, self.start, self.stop, self.owner.path)
        symbols += (switch[1],) if switch else ()
        names = [each.name for each in (*part.parameters, *symbols)]
        names += [*made, *(table.name for table, _ in part.tables)]
        cell = self.population.cell
        if not check_new_names(cell, names, self.population.name, self.owner.path, problems):
            return None
        found.changes.extend(part.changes)
        found.changes.extend(switch[2] if switch else ())
        return with_course(cell, part, symbols), switch and switch[0]

    def keep(
        self, cell: ComposedCell, settable: list[tuple[str, str, Dimension]], found: Inputs
    ) -> None:
        """Put the cell in the place of the population's."""
        name = self.population.name
        found.populations[name] = replace(self.population, cell=cell)
        effect = ResolvedEffect(self.owner.name, name, self.owner.view, tuple(settable))
        found.effects[self.owner.name] = effect


def _acting(
    name: str, given: PoissonDrive | Current, scope: Scope, found: Inputs
) -> _Acting | None:
    path = f"inputs.{name}"
    place = scope.population(given.target, f"{path}.target")
    window = _window(given, path, scope)
    if place is None or window is None:
        return None
    population, view = found.populations[place[0].name], place[1]
    cell = population.cell
    symbols: dict[str, ValueType | Hidden] = {
        **{each.name: Hidden("it changes while running") for each in cell.state},
        **{each.name: each.dimension for each in cell.parameters},
        **{each.name: LENGTH for each in population.positions},
        "i": DIMENSIONLESS,
        ir.TIME_STEP: TIME,
    }
    running = frozenset(each.name for each in cell.parameters)
    owner = Owner(name, population.name, view, population.size, symbols, running, f"_{name}")
    return _Acting(owner, population, *window)


def _window(
    given: PoissonDrive | Current, path: str, scope: Scope
) -> tuple[int, int | None] | None:
    """Return the steps in which an input acts: the first one, and the first one after it."""
    found: list[int | None] = []
    for field, time in (("start", given.start), ("stop", given.stop)):
        if time is None:
            found.append(0 if field == "start" else None)
            continue
        step = steps_of(time.value, scope.dt, time.text, f"{path}.{field}", scope.problems)
        if step is None:
            return None
        found.append(step)
    start, stop = found
    assert start is not None
    return start, stop


def _current(name: str, given: Current, scope: Scope, found: Inputs) -> None:
    acting = _acting(name, given, scope, found)
    if acting is None:
        return
    dimension = _dimension_of_input(name, given, acting.population, scope.problems)
    if dimension is None:
        return
    part = resolve_course(
        given.amplitude, "amplitude", dimension, acting.owner, scope.dt, scope.problems
    )
    if part is None:
        return
    attached = acting.attach(part, (), (acting.owner.called(CURRENT),), found, scope.problems)
    if attached is None:
        return
    cell, condition = attached
    value = while_on(condition, part.value, dimension)
    settable = [("amplitude", acting.owner.called("amplitude"), dimension)] * part.is_plain
    acting.keep(with_current(cell, name, given.into, dimension, value), settable, found)


def _drive(name: str, given: PoissonDrive, scope: Scope, found: Inputs) -> None:
    acting = _acting(name, given, scope, found)
    if acting is None:
        return
    owner, problems = acting.owner, scope.problems
    port = _port(name, given, acting.population, problems)
    part = resolve_course(given.rate, "rate", FREQUENCY, owner, scope.dt, problems)
    weight = None if port is None else _weight(given, port, owner, problems)
    if part is None or port is None or weight is None:
        return
    attached = acting.attach(part, (weight,), (), found, problems)
    if attached is None:
        return
    cell, condition = attached
    mean = _per_step(while_on(condition, part.value, FREQUENCY))
    grid = GridWeight(
        name,
        port.name,
        weight.name,
        f"_{weight.name}_on_grid",
        port.weight_dimension,
        port.weight_unit,
        given.weight_bits,
    )
    settable = [("rate", owner.called("rate"), FREQUENCY)] * part.is_plain
    settable.append(("weight", weight.name, weight.dimension))
    acting.keep(with_drive(cell, grid, mean, f"{owner.path}.rate"), settable, found)


def _dimension_of_input(
    name: str, given: Current, population: ResolvedPopulation, problems: Problems
) -> Dimension | None:
    known = [each for each, _ in population.cell.inputs]
    if given.into in known:
        return next(e.dimension for e in population.cell.definitions if e.name == given.into)
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
    given: PoissonDrive, port: ReceptorPort, owner: Owner, problems: Problems
) -> Symbol | None:
    path = f"{owner.path}.weight"
    count = len(owner.view)
    value = resolve_value(
        given.weight, port.weight_dimension, owner.symbols, path, problems, count=count
    )
    if value is None:
        return None
    return Symbol(owner.called("weight"), port.weight_dimension, owner.spread(value), path)


# --- listed times -----------------------------------------------------------------------------


def _spike_steps(
    given: SpikeTimes, dt: Fraction, path: str, problems: Problems
) -> tuple[tuple[int, ...], ...]:
    rows = []
    within = f"{path}.times"
    for neuron, times in enumerate(given.times):
        steps: dict[int, str] = {}
        for number, time in enumerate(times):
            place = f"{within}[{neuron}][{number}]"
            step = steps_of(
                time.value,
                dt,
                time.text,
                place,
                problems,
                rounding=given.rounding,
                within=within,
                hints=(ROUNDING_HINT,),
            )
            if step is None:
                continue
            if step in steps:
                problems.error(
                    "two-spikes-in-one-step",
                    place,
                    f"'{shorten(time.text)}' and '{shorten(steps[step])}' of neuron {neuron} "
                    "fall into one step",
                    within=within,
                )
            steps[step] = time.text
        rows.append(tuple(sorted(steps)))
    return tuple(rows)
