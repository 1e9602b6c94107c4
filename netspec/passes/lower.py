"""`lower`: the resolved network becomes the IR.

Equations and an integrator become stages, receptors become ports, and refractoriness becomes
state, a local and conditions like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from netspec.errors import Diagnostic, SpecError
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Expression,
    Integer,
    Logical,
    Name,
    Not,
    names,
    substitute,
)
from netspec.expr.parse import ExpressionError
from netspec.ir import nodes as ir
from netspec.ir.recipe import (
    Computed,
    Item,
    PerItem,
    PoissonRecipe,
    PopulationRecipe,
    ProjectionRecipe,
    Recipe,
    Scalar,
    SpikeTimesRecipe,
)
from netspec.passes.integrate import INTEGRATORS, System, Update
from netspec.passes.resolved import (
    Assign,
    ComposedCell,
    ResolvedEntry,
    ResolvedNetwork,
    ResolvedPoisson,
    ResolvedPopulation,
    Switch,
    Symbol,
)
from netspec.passes.size import check_size
from netspec.units import DIMENSIONLESS, TIME


def lower(network: ResolvedNetwork) -> tuple[ir.Network, Recipe]:
    """Return the IR of a resolved network, and the recipe for its arrays.

    Raises:
        SpecError: Equations of cells do not suit their integrators; carries one problem per cell.
    """
    assigned = _assigned(network)
    timeline = [entry for entry in network.timeline if entry.step < network.steps]
    lowered = ir.Network(
        name=network.name,
        seed=network.seed,
        dt=float(network.dt),
        steps=network.steps,
        populations=_lower_populations(network, assigned),
        sources=tuple(
            ir.PoissonSource(each.name, each.size)
            if isinstance(each, ResolvedPoisson)
            else ir.SpikeTimesSource(each.name, each.size)
            for each in network.inputs
        ),
        projections=tuple(
            ir.Projection(each.name, each.source, each.target, each.receptor, each.connected)
            for each in network.projections
        ),
        timeline=tuple(ir.TimelineEntry(entry.step, _lower_entry(entry)) for entry in timeline),
        spike_recordings=network.spike_recordings,
        state_recordings=network.state_recordings,
    )
    return lowered, _recipe(network, timeline)


def _lower_populations(
    network: ResolvedNetwork, assigned: Mapping[str, Mapping[str, list[Assign]]]
) -> tuple[ir.Population, ...]:
    populations = []
    problems: dict[str, Diagnostic] = {}
    for each in network.populations:
        try:
            cell = _lower_cell(each, assigned.get(each.name, {}))
            populations.append(ir.Population(each.name, each.size, cell))
        except SpecError as error:
            problems.update((problem.path, problem) for problem in error.diagnostics)
    if problems:
        raise SpecError(problems.values())
    return tuple(populations)


def _recipe(network: ResolvedNetwork, timeline: list[ResolvedEntry]) -> Recipe:
    return Recipe(
        dt=network.dt,
        populations={
            each.name: PopulationRecipe(_items(each.cell.parameters), _items(each.cell.state))
            for each in network.populations
        },
        sources={
            each.name: PoissonRecipe(each.rate)
            if isinstance(each, ResolvedPoisson)
            else SpikeTimesRecipe(each.steps)
            for each in network.inputs
        },
        projections={
            each.name: ProjectionRecipe(
                each.source_view,
                each.target_view,
                each.rule,
                each.weight,
                each.weight_unit,
                each.delay,
                each.rounding,
                each.weight_bits,
            )
            for each in network.projections
        },
        timeline=tuple(
            Item(entry.variable, entry.value, entry.path) if isinstance(entry, Assign) else None
            for entry in timeline
        ),
    )


def _items(symbols: tuple[Symbol, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(each.name, each.value, each.path) for each in symbols if each.value is not None
    )


def _assigned(network: ResolvedNetwork) -> dict[str, dict[str, list[Assign]]]:
    """Return the timeline's assignments to parameters, by population and parameter."""
    found: dict[str, dict[str, list[Assign]]] = {}
    for entry in network.timeline:
        if isinstance(entry, Assign) and entry.kind == "parameter" and entry.step < network.steps:
            found.setdefault(entry.target, {}).setdefault(entry.variable, []).append(entry)
    return found


