"""What values of neurons read before step 0, and what is drawn for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from netspec.ir import nodes as ir
from netspec.ir.recipe import Item, Recipe
from netspec.realise.distributions import NeuronStream, neuron_stream
from netspec.realise.findings import Findings
from netspec.realise.network import FloatArray, IntegerArray, NumberArray, RealisedPopulation
from netspec.realise.values import realise_items

AXES = ("pos_x", "pos_y", "pos_z")
"""What positions are called, axis by axis."""


@dataclass(frozen=True, slots=True, eq=False)
class NeuronScope:
    """Names of the neurons of a population or input, and their values.

    Attributes:
        name: Of the population or input.
        path: Its place in the document, which names the streams of its draws.
        size: Number of neurons.
        seed: Of the network.
        dt: Seconds.
        positions: Coordinates in metres by name, shape (size,) each.
    """

    name: str
    path: str
    size: int
    seed: int
    dt: Fraction
    positions: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def everyone(self) -> ir.View:
        """All neurons."""
        return ir.View(0, self.size)

    def known(self, view: ir.View) -> dict[str, NumberArray]:
        """Return the values of `i`, positions and `dt` for some neurons."""
        part = slice(view.start, view.stop)
        return {
            "i": indices_of(view),
            ir.TIME_STEP: np.asarray(float(self.dt)),
            **{axis: values[part] for axis, values in self.positions.items()},
        }

    def stream(self, item: Item, view: ir.View | None = None) -> NeuronStream:
        """Return what a value of all neurons is drawn from, or of some."""
        return neuron_stream(self.seed, self.path, item, indices_of(view or self.everyone))

    def shared_stream(self, item: Item) -> NeuronStream:
        """Return what a value that all neurons share is drawn from."""
        return neuron_stream(self.seed, self.path, item, np.zeros((), dtype=np.int64))


def indices_of(view: ir.View) -> IntegerArray:
    """Return the indices of the neurons of a view."""
    return np.arange(view.start, view.stop, dtype=np.int64)


def neuron_scopes(
    network: ir.Network, recipe: Recipe, findings: Findings
) -> dict[str, NeuronScope]:
    """Return the scopes of populations and inputs; one whose positions have a problem is missing.

    Args:
        network: The IR.
        recipe: How its arrays are made.
        findings: Where problems go.
    """
    scopes = {}
    for each in (*network.populations, *network.sources):
        bare = NeuronScope(each.name, recipe.path(each.name), each.size, network.seed, recipe.dt)
        with findings.of_one_object():
            scopes[each.name] = _with_positions(bare, recipe)
    return scopes


def _with_positions(bare: NeuronScope, recipe: Recipe) -> NeuronScope:
    """Return a scope with its positions.

    Raises:
        SpecError: A coordinate is not finite or cannot be drawn.
    """
    items = recipe.positions.get(bare.name)
    if items is None:
        return bare
    made = realise_items(items, bare.known(bare.everyone), bare.stream)
    positions = {
        name: np.broadcast_to(values, (bare.size,)).copy() for name, values in made.items()
    }
    return replace(bare, positions=positions)


def values_of_neurons(
    scopes: Mapping[str, NeuronScope], populations: Mapping[str, RealisedPopulation]
) -> dict[str, dict[str, NumberArray]]:
    """Return what edges read of the neurons at their ends, by object: parameters and positions.

    Args:
        scopes: Of populations and inputs.
        populations: As far as they could be realised.
    """
    return {
        name: {**(populations[name].parameters if name in populations else {}), **scope.positions}
        for name, scope in scopes.items()
    }
