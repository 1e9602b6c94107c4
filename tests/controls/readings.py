"""Networks that are not quite the ones that were given: one rule of the contract is misread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from controls.broken import Change

from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Logical,
    Name,
    transform,
)
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork, RealisedProjection

Rewrite = Callable[[Expression], Expression]


def in_cells(change: Callable[[ir.Cell], ir.Cell]) -> Change:
    """Change every cell of a network."""

    def changed(network: RealisedNetwork) -> RealisedNetwork:
        populations = tuple(
            replace(population, cell=change(population.cell))
            for population in network.ir.populations
        )
        return replace(network, ir=replace(network.ir, populations=populations))

    return changed


def in_stages(change: Callable[[ir.Cell, ir.Statement], ir.Statement]) -> Change:
    """Change every statement of the update."""
    return in_cells(
        lambda cell: replace(
            cell,
            stages=tuple(
                ir.Stage(tuple(change(cell, each) for each in stage.statements))
                for stage in cell.stages
            ),
        )
    )


def in_ports(rewrite: Rewrite) -> Change:
    """Rewrite every node of what receptors do."""

    def changed(port: ir.Port) -> ir.Port:
        statements = (
            replace(each, value=transform(each.value, rewrite)) for each in port.statements
        )
        return replace(port, statements=tuple(statements))

    return in_cells(lambda cell: replace(cell, ports=tuple(map(changed, cell.ports))))


# --- the order of a step ------------------------------------------------------------------


def one_after_the_other(cell: ir.Cell) -> ir.Cell:
    """Assign the variables of a stage as they come, instead of all at once."""
    stages = tuple(ir.Stage((each,)) for stage in cell.stages for each in stage.statements)
    return replace(cell, stages=stages)


def increments_first(cell: ir.Cell) -> ir.Cell:
    """Add what the last stage adds before the integrator's stage instead of after it."""
    state = {variable.name for variable in cell.declared_state}
    last = {each.target for stage in cell.stages[-2:] for each in stage.statements}
    if len(cell.stages) < 2 or not last <= state:
        return cell
    return replace(cell, stages=(*cell.stages[:-2], *cell.stages[:-3:-1]))


def silent_after_the_update(cell: ir.Cell) -> ir.Cell:
    """Find out when the update is done whether a neuron may spike in its step."""
    if all(variable.name != ir.SILENT for variable in cell.locals):
        return cell
    return replace(cell, stages=(*cell.stages[1:], cell.stages[0]))


def ports_backwards(cell: ir.Cell) -> ir.Cell:
    """Let receptors and delayed actions come in the opposite order."""
    return replace(cell, ports=cell.ports[::-1])


def events_backwards(cell: ir.Cell) -> ir.Cell:
    """Let what happens at a spike come after what happens at other events."""
    return replace(cell, events=cell.events[::-1])


def entries_backwards(network: RealisedNetwork) -> RealisedNetwork:
    """Carry out the entries of a step in the opposite order."""
    backwards = network.timeline[::-1]
    timeline = tuple(sorted(backwards, key=lambda entry: entry.step))
    return replace(network, timeline=timeline)


def arrivals_counted_once(node: Expression) -> Expression:
    """Count all events of a step as one."""
    if node != Name(ir.N_EVENTS):
        return node
    return Call("where", (Compare(">", node, Integer(0)), Integer(1), Integer(0)))


def threshold_reached(network: RealisedNetwork) -> RealisedNetwork:
    """Let a spike need its threshold reached instead of passed, or the other way round."""
    other = {">": ">=", ">=": ">"}

    def in_event(event: ir.Event) -> ir.Event:
        def swap(node: Expression) -> Expression:
            if isinstance(node, Compare):
                return replace(node, operator=other[node.operator])  # type: ignore[arg-type]
            return node

        return replace(event, condition=transform(event.condition, swap))

    change = in_cells(lambda cell: replace(cell, events=tuple(map(in_event, cell.events))))
    return change(network)


# --- refractoriness -----------------------------------------------------------------------