def _lower_entry(entry: Switch | Assign) -> ir.Action:
    if isinstance(entry, Switch):
        kind = ir.Connect if entry.connected else ir.Disconnect
        return kind(entry.projection)
    match entry.kind:
        case "parameter":
            return ir.SetParameter(entry.target, entry.variable, entry.view)
        case "state":
            return ir.SetState(entry.target, entry.variable, entry.view)
        case "rate":
            return ir.SetRate(entry.target, entry.view)
        case "weight":
            return ir.SetWeight(entry.target)


def _lower_cell(population: ResolvedPopulation, assigned: Mapping[str, list[Assign]]) -> ir.Cell:
    cell = population.cell
    plain = _with_inputs_written_out(cell)
    countdown = _has_countdown(cell, assigned)
    held = frozenset(cell.spike.holds) if cell.spike and countdown else frozenset()
    update = _integrate(plain, held)
    parameters = _parameters(population, assigned)
    derived = list(update.derived)
    extra = list(update.parameters)
    if countdown:
        assert cell.spike is not None
        assert cell.spike.refractory is not None
        derived.append(ir.StepCount(ir.PERIOD, cell.spike.refractory))
        extra.append(ir.Parameter(ir.PERIOD, DIMENSIONLESS, "integer"))
    own = {parameter.name: parameter for parameter in parameters}
    made = tuple(_derived_parameter(each, derived, own) for each in extra)
    state = tuple(ir.Variable(each.name, each.dimension) for each in cell.state)
    countdown_state = (ir.Variable(ir.COUNTDOWN, DIMENSIONLESS, "integer"),) if countdown else ()
    return ir.Cell(
        model=cell.model,
        state=state + countdown_state,
        locals=(
            *((ir.Variable(ir.HELD, DIMENSIONLESS, "truth"),) if countdown else ()),
            *update.locals,
        ),
        parameters=tuple(parameters) + made,
        derived=tuple(derived),
        stages=(
            *((_COUNT_DOWN,) if countdown else ()),
            *update.stages,
            *_increment_stages(plain, held),
        ),
        events=_events(plain, countdown),
        ports=_ports(plain, held),
        equations=_equations(cell),
    )


def _with_inputs_written_out(cell: ComposedCell) -> ComposedCell:
    """Return the cell with inputs, which are abbreviations, replaced wherever they are read."""
    inputs = {name: value for name, _, value in cell.inputs}

    def plain(value: Expression) -> Expression:
        return substitute(value, inputs)

    spike = cell.spike and replace(
        cell.spike,
        condition=plain(cell.spike.condition),
        statements=tuple((name, plain(value)) for name, value in cell.spike.statements),
    )
    return replace(
        cell,
        derivatives=tuple((name, plain(value)) for name, value in cell.derivatives),
        increments=tuple((name, plain(value)) for name, value in cell.increments),
        ports=tuple(replace(port, value=plain(port.value)) for port in cell.ports),
        spike=spike,
    )


_COUNT_DOWN = ir.Stage(
    (
        ir.Statement(ir.HELD, Compare(">", Name(ir.COUNTDOWN), Integer(0))),
        ir.Statement(
            ir.COUNTDOWN,
            Call(
                "where",
                (
                    Compare(">", Name(ir.COUNTDOWN), Integer(0)),
                    Binary("-", Name(ir.COUNTDOWN), Integer(1)),
                    Name(ir.COUNTDOWN),
                ),
            ),
        ),
    )
)


def _has_countdown(cell: ComposedCell, assigned: Mapping[str, list[Assign]]) -> bool:
    """Tell whether neurons can be held: not if the period is always one 0 for all."""
    if cell.spike is None or cell.spike.refractory is None:
        return False
    refractory = cell.spike.refractory
    if not isinstance(refractory, Name) or refractory.name in assigned:
        return True
    value = next(each.value for each in cell.parameters if each.name == refractory.name)
    return value != Scalar(Fraction(0))


def _integrate(cell: ComposedCell, held: frozenset[str]) -> Update:
    dimensions = {each.name: each.dimension for each in (*cell.parameters, *cell.state)}
    derivatives = dict(cell.derivatives)
    try:
        check_size(_expressions(cell))
        resting = frozenset(each.name for each in cell.state) - derivatives.keys()
        known = {**dimensions, ir.TIME: TIME, ir.TIME_STEP: TIME}
        system = System(derivatives, known, held, resting)
        update = INTEGRATORS[cell.integrator](system)
        check_size(statement.value for stage in update.stages for statement in stage.statements)
    except ExpressionError as error:
        field = "integrator" if error.code == "not-linear" else "model"
        place = f"{cell.path}.{field}"
        raise SpecError([Diagnostic(error.code, place, str(error), hints=error.hints)]) from None
    return update


