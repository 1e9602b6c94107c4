"""Populations before step 0: constants at the top of the program and arrays of state."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.codegen.arrays import number
from netspec.codegen.comments import cell_texts, parameter_note, unit_text
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cells import CellPrinter
from netspec_numpy.printer import assignment


def cell_constants(cell: CellPrinter) -> models.CellConstants:
    """Return what the top of the program says about a population."""
    parameters = (
        models.Constant(
            cell.name(parameter.name),
            number(cell.values.parameters[parameter.name]),
            parameter_note(parameter),
        )
        for parameter in cell.cell.parameters
        if not parameter.per_neuron and not parameter.varies
    )
    return models.CellConstants(
        population=cell.population.name,
        model=cell.cell.model,
        equations=tuple(cell_texts(cell.cell)),
        size=models.Constant(cell.size, str(cell.population.size), "neurons"),
        parameters=tuple(parameters),
    )


def cell_setup(cell: CellPrinter, arrays: ProgramArrays) -> models.PopulationSetup:
    """Return the arrays and changing values of a population."""
    declared = {variable.name: cell.name(variable.name) for variable in cell.cell.declared_state}
    state = ", ".join(f'"{name}": {identifier}' for name, identifier in declared.items())
    countdown = f"np.zeros({cell.size}, np.int64)"
    if cell.cell.has_countdown:
        countdown = cell.name(ir.COUNTDOWN)
    hashed = ", ".join([*declared.values(), countdown])
    key = f'"{cell.population.name}"'
    return models.PopulationSetup(
        name=cell.population.name,
        arrays=(*_state(cell, arrays), *_parameters(cell, arrays)),
        accumulators=tuple(_accumulators(cell)),
        state=assignment(key, f"{{{state}}}", 8, separator=": "),
        hashed=assignment(key, f"[{hashed}]", 8, separator=": "),
    )


def _state(cell: CellPrinter, arrays: ProgramArrays) -> Iterator[models.Constant]:
    for variable in cell.cell.state:
        values = cell.values.initial[variable.name]
        key = f"state.{cell.population.name}.{variable.name}"
        size, notes = cell.size, [unit_text(variable.dimension)]
        if variable.shared:
            values, size = values.reshape(1), "1"
            notes.append("one value for all")
        text = arrays.filled(key, values, size)
        yield models.Constant(cell.name(variable.name), text, ", ".join(filter(None, notes)))


def _parameters(cell: CellPrinter, arrays: ProgramArrays) -> Iterator[models.Constant]:
    """Yield what is no constant of the program, if some expression reads it."""
    for parameter in cell.cell.parameters:
        if not cell.keeps(parameter.name) or not (parameter.per_neuron or parameter.varies):
            continue
        values = cell.values.parameters[parameter.name]
        text = (
            number(values)
            if not parameter.per_neuron
            else arrays.filled(
                f"parameters.{cell.population.name}.{parameter.name}", values, cell.size
            )
        )
        notes = [parameter_note(parameter)]
        notes += ["until the timeline changes it"] if parameter.varies else []
        yield models.Constant(cell.name(parameter.name), text, ", ".join(filter(None, notes)))


def _accumulators(cell: CellPrinter) -> Iterator[models.Constant]:
    for port in cell.cell.ports:
        if port.name not in cell.fed:
            continue
        if sums_weights(port):
            notes = [unit_text(port.weight_dimension), "weights that arrive in a step"]
            yield models.Constant(
                cell.names("acc", cell.population.name, port.name),
                f"np.zeros({cell.size})",
                ", ".join(filter(None, notes)),
            )
        if counts_events(port):
            yield models.Constant(
                cell.names("n_events", cell.population.name, port.name),
                f"np.zeros({cell.size}, np.int64)",
                "events that arrive in a step",
            )
