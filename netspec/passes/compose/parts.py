"""The declarations that a cell is made of: its membrane, its receptors and its mechanisms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from netspec import library
from netspec.expr.nodes import Expression, Name, names, substitute
from netspec.expr.parse import shorten
from netspec.passes.compose.alternatives import given_instead, with_alternatives
from netspec.passes.problems import Problems
from netspec.spec.cells import Cell, Mechanism, Receptor
from netspec.spec.equations import (
    CellEquations,
    GatherDeclaration,
    InlineCell,
    InlineMechanism,
    InlineReceptor,
    MechanismEquations,
    ReceptorEquations,
)
from netspec.spec.formulas import Formula
from netspec.spec.problems import listed, nearest
from netspec.spec.reader import format_path
from netspec.spec.values import ValueField, with_formulas

NOISE = re.compile(r"xi(_[A-Za-z0-9_]+)?", re.ASCII)
"""Names of white noise in derivatives; nobody can declare such a name."""

CURRENT = "current"
"""What a receptor or mechanism adds to an input, as a name of its own."""

GATHERED = "gathered"
"""What a receptor has summed over other neurons, as a name of its own."""

Equations = CellEquations | ReceptorEquations | MechanismEquations

DeclarationT = TypeVar("DeclarationT", CellEquations, ReceptorEquations, MechanismEquations)


def gather_of(declaration: Equations) -> GatherDeclaration | None:
    """Return what a receptor sums over other neurons; nothing else sums anything."""
    return declaration.gather if isinstance(declaration, ReceptorEquations) else None


@dataclass(frozen=True, slots=True)
class Part(Generic[DeclarationT]):
    """One declaration within a cell.

    Attributes:
        name: Of the receptor or mechanism; empty for the membrane.
        path: Of the cell, receptor or mechanism.
        declaration: Its equations, with the parameters that are given.
        declared_as: The same with all alternatives.
        chosen: Parameters that are given, by those that they are given for.
        in_place: They are written in the document, not taken from the library.
        fields: Of the cell, receptor or mechanism, where values of parameters are written too.
        values: Of its parameters, as given there.
        replaced: What its equations read in place of some of its names.
    """

    name: str
    path: str
    declaration: DeclarationT
    declared_as: DeclarationT
    chosen: Mapping[str, str]
    in_place: bool
    fields: Set[str]
    values: Mapping[str, ValueField]
    replaced: Mapping[str, Expression] = field(default_factory=dict)

    def place(self, *steps: str | int) -> str:
        """Return the path of a part of the declaration, or of the model that it is a part of."""
        if not self.in_place:
            return f"{self.path}.model"
        return f"{self.path}.model.{format_path(('equations', *steps))}"

    def role(self, *steps: str | int) -> str:
        """Return what names a place of the declaration in streams of random numbers."""
        return format_path((*((self.name,) if self.name else ()), *steps))

    def declared(self) -> Iterator[str]:
        """Yield all symbols that the declaration defines."""
        declaration = self.declaration
        yield from declaration.parameters
        yield from declaration.state
        yield from declaration.definitions
        if isinstance(declaration, CellEquations):
            yield from declaration.inputs
        elif declaration.current is not None:
            yield CURRENT
        if gather_of(declaration) is not None:
            yield GATHERED

    def rename(self, own: str) -> str:
        """Return what the cell calls a symbol of the declaration: `g` of AMPA is `g_AMPA`."""
        return f"{own}_{self.name}" if self.name else own

    def local(self, own: str) -> str:
        """Return what the cell calls a name that the declaration uses, also of the membrane's."""
        return self.rename(own) if own in set(self.declared()) else own

    def written(self, expression: Expression, *, replacing: bool = True) -> Expression:
        """Return an expression of the declaration in names of the cell.

        Args:
            expression: As declared.
            replacing: What mechanisms put in place of a name counts.
        """
        changes: dict[str, Expression] = {}
        if self.name:
            own = set(self.declared())
            used = names(expression)
            changes = {each: Name(self.rename(each)) for each in used & own}
            noise = (each for each in used if NOISE.fullmatch(each))
            changes |= {each: Name(self.rename(each)) for each in noise}
        if replacing:
            changes |= self.replaced
        return substitute(expression, changes)

    def renamed(self, value: ValueField | None, *, replacing: bool = False) -> ValueField | None:
        """Return a value whose formula reads the cell's names; `replacing` as for `written`."""

        def rewritten(formula: Formula) -> Formula:
            written = self.written(formula.expression, replacing=replacing)
            return Formula(formula.text, written)

        return None if value is None else with_formulas(value, rewritten)


