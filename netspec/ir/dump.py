"""Canonical text of the IR, for people and for comparing what two compilations made."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.expr.nodes import Name
from netspec.expr.text import write
from netspec.ir import nodes as ir


def dump(network: ir.Network) -> str:
    """Return the whole IR as text; equal text means equal IR."""
    return "\n".join(_lines(network)) + "\n"


def _lines(network: ir.Network) -> Iterator[str]:
    yield f"network {network.name} seed {network.seed} dt {network.dt!r} s steps {network.steps}"
    for population in network.populations:
        yield f"population {population.name} size {population.size}"
        yield from (f"  {line}" for line in _cell_lines(population.cell))
    for source in network.sources:
        yield f"{_words(type(source).__name__)} {source.name} size {source.size}"
    for projection in network.projections:
        yield (
            f"projection {projection.name} "
            f"from {ir.event_object(projection.source, projection.event)} "
            f"to {projection.target}.{projection.port} {_state(projection.connected)}"
        )
    for gather in network.gathers:
        pool = "" if gather.pool is None else f"{_view(gather.pool)} as a pool"
        yield (
            f"gather {gather.name} from {gather.source}{pool} to {gather.target}.{gather.local} "
            f"[{gather.weight_dimension}] {_state(gather.connected)}"
        )
        yield f"  sum {write(gather.value)}"
    for entry in network.timeline:
        yield f"at step {entry.step} {_action(entry.action)}"
    for recording in network.spike_recordings:
        views = " ".join(_view(view) for view in recording.views)
        yield f"record spikes of {recording.name} {views}{_windows(recording.windows)}"
    for state_recording in network.state_recordings:
        own = Name(state_recording.variable)
        what = "" if state_recording.value == own else f" = {write(state_recording.value)}"
        yield (
            f"record {state_recording.variable}{what} of {state_recording.population} "
            f"{_view(state_recording.view)} every {state_recording.every}"
            f"{_windows(state_recording.windows)}"
        )
    for weights in network.weight_recordings:
        edges = "" if weights.edges is None else f" {_view(weights.edges)}"
        yield (
            f"record weights of {' + '.join(weights.parts)}{edges} every {weights.every}"
            f"{_windows(weights.windows)}"
        )
    for counted in network.count_recordings:
        each = " neurons" if counted.per_neuron else ""
        bins = "" if counted.every is None else f" in bins of {counted.every}"
        yield (
            f"count spikes of {counted.name}{each} {_view(counted.view)}"
            f"{_windows(counted.windows)}{bins} as {counted.label}"
        )
    for phase in network.phases:
        yield f"phase {phase.name}{_windows((phase.window,))}"


def _cell_lines(cell: ir.Cell) -> Iterator[str]:
    yield f"model {cell.model}" + (f" by {cell.integrator}" if cell.integrator else "")
    for parameter in cell.parameters:
        flags = " per-neuron" * parameter.per_neuron + " varies" * parameter.varies
        yield f"parameter {parameter.name} {parameter.kind} [{parameter.dimension}]{flags}"
    for variable in cell.state:
        yield f"state {_variable(variable)}"
    for variable in cell.locals:
        yield f"local {_variable(variable)}"
    for table in cell.tables:
        width = " per-neuron" * table.per_neuron
        yield f"table {table.name} [{table.dimension}]{width} every {table.hold}"
    for draw in cell.draws:
        yield _draw(draw)
    for gathered in cell.gathered:
        yield f"gathered {_variable(gathered)}"
    for derived in cell.derived:
        yield from _derived_lines(derived)
    for equation in cell.equations:
        left = f"d{equation.name}/dt" if equation.kind == "derivative" else equation.name
        yield f"equation {left} = {write(equation.value)}"
    for stage in cell.stages:
        yield "stage"
        yield from _statements(stage.statements)
    for event in cell.events:
        yield f"event {event.name} when {write(event.condition)}"
        yield from (f"  at once {line.strip()}" for line in _statements(event.immediate))
        yield from _statements(event.statements)
    for port in cell.ports:
        yield f"port {port.name} [{port.weight_dimension}]"
        yield from _statements(port.statements)


def _draw(draw: ir.Draw) -> str:
    parts = [f"draw {draw.name} {draw.distribution} '{draw.purpose}'"]
    parts += [f"of {draw.origin}"] if draw.origin else []
    parts += ["shared"] if draw.shared else []
    parts += [f"every {draw.hold}"] if draw.hold > 1 else []
    parts += [f"mean {write(draw.mean)}"] if draw.mean is not None else []
    return " ".join(parts)


def _state(connected: bool) -> str:
    return "connected" if connected else "disconnected"


def _variable(variable: ir.Variable) -> str:
    text = f"{variable.name} {variable.kind} [{variable.dimension}]"
    return text + " shared" * variable.shared


def _statements(statements: tuple[ir.Statement, ...]) -> Iterator[str]:
    return (f"  {statement.target} = {write(statement.value)}" for statement in statements)


def _derived_lines(derived: ir.Derived) -> Iterator[str]:
    match derived:
        case ir.StepCount(target, duration, rounding):
            yield f"derive {target} = steps of {write(duration)} (rounding {rounding})"
        case ir.OnGrid(target, weight, bits):
            yield f"derive {target} = {write(weight)} on a grid of {bits} bits"
        case ir.Propagator(targets, matrix, offset):
            yield "derive propagator"
            for row, names in enumerate(targets):
                entries = ", ".join(write(value) for value in (*matrix[row], offset[row]))
                yield f"  {' '.join(name or '0' for name in names)} from {entries}"


def _action(action: ir.Action) -> str:
    match action:
        case ir.Connect(projection) | ir.Disconnect(projection) | ir.SetWeight(projection):
            return f"{_words(type(action).__name__)} {projection}"
        case ir.SetParameter(population, name, view) | ir.SetState(population, name, view):
            return f"{_words(type(action).__name__)} {population}.{name} {_view(view)}"
        case ir.SetRate(source, view):
            return f"set rate {source} {_view(view)}"


def _view(view: ir.View) -> str:
    return f"[{view.start}:{view.stop}]"


def _windows(windows: tuple[ir.Window, ...] | None) -> str:
    if windows is None:
        return ""
    return " in steps " + (" ".join(f"{each.start}:{each.stop}" for each in windows) or "none")


def _words(name: str) -> str:
    """Return `SetWeight` as `set weight`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
