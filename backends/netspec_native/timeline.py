"""The timeline: assignments to shared arrays, in Python, before a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from netspec.codegen.arrays import AnyArray, number
from netspec.errors import InternalError
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, Thresholds
from netspec_native.arrays import ProgramArrays
from netspec_native.bundles import Group, Link
from netspec_native.cells import CellPrinter
from netspec_native.looks import GatherPrinter
from netspec_native.names import Names
from netspec_native.sources import SourcePrinter


def set_weights(bundle: int) -> str:
    """Return the name of the function that sets the weights of a bundle."""
    return f"netspec_set_weights_{bundle}"


class TimelinePrinter:
    """Prints entries; what they change may have been left out of the program.

    Args:
        names: Identifiers of the program.
        cells: By population.
        sources: By name.
        links: By projection, with the bundle; only those that can deliver something.
        gathers: By name, likewise.
        arrays: Where values go that are no numbers.
    """

    def __init__(
        self,
        names: Names,
        cells: Mapping[str, CellPrinter],
        sources: Mapping[str, SourcePrinter],
        links: Mapping[str, tuple[Link, Group]],
        gathers: Mapping[str, GatherPrinter],
        arrays: ProgramArrays,
    ) -> None:
        self.names = names
        self.cells = cells
        self.sources = sources
        self.links = links
        self.gathers = gathers
        self.arrays = arrays

    def lines(self, index: int, entry: RealisedEntry) -> Iterable[str]:
        """Yield the lines of one entry."""
        key, values = f"timeline.{index}", entry.values
        match entry.action, values:
            case (ir.Connect(link) | ir.Disconnect(link)) as action, _:
                if link in self.links or link in self.gathers:
                    connected = int(isinstance(action, ir.Connect))
                    yield f"{self.names('connected', link)}[0] = {connected}"
            case ir.SetWeight(link), np.ndarray():
                yield from self._weights(link, key, values)
            case ir.SetRate(source, view), Thresholds(high, low):
                printer = self.sources[source]
                for role, halves in (("high", high), ("low", low)):
                    place = f"{printer.name(role)}[{view.start}:{view.stop}]"
                    yield f"{place} = {self.arrays.number_or_load_once(f'{key}.{role}', halves)}"
            case ir.SetState(population, variable, view), np.ndarray():
                place = f"{view.start}:{view.stop}" if values.ndim else ":"
                own = self.cells[population].name(variable)
                yield f"{own}[{place}] = {self.arrays.number_or_load_once(key, values)}"
            case ir.SetParameter(population, parameter, view), np.ndarray():
                cell = self.cells[population]
                if parameter in cell.read:
                    place = f"{view.start}:{view.stop}" if values.ndim else ":"
                    text = self.arrays.number_or_load_once(key, values)
                    yield f"{cell.name(parameter)}[{place}] = {text}"
            case _:
                raise InternalError(f"timeline entry {index} has values of the wrong kind")

    def _weights(self, link: str, key: str, values: AnyArray) -> Iterable[str]:
        if link in self.gathers:
            gather = self.gathers[link]
            if gather.has_weights:
                text = self.arrays.number_or_load_once(key, gather.sort(values))
                yield f"{gather.name('weight')}[:] = {text}"
        elif link in self.links:
            own, group = self.links[link]
            if own.weights and own.weights.kind:
                text = self.arrays.load_once(key, own.weights.numbers(np.ascontiguousarray(values)))
                yield f"library.{set_weights(group.number)}(simulation, {text}.ctypes.data)"
            elif own.weights:
                weight = own.weights.numbers(values).flat[0]
                yield f"{self.names('weight', link)}[0] = {number(weight)}"
