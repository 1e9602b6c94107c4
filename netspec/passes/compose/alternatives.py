"""Parameters that may be given in place of others: `tau_m` for `g_L`.

A declaration with such alternatives stands for several. The values that a cell gives choose one:
what is given is a parameter, and what it stands for is a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from netspec.passes.problems import Problems
from netspec.spec.equations import (
    Alternative,
    CellEquations,
    MechanismEquations,
    ParameterDeclaration,
    ReceptorEquations,
)
from netspec.spec.values import ValueField

Alternatives = Mapping[str, Mapping[str, Alternative]]
"""What may be given in place of parameters, by the parameter."""

DeclarationT = TypeVar("DeclarationT", CellEquations, ReceptorEquations, MechanismEquations)


def given_instead(
    alternatives: Alternatives, values: Mapping[str, ValueField], path: str, problems: Problems
) -> dict[str, str]:
    """Return what is given in place of parameters, by the parameter.

    Args:
        alternatives: That there are.
        values: Of parameters, as given.
        path: Where they are given.
        problems: Where it goes if a parameter is given in two ways.
    """
    found = {}
    for own, others in alternatives.items():
        first, *more = [name for name in (own, *others) if name in values] or [own]
        for name in more:
            message = f"expected one of '{first}' and '{name}', got both: each would decide '{own}'"
            problems.error("two-values", f"{path}.{name}", message, hints=("leave one out",))
        if first != own:
            found[own] = first
    return found


def with_alternatives(declaration: DeclarationT, chosen: Mapping[str, str]) -> DeclarationT:
    """Return the declaration with other parameters, and with definitions of what they stand for.

    Args:
        declaration: Of a membrane, receptor or mechanism.
        chosen: What is given, by the parameter that it is given for.
    """
    parameters, definitions = dict(declaration.parameters), dict(declaration.definitions)
    for own, name in chosen.items():
        other = declaration.alternatives[own][name]
        parameters[name] = ParameterDeclaration(unit=other.unit, description=other.description)
        definitions[own] = other.value
        del parameters[own]
    return declaration.model_copy(update={"parameters": parameters, "definitions": definitions})
