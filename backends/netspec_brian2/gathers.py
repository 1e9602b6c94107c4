"""Gathers: sums over edges or over a population, which Brian2 keeps in summed variables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from netspec.codegen.names import joined
from netspec.expr.nodes import names as names_in
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, RealisedProjection
from netspec.units import Dimension
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.cells import CellPrinter
from netspec_brian2.edges import EdgePrinter
from netspec_brian2.functions import WHERE
from netspec_brian2.names import POOLED, Names
from netspec_brian2.printer import Scope
from netspec_brian2.units import quantity_text, unit_text


class GatherPrinter:
    """A gather that can add something.

    Args:
        gather: Of the IR.
        values: Its edges.
        timeline: Entries of the whole network.
        names: Identifiers of the script.
        source, target: Its populations.
    """

    def __init__(
        self,
        gather: ir.Gather,
        values: RealisedProjection,
        timeline: Sequence[RealisedEntry],
        names: Names,
        source: CellPrinter,
        target: CellPrinter,
    ) -> None:
        self.gather = gather
        self.values = values
        self.names = names
        self.source = source
        self.target = target
        reads_weights = gather.pool is not None or ir.WEIGHT in names_in(gather.value)
        dimension = gather.weight_dimension if reads_weights else None
        self.edges = EdgePrinter(gather, values, timeline, names, dimension)

    def object(self, role: str) -> str:
        """Return the identifier of one of the objects of a pool."""
        return self.names.object(role, self.gather.name)

    @property
    def objects(self) -> tuple[str, ...]:
        """Identifiers of what takes part in the network."""
        pool = () if self.gather.pool is None else ("lanes", "into_lanes", "sum")
        return (*map(self.object, pool), self.edges.object)

    def functions(self) -> set[str]:
        """Return Brian2's names of the functions that the gather calls."""
        found = self.scope.functions([self.gather.value]) | self.edges.functions()
        return found | ({WHERE} if self.edges.switches else set())

    @cached_property
    def scope(self) -> Scope:
        """Names as one edge sees them, with a neuron at each end."""
        here, there = self.target.scope, self.source.scope
        common = {ir.TIME, ir.TIME_STEP}
        texts = {name: f"{text}_post" for name, text in here.texts.items()}
        texts |= {ir.source_name(name): f"{text}_pre" for name, text in there.texts.items()}
        texts |= {name: here.texts[name] for name in common}
        if self.edges.dimension is not None:
            texts[ir.WEIGHT] = self.edges.weight
        return Scope(
            texts=texts,
            kinds={
                **{ir.source_name(name): kind for name, kind in there.kinds.items()},
                **here.kinds,
                ir.WEIGHT: "real",
            },
            never_zero=here.never_zero | {ir.source_name(name) for name in there.never_zero},
            plain=None if here.plain is None else frozenset(),
            is_cython=here.is_cython,
        )

    def pool(self) -> models.Pool | None:
        """Return what sums the neurons of a pool, if it is one."""
        pool = self.gather.pool
        if pool is None:
            return None
        name, group = self.gather.name, self.source.group
        return models.Pool(
            title=f"pool of {name}: the neurons {pool.start} to {pool.stop - 1} of {group}",
            source=group,
            start=pool.start,
            stop=pool.stop,
            value=self.scope.print(self.gather.value),
            unit=unit_text(self._dimension / self.gather.weight_dimension),
            lanes=self.object("lanes"),
            into_lanes=self.object("into_lanes"),
            sum=self.object("sum"),
        )

    def model(self, arrays: ScriptArrays) -> models.Projection:
        """Return what the template of edges needs."""
        gather, values, edges = self.gather, self.values, self.edges
        summed = self.target.summed(gather)
        place = f"-> {joined(gather.local)} of {self.target.group}"
        if gather.pool is None:
            source = self.source.group
            sources = arrays.load(f"{edges.object}.sources", values.sources.astype(np.int32))
            title = f"gather {gather.name}: {source} {place}, {len(values)} edges"
        else:
            source = self.object("sum")
            sources = f"np.zeros({len(values)}, int)"
            title = f"gather {gather.name}: {source} {place}, {len(values)} targets"
        return models.Projection(
            name=edges.object,
            title=title,
            source=source,
            event="",
            target=self.target.group,
            model_name=self.object("model"),
            model=(*edges.declarations(), self._summing(summed)),
            arrival_lines=(),
            arrival="",
            sources=sources,
            targets=arrays.load(f"{edges.object}.targets", values.targets.astype(np.int32)),
            delay="",
            summed=f"{summed}_post",
            integers=edges.integers(),
            values=tuple(edges.assigned(arrays)),
            operations=tuple(edges.operations()),
        )

    @property
    def _dimension(self) -> Dimension:
        """Dimension of what is added to the targets."""
        gathered = self.target.cell.gathered
        return next(each.dimension for each in gathered if each.name == self.gather.local)

    def _summing(self, summed: str) -> str:
        """Return the equation of what each edge adds."""
        if self.gather.pool is None:
            text = self.scope.print(self.gather.value)
        else:
            text = f"{self.edges.weight} * {POOLED}_pre"
        if self.edges.switches:
            # A product with 0 would let through what is not finite.
            nothing = quantity_text("0.0", self._dimension)
            text = f"{WHERE}({self.edges.connected} == 1, {text}, {nothing})"
        return f"{summed}_post = {text} : {unit_text(self._dimension)} (summed)"
