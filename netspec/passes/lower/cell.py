"""One cell: equations and an integrator become stages, the rest events, ports and state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from netspec.errors import Diagnostic, SpecError
from netspec.expr.errors import ExpressionError
from netspec.expr.fold import short_powers_multiplied_out
from netspec.expr.nodes import Binary, Expression, Name
from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Pacing
from netspec.passes.integrate import System, Update, choose, integrate
from netspec.passes.integrate.noise import separate_noise
from netspec.passes.integrate.pacing import pacing_of
from netspec.passes.lower.actions import LoweredAction, lower_actions
from netspec.passes.lower.definitions import held_name, rewritten, without_definitions, written_out
from netspec.passes.lower.history import History
from netspec.passes.lower.parameters import derived_parameter, parameters_of
from netspec.passes.lower.refractory import Rest, rest_of
from netspec.passes.lower.shared import check_shared, share_what_is_read
from netspec.passes.resolved import Assign, ComposedCell, Definition, ResolvedPopulation
from netspec.passes.size import check_size
from netspec.units import TIME, Dimension


@dataclass(frozen=True, slots=True)
class LoweredCell:
    """A cell of the IR, and what comes with it.

    Attributes:
        initial: Values before step 0 of state that the compiler made.
        actions: Delayed actions; their ports are in the cell.
        pacing: What a step may be too large for.
    """

    cell: ir.Cell
    initial: tuple[Item, ...]
    actions: tuple[LoweredAction, ...]
    pacing: Pacing | None


def lower_cell(population: ResolvedPopulation, assigned: Mapping[str, list[Assign]]) -> LoweredCell:
    """Return the lowered cell of a population.

    Args:
        population: As resolved.
        assigned: Assignments of the timeline to its parameters.

    Raises:
        SpecError: The integrator does not suit the equations, or they grow too large, or what is
            shared is made from what is not.
    """
    composed = population.cell
    with _problems_of(composed):
        history = History(composed)
        written = without_definitions(composed)
        plain = rewritten(written, history.in_update, history.after_update)
        check_size(_expressions(plain))
    own = parameters_of(population, assigned)
    check_shared(written, own)
    rest = rest_of(plain, frozenset(assigned))
    with _problems_of(composed):
        integrator, update, pacing = _integrate(plain, rest.held, history.dimensions())
    actions = tuple(lower_actions(population.name, plain))
    grids = (ir.OnGrid(each.on_grid, Name(each.weight), each.bits) for each in composed.weights)
    derived = (*update.derived, *rest.derived, *grids)
    by_name = {parameter.name: parameter for parameter in own}
    weights = (ir.Parameter(each.on_grid, each.dimension) for each in composed.weights)
    made = tuple(
        derived_parameter(each, derived, by_name)
        for each in (*update.parameters, *rest.parameters, *weights)
    )
    sampled = {each.name: each for each in composed.definitions if each.sampled}
    values = written_out(composed.definitions) if sampled else {}
    state = (
        ir.Variable(each.name, each.dimension, each.kind, each.shared) for each in composed.state
    )
    cell = ir.Cell(
        model=composed.model,
        state=(*state, *rest.state, *history.variables()),
        locals=(
            *(ir.Variable(held_name(each), each.dimension) for each in sampled.values()),
            *rest.locals,
            *update.locals,
        ),
        draws=(*composed.draws, *_noise_draws(composed)),
        parameters=(*own, *made),
        derived=derived,
        stages=(
            *_sampling(sampled, values),
            *rest.first,
            *update.stages,
            *_written_stages(plain, rest.held),
            *_increment_stages(plain, rest.held),
            *history.stages(),
        ),
        events=tuple(_events(plain, rest)),
        ports=(*_ports(plain, rest), *(action.port for action in actions)),
        equations=_equations(composed, history),
        integrator=integrator if composed.derivatives else "",
        gathered=tuple(ir.Variable(each.target, each.dimension) for each in composed.gathers),
        tables=tuple(table for table, _ in composed.tables),
    )
    return LoweredCell(
        share_what_is_read(cell),
        tuple(history.initial()),
        actions,
        pacing,
    )


def _sampling(
    sampled: Mapping[str, Definition], values: Mapping[str, Expression]
) -> tuple[ir.Stage, ...]:
    """Return the stage that looks at what holds for the whole step."""
    statements = tuple(
        ir.Statement(held_name(each), short_powers_multiplied_out(values[name]))
        for name, each in sampled.items()
    )
    return (ir.Stage(statements),) if statements else ()


def _noise_draws(cell: ComposedCell) -> Iterator[ir.Draw]:
    for name in cell.noise:
        yield ir.Draw(f"_{name}", "normal", name)


def _integrate(
    cell: ComposedCell, held: frozenset[str], history: Mapping[str, Dimension]
) -> tuple[str, Update, Pacing | None]:
    system = _system(cell, held, history)
    integrator = cell.integrator or choose(system)
    update = integrate(system, integrator)
    check_size(statement.value for stage in update.stages for statement in stage.statements)
    parameters = frozenset(each.name for each in cell.parameters)
    return integrator, update, pacing_of(system, integrator, parameters)


@contextmanager
def _problems_of(cell: ComposedCell) -> Iterator[None]:
    """Give a problem with the equations of a cell its place."""
    try:
        yield
    except ExpressionError as error:
        is_of_integrator = error.code in ("not-linear", "no-noise", "too-many-variables")
        place = f"{cell.path}.{'integrator' if is_of_integrator else 'model'}"
        raise SpecError([Diagnostic(error.code, place, str(error), hints=error.hints)]) from None


def _system(cell: ComposedCell, held: frozenset[str], history: Mapping[str, Dimension]) -> System:
    dimensions = {each.name: each.dimension for each in (*cell.parameters, *cell.state)}
    draws = {name: f"_{name}" for name in cell.noise}
    constant = {**history, **{each.target: each.dimension for each in cell.gathers}}
    constant |= {held_name(each): each.dimension for each in cell.definitions if each.sampled}
    drift, noise = separate_noise(dict(cell.derivatives), draws, dimensions)
    return System(
        derivatives=drift,
        dimensions={**dimensions, **constant, ir.TIME: TIME, ir.TIME_STEP: TIME},
        held=held,
        resting=frozenset((*(each.name for each in cell.state), *constant)) - drift.keys(),
        noise=noise,
    )


def _expressions(cell: ComposedCell) -> Iterator[Expression]:
    for _, value in (*cell.derivatives, *cell.increments):
        yield value
    for stage in cell.update:
        yield from (value for _, value in stage)
    for port in cell.ports:
        yield port.value
    for event in cell.events:
        yield event.condition
        yield from (value for _, value in event.statements)
        yield from (value for action in event.later for _, value in action.statements)


def _written_stages(cell: ComposedCell, held: frozenset[str]) -> tuple[ir.Stage, ...]:
    """Return the stages that the author wrote; held variables keep their values in them too."""
    system = System({}, {}, held)
    return tuple(
        ir.Stage(tuple(system.advance(name, value) for name, value in stage))
        for stage in cell.update
        if stage
    )


def _increment_stages(cell: ComposedCell, held: frozenset[str]) -> tuple[ir.Stage, ...]:
    """Return one stage per increment, so that each adds to what the one before left."""
    system = System({}, {}, held)
    return tuple(
        ir.Stage((system.advance(name, Binary("+", Name(name), value)),))
        for name, value in cell.increments
    )


def _events(cell: ComposedCell, rest: Rest) -> Iterator[ir.Event]:
    for event in cell.events:
        is_spike = event.name == ir.SPIKE
        yield ir.Event(
            event.name,
            rest.guarded(event.condition) if is_spike else event.condition,
            rest.immediate if is_spike else (),
            tuple(ir.Statement(name, value) for name, value in event.statements),
        )


def _ports(cell: ComposedCell, rest: Rest) -> Iterator[ir.Port]:
    for port in cell.ports:
        statement = ir.Statement(port.target, rest.shut(port.target, port.value))
        yield ir.Port(port.name, port.weight_dimension, (statement,))


def _equations(cell: ComposedCell, history: History) -> tuple[ir.Equation, ...]:
    """Return derivatives and abbreviations as a reader knows them."""
    dimensions = {each.name: each.dimension for each in cell.state}

    def readable(value: Expression) -> Expression:
        return short_powers_multiplied_out(history.in_update(value))

    derivatives = (
        ir.Equation("derivative", name, dimensions[name], readable(value))
        for name, value in cell.derivatives
    )
    definitions = (
        ir.Equation("definition", each.name, each.dimension, readable(each.value))
        for each in cell.definitions
    )
    return (*derivatives, *definitions)
