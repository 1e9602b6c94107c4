"""Parts of a network: what a thread works on, and how a step goes through all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netspec.expr.math.exponential import EXPREL_NEAR_TO
from netspec.ir import nodes as ir
from netspec_native import edge_models, models
from netspec_native.cells import CellPrinter
from netspec_native.pieces import section_of
from netspec_native.printer import C_TYPES
from netspec_native.weights import Row

if TYPE_CHECKING:
    from netspec_native.context import Context

_FEW, _WIDTH = 64, 16
"""So few neurons stay together; parts of more are multiples of a width."""

_RARE = 1 << 10
"""Steps in which an edge has some events."""

_NEURONS_PER_SPIN, _LEAST_SPINS = 16, 1024
"""A thread spins for about as long as it takes to advance the network, and then sleeps."""

_PARALLEL = 20_000
"""Fewer neurons and events than this in a step are done before threads have met."""


def share(size: int, parts: int) -> int:
    """Return how many neurons of a population are in each part at most."""
    if size <= _FEW:
        return size
    even = -(-size // parts)
    return -(-even // _WIDTH) * _WIDTH


def pays_threads(neurons: int, edges: float) -> bool:
    """Tell whether steps take so long that several threads pay."""
    return neurons + edges / _RARE >= _PARALLEL


class PartsPrinter:
    """The types of the C file and the functions that go through all parts."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def parts(self) -> models.Parts:
        """Return the types of the C file."""
        return models.Parts(
            shared=tuple(self.context.arrays),
            shares=tuple(each.share for each in self._divided()),
            fields=tuple(self._fields()),
            n_bundles=len(self.context.bundles),
            grows=self.context.grows,
            near=EXPREL_NEAR_TO,
        )

    def run(self) -> models.Run:
        """Return how a step and a run go."""
        gathers = tuple(each.model() for each in self.context.gathers)
        gathered = (
            models.Gathered(cell.name(local.name), cell.of("first"), cell.of("end"))
            for cell in self.context.cells
            for local in cell.cell.gathered
            if local.name in cell.read
        )
        return models.Run(
            divided=tuple(self._divided()),
            rows=tuple(self._rows()),
            buffers=tuple(self._buffers()),
            countdowns=tuple(
                models.Countdown(cell.name(ir.COUNTDOWN), cell.of("first"), cell.of("end"))
                for cell in self.context.cells
                if cell.has_short_countdown
            ),
            shared_state=tuple(
                cell.name(name) for cell in self.context.cells for name in cell.shared_state
            ),
            bundles=tuple(each.model() for each in self.context.bundles),
            emitters=tuple(map(self._emitter, self.context.emitting)),
            updates=tuple(cell.of("update") for cell in self.context.cells),
            ports=tuple(cell.of("ports") for cell in self.context.cells)
            if self.context.is_split
            else (),
            sources=tuple(each.name("emit") for each in self.context.sources),
            samplings=tuple(each.name("record") for each in self.context.recordings),
            pools=tuple(each for each in gathers if each.pool is not None),
            gathers=gathers,
            gathered=tuple(gathered) if gathers else (),
            waits_after_gathers=any(each.pool is None for each in gathers),
            least_parts=self.context.least_parts,
            few=_FEW,
            width=_WIDTH,
            spins=max(_LEAST_SPINS, sum(self.context.sizes.values()) // _NEURONS_PER_SPIN),
            n_totals=len(gathers),
            n_departures=sum(len(each.sources) for each in self.context.bundles),
            section=section_of(len(self.context.cells)),
        )

    def _divided(self) -> list[models.Divided]:
        owners = [each.name for each in self.context.ir.populations]
        owners += [each.source.name for each in self.context.sources]
        return [
            models.Divided(
                self.context.sizes[name],
                self.context.names("share", name),
                self.context.names("first", name),
                self.context.names("end", name),
            )
            for name in owners
        ]

    def _fields(self) -> Iterator[models.Field]:
        """Yield what a part knows beside its rows and bundles."""
        for each in self._divided():
            yield models.Field("int64_t", each.first)
            yield models.Field("int64_t", each.end)
        for row in self._rows():
            yield models.Field(row.kind, f"*{row.acc}")
            yield models.Field("int32_t", f"*{row.n_events}")
        for emitter in map(self._emitter, self.context.emitting):
            yield models.Field("uint32_t", f"*{emitter.fired}[2]")
            yield models.Field("int64_t", f"{emitter.n_fired}[2]")
        for buffer in self._buffers():
            yield models.Field(buffer.kind, f"*{buffer.name}")
        for cell in self.context.cells:
            yield from _fields_of(cell)
        for source in self.context.sources:
            if not source.is_poisson:
                yield models.Field("int64_t", source.name("next"), "listed event")
        for recording in self.context.recordings:
            if recording.recording.windows is not None:
                yield models.Field("int64_t", recording.name("n_samples"), "next sample")

    def _rows(self) -> list[models.Row]:
        found = []
        for population, port in self.context.fed:
            own = (population.name, port.name)
            row = self.context.rows.get(own, Row())
            found.append(
                models.Row(
                    acc=self.context.names("acc", *own),
                    n_events=self.context.names("n_events", *own),
                    kind=row.kind,
                    sums="sums" if row.unit is None else "whole_sums",
                    share=self.context.names("share", population.name),
                )
            )
        return found

    def _buffers(self) -> list[models.Buffer]:
        return [
            models.Buffer(cell.name(name), cell.stored_type(name), cell.of("share"))
            for cell in self.context.cells
            for name in cell.of_part
        ]

    def _emitter(self, emitter: ir.Emitter) -> models.Emitter:
        own = (emitter.owner, emitter.event)
        return models.Emitter(
            title=emitter.name,
            fired=self.context.names("fired", *own),
            n_fired=self.context.names("n_fired", *own),
            steps=self.context.names("steps", *own),
            indices=self.context.names("indices", *own),
            size=emitter.size,
            room=self.context.room(emitter),
            share=self.context.names("share", emitter.owner),
            leaving=tuple(
                edge_models.Leaving(bundle.group.number, bundle.sources[own])
                for bundle in self.context.bundles
                if own in bundle.sources
            ),
        )


def _fields_of(cell: CellPrinter) -> Iterator[models.Field]:
    for name in cell.shared_state:
        yield models.Field(C_TYPES[cell.kinds[name]], cell.name(name))
    for draw in cell.cell.draws:
        if cell.has_limits(draw):
            limits = cell.names("limits", cell.population.name, draw.name)
            yield models.Field("struct limits", limits)
