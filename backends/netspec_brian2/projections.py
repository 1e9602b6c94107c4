"""Projections: explicit edges whose events add weights to the port of a group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netspec.codegen.names import joined
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.network import NumberArray, RealisedEntry, RealisedProjection
from netspec.units import Dimension
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.functions import WHERE, WHERE_INTEGER
from netspec_brian2.names import Names
from netspec_brian2.units import unit_text


class ProjectionPrinter:
    """A projection that can deliver something.

    Args:
        projection: Of the IR.
        values: Its edges.
        timeline: Entries of the whole network.
        names: Identifiers of the script.
        port: Where its events arrive.
    """

    def __init__(
        self,
        projection: ir.Projection,
        values: RealisedProjection,
        timeline: Sequence[RealisedEntry],
        names: Names,
        port: ir.Port,
    ) -> None:
        self.projection = projection
        self.values = values
        self.names = names
        self.port = port
        self.sums, self.counts = sums_weights(port), counts_events(port)
        self.switches: list[tuple[int, int]] = []
        self.weights: list[tuple[int, NumberArray]] = []
        for entry in timeline:
            match entry.action, entry.values:
                case ir.Connect(name), _ if name == projection.name:
                    self.switches.append((entry.step, 1))
                case ir.Disconnect(name), _ if name == projection.name:
                    self.switches.append((entry.step, 0))
                case ir.SetWeight(name), np.ndarray() as weights if name == projection.name:
                    if self.sums:
                        self.weights.append((entry.step, weights))

    @property
    def object(self) -> str:
        """Identifier of the object in the script."""
        return self.names.object("projection", self.projection.name)

    def name(self, role: str) -> str:
        """Return Brian2's name of something in the object."""
        return self.names.synaptic(self.projection.name, role)

    @property
    def dimension(self) -> Dimension:
        """Dimension of the weights."""
        return self.port.weight_dimension

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the projection calls."""
        return ({WHERE} if self.weights else set()) | ({WHERE_INTEGER} if self.switches else set())

    def arrival(self) -> list[str]:
        """Return what an event does when it arrives; it reads weight and switch then."""
        target, port, lines = self.projection.target, self.port.name, list[str]()
        weight = self.name("weight_0")
        for number, (step, _) in enumerate(self.weights, 1):
            later = self.name(f"weight_{number}")
            weight = f"{WHERE}(t_in_timesteps < {step}, {weight}, {later})"
        gate = f" * {self.name('connected')}" if self.switches else ""
        if self.sums:
            acc = self.names.variable(target, "acc", port)
            lines.append(f"{acc}_post += {weight}{gate}")
        if self.counts:
            n_events = self.names.variable(target, "n_events", port)
            one = self.name("connected") if self.switches else "1"
            lines.append(f"{n_events}_post += {one}")
        return lines

    def model(self, arrays: ScriptArrays) -> models.Projection:
        """Return what the template needs."""
        projection, values, name = self.projection, self.values, self.object
        flags = "(constant)" if values.weights.ndim else "(constant, shared)"
        every_weight = {self.name("weight_0"): values.weights} if self.sums else {}
        for number, (_, weights) in enumerate(self.weights, 1):
            every_weight[self.name(f"weight_{number}")] = weights.astype(np.float64)
        lines = [f"{each} : {unit_text(self.dimension)} {flags}" for each in every_weight]
        assigned = [
            models.Assigned(each, self._weight_text(arrays, each, weights))
            for each, weights in every_weight.items()
        ]
        operations = []
        if self.switches:
            flag = self.name("connected")
            lines.append(f"{flag} : integer (shared)")
            assigned.append(models.Assigned(flag, str(int(projection.connected))))
            code = tuple(
                f"{flag} = {WHERE_INTEGER}(t_in_timesteps == {step}, {new}, {flag})"
                for step, new in self.switches
            )
            operation_name = self.names.object("connection", projection.name)
            operations.append(models.Operation(operation_name, code, "before_start"))
        delays = np.unique(values.delays)
        if delays.size > 1:
            delay_text = arrays.load(f"{name}.delays", values.delays)
            assigned.append(models.Assigned("delay", f"{delay_text} * dt"))
        return models.Projection(
            name=name,
            title=f"{self._title()}, {values.sources.size} edges",
            source=self.names.object("group", projection.source),
            event=self.names.event(projection.source, projection.event),
            target=self.names.object("group", projection.target),
            model_name=self.names.object("model", projection.name),
            model=tuple(lines),
            arrival_lines=tuple(self.arrival()),
            arrival=self.names.object("arrival", projection.name),
            sources=arrays.load(f"{name}.sources", values.sources.astype(np.int32)),
            targets=arrays.load(f"{name}.targets", values.targets.astype(np.int32)),
            delay=str(delays[0]) if delays.size == 1 else "",
            integers=(self.name("connected"),) if self.switches else (),
            values=tuple(assigned),
            operations=tuple(operations),
        )

    def _title(self) -> str:
        projection = self.projection
        emitted = ir.event_object(projection.source, projection.event)
        port = joined(projection.port)
        if projection.name.startswith("_"):
            return f"delayed action after {emitted}: port {port} of the same neuron"
        return f"projection {projection.name}: {emitted} -> port {port} of {projection.target}"

    def _weight_text(self, arrays: ScriptArrays, name: str, weights: NumberArray) -> str:
        return arrays.quantity(f"{self.object}.{name}", weights, self.dimension)
