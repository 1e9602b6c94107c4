"""The neurons of one population, and what their cell says about them."""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from netspec.expr import nodes as tree
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.testing.oracle import scalar


class Population:
    """Neurons, and the rules of their cell."""

    def __init__(self, network: RealisedNetwork, population: ir.Population) -> None:
        cell, realised = population.cell, network.populations[population.name]
        self.neurons: list[scalar.Values] = [
            {ir.TIME_STEP: network.ir.dt} for _ in range(population.size)
        ]
        for name, values in (*realised.parameters.items(), *realised.initial.items()):
            self.assign(name, ir.View(0, population.size), values)
        self.state = [variable.name for variable in cell.declared_state]
        self.shared = {variable.name for variable in cell.state if variable.shared}
        self.tables = [(table, realised.tables[table.name].tolist()) for table in cell.tables]
        self.draws = [
            (draw, realised.keys[draw.name], scalar.evaluator(draw.mean or tree.Constant(0.0)))
            for draw in cell.draws
        ]
        self.stages = [scalar.ready(stage.statements) for stage in cell.stages]
        self.conditions = [scalar.evaluator(event.condition) for event in cell.events]
        self.immediate = [scalar.ready(event.immediate) for event in cell.events]
        self.resets = [scalar.ready(event.statements) for event in cell.events]
        self.objects = [ir.event_object(population.name, event.name) for event in cell.events]
        self.gathered = [variable.name for variable in cell.gathered]
        self.ports = [(port.name, scalar.ready(port.statements)) for port in cell.ports]
        self.digest = hashlib.sha256()

    def assign(self, name: str, view: ir.View, values: Any) -> None:
        """Give a parameter or variable new values; a single one is for all neurons."""
        neurons = self.neurons[view.start : view.stop] if values.shape else self.neurons
        for neuron, value in zip(neurons, scalar.per_item(values, len(neurons)), strict=True):
            neuron[name] = value

    def look_up(self, k: int) -> None:
        """Give the numbers of a step that are listed in tables to the neurons."""
        for table, rows in self.tables:
            row = rows[min(k // table.hold, len(rows) - 1)]
            for i, neuron in enumerate(self.neurons):
                neuron[table.name] = row[i] if table.per_neuron else row

    def draw(self, k: int) -> None:
        """Draw what is random in a step."""
        for draw, key, mean in self.draws:
            for i, neuron in enumerate(self.neurons):
                u = scalar.drawn(key, k // draw.hold, 0 if draw.shared else i)
                neuron[draw.name] = scalar.random_number(draw.distribution, u, mean(neuron))

    def hash_state(self) -> None:
        """Add the raw bits of the declared state, then of the refractory countdown."""
        for name in (*self.state, ir.COUNTDOWN):
            for neuron in self.neurons[:1] if name in self.shared else self.neurons:
                value = neuron.get(name, 0)
                self.digest.update(struct.pack("<q" if isinstance(value, int) else "<d", value))