@dataclass(frozen=True, slots=True)
class Parts:
    """All declarations of a cell; receptors and mechanisms in code-point order of their names."""

    main: Part[CellEquations]
    receptors: tuple[Part[ReceptorEquations], ...]
    mechanisms: tuple[Part[MechanismEquations], ...]

    @property
    def attached(self) -> list[Part[ReceptorEquations] | Part[MechanismEquations]]:
        """Receptors and mechanisms, by name."""
        both: list[Part[ReceptorEquations] | Part[MechanismEquations]]
        both = [*self.receptors, *self.mechanisms]
        return sorted(both, key=lambda part: part.name)

    @property
    def all(
        self,
    ) -> list[Part[CellEquations] | Part[ReceptorEquations] | Part[MechanismEquations]]:
        """The membrane, then what is attached to it."""
        return [self.main, *self.attached]


def parts_of(name: str, cell: Cell, problems: Problems) -> Parts | None:
    """Return the declarations of a cell, or `None` if one does not exist; that is reported."""
    path = f"cells.{name}"
    for shared in sorted(cell.receptors.keys() & cell.mechanisms.keys()):
        message = f"a receptor and a mechanism of the cell are both called '{shared}'"
        problems.error("duplicate-name", f"{path}.mechanisms.{shared}", message)
    main = _find(cell, InlineCell, library.cell, "cells", path, problems)
    receptors = {
        each: _find(
            own,
            InlineReceptor,
            library.receptor,
            "receptors",
            f"{path}.receptors.{each}",
            problems,
        )
        for each, own in sorted(cell.receptors.items())
    }
    mechanisms = {
        each: _find(
            own,
            InlineMechanism,
            library.mechanism,
            "mechanisms",
            f"{path}.mechanisms.{each}",
            problems,
        )
        for each, own in sorted(cell.mechanisms.items())
    }
    if main is None or None in receptors.values() or None in mechanisms.values():
        return None
    membrane = _part("", path, cell, main, problems)
    moved = [
        _part(each, f"{path}.mechanisms.{each}", cell.mechanisms[each], declaration, problems)
        for each, declaration in mechanisms.items()
        if declaration is not None
    ]
    return Parts(
        replace(membrane, replaced=_replacements(membrane.declaration, moved, problems)),
        tuple(
            _part(each, f"{path}.receptors.{each}", cell.receptors[each], declaration, problems)
            for each, declaration in receptors.items()
            if declaration is not None
        ),
        tuple(moved),
    )


def _find(
    owner: Cell | Receptor | Mechanism,
    inline: type[InlineCell] | type[InlineReceptor] | type[InlineMechanism],
    look_up: Callable[[str], DeclarationT | None],
    kind: str,
    path: str,
    problems: Problems,
) -> DeclarationT | None:
    model = owner.model
    if isinstance(model, inline):
        return model.equations  # type: ignore[return-value]
    assert isinstance(model, str)
    declaration = look_up(model)
    if declaration is None:
        known = library.names(kind)
        problems.error(
            "unknown-model",
            f"{path}.model",
            f"the library of {kind} has no model '{shorten(model)}'",
            notes=(f"its models: {listed(known)}",),
            hints=nearest(model, known),
        )
    return declaration


def _part(
    name: str,
    path: str,
    owner: Cell | Receptor | Mechanism,
    declaration: DeclarationT,
    problems: Problems,
) -> Part[DeclarationT]:
    chosen = given_instead(declaration.alternatives, owner.parameters, path, problems)
    return Part(
        name=name,
        path=path,
        declaration=with_alternatives(declaration, chosen),
        declared_as=declaration,
        chosen=chosen,
        in_place=not isinstance(owner.model, str),
        fields=type(owner).model_fields.keys(),
        values=owner.parameters,
    )


def _replacements(
    main: CellEquations, mechanisms: list[Part[MechanismEquations]], problems: Problems
) -> dict[str, Expression]:
    """Return what the membrane reads in place of its parameters; a later one reads the earlier."""
    found: dict[str, Expression] = {}
    for part in mechanisms:
        for own, formula in sorted(part.declaration.replaces.items()):
            if own not in main.parameters:
                problems.error(
                    "unknown-parameter",
                    part.place("replaces", own),
                    f"'{own}' is not a parameter of the membrane, so nothing can replace it",
                    notes=(f"its parameters: {listed(main.parameters)}",),
                    hints=nearest(own, main.parameters),
                )
                continue
            written = part.written(formula.expression)
            before = {own: found[own]} if own in found else {}
            found[own] = substitute(written, before)
    return found
