"""The built-in membranes, receptors and mechanisms: declarations in the language that users have.

Each is a JSON file of `cells/`, `receptors/` or `mechanisms/`; adding one is adding a file. A test
runs all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from netspec.spec.equations import CellEquations, MechanismEquations, ReceptorEquations
from netspec.spec.reader import read_text

Equations = CellEquations | ReceptorEquations | MechanismEquations


def names(kind: str) -> tuple[str, ...]:
    """Return the names of the library's `cells`, `receptors` or `mechanisms`, sorted."""
    folder = files(__name__).joinpath(kind)
    return tuple(
        sorted(
            entry.name.removesuffix(".json")
            for entry in folder.iterdir()
            if entry.name.endswith(".json")
        )
    )


@cache
def cell(name: str) -> CellEquations | None:
    """Return the declaration of a membrane, or `None` if the library has none of that name."""
    if name not in names("cells"):
        return None
    return CellEquations.model_validate(_declaration("cells", name))


@cache
def receptor(name: str) -> ReceptorEquations | None:
    """Return the declaration of a receptor, or `None` if the library has none of that name."""
    if name not in names("receptors"):
        return None
    return ReceptorEquations.model_validate(_declaration("receptors", name))


@cache
def mechanism(name: str) -> MechanismEquations | None:
    """Return the declaration of a mechanism, or `None` if the library has none of that name."""
    if name not in names("mechanisms"):
        return None
    return MechanismEquations.model_validate(_declaration("mechanisms", name))


_FINDERS: Mapping[str, Callable[[str], Equations | None]] = {
    "cells": cell,
    "receptors": receptor,
    "mechanisms": mechanism,
}


def declarations(kind: str) -> dict[str, Equations]:
    """Return the declarations of the library's `cells`, `receptors` or `mechanisms`, by name."""
    found = {name: _FINDERS[kind](name) for name in names(kind)}
    return {name: each for name, each in found.items() if each is not None}


def _declaration(kind: str, name: str) -> dict[str, object]:
    file = files(__name__).joinpath(kind, f"{name}.json")
    return read_text(file.read_text(encoding="utf-8"), file=file.name, syntax="json").data
