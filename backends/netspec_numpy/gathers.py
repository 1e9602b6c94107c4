"""Sums over edges and over pools, taken before the step."""

from __future__ import annotations

from netspec.expr.nodes import names as names_in
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedProjection
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cells import CellPrinter
from netspec_numpy.links import LinkPrinter
from netspec_numpy.names import Names
from netspec_numpy.printer import Scope, assignment


class GatherPrinter(LinkPrinter):
    """Everything that is printed for one gather with edges.

    Args:
        gather: Of the IR.
        values: Its edges.
        names: Identifiers of the program.
        source, target: Of its populations.
        is_switched: The timeline connects or disconnects it.
    """

    def __init__(
        self,
        gather: ir.Gather,
        values: RealisedProjection,
        names: Names,
        *,
        source: CellPrinter,
        target: CellPrinter,
        is_switched: bool,
    ) -> None:
        super().__init__(
            gather,
            values,
            names,
            weight_dimension=gather.weight_dimension,
            has_weights=gather.pool is not None or ir.WEIGHT in names_in(gather.value),
            is_switched=is_switched,
        )
        self.gather = gather
        self.source = source
        self.target = target

    @property
    def title(self) -> str:
        """Return a line for readers."""
        each = self.gather
        what = "edges" if each.pool is None else "all neurons"
        return f"{each.name}: over {what} from {each.source} to {each.target}.{each.local}"

    def setup(self, arrays: ProgramArrays) -> models.ObjectSetup:
        """Return the edges and what the timeline may change about them."""
        key, values = f"edges.{self.gather.name}", []
        if self.gather.pool is None:
            load = arrays.load(f"{key}.sources", self.values.sources)
            values.append(models.Constant(self.name("sources"), f"{load}.astype(np.intp)"))
        load = arrays.load(f"{key}.targets", self.values.targets)
        values.append(models.Constant(self.name("targets"), f"{load}.astype(np.intp)"))
        values += self.weights_and_switch(arrays)
        return models.ObjectSetup(f"gather {self.title}", tuple(values))

    def lines(self) -> models.GatherLines:
        """Return the statements that add to the target's local."""
        pool, local = self.gather.pool, self.target.name(self.gather.local)
        if pool is None:
            size, targets = self.target.size, self.name("targets")
            terms = assignment("terms", self._terms(f"{targets}.shape"), 8 + 4 * self.is_switched)
            added = f"{local} += np.bincount({targets}, terms, {size})"
        else:
            terms = assignment("terms", self._terms(f"({len(pool)},)"), 8 + 4 * self.is_switched)
            added = f"{local}[{self.name('targets')}] += {self.weight} * sum_in_lanes(terms)"
        return models.GatherLines(self.title, self.connected, (terms, added))

    def _terms(self, shape: str) -> str:
        """Return what is summed, as an array of some shape."""
        value, pool = self.gather.value, self.gather.pool
        source = self.name("sources") if pool is None else f"{pool.start}:{pool.stop}"
        there, here = self.source.part(source), self.target.part(self.name("targets"))
        texts = {**here.texts, ir.WEIGHT: self.weight}
        texts |= {ir.source_name(name): text for name, text in there.texts.items()}
        common = {*self.target.common, *map(ir.source_name, self.source.common)}
        scalars = {*here.scalars, *map(ir.source_name, there.scalars)}
        if self.has_one_weight:
            common.add(ir.WEIGHT)
            scalars.add(ir.WEIGHT)
        text = Scope(texts, frozenset(scalars)).print(value)
        return f"np.broadcast_to({text}, {shape})" if names_in(value) <= common else text