def periods_changed_by(steps: int) -> Change:
    """Count refractory periods of at least one step shorter or longer."""

    def change(network: RealisedNetwork) -> RealisedNetwork:
        populations = {}
        for name, population in network.populations.items():
            parameters = dict(population.parameters)
            if ir.PERIOD in parameters:
                period = parameters[ir.PERIOD]
                parameters[ir.PERIOD] = np.where(period > 0, period + steps, period)
            populations[name] = replace(population, parameters=parameters)
        return replace(network, populations=populations)

    return change


def shut_while(guard: Expression) -> Change:
    """Shut the ports of held variables for another window."""
    shut = Compare(">", Name(ir.COUNTDOWN), Integer(0))
    return in_ports(lambda node: guard if node == shut else node)


ONE_STEP_SHORTER = Compare(">", Name(ir.COUNTDOWN), Integer(1))
ONE_STEP_LONGER = Logical("or", Compare(">", Name(ir.COUNTDOWN), Integer(0)), Name(ir.HELD))


def free_in_between(cell: ir.Cell, statement: ir.Statement) -> ir.Statement:
    """Hold a variable where the step ends, but not in the stages before."""
    match statement.value:
        case Call("where", (Name(ir.HELD), Name(variable), moved)) if variable != statement.target:
            return replace(statement, value=moved)
    return statement


def all_held(cell: ir.Cell, statement: ir.Statement) -> ir.Statement:
    """Hold all the state of a refractory neuron."""
    state = {variable.name for variable in cell.declared_state}
    if not cell.has_countdown or statement.target not in state:
        return statement
    kept = Call("where", (Name(ir.HELD), Name(statement.target), statement.value))
    return replace(statement, value=kept)


# --- weights, delays and sums -------------------------------------------------------------


class Backwards(RealisedProjection):
    """The same edges from the last one to the first."""

    @property
    def sources(self) -> npt.NDArray[np.uint32]:
        return super().sources[::-1]

    @property
    def targets(self) -> npt.NDArray[np.uint32]:
        return super().targets[::-1]

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        return np.broadcast_to(super().weights, self.targets.shape)[::-1]


def weights_off_the_grid(network: RealisedNetwork) -> RealisedNetwork:
    """Use weights that are no multiples of a quantum, and add them up in another order."""

    def changed(edges: RealisedProjection) -> RealisedProjection:
        order = np.lexsort((-np.arange(len(edges)), edges.sources))
        return RealisedProjection.of(
            edges.sources,
            edges.targets[order],
            np.broadcast_to(edges.weights, order.shape)[order] * (1.0 + 2.0**-30),
            np.broadcast_to(edges.delays, order.shape)[order],
        )

    return _with_edges(network, (each.name for each in network.ir.projections), changed)


def edges_of_sums_backwards(network: RealisedNetwork) -> RealisedNetwork:
    """Add up what a neuron finds along its edges from the last source to the first."""

    def changed(edges: RealisedProjection) -> RealisedProjection:
        own = edges.firsts, edges.narrow_targets, edges.narrow_weights, edges.narrow_delays
        return Backwards(*own)

    over_edges = (each.name for each in network.ir.gathers if each.pool is None)
    return _with_edges(network, over_edges, changed)


def sums_backwards(network: RealisedNetwork) -> RealisedNetwork:
    """Add up what several projections find in the opposite order."""
    return replace(network, ir=replace(network.ir, gathers=network.ir.gathers[::-1]))


def delays_longer(network: RealisedNetwork) -> RealisedNetwork:
    """Deliver one step late."""
    names = (each.name for each in network.ir.projections)

    def changed(edges: RealisedProjection) -> RealisedProjection:
        return RealisedProjection.of(edges.sources, edges.targets, edges.weights, edges.delays + 1)

    return _with_edges(network, names, changed)


def _with_edges(
    network: RealisedNetwork,
    names: Iterable[str],
    change: Callable[[RealisedProjection], RealisedProjection],
) -> RealisedNetwork:
    changed = {name: change(network.projections[name]) for name in names}
    return replace(network, projections={**network.projections, **changed})


