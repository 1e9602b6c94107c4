"""`verify`: whether the IR is legal. A failure is a fault of netspec, never of a description."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from netspec.errors import InternalError
from netspec.expr.functions import FUNCTIONS, REPLACED
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
    names,
)
from netspec.ir import nodes as ir

Kinds = Mapping[str, ir.Kind]

_COMPUTED = frozenset(name for name, entry in FUNCTIONS.items() if entry.kind not in REPLACED)


def verify(network: ir.Network) -> None:
    """Check names, kinds and references of the whole IR.

    Raises:
        InternalError: Something is illegal; says what and where.
    """
    for population in network.populations:
        _verify_cell(population)
    populations = {population.name: population for population in network.populations}
    sizes = network.sizes
    if len(sizes) != len(network.populations) + len(network.sources):
        raise InternalError("two objects have one name")
    projections = {each.name for each in network.links}
    emitters = {(each.owner, each.event): each.size for each in network.emitters}
    for projection in network.projections:
        target = populations.get(projection.target)
        ports = {port.name for port in target.cell.ports} if target else set()
        if (projection.source, projection.event) not in emitters or projection.port not in ports:
            raise InternalError(f"projection {projection.name} leads from or to nowhere")
    for gather in network.gathers:
        _verify_gather(gather, populations)
    for entry in network.timeline:
        _verify_action(entry, populations, sizes, projections, network.steps)
    entries = [entry.step for entry in network.timeline]
    if entries != sorted(entries):
        raise InternalError("the timeline is not sorted")
    _verify_recordings(network, populations, emitters)


def _verify_gather(gather: ir.Gather, populations: Mapping[str, ir.Population]) -> None:
    where = f"gather {gather.name}"
    source, target = populations.get(gather.source), populations.get(gather.target)
    if source is None or target is None:
        raise InternalError(f"{where}: no such population")
    if gather.local not in {each.name for each in target.cell.gathered}:
        raise InternalError(f"{where}: '{gather.local}' is not gathered")
    if gather.pool is not None and not _is_within(gather.pool, source.size):
        raise InternalError(f"{where}: no such neurons")
    readable: dict[str, ir.Kind] = {ir.TIME: "real", ir.TIME_STEP: "real"}
    readable |= {ir.source_name(each.name): each.kind for each in _before_step(source.cell)}
    if gather.pool is None:
        readable |= {ir.WEIGHT: "real"}
        readable |= {each.name: each.kind for each in _before_step(target.cell)}
    if _kind(gather.value, readable, where) != "real":
        raise InternalError(f"{where}: what is summed is no real number")


def _before_step(cell: ir.Cell) -> tuple[ir.Variable | ir.Parameter, ...]:
    known: tuple[ir.Variable | ir.Parameter, ...] = (*cell.state, *cell.parameters)
    return known


def _verify_recordings(
    network: ir.Network,
    populations: Mapping[str, ir.Population],
    emitters: Mapping[tuple[str, str], int],
) -> None:
    for recording in network.spike_recordings:
        size = emitters.get((recording.source, recording.event), -1)
        if not all(_is_within(view, size) for view in recording.views):
            raise InternalError(f"spikes of {recording.source}: no such event or neurons")
    for each in network.state_recordings:
        where = f"recording {each.variable} of {each.population}"
        if each.population not in populations:
            raise InternalError(f"{where}: no such population")
        population = populations[each.population]
        cell = population.cell
        readable: dict[str, ir.Kind] = {known.name: known.kind for known in _before_step(cell)}
        readable |= {known.name: known.kind for known in cell.gathered}
        readable |= dict.fromkeys((table.name for table in cell.tables), "real")
        readable |= {ir.TIME: "real", ir.TIME_STEP: "real"}
        if _kind(each.value, readable, where) != each.kind:
            raise InternalError(f"{where}: the value is of another kind")
        shared = {known.name for known in cell.state if known.shared}
        size = 1 if isinstance(each.value, Name) and each.value.name in shared else population.size
        if not _is_within(each.view, size):
            raise InternalError(f"{where}: no such neurons")
        if each.every < 1:
            raise InternalError(f"{where}: sampled every {each.every} steps")
    for counted in network.count_recordings:
        size = emitters.get((counted.source, counted.event), -1)
        if not _is_within(counted.view, size) or not (counted.every is None or counted.every > 0):
            raise InternalError(f"counts of {counted.label}: no such event, neurons or bins")
    links = {each.name for each in network.links}
    if any(
        not links.issuperset(each.parts) or each.every < 1 for each in network.weight_recordings
    ):
        raise InternalError("weights of no projection, or never, are recorded")
    several: tuple[ir.SpikeRecording | ir.StateRecording | ir.WeightRecording, ...]
    several = (
        *network.spike_recordings,
        *network.state_recordings,
        *network.weight_recordings,
    )
    if any(not _are_apart(each.windows) for each in several if each.windows is not None):
        raise InternalError("windows of a recording are not ascending and apart")


def _are_apart(windows: tuple[ir.Window, ...]) -> bool:
    edges = [step for each in windows for step in (each.start, each.stop)]
    return all(one < other for one, other in pairwise(edges))


def _is_within(view: ir.View, size: int) -> bool:
    return 0 <= view.start <= view.stop <= size


def _verify_cell(population: ir.Population) -> None:
    cell = population.cell
    state: dict[str, ir.Kind] = {each.name: each.kind for each in cell.state}
    local: dict[str, ir.Kind] = {each.name: each.kind for each in cell.locals}
    drawn: dict[str, ir.Kind] = {each.name: "real" for each in cell.draws}
    drawn |= {each.name: "real" for each in cell.gathered}
    drawn |= {each.name: "real" for each in cell.tables}
    parameters: dict[str, ir.Kind] = {each.name: each.kind for each in cell.parameters}
    tables = (state, local, drawn, parameters)
    declared = (cell.state, cell.locals, cell.draws, cell.gathered, cell.tables, cell.parameters)
    if len(set().union(*tables)) != sum(map(len, declared)):
        raise InternalError(f"cell of {population.name}: two things have one name")
    always: dict[str, ir.Kind] = {**state, **drawn, **parameters}
    always |= {ir.TIME: "real", ir.TIME_STEP: "real"}
    assigned: dict[str, ir.Kind] = {}
    where = f"cell of {population.name}"
    for stage in cell.stages:
        for statement in stage.statements:
            _verify_statement(statement, {**always, **assigned}, {**state, **local}, where)
        targets = [statement.target for statement in stage.statements]
        if len(set(targets)) != len(targets):
            raise InternalError(f"{where}: a stage assigns a target twice")
        assigned.update({name: local[name] for name in targets if name in local})
    for event in cell.events:
        if _kind(event.condition, {**always, **local}, where) != "truth":
            raise InternalError(f"{where}: the condition of {event.name} is not a truth value")
        for statement in event.immediate + event.statements:
            _verify_statement(statement, {**always, **local}, state, where)
    _verify_draws(cell, parameters, where)
    _verify_derived(cell, parameters, where)
    _verify_shared(cell, where)
    for port in cell.ports:
        arrivals: dict[str, ir.Kind] = {ir.ACCUMULATOR: "real", ir.N_EVENTS: "integer"}
        for statement in port.statements:
            _verify_statement(statement, {**always, **local, **arrivals}, state, where)


def _verify_draws(cell: ir.Cell, parameters: Kinds, where: str) -> None:
    """Check that a mean is there where one is needed, and reads what is known by then."""
    readable: dict[str, ir.Kind] = {**parameters, ir.TIME: "real", ir.TIME_STEP: "real"}
    readable |= {table.name: "real" for table in cell.tables}
    for draw in cell.draws:
        if (draw.mean is None) != (draw.distribution in ("uniform", "normal")):
            raise InternalError(f"{where}: the draw {draw.name} lacks a mean or has one too many")
        if draw.mean is not None and _kind(draw.mean, readable, where) != "real":
            raise InternalError(f"{where}: the mean of {draw.name} is no real number")
        if draw.mean is not None and draw.hold > 1:
            raise InternalError(f"{where}: the mean of {draw.name} may change while it holds")
        readable[draw.name] = "real"
    holds = [*(draw.hold for draw in cell.draws), *(table.hold for table in cell.tables)]
    if any(steps < 1 for steps in holds):
        raise InternalError(f"{where}: something holds for no step")


def _verify_shared(cell: ir.Cell, where: str) -> None:
    """Check that what exists once per population is made from such things, by stages only."""
    shared = {each.name for each in (*cell.state, *cell.locals) if each.shared}
    shared |= {each.name for each in cell.draws if each.shared}
    readable = shared | {each.name for each in cell.parameters if not each.per_neuron}
    readable |= {each.name for each in cell.tables if not each.per_neuron}
    readable |= {ir.TIME, ir.TIME_STEP}
    for draw in cell.draws:
        if draw.shared and draw.mean is not None and not names(draw.mean) <= readable:
            raise InternalError(f"{where}: the draw {draw.name} is shared, its mean is not")
    for stage in cell.stages:
        for statement in stage.statements:
            if statement.target in shared and not names(statement.value) <= readable:
                raise InternalError(f"{where}: '{statement.target}' is shared, its value is not")
    later = [statement for port in cell.ports for statement in port.statements]
    for event in cell.events:
        later += [*event.immediate, *event.statements]
    for statement in later:
        if statement.target in shared:
            raise InternalError(f"{where}: one neuron assigns '{statement.target}' for all")


def _verify_derived(cell: ir.Cell, parameters: Kinds, where: str) -> None:
    """Check that the compiler's own parameters are computed, and from the author's."""
    readable = {name: kind for name, kind in parameters.items() if not name.startswith("_")}
    readable[ir.TIME_STEP] = "real"
    made: dict[str, ir.Kind] = {}
    for derived in cell.derived:
        kind: ir.Kind = "integer" if isinstance(derived, ir.StepCount) else "real"
        made.update(dict.fromkeys(derived.parameters, kind))
        if any(_kind(each, readable, where) != "real" for each in derived.expressions):
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
    expression: Expression, known: Kinds, where: str
) -> ir.Kind:
    """Return the kind of an expression; both sides of an operation must be of one kind."""
    match expression:
        case Constant():
            return "real"
        case Integer():
            return "integer"
        case Name(name):
            if name not in known:
                raise InternalError(f"{where}: '{name}' is read but not defined there")
            return known[name]
        case Negate(operand):
            return _same([operand], known, where, ("real", "integer"))
        case Not(operand):
            return _same([operand], known, where, ("truth",))
        case Logical(_, left, right):
            return _same([left, right], known, where, ("truth",))
        case Compare(_, left, right):
            _same([left, right], known, where, ("real", "integer"))
            return "truth"
        case Binary("+" | "-" | "*", left, right):
            return _same([left, right], known, where, ("real", "integer"))
        case Binary("/", left, right):
            return _same([left, right], known, where, ("real",))
        case Call("integer", (argument,)):
            _same([argument], known, where, ("real",))
            return "integer"
        case Call("real", (argument,)):
            _same([argument], known, where, ("integer",))
            return "real"
        case Call("where", (condition, chosen, otherwise)):
            _same([condition], known, where, ("truth",))
            return _same([chosen, otherwise], known, where, ("real", "integer"))
        case Call(function, arguments) if function in _COMPUTED:
            return _same(list(arguments), known, where, ("real",))
        case _:
            raise InternalError(f"{where}: {expression} has no place in the IR")


def _same(
    operands: list[Expression], known: Kinds, where: str, allowed: tuple[ir.Kind, ...]
) -> ir.Kind:
    kinds = {_kind(operand, known, where) for operand in operands}
    if len(kinds) != 1 or not kinds <= set(allowed):
        raise InternalError(f"{where}: {operands} are of kinds {sorted(kinds)}, expected {allowed}")
    return kinds.pop()
