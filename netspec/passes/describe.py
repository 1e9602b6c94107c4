"""Readable text of what passes make, for `compile --print-after`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from netspec.expr.nodes import Expression
from netspec.expr.text import write
from netspec.ir.dump import dump
from netspec.ir.recipe import Drawn, Item, PoissonRecipe, Recipe, TrainsRecipe
from netspec.passes.resolved import ResolvedNetwork
from netspec.realise.network import RealisedNetwork
from netspec.units import Dimension


def describe_resolved(network: ResolvedNetwork) -> str:
    """Return a resolved network as an indented outline."""
    return "\n".join(_outline("network", network, 0)) + "\n"


def describe_realised(network: RealisedNetwork) -> str:
    """Return the IR and a summary of each array of a realised network."""
    lines = [dump(network.ir).rstrip("\n"), f"fingerprint {network.fingerprint}"]
    for name, population in network.populations.items():
        for parameter, values in population.parameters.items():
            lines.append(f"{name}.{parameter} = {_array(values)}")
        for variable, values in population.initial.items():
            lines.append(f"{name}.{variable} before step 0 = {_array(values)}")
    for name, projection in network.projections.items():
        lines.append(f"{name}: {len(projection)} edges")
        lines.append(f"  weights {_array(projection.weights)}")
        lines.append(f"  delays {_array(projection.delays)} steps")
    return "\n".join(lines) + "\n"


def drawn_values(recipe: Recipe) -> tuple[tuple[str, str], ...]:
    """Return place and distribution of every value that is drawn, for `check`."""
    found = {
        item.path: item.value.words for item in _items(recipe) if isinstance(item.value, Drawn)
    }
    return tuple(found.items())


def _items(recipe: Recipe) -> Iterator[Item]:
    for population in recipe.populations.values():
        yield from (*population.parameters, *population.initial)
    for coordinates in recipe.positions.values():
        yield from coordinates
    for name, source in recipe.sources.items():
        if isinstance(source, PoissonRecipe):
            yield Item("rate", source.rate, f"inputs.{name}.rate")
        if isinstance(source, TrainsRecipe):
            yield from source.parameters
    for projection in recipe.projections.values():
        yield Item("weight", projection.weight, f"{projection.path}.weight")
        yield Item("delay", projection.delay, projection.delay_path)
    yield from (item for item in recipe.timeline if item is not None)


def _outline(name: str, value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Expression):
        yield f"{indent}{name}: {write(value)}"
    elif isinstance(value, Dimension | Fraction):
        yield f"{indent}{name}: {value}"
    elif is_dataclass(value):
        yield f"{indent}{name}: {type(value).__name__}"
        for field in fields(value):
            yield from _outline(field.name, getattr(value, field.name), depth + 1)
    elif isinstance(value, tuple) and any(is_dataclass(each) for each in value):
        yield f"{indent}{name}:"
        for number, each in enumerate(value):
            yield from _outline(str(number), each, depth + 1)
    elif isinstance(value, tuple) and len(value) > 8:
        yield f"{indent}{name}: {len(value)} items"
    else:
        yield f"{indent}{name}: {value}"


def _array(values: np.ndarray[Any, Any]) -> str:
    if values.ndim == 0:
        return repr(values.item())
    if not values.size:
        return "none"
    return f"{values.size} values from {values.min().item()!r} to {values.max().item()!r}"