# --- arithmetic ---------------------------------------------------------------------------


def in_trees(rewrite: Rewrite) -> Change:
    """Rewrite every node of the update."""
    return in_stages(lambda _, each: replace(each, value=transform(each.value, rewrite)))


def reassociated(node: Expression) -> Expression:
    """Add a + (b + c) for (a + b) + c, as compilers do if they may."""
    match node:
        case Binary("+", Binary("+", first, second), third):
            return Binary("+", first, Binary("+", second, third))
    return node


def reciprocal(node: Expression) -> Expression:
    """Multiply with a reciprocal in place of a division."""
    match node:
        case Binary("/", dividend, divisor):
            return Binary("*", dividend, Binary("/", Constant(1.0), divisor))
    return node


def own_draws(cell: ir.Cell) -> ir.Cell:
    """Let each neuron draw for itself what the population has in common."""
    draws = tuple(replace(draw, shared=False) for draw in cell.draws)
    return replace(cell, draws=draws)


# --- inputs -------------------------------------------------------------------------------


def held_longer(cell: ir.Cell) -> ir.Cell:
    """Let random numbers hold one step longer where they hold for several."""
    draws = (replace(each, hold=each.hold + (each.hold > 1)) for each in cell.draws)
    return replace(cell, draws=tuple(draws))


def rows_held_longer(cell: ir.Cell) -> ir.Cell:
    """Let the rows of tables hold one step longer."""
    return replace(cell, tables=tuple(replace(each, hold=each.hold + 1) for each in cell.tables))


def next_rows(network: RealisedNetwork) -> RealisedNetwork:
    """Look up the row after the one that it is time for."""
    populations = {
        name: replace(
            each, tables={own: np.roll(rows, -1, axis=0) for own, rows in each.tables.items()}
        )
        for name, each in network.populations.items()
    }
    return replace(network, populations=populations)


def _a_step_later(node: Expression) -> Expression:
    return Binary("+", node, Name(ir.TIME_STEP)) if node == Name(ir.TIME) else node


def sampled_at_the_end(cell: ir.Cell) -> ir.Cell:
    """Take the values of inputs from the end of the step instead of its beginning."""
    sampling, *others = cell.stages or (ir.Stage(()),)
    if not all(each.target.startswith("_sampled_") for each in sampling.statements):
        return cell
    moved = (
        replace(each, value=transform(each.value, _a_step_later)) for each in sampling.statements
    )
    return replace(cell, stages=(ir.Stage(tuple(moved)), *others))


def means_at_the_end(cell: ir.Cell) -> ir.Cell:
    """Draw by the rates of the end of the step instead of its beginning."""
    draws = (
        each if each.mean is None else replace(each, mean=transform(each.mean, _a_step_later))
        for each in cell.draws
    )
    return replace(cell, draws=tuple(draws))


def drives_uncounted(node: Expression) -> Expression:
    """Leave the events of drives out of the number of events."""
    match node:
        case Binary("+", Name(ir.N_EVENTS) as edges, Call("integer")):
            return edges
        case _:
            return node


def drives_off_the_grid(network: RealisedNetwork) -> RealisedNetwork:
    """Keep the weights of drives as they were given."""
    populations = {}
    for name, each in network.populations.items():
        given = {
            own: each.parameters[own.removeprefix("_").removesuffix("_on_grid")]
            for own in each.parameters
            if own.endswith("_on_grid")
        }
        populations[name] = replace(each, parameters={**each.parameters, **given})
    return replace(network, populations=populations)


def windows_later(network: RealisedNetwork) -> RealisedNetwork:
    """Begin and end inputs a step late."""
    timeline = (
        replace(each, step=each.step + 1)
        if isinstance(each.action, ir.SetParameter) and each.action.parameter.startswith("on_")
        else each
        for each in network.timeline
    )
    in_order = tuple(sorted(timeline, key=lambda entry: entry.step))
    entries = tuple(ir.TimelineEntry(each.step, each.action) for each in in_order)
    return replace(network, ir=replace(network.ir, timeline=entries), timeline=in_order)
