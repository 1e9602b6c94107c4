"""Parameters of a population: which are per neuron, and which vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.ir import nodes as ir
from netspec.ir.recipe import Drawn, FromFile, PerItem, names_in
from netspec.passes.resolved import Assign, ResolvedPopulation
from netspec.realise.neurons import AXES

_OF_NEURONS = frozenset({"i", *AXES})
"""What each neuron has its own of, before any parameter."""


def parameters_of(
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
        if any(isinstance(value, PerItem | FromFile | Drawn) for value in given)
        or any(len(entry.view) != population.size for entry in assigned.get(name, []))
    }
    while True:  # a formula over something per neuron is per neuron
        reading = {
            name
            for name, given in values.items()
            for value in given
            if names_in(value) & (per_neuron | _OF_NEURONS)
        }
        if reading <= per_neuron:
            break
        per_neuron |= reading
    return [
        ir.Parameter(name, symbol.dimension, "real", name in per_neuron, name in assigned)
        for name, symbol in symbols.items()
    ]


def derived_parameter(
    parameter: ir.Parameter, derived: Sequence[ir.Derived], own: Mapping[str, ir.Parameter]
) -> ir.Parameter:
    """Return a parameter of the compiler's; per neuron and varying as what it is made from."""
    read = frozenset().union(*(each.reads for each in derived if parameter.name in each.parameters))
    sources = [own[name] for name in read & own.keys()]
    return ir.Parameter(
        parameter.name,
        parameter.dimension,
        parameter.kind,
        any(source.per_neuron for source in sources),
        any(source.varies for source in sources),
    )
