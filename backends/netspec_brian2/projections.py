"""Projections: explicit edges whose events add weights to the port of a group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netspec.codegen.names import joined
from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.network import RealisedEntry, RealisedProjection
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.edges import EdgePrinter
from netspec_brian2.names import Names


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
        dimension = port.weight_dimension if self.sums else None
        self.edges = EdgePrinter(projection, values, timeline, names, dimension)

    @property
    def objects(self) -> tuple[str, ...]:
        """Identifiers of what takes part in the network."""
        return (self.edges.object,)

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the projection calls."""
        return self.edges.functions()

    def arrival(self) -> list[str]:
        """Return what an event does when it arrives; it reads weight and switch then."""
        target, port, lines = self.projection.target, self.port.name, list[str]()
        is_switched = bool(self.edges.switches)
        if self.sums:
            acc = self.names.variable(target, "acc", port)
            gate = f" * {self.edges.connected}" if is_switched else ""
            lines.append(f"{acc}_post += {self.edges.weight}{gate}")
        if self.counts:
            n_events = self.names.variable(target, "n_events", port)
            one = self.edges.connected if is_switched else "1"
            lines.append(f"{n_events}_post += {one}")
        return lines

    def model(self, arrays: ScriptArrays) -> models.Projection:
        """Return what the template needs."""
        projection, values, edges = self.projection, self.values, self.edges
        assigned = list(edges.assigned(arrays))
        delays = np.unique(values.delays)
        if delays.size > 1:
            delay_text = arrays.load(f"{edges.object}.delays", values.delays)
            assigned.append(models.Assigned("delay", f"{delay_text} * dt"))
        return models.Projection(
            name=edges.object,
            title=f"{self._title()}, {len(values)} edges",
            source=self.names.object("group", projection.source),
            event=self.names.event(projection.source, projection.event),
            target=self.names.object("group", projection.target),
            model_name=self.names.object("model", projection.name),
            model=tuple(edges.declarations()),
            arrival_lines=tuple(self.arrival()),
            arrival=self.names.object("arrival", projection.name),
            sources=arrays.load(f"{edges.object}.sources", values.sources.astype(np.int32)),
            targets=arrays.load(f"{edges.object}.targets", values.targets.astype(np.int32)),
            delay=str(delays[0]) if delays.size == 1 else "",
            summed="",
            integers=edges.integers(),
            values=tuple(assigned),
            operations=tuple(edges.operations()),
        )

    def _title(self) -> str:
        projection = self.projection
        emitted = ir.event_object(projection.source, projection.event)
        port = joined(projection.port)
        if projection.port.startswith("_"):
            return f"delayed action after {emitted}: port {port} of the same neuron"
        return f"projection {projection.name}: {emitted} -> port {port} of {projection.target}"
