"""One place that the timeline sets, with all that there is to know about it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from netspec.expr.types import Hidden, Symbols
from netspec.ir.nodes import View
from netspec.ir.recipe import Value
from netspec.passes.readable import NeuronSymbols, neuron_symbols
from netspec.passes.resolved import Assign, ComposedCell, Kind
from netspec.passes.scope import Scope
from netspec.passes.values import resolve_value
from netspec.spec.problems import listed, nearest
from netspec.spec.values import ValueField
from netspec.units import Dimension

_PLACE = re.compile(r"([^.]*)\.([A-Za-z][A-Za-z0-9_]*)", re.ASCII)

_BEFORE = Hidden("what is set is computed before step 0")


def parts_of(place: str) -> tuple[str, str] | None:
    """Return whose and what a place is, or `None` if it is none.

    >>> parts_of("exc[0:10].V")
    ('exc[0:10]', 'V')
    """
    match = _PLACE.fullmatch(place)
    return (match[1], match[2]) if match else None


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that the timeline gives to something.

    Attributes:
        owner: Whose it is, as written: `exc[0:10]`.
        variable: What is set.
        value: As written.
        step: When.
        path: Of the value in the document.
        scope: Of names.
    """

    owner: str
    variable: str
    value: ValueField
    step: int
    path: str
    scope: Scope

    def refuse(self, code: str, message: str, *hints: str) -> None:
        """Report that it cannot be set."""
        self.scope.problems.error(code, self.path, message, hints=hints)

    def refuse_variable(self, owner: str, known: Collection[str]) -> None:
        """Report that the owner has nothing of this name that could be set."""
        self.scope.problems.error(
            "unknown-variable",
            self.path,
            f"'{owner}' has no '{self.variable}' that could be set",
            notes=(f"what can be set: {listed(known)}",),
            hints=nearest(self.variable, known),
        )

    def symbols(
        self, owner: str, cell: ComposedCell | None = None, *, alike: bool = False
    ) -> NeuronSymbols:
        """Return what the value reads where it is one of neurons.

        Args:
            owner: The population or input that they belong to.
            cell: That they are; `None` for an input.
            alike: All share the value.
        """
        return neuron_symbols(cell, self.scope.positions_of(owner), _BEFORE, alike=alike)

    def resolved(self, dimension: Dimension, symbols: Symbols, view: View) -> Value | None:
        """Return the value for the neurons of a view, or `None` once a problem was reported."""
        problems, count = self.scope.problems, len(view)
        return resolve_value(self.value, dimension, symbols, self.path, problems, count=count)

    def assign(
        self, kind: Kind, target: str, view: View, value: Value | None, variable: str = ""
    ) -> Assign | None:
        """Return the entry of the timeline, if there is a value.

        Args:
            kind: Of the variable.
            target: Whose it is.
            view: Neurons meant.
            value: That they get.
            variable: Its name in the target, if that is another than in the document.
        """
        if value is None:
            return None
        return Assign(self.step, kind, target, variable or self.variable, view, value, self.path)
