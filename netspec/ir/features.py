"""What a network needs from a backend, computed from its IR and never listed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from netspec.expr.nodes import Call, Expression, Name, names, walk
from netspec.ir import nodes as ir

FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "poisson-source": "Poisson sources, drawn while running",
        "spike-times-source": "sources that emit listed events",
        "integer-state": "integer state variables (refractory countdowns are such)",
        "arrival-counts": "ports that read 'n_events'",
        "time-in-equations": "equations that read 't'",
        "pinned-functions": "netspec's own exp, expm1, log and log1p in equations",
        "state-recording": "state monitors",
        "connect-while-running": "timeline entries that connect and disconnect projections",
        "set-parameter": "timeline entries that set parameters",
        "set-state": "timeline entries that set state variables",
        "set-rate": "timeline entries that set Poisson rates",
        "set-weight": "timeline entries that set weights",
    }
)

PINNED_FUNCTIONS = frozenset({"exp", "expm1", "log", "log1p"})

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
    for stage in cell.stages:
        yield from (statement.value for statement in stage.statements)
    for event in cell.events:
        yield event.condition
        yield from (statement.value for statement in event.immediate + event.statements)
    for port in cell.ports:
        yield from (statement.value for statement in port.statements)


def counts_events(port: ir.Port) -> bool:
    """Tell whether a port reads the number of events that arrived."""
    return any(ir.N_EVENTS in names(statement.value) for statement in port.statements)


def _features(network: ir.Network) -> Iterator[str]:
    for source in network.sources:
        yield "poisson-source" if isinstance(source, ir.PoissonSource) else "spike-times-source"
    for population in network.populations:
        yield from _cell_features(population.cell)
    if network.state_recordings:
        yield "state-recording"
    for entry in network.timeline:
        yield _ACTION_FEATURES[type(entry.action)]


def _cell_features(cell: ir.Cell) -> Iterator[str]:
    if any(variable.kind == "integer" for variable in cell.state):
        yield "integer-state"
    for node in (node for expression in expressions(cell) for node in walk(expression)):
        match node:
            case Name(ir.N_EVENTS):
                yield "arrival-counts"
            case Name(ir.TIME):
                yield "time-in-equations"
            case Call(function) if function in PINNED_FUNCTIONS:
                yield "pinned-functions"
