"""Write the generated blocks of the documentation anew: `python docs/generate.py`.

A block stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. The function that `BLOCKS` has
under that name makes its text from the code, so that a table cannot say something else than
netspec does. A test compares.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from netspec import library
from netspec.expr import parse
from netspec.expr.functions import AUTHOR_FUNCTIONS, MAX_WHOLE_POWER
from netspec.ir.features import FEATURES
from netspec.passes.size import MAX_NODES
from netspec.realise.values import MAX_DELAY
from netspec.spec.equations import (
    CellEquations,
    MechanismEquations,
    ParameterDeclaration,
    ReceptorEquations,
)
from netspec.spec.names import RESERVED, SYNONYMS
from netspec.spec.reading import limits
from netspec.spec.values import Formula, Value
from netspec.units import DIMENSIONLESS, EXPRESSION_UNITS, UNITS, Dimension

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("docs/language.md", "docs/backends.md", "docs/coming-from.md")

_BLOCK = re.compile(r"(<!-- begin ([a-z-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)

_WORDS = {
    "abs": "absolute value",
    "arctan": "inverse of the tangent, within ±π/2",
    "ceil": "next whole number upwards",
    "clip": "`clip(x, low, high)`: the nearest value within the bounds",
    "cos": "cosine",
    "cosh": "hyperbolic cosine",
    "exp": "e^x",
    "expm1": "e^x - 1, exact for small x",
    "exprel": "(e^x - 1)/x, and 1 at 0",
    "floor": "next whole number downwards",
    "log": "natural logarithm",
    "log10": "logarithm to the base 10",
    "log1p": "log(1 + x), exact for small x",
    "max": "the larger of two",
    "crosses_up": "whether it has just become positive",
    "min": "the smaller of two",
    "normal": "`normal()`: a random number with mean 0 and standard deviation 1",
    "previous": "`previous(x)`: a state variable in the step before",
    "uniform": "`uniform()`: a random number in [0, 1)",
    "sigmoid": "1/(1 + e^-x)",
    "sign": "1, 0 or -1",
    "sin": "sine",
    "sinh": "hyperbolic sine",
    "source": "`source(x)`: where a receptor gathers, the `x` of the neuron at the other end",
    "sqrt": "square root",
    "tan": "tangent",
    "tanh": "hyperbolic tangent",
    "where": "`where(condition, x, y)`: x where it holds, else y",
}


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(titles)
    lines = [f"| {' | '.join(head)} |", "|--" * len(head) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _value(value: Value) -> str:
    return value.text if isinstance(value, Formula) else str(value)


def _parameters(declared: Mapping[str, ParameterDeclaration]) -> str:
    return ", ".join(
        f"`{name}` [{parameter.unit}]"
        + (f" = {_value(parameter.default)}" if parameter.default is not None else "")
        for name, parameter in declared.items()
    )


def cells() -> str:
    """Return the membranes of the library."""
    rows = []
    for name in library.names("cells"):
        cell = library.cell(name)
        assert isinstance(cell, CellEquations)
        state = ", ".join(f"`{each}` [{one.unit}]" for each, one in cell.state.items())
        inputs = ", ".join(f"`{each}` [{unit}]" for each, unit in cell.inputs.items())
        rows.append(
            (f"`{name}`", cell.description or "", _parameters(cell.parameters), state, inputs)
        )
    return _table(("model", "what it is", "parameters", "state", "inputs"), rows)


def receptors() -> str:
    """Return the receptors of the library."""
    rows = []
    for name in library.names("receptors"):
        receptor = library.receptor(name)
        assert isinstance(receptor, ReceptorEquations)
        state = ", ".join(f"`{each}` [{one.unit}]" for each, one in receptor.state.items())
        rows.append(
            (
                f"`{name}`",
                receptor.description or "",
                _parameters(receptor.parameters) or "none",
                state or "none",
                receptor.weight,
            )
        )
    return _table(("model", "what it is", "parameters", "state", "weight"), rows)


def mechanisms() -> str:
    """Return the mechanisms of the library."""
    rows = []
    for name in library.names("mechanisms"):
        mechanism = library.mechanism(name)
        assert isinstance(mechanism, MechanismEquations)
        state = ", ".join(f"`{each}` [{one.unit}]" for each, one in mechanism.state.items())
        parameters = _parameters(mechanism.parameters) or "none"
        rows.append((f"`{name}`", mechanism.description or "", parameters, state or "none"))
    return _table(("model", "what it is", "parameters", "state"), rows)


def units() -> str:
    """Return the closed table of units, by dimension."""
    by_dimension: dict[Dimension, list[str]] = {}
    for name, unit in UNITS.items():
        by_dimension.setdefault(unit.dimension, []).append(name)
    rows = []
    for dimension, names in by_dimension.items():
        short_only = [name for name in names if name not in EXPRESSION_UNITS]
        everywhere = [name for name in names if name in EXPRESSION_UNITS]
        rows.append((f"{dimension}", _codes(everywhere), _codes(short_only)))
    return _table(("SI", "in quantities and expressions", "in quantities only"), rows)


def functions() -> str:
    """Return the functions that an equation may call."""
    rows = [(f"`{name}`", _WORDS[name]) for name in sorted(AUTHOR_FUNCTIONS)]
    return _table(("function", "value"), rows)


def reserved() -> str:
    """Return the names that cannot be given to anything."""
    words, calls = _codes(sorted(RESERVED)), _codes(sorted(AUTHOR_FUNCTIONS))
    spelt = _codes(
        sorted(name for name in EXPRESSION_UNITS if UNITS[name].dimension != DIMENSIONLESS)
    )
    return f"- words: {words}\n- functions: {calls}\n- units: {spelt}\n"


def bounds() -> str:
    """Return the limits past which a description is refused."""
    rows = (
        ("JSON text", f"{limits.MAX_JSON_BYTES >> 20} MiB"),
        ("YAML text", f"{limits.MAX_YAML_BYTES >> 20} MiB"),
        ("nesting of lists and objects", f"{limits.MAX_DEPTH} levels"),
        ("a number in the text", f"{limits.MAX_NUMBER_LENGTH} characters"),
        ("an expression", f"{parse.MAX_LENGTH} characters, {parse.MAX_DEPTH} levels"),
        ("operations of a cell's equations, put together", f"{MAX_NODES:,}"),
        ("a whole exponent", f"{MAX_WHOLE_POWER}"),
        ("a delay", f"{MAX_DELAY:,} steps"),
        ("a run", "2^48 − 1 steps"),
        ("neurons of a population or input", "2^32 − 1"),
    )
    return _table(("what", "at most"), rows)


def synonyms() -> str:
    """Return netspec's names and what other tools call the same thing."""
    others: dict[str, list[str]] = {}
    for foreign, own in SYNONYMS.items():
        others.setdefault(own, []).append(foreign)
    rows = [(f"`{own}`", _codes(sorted(names))) for own, names in sorted(others.items())]
    return _table(("netspec", "elsewhere"), rows)