def _expressions(cell: ComposedCell) -> Iterator[Expression]:
    for _, value in (*cell.derivatives, *cell.increments):
        yield value
    for port in cell.ports:
        yield port.value
    if cell.spike is not None:
        yield cell.spike.condition
        yield from (value for _, value in cell.spike.statements)


def _parameters(
    population: ResolvedPopulation, assigned: Mapping[str, list[Assign]]
) -> list[ir.Parameter]:
    """Return the author's parameters; per neuron where any of their values is."""
    symbols = {each.name: each for each in population.cell.parameters}
    values = {
        name: [symbol.value, *(entry.value for entry in assigned.get(name, []))]
        for name, symbol in symbols.items()
    }
    per_neuron = {
        name
        for name, given in values.items()
        if any(isinstance(value, PerItem) for value in given)
        or any(len(entry.view) != population.size for entry in assigned.get(name, []))
    }
    while True:  # a formula over something per neuron is per neuron
        reading = {
            name
            for name, given in values.items()
            for value in given
            if isinstance(value, Computed) and names(value.expression) & (per_neuron | {"i"})
        }
        if reading <= per_neuron:
            break
        per_neuron |= reading
    return [
        ir.Parameter(name, symbol.dimension, "real", name in per_neuron, name in assigned)
        for name, symbol in symbols.items()
    ]


def _derived_parameter(
    parameter: ir.Parameter, derived: list[ir.Derived], own: Mapping[str, ir.Parameter]
) -> ir.Parameter:
    """Return a parameter of the compiler's; per neuron and varying as what it is made from."""
    sources = [own[name] for name in sorted(_read_by(parameter.name, derived)) if name in own]
    return ir.Parameter(
        parameter.name,
        parameter.dimension,
        parameter.kind,
        any(source.per_neuron for source in sources),
        any(source.varies for source in sources),
    )


def _read_by(name: str, derived: list[ir.Derived]) -> frozenset[str]:
    for each in derived:
        match each:
            case ir.StepCount(target, duration) if target == name:
                return names(duration)
            case ir.Propagator(targets, matrix, offset) if any(name in row for row in targets):
                return frozenset().union(
                    *(names(value) for row in matrix for value in row),
                    *(names(value) for value in offset),
                )
    return frozenset()


def _increment_stages(cell: ComposedCell, held: frozenset[str]) -> tuple[ir.Stage, ...]:
    """Return one stage per increment, so that each adds to what the one before left."""
    system = System({}, {}, held)
    return tuple(
        ir.Stage((system.advance(name, Binary("+", Name(name), value)),))
        for name, value in cell.increments
    )


def _events(cell: ComposedCell, countdown: bool) -> tuple[ir.Event, ...]:
    if cell.spike is None:
        return ()
    condition: Expression = cell.spike.condition
    immediate: tuple[ir.Statement, ...] = ()
    if countdown:
        condition = Logical("and", condition, Not(Name(ir.HELD)))
        immediate = (ir.Statement(ir.COUNTDOWN, Name(ir.PERIOD)),)
    statements = tuple(ir.Statement(name, value) for name, value in cell.spike.statements)
    return (ir.Event("spike", condition, immediate, statements),)


def _ports(cell: ComposedCell, held: frozenset[str]) -> tuple[ir.Port, ...]:
    ports = []
    for port in cell.ports:
        value = port.value
        if port.target in held:
            shut = Compare(">", Name(ir.COUNTDOWN), Integer(0))
            value = Call("where", (shut, Name(port.target), value))
        statement = ir.Statement(port.target, value)
        ports.append(ir.Port(port.name, port.weight_dimension, (statement,)))
    return tuple(ports)


def _equations(cell: ComposedCell) -> tuple[ir.Equation, ...]:
    dimensions = {each.name: each.dimension for each in cell.state}
    derivatives = [
        ir.Equation("derivative", name, dimensions[name], value) for name, value in cell.derivatives
    ]
    definitions = [
        ir.Equation("definition", name, dimension, value) for name, dimension, value in cell.inputs
    ]
    return (*derivatives, *definitions)
