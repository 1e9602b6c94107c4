"""`verify`: whether the IR is legal. A failure is a fault of netspec, never of a description."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.errors import InternalError
from netspec.expr.functions import FUNCTIONS
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    Negate,
    Not,
)
from netspec.ir import nodes as ir

Kinds = Mapping[str, ir.Kind]


def verify(network: ir.Network) -> None:
    """Check names, kinds and references of the whole IR.

    Raises:
        InternalError: Something is illegal; says what and where.
    """
    for population in network.populations:
        _verify_cell(population)
    populations = {population.name: population for population in network.populations}
    sizes = {each.name: each.size for each in (*network.populations, *network.sources)}
    if len(sizes) != len(network.populations) + len(network.sources):
        raise InternalError("two objects have one name")
    projections = {projection.name for projection in network.projections}
    for projection in network.projections:
        target = populations.get(projection.target)
        ports = {port.name for port in target.cell.ports} if target else set()
        if projection.source not in sizes or projection.port not in ports:
            raise InternalError(f"projection {projection.name} leads from or to nowhere")
    for entry in network.timeline:
        _verify_action(entry, populations, sizes, projections, network.steps)
    entries = [entry.step for entry in network.timeline]
    if entries != sorted(entries):
        raise InternalError("the timeline is not sorted")
    _verify_recordings(network, populations, sizes)


def _verify_recordings(
    network: ir.Network, populations: Mapping[str, ir.Population], sizes: Mapping[str, int]
) -> None:
    for recording in network.spike_recordings:
        size = sizes.get(recording.source, -1)
        if not all(_is_within(view, size) for view in recording.views):
            raise InternalError(f"spikes of {recording.source}: no such neurons")
    for each in network.state_recordings:
        population = populations.get(each.population)
        known = {variable.name for variable in population.cell.state} if population else set()
        if each.variable not in known or not _is_within(each.view, sizes[each.population]):
            raise InternalError(f"state of {each.population}: no such variable or neurons")
        if each.every < 1:
            raise InternalError(f"state of {each.population}: sampled every {each.every} steps")


def _is_within(view: ir.View, size: int) -> bool:
    return 0 <= view.start <= view.stop <= size


def _verify_cell(population: ir.Population) -> None:
    cell = population.cell
    state: dict[str, ir.Kind] = {each.name: each.kind for each in cell.state}
    local: dict[str, ir.Kind] = {each.name: each.kind for each in cell.locals}
    parameters: dict[str, ir.Kind] = {each.name: each.kind for each in cell.parameters}
    if len({**state, **local, **parameters}) != len(state) + len(local) + len(parameters):
        raise InternalError(f"cell of {population.name}: two things have one name")
    always: dict[str, ir.Kind] = {**state, **parameters, ir.TIME: "real", ir.TIME_STEP: "real"}
    assigned: dict[str, ir.Kind] = {}
    where = f"cell of {population.name}"
    for stage in cell.stages:
        for statement in stage.statements:
            _verify_statement(statement, {**always, **assigned}, {**state, **local}, where)
        targets = [statement.target for statement in stage.statements]
        if len(set(targets)) != len(targets):
            raise InternalError(f"{where}: a stage assigns a target twice")
        assigned.update({name: local[name] for name in targets if name in local})
    if [event.name for event in cell.events] not in ([], ["spike"]):
        raise InternalError(f"{where}: no feature asks backends for an event beside 'spike'")
    for event in cell.events:
        if _kind(event.condition, {**always, **local}, where) != "truth":
            raise InternalError(f"{where}: the condition of {event.name} is not a truth value")
        for statement in event.immediate + event.statements:
            _verify_statement(statement, {**always, **local}, state, where)
    _verify_derived(cell, parameters, where)
    for port in cell.ports:
        arrivals: dict[str, ir.Kind] = {ir.ACCUMULATOR: "real", ir.N_EVENTS: "integer"}
        for statement in port.statements:
            _verify_statement(statement, {**always, **local, **arrivals}, state, where)


def _verify_derived(cell: ir.Cell, parameters: Kinds, where: str) -> None:
    """Check that the compiler's own parameters are computed, and from the author's."""
    readable = {name: kind for name, kind in parameters.items() if not name.startswith("_")}
    readable[ir.TIME_STEP] = "real"
    made: dict[str, ir.Kind] = {}
    for derived in cell.derived:
        match derived:
            case ir.StepCount(target, duration):
                read: tuple[Expression, ...] = (duration,)
                made[target] = "integer"
            case ir.Propagator(targets, matrix, offset):
                read = (*(entry for row in matrix for entry in row), *offset)
                made.update((name, "real") for row in targets for name in row if name is not None)
        if any(_kind(each, readable, where) != "real" for each in read):
            raise InternalError(f"{where}: a parameter is derived from what is no real number")
    own = {name: kind for name, kind in parameters.items() if name.startswith("_")}
    if made != own:
        raise InternalError(f"{where}: derived are {sorted(made)}, declared {sorted(own)}")


def _verify_statement(statement: ir.Statement, readable: Kinds, targets: Kinds, where: str) -> None:
    if statement.target not in targets:
        raise InternalError(f"{where}: '{statement.target}' cannot be assigned")
    if _kind(statement.value, readable, where) != targets[statement.target]:
        raise InternalError(f"{where}: '{statement.target}' is given a value of another kind")


def _verify_action(
    entry: ir.TimelineEntry,
    populations: Mapping[str, ir.Population],
    sizes: Mapping[str, int],
    projections: set[str],
    steps: int,
) -> None:
    legal = 0 <= entry.step < steps
    match entry.action:
        case ir.Connect(name) | ir.Disconnect(name) | ir.SetWeight(name):
            legal &= name in projections
        case ir.SetRate(name, view):
            legal &= name not in populations and _is_within(view, sizes.get(name, -1))
        case ir.SetParameter(name, parameter, view):
            own = populations[name].cell.parameters if name in populations else ()
            found = next((each for each in own if each.name == parameter), None)
            legal &= found is not None and found.varies and _is_within(view, sizes[name])
            legal &= found is not None and (found.per_neuron or len(view) == sizes[name])
        case ir.SetState(name, variable, view):
            known = populations[name].cell.state if name in populations else ()
            legal &= variable in {each.name for each in known}
            legal &= _is_within(view, sizes.get(name, -1))
    if not legal:
        raise InternalError(f"illegal timeline entry {entry}")


def _kind(  # noqa: C901 - a case per node
    expression: Expression, names: Kinds, where: str
) -> ir.Kind:
    """Return the kind of an expression; both sides of an operation must be of one kind."""
    match expression:
        case Constant():
            return "real"
        case Integer():
            return "integer"
        case Name(name):
            if name not in names:
                raise InternalError(f"{where}: '{name}' is read but not defined there")
            return names[name]
        case Negate(operand):
            return _same([operand], names, where, ("real", "integer"))
        case Not(operand):
            return _same([operand], names, where, ("truth",))
        case Logical(_, left, right):
            return _same([left, right], names, where, ("truth",))
        case Compare(_, left, right):
            _same([left, right], names, where, ("real", "integer"))
            return "truth"
        case Binary("+" | "-" | "*", left, right):
            return _same([left, right], names, where, ("real", "integer"))
        case Binary("/", left, right):
            return _same([left, right], names, where, ("real",))
        case Call("real", (argument,)):
            _same([argument], names, where, ("integer",))
            return "real"
        case Call("where", (condition, chosen, otherwise)):
            _same([condition], names, where, ("truth",))
            return _same([chosen, otherwise], names, where, ("real", "integer"))
        case Call(function, arguments) if function in FUNCTIONS:
            return _same(list(arguments), names, where, ("real",))
        case _:
            raise InternalError(f"{where}: {expression} has no place in the IR")


def _same(
    operands: list[Expression], names: Kinds, where: str, allowed: tuple[ir.Kind, ...]
) -> ir.Kind:
    kinds = {_kind(operand, names, where) for operand in operands}
    if len(kinds) != 1 or not kinds <= set(allowed):
        raise InternalError(f"{where}: {operands} are of kinds {sorted(kinds)}, expected {allowed}")
    return kinds.pop()
