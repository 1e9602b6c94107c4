"""What names a composed cell has, and what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Expression, names
from netspec.expr.types import Hidden, Symbols, ValueType
from netspec.ir.nodes import TIME, TIME_STEP
from netspec.passes.compose.parts import GATHERED, NOISE, Part, Parts, gather_of
from netspec.passes.problems import Problems
from netspec.spec.equations import (
    CellEquations,
    MechanismEquations,
    ReceptorEquations,
    StateDeclaration,
)
from netspec.units import TIME as TIME_DIMENSION, Dimension, parse_unit

_NOISE_INSIDE = re.compile(rf"\b{NOISE.pattern}\b", re.ASCII)

NOISE_DIMENSION = TIME_DIMENSION ** Fraction(-1, 2)
"""Of white noise: its integral over a time T has variance T."""

AnyPart = Part[CellEquations] | Part[ReceptorEquations] | Part[MechanismEquations]


@dataclass(frozen=True, slots=True)
class SymbolTable:
    """The symbols of a cell.

    Attributes:
        types: Dimension of every name that equations may read, without definitions.
        state: Declaration of every state variable.
        inputs: Dimension of what receptors and mechanisms add up to.
        noise: Names of white noise in derivatives, with their dimension.
        gathered: Dimension of what receptors sum over other neurons.
    """

    types: dict[str, ValueType]
    state: Mapping[str, StateDeclaration]
    inputs: Mapping[str, Dimension]
    noise: Mapping[str, ValueType]
    gathered: Mapping[str, Dimension]

    @property
    def integers(self) -> frozenset[str]:
        """State variables that are integers."""
        return frozenset(name for name, own in self.state.items() if own.kind == "integer")

    def before_run(self, definitions: Mapping[str, object]) -> dict[str, ValueType | Hidden]:
        """Return what can be read before step 0: parameters."""
        changing = (TIME, *self.state, *self.gathered)
        moving = dict.fromkeys(changing, Hidden("it changes while running"))
        moving |= dict.fromkeys(definitions, Hidden("it is computed while running"))
        moving |= dict.fromkeys(self.inputs, Hidden("it is an input of the cell"))
        return {**self.types, **moving}


def table_of(parts: Parts, problems: Problems) -> SymbolTable:
    """Return the symbols of a cell; what is declared twice is reported."""
    types: dict[str, ValueType] = {TIME: TIME_DIMENSION, TIME_STEP: TIME_DIMENSION}
    taken = {TIME, TIME_STEP}
    for part in parts.all:
        dimensions = dict(_dimensions(part))
        for own in part.declared():
            name = part.rename(own)
            if name in taken:
                otherwise = f"'{own}' of '{part.name}' would be one; call '{part.name}' otherwise"
                problems.error(
                    "duplicate-name",
                    part.place(),
                    f"the cell would have two symbols '{name}'",
                    hints=(otherwise,) if part.name else (),
                )
            taken.add(name)
            if own in dimensions:
                types[name] = dimensions[own]
    inputs = {
        name: parse_unit(unit).dimension
        for name, unit in sorted(parts.main.declaration.inputs.items())
    }
    return SymbolTable(
        types=types,
        state={
            part.rename(own): declared
            for part in parts.all
            for own, declared in part.declaration.state.items()
        },
        inputs=inputs,
        noise={name: NOISE_DIMENSION for part in parts.all for name in _noise(part)},
        gathered={
            part.rename(GATHERED): parse_unit(gather.unit).dimension
            for part in parts.receptors
            if (gather := gather_of(part.declaration)) is not None
        },
    )


def with_hidden_noise(symbols: Symbols, expression: Expression) -> Symbols:
    """Return symbols that say where white noise belongs, if they do not hold it."""
    hidden = Hidden("white noise stands in derivatives; write 'normal()' here")
    unknown = (name for name in names(expression) - symbols.keys() if NOISE.fullmatch(name))
    return {**symbols, **dict.fromkeys(unknown, hidden)}


@contextmanager
def noise_explained() -> Iterator[None]:
    """Say which unit white noise has where dimensions do not go together because of it."""
    try:
        yield
    except ExpressionError as error:
        if error.code == "wrong-dimension" and _NOISE_INSIDE.search(error.excerpt):
            error.hints += ("'xi' has the unit 1/√second, as in 'sigma*sqrt(2/tau)*xi'",)
        raise


def _dimensions(part: AnyPart) -> Iterator[tuple[str, Dimension]]:
    for own, parameter in part.declaration.declared_parameters.items():
        yield own, parse_unit(parameter.unit).dimension
    for own, variable in part.declaration.state.items():
        yield own, parse_unit(variable.unit).dimension
    if (gather := gather_of(part.declaration)) is not None:
        yield GATHERED, parse_unit(gather.unit).dimension


def _noise(part: AnyPart) -> Iterator[str]:
    for formula in part.declaration.derivatives.values():
        for name in sorted(names(formula.expression)):
            if NOISE.fullmatch(name):
                yield part.rename(name)


def require_state(
    own: str, part: AnyPart, parts: Parts, table: SymbolTable, hints: tuple[str, ...]
) -> str:
    """Return the cell's name of a state variable that a statement of a part assigns.

    A membrane may also assign variables of what is attached to it, by the cell's name; what is
    attached may assign its own variables and the membrane's.

    Raises:
        ExpressionError: It is none.
    """
    for owner in (part, parts.main):
        if own in owner.declaration.state:
            return owner.rename(own)
    if part is parts.main and own in table.state:
        return own
    declared = {*part.declaration.parameters, *parts.main.declaration.parameters}
    defined = {*part.declared(), *parts.main.declared()}
    what = "a parameter" if own in declared else "computed" if own in defined else "not defined"
    raise ExpressionError(
        "unknown-state",
        f"a statement assigns '{own}', which is {what}; only state variables can be assigned",
        own,
        hints,
    )
