"""The timeline: assignments to shared arrays, in Python, before a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

import numpy as np

from netspec.codegen.arrays import AnyArray, is_uniform, number
from netspec.codegen.steps import pattern
from netspec.errors import InternalError
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedEntry, Thresholds
from netspec_native import driver_models
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

    def changes(self, timeline: tuple[RealisedEntry, ...]) -> tuple[driver_models.Change, ...]:
        """Return the lines of every step with some, those of steps with the same lines once."""
        found: dict[tuple[str, ...], list[int]] = {}
        numbered = enumerate(timeline)
        for step, entries in groupby(numbered, key=lambda pair: pair[1].step):
            lines = tuple(line for index, entry in entries for line in self.lines(index, entry))
            if lines:
                found.setdefault(lines, []).append(step)
        return tuple(driver_models.Change(tuple(k), pattern(k), each) for each, k in found.items())

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
                    yield f"{place} = {self._values(f'{key}.{role}', halves)}"
            case ir.SetState(population, variable, view), np.ndarray():
                place = f"{view.start}:{view.stop}" if values.ndim else ":"
                own = self.cells[population].name(variable)
                yield f"{own}[{place}] = {self._values(key, values)}"
            case ir.SetParameter(population, parameter, view), np.ndarray():
                cell = self.cells[population]
                if parameter in cell.read:
                    place = f"{view.start}:{view.stop}" if values.ndim else ":"
                    yield f"{cell.name(parameter)}[{place}] = {self._values(key, values)}"
            case _:
                raise InternalError(f"timeline entry {index} has values of the wrong kind")

    def _weights(self, link: str, key: str, values: AnyArray) -> Iterable[str]:
        if link in self.gathers:
            gather = self.gathers[link]
            if gather.has_weights:
                yield f"{gather.name('weight')}[:] = {self._values(key, gather.sort(values))}"
        elif link in self.links:
            own, group = self.links[link]
            if own.weights and own.weights.kind:
                text = self.arrays.load_once(key, own.weights.numbers(np.ascontiguousarray(values)))
                yield f"library.{set_weights(group.number)}(simulation, {text}.ctypes.data)"
            elif own.weights:
                weight = own.weights.numbers(values).flat[0]
                yield f"{self.names('weight', link)}[0] = {number(weight)}"

    def _values(self, key: str, values: AnyArray) -> str:
        """Return the text of values, which is the same wherever the values are."""
        if values.ndim == 0 or is_uniform(values):
            return number(values.flat[0])
        return self.arrays.load_once(key, values)
