"""The timeline: assignments at the beginning of a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from netspec.codegen.arrays import number
from netspec.errors import InternalError
from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedEntry, Thresholds
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cells import CellPrinter
from netspec_numpy.links import LinkPrinter
from netspec_numpy.sources import SourcePrinter


class TimelinePrinter:
    """Prints entries; what they change may have been left out of the program.

    Args:
        cells: By population.
        sources: By name.
        projections: By name, only those that can deliver something.
        arrays: Where values go that are no numbers.
    """

    def __init__(
        self,
        cells: Mapping[str, CellPrinter],
        sources: Mapping[str, SourcePrinter],
        projections: Mapping[str, LinkPrinter],
        arrays: ProgramArrays,
    ) -> None:
        self.cells = cells
        self.sources = sources
        self.projections = projections
        self.arrays = arrays

    def lines(self, index: int, entry: RealisedEntry) -> Iterable[str]:
        """Yield the lines of one entry."""
        key, values = f"timeline.{index}", entry.values
        match entry.action, values:
            case (ir.Connect(projection) | ir.Disconnect(projection)) as action, _:
                if projection in self.projections:
                    flag = self.projections[projection].connected
                    yield f"{flag} = {isinstance(action, ir.Connect)}"
            case ir.SetWeight(projection), np.ndarray():
                if projection in self.projections and self.projections[projection].has_weights:
                    yield self._weight(self.projections[projection], key, values)
            case ir.SetRate(source, view), Thresholds(high, low):
                printer = self.sources[source]
                new_high = self.arrays.number_or_load_once(f"{key}.high", high)
                new_low = self.arrays.number_or_load_once(f"{key}.low", low)
                yield f"{printer.name('high')}[{view.start}:{view.stop}] = {new_high}"
                yield f"{printer.name('low')}[{view.start}:{view.stop}] = {new_low}"
                yield f"{printer.name('batch_end')} = k  # the same draws, against new thresholds"
            case ir.SetState(population, variable, view), np.ndarray():
                place = f"{self.cells[population].name(variable)}"
                place += f"[{view.start}:{view.stop}]" if values.ndim else "[:]"
                yield f"{place} = {self.arrays.number_or_load_once(key, values)}"
            case ir.SetParameter(population, parameter, view), np.ndarray():
                cell = self.cells[population]
                if cell.keeps(parameter):
                    place = f"[{view.start}:{view.stop}]" if values.ndim else ""
                    text = self.arrays.number_or_load_once(key, values)
                    yield f"{cell.name(parameter)}{place} = {text}"
                    for end in cell.redrawn(parameter):
                        yield f"{end} = k  # the same draws, with new means"
            case _:
                raise InternalError(f"timeline entry {index} has values of the wrong kind")

    def _weight(self, printer: LinkPrinter, key: str, values: NumberArray) -> str:
        if printer.has_one_weight:
            return f"{printer.weight} = {number(values)}"
        return f"{printer.weight} = {self.arrays.load_once(key, printer.sort(values))}"
