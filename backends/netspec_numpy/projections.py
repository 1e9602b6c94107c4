"""Projections: their arrays, and how their events find their way to a port."""

from __future__ import annotations

from netspec.ir import nodes as ir
from netspec.ir.features import counts_events, sums_weights
from netspec.realise.network import NumberArray, RealisedProjection
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.edges import edge_table
from netspec_numpy.links import LinkPrinter
from netspec_numpy.names import Names


class ProjectionPrinter(LinkPrinter):
    """Everything that is printed for one projection with edges.

    Args:
        projection: Of the IR.
        values: Its edges.
        names: Identifiers of the program.
        source_size: Neurons of the source.
        port: Where the events go.
        is_switched: The timeline connects or disconnects it.
    """

    def __init__(
        self,
        projection: ir.Projection,
        values: RealisedProjection,
        names: Names,
        *,
        source_size: int,
        port: ir.Port,
        is_switched: bool,
    ) -> None:
        super().__init__(
            projection,
            values,
            names,
            weight_dimension=port.weight_dimension,
            has_weights=sums_weights(port),
            is_switched=is_switched,
        )
        self.projection = projection
        self.port = port
        self.table = edge_table(values, source_size)

    def sort(self, per_edge: NumberArray) -> NumberArray:
        """Return values of edges in the order of the program."""
        return self.table.sort(per_edge)

    @property
    def is_scheduled(self) -> bool:
        """Whether edges have several delays, so that events are put where they arrive."""
        return self.table.stretches is not None

    @property
    def title(self) -> str:
        """Return a line for readers."""
        each, table = self.projection, self.table
        source = ir.event_object(each.source, each.event)
        delay = "several delays" if table.delay is None else f"delay {table.delay}"
        return f"projection {each.name}: {source} to {each.target}.{each.port}, {delay}"

    def setup(self, arrays: ProgramArrays) -> models.ObjectSetup:
        """Return the edges and what the timeline may change about them."""
        key, table = f"edges.{self.projection.name}", self.table
        load_targets = arrays.load(f"{key}.targets", table.targets)
        load_first = arrays.load(f"{key}.first", table.first)
        values = [
            models.Constant(self.name("targets"), f"{load_targets}.astype(np.intp)"),
            models.Constant(
                self.name("first"),
                f"{load_first}.tolist()",
                "first stretch of each source"
                if self.is_scheduled
                else "first edge of each source",
            ),
        ]
        if table.stretches is not None:
            load_stretches = arrays.load(f"{key}.stretches", table.stretches)
            ring = f"[[] for _ in range({table.longest + 1})]"
            values += [
                models.Constant(self.name("stretches"), load_stretches, "delay, first edge, end"),
                models.Constant(self.name("ring"), ring, "edges whose events are on their way"),
            ]
        values += self.weights_and_switch(arrays)
        return models.ObjectSetup(self.title, tuple(values))

    def scheduled(self, fired: str) -> models.Scheduled:
        """Return how events are put where they arrive."""
        return models.Scheduled(
            fired, self.name("ring"), self.name("first"), self.name("stretches")
        )

    def delivery(self, fired: str, recent_length: int) -> models.Delivery:
        """Return how the events that arrive now are summed.

        Args:
            fired: What the source fires in this step.
            recent_length: Length of the ring of what it fired before, if there is one.
        """
        target = self.projection.target
        return models.Delivery(
            title=self.title,
            edges=self._edges(fired, recent_length),
            connected=self.connected,
            targets=self.name("targets"),
            size=self.names("size", target),
            accumulator=self.names("acc", target, self.port.name) if self.has_weights else "",
            weights="" if self.has_one_weight else self.weight,
            weight=self.weight if self.has_one_weight else "",
            n_events=self.names("n_events", target, self.port.name)
            if counts_events(self.port)
            else "",
        )

    def _edges(self, fired: str, recent_length: int) -> str:
        if self.is_scheduled:
            return f"due({self.name('ring')}, k)"
        if self.table.delay:
            recent = self.names("recent", self.projection.source, self.projection.event)
            fired = f"{recent}[(k - {self.table.delay}) % {recent_length}]"
        return f"leaving({fired}, {self.name('first')})"