def capabilities() -> str:
    """Return what each backend of this repository can express."""
    folder = "backends/netspec_*/capabilities.toml"
    files = {path.parent.name.removeprefix("netspec_"): path for path in sorted(ROOT.glob(folder))}
    files["oracle"] = ROOT / "netspec" / "testing" / "oracle" / "capabilities.toml"
    tables = {
        name: tomllib.loads(files[name].read_text(encoding="utf-8")) for name in sorted(files)
    }
    rows = [
        (f"`{slug}`", words, *(_verdict(slug, table) for table in tables.values()))
        for slug, words in FEATURES.items()
    ]
    return _table(("feature", "what it is", *tables), rows)


def _verdict(slug: str, table: Mapping[str, Mapping[str, Mapping[str, str]]]) -> str:
    return "yes" if slug in table["supported"] else table["unsupported"][slug]["reason"]


def _codes(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names) or "none"


BLOCKS: Mapping[str, Callable[[], str]] = {
    "capabilities": capabilities,
    "cells": cells,
    "functions": functions,
    "limits": bounds,
    "mechanisms": mechanisms,
    "receptors": receptors,
    "reserved-names": reserved,
    "synonyms": synonyms,
    "units": units,
}


def generated(text: str) -> str:
    """Return a page with its blocks made anew."""
    return _BLOCK.sub(lambda block: f"{block[1]}{BLOCKS[block[2]]()}{block[3]}", text)


def main() -> int:
    """Rewrite the pages that are out of date and return 0."""
    for name in PAGES:
        page = ROOT / name
        before = page.read_text(encoding="utf-8")
        after = generated(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
