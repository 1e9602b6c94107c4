"""The parts of a cell: declarations of a membrane and of receptors, and where they are written."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from netspec import library
from netspec.expr.nodes import Expression, Name, substitute
from netspec.expr.parse import shorten
from netspec.passes.problems import Problems
from netspec.spec.cells import Cell, Receptor
from netspec.spec.equations import (
    CellEquations,
    InlineCell,
    InlineReceptor,
    ParameterDeclaration,
    ReceptorEquations,
    StateDeclaration,
)
from netspec.spec.problems import listed, nearest
from netspec.spec.reader import format_path
from netspec.spec.values import Formula, ValueField


@dataclass(frozen=True, slots=True)
class Part:
    """One declaration within a cell: the membrane (no suffix) or a receptor.

    Attributes:
        path: Of the cell or receptor.
        in_place: The declaration is written in the document, not taken from the library.
        fields: Of the cell or receptor, where values of parameters are written too.
        rename: The declaration's own names to the cell's.
    """

    path: str
    in_place: bool
    fields: Set[str]
    values: Mapping[str, ValueField]
    parameters: Mapping[str, ParameterDeclaration]
    state: Mapping[str, StateDeclaration]
    rename: Mapping[str, Expression]

    def place(self, *steps: str | int) -> str:
        """Return the path of a part of the declaration, or of the model that it is the part of."""
        if not self.in_place:
            return f"{self.path}.model"
        return f"{self.path}.model.{format_path(('equations', *steps))}"

    def units(self) -> list[tuple[str, str]]:
        """Return each symbol that is declared with its unit."""
        parameters = [(own, declared.unit) for own, declared in self.parameters.items()]
        return parameters + [(own, declared.unit) for own, declared in self.state.items()]

    def renamed(self, value: ValueField | None) -> ValueField | None:
        """Return a value whose formula reads the cell's names."""
        if not isinstance(value, Formula):
            return value
        return Formula(value.text, substitute(value.expression, dict(self.rename)))

    def name(self, own: str) -> str:
        """Return what the cell calls one of the declaration's own names."""
        renamed = self.rename.get(own)
        return renamed.name if isinstance(renamed, Name) else own


def receptor_part(name: str, path: str, receptor: Receptor, declaration: ReceptorEquations) -> Part:
    """Return the part that a receptor is; its names carry the receptor's."""
    own = {*declaration.parameters, *declaration.state}
    return part_of(path, receptor, declaration, {each: Name(f"{each}_{name}") for each in own})


def part_of(
    path: str,
    owner: Cell | Receptor,
    declaration: CellEquations | ReceptorEquations,
    rename: Mapping[str, Expression],
) -> Part:
    """Return the part that a declaration is.

    Args:
        path: Of the cell or receptor.
        owner: The cell or receptor itself.
        declaration: Its model.
        rename: The declaration's own names to the cell's.
    """
    return Part(
        path=path,
        in_place=not isinstance(owner.model, str),
        fields=type(owner).model_fields.keys(),
        values=owner.parameters,
        parameters=declaration.declared_parameters,
        state=declaration.state,
        rename=rename,
    )


def cell_declaration(cell: Cell, path: str, problems: Problems) -> CellEquations | None:
    """Return the membrane of a cell, or `None` once it was reported that there is none."""
    if isinstance(cell.model, InlineCell):
        return cell.model.equations
    declaration = library.cell(cell.model)
    if declaration is None:
        _unknown_model(cell.model, "cells", f"{path}.model", problems)
    return declaration


def receptor_declaration(
    receptor: Receptor, path: str, problems: Problems
) -> ReceptorEquations | None:
    """Return the model of a receptor, or `None` once it was reported that there is none."""
    if isinstance(receptor.model, InlineReceptor):
        return receptor.model.equations
    declaration = library.receptor(receptor.model)
    if declaration is None:
        _unknown_model(receptor.model, "receptors", f"{path}.model", problems)
    return declaration


def _unknown_model(name: str, kind: str, path: str, problems: Problems) -> None:
    known = library.names(kind)
    problems.error(
        "unknown-model",
        path,
        f"the library of {kind} has no model '{shorten(name)}'",
        notes=(f"its models: {listed(known)}",),
        hints=nearest(name, known),
    )
