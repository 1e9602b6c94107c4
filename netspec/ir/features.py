"""What a network needs from a backend, computed from its IR and never listed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from netspec.expr.functions import AUTHOR_FUNCTIONS, FUNCTIONS
from netspec.expr.nodes import Call, Expression, Name, names, walk
from netspec.ir import nodes as ir

_PINNED = ", ".join(
    sorted(name for name, entry in AUTHOR_FUNCTIONS.items() if entry.kind == "pinned")
)

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "poisson-source": "Poisson sources, drawn while running",
        "listed-source": "sources that emit listed events",
        "integer-state": "integer state variables (refractory countdowns are such)",
        "shared-state": "state variables that exist once per population",
        "random-draws": "uniform and normal numbers drawn while running",
        "random-events": "events and numbers of events drawn while running, by a mean",
        "held-draws": "random numbers that hold for several steps",
        "tables": "numbers of each step that are listed in advance",
        "several-events": "events beside 'spike'",
        "gather-over-edges": "sums over the neurons at the other ends of edges (gap junctions)",
        "gather-over-population": "sums over all neurons of a population (pools)",
        "arrival-counts": "ports that read 'n_events'",
        "time-in-equations": "equations that read 't'",
        "pinned-functions": f"netspec's own {_PINNED} and powers in equations",
        "state-recording": "state monitors",
        "computed-recording": "monitors of parameters and of what is computed",
        "recording-windows": "monitors of spikes and state that record in parts of the run",
        "spike-counts": "numbers of spikes in parts of the run, known without keeping them",
        "connect-while-running": "timeline entries that connect and disconnect projections",
        "set-parameter": "timeline entries that set parameters",
        "set-state": "timeline entries that set state variables",
        "set-rate": "timeline entries that set Poisson rates",
        "set-weight": "timeline entries that set weights",
    }
)

_ACTION_FEATURES: Mapping[type, str] = MappingProxyType(
    {
        ir.Connect: "connect-while-running",
        ir.Disconnect: "connect-while-running",
        ir.SetParameter: "set-parameter",
        ir.SetState: "set-state",
        ir.SetRate: "set-rate",
        ir.SetWeight: "set-weight",
    }
)


def required_features(network: ir.Network) -> frozenset[str]:
    """Return the slugs of everything that the network uses."""
    return frozenset(_features(network))


def expressions(cell: ir.Cell) -> Iterator[Expression]:
    """Yield every expression that a cell evaluates while running."""
    yield from (draw.mean for draw in cell.draws if draw.mean is not None)
    for stage in cell.stages:
        yield from (statement.value for statement in stage.statements)
    for event in cell.events:
        yield event.condition
        yield from (statement.value for statement in event.immediate + event.statements)
    for port in cell.ports:
        yield from (statement.value for statement in port.statements)


def counts_events(port: ir.Port) -> bool:
    """Tell whether a port reads the number of events that arrived."""
    return _reads(port, ir.N_EVENTS)


def sums_weights(port: ir.Port) -> bool:
    """Tell whether a port reads the sum of the weights that arrived."""
    return _reads(port, ir.ACCUMULATOR)


def _reads(port: ir.Port, name: str) -> bool:
    return any(name in names(statement.value) for statement in port.statements)


def _features(network: ir.Network) -> Iterator[str]:
    for source in network.sources:
        yield "poisson-source" if isinstance(source, ir.PoissonSource) else "listed-source"
    for population in network.populations:
        yield from _cell_features(population.cell)
    state = {
        (population.name, variable.name)
        for population in network.populations
        for variable in population.cell.state
    }
    windows = {each.windows for each in network.spike_recordings}
    windows |= {each.windows for each in network.state_recordings}
    if windows - {None}:
        yield "recording-windows"
    if network.count_recordings:
        yield "spike-counts"
    for recording in network.state_recordings:
        match recording.value:
            case Name(name) if (recording.population, name) in state:
                yield "state-recording"
            case computed:
                yield "computed-recording"
                yield from _expression_features([computed])
    for gather in network.gathers:
        yield "gather-over-edges" if gather.pool is None else "gather-over-population"
        yield from _expression_features([gather.value])
    for entry in network.timeline:
        yield _ACTION_FEATURES[type(entry.action)]


def _cell_features(cell: ir.Cell) -> Iterator[str]:
    if any(variable.kind == "integer" for variable in cell.state):
        yield "integer-state"
    if any(variable.shared for variable in (*cell.state, *cell.locals)):
        yield "shared-state"
    for draw in cell.draws:
        yield "random-draws" if draw.mean is None else "random-events"
        if draw.hold > 1:
            yield "held-draws"
    if cell.tables:
        yield "tables"
    if any(event.name != ir.SPIKE for event in cell.events):
        yield "several-events"
    yield from _expression_features(expressions(cell))


def _expression_features(computed: Iterable[Expression]) -> Iterator[str]:
    for node in (node for expression in computed for node in walk(expression)):
        match node:
            case Name(ir.N_EVENTS):
                yield "arrival-counts"
            case Name(ir.TIME):
                yield "time-in-equations"
            case Call(function) if FUNCTIONS[function].kind == "pinned":
                yield "pinned-functions"
