"""Write the generated blocks of the documentation anew: `python docs/generate.py`.

A block stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. The function that `BLOCKS` has
under that name makes its text from the code, so that a table cannot say something else than
netspec does. A test compares.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

import netspec
from benchmarks import table
from netspec import library
from netspec.data.csv import MAX_COLUMNS, Csv
from netspec.data.format import Format
from netspec.expr import parse
from netspec.expr.functions import AUTHOR_FUNCTIONS, MAX_WHOLE_POWER
from netspec.ir.features import FEATURES
from netspec.limits import MAX_DELAY, MAX_NEURONS, MAX_STEPS
from netspec.passes import pipeline
from netspec.passes.expand import MAX_PROJECTIONS
from netspec.passes.integrate.exact import MAX_VARIABLES
from netspec.passes.resolve_timeline import MAX_ENTRIES
from netspec.passes.size import MAX_DEPTH, MAX_NODES
from netspec.realise.distributions import MAX_ATTEMPTS
from netspec.realise.rules import RULES
from netspec.realise.trains import TRAINS
from netspec.spec.base import SpecModel
from netspec.spec.equations import (
    CellEquations,
    EventDeclaration,
    ParameterDeclaration,
    ReceptorEquations,
    SilentWhile,
    SpikeDeclaration,
)
from netspec.spec.formulas import Formula
from netspec.spec.inputs import Source
from netspec.spec.names import RESERVED, SYNONYMS
from netspec.spec.network import Network
from netspec.spec.profiles import Profile
from netspec.spec.reading import limits
from netspec.spec.rules import Rule
from netspec.spec.trains import Trains
from netspec.spec.values import ValueField
from netspec.units import DIMENSIONLESS, EXPRESSION_UNITS, UNITS, Dimension
from netspec.units.grammar import NUMBER

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(
    f"docs/{name}.md"
    for name in ("language", "semantics", "library", "backends", "coming-from", "performance")
)

_BLOCK = re.compile(r"(<!-- begin ([a-z-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)

_GATHERING = "[sums over other neurons](language.md#sums-over-other-neurons)"

_PARTS = {
    "network": "the document",
    "cells": "cells and populations",
    "space": "`positions` and `space`",
    "inputs": "inputs",
    "trains": "inputs",
    "courses": "rates and currents that move",
    "connectivity": "projections and tables",
    "rules": "rules",
    "profiles": "profiles",
    "distributions": "distributions",
    "data": "data files",
    "experiment": "timeline and monitors",
}
"""What the classes of each module are for; all parts that have classes."""

_PER = re.compile(rf"^({NUMBER})/")
"""Begins a quantity whose unit is the inverse of another one: `1/mV` could be that unit."""


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(titles)
    lines = [f"| {' | '.join(head)} |", "|--" * len(head) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def cells() -> str:
    """Return the names of the library's membranes."""
    return _summary("cells")


def receptors() -> str:
    """Return the names of the library's receptors."""
    return _summary("receptors")


def mechanisms() -> str:
    """Return the names of the library's mechanisms."""
    return _summary("mechanisms")


def _summary(kind: str) -> str:
    rows = [
        (f"[`{name}`](library.md#{name})", re.split(r"[.:] ", model.description or "")[0])
        for name, model in library.declarations(kind).items()
    ]
    return _table(("model", "what it is"), rows)


def library_cells() -> str:
    """Return a section for each membrane of the library."""
    return _sections("cells")


def library_receptors() -> str:
    """Return a section for each receptor of the library."""
    return _sections("receptors")


def library_mechanisms() -> str:
    """Return a section for each mechanism of the library."""
    return _sections("mechanisms")


def _sections(kind: str) -> str:
    return "\n".join(_section(name, model) for name, model in library.declarations(kind).items())


def _section(name: str, model: library.Equations) -> str:
    """Return all that a declaration says, as a reader wants it."""
    equations = "\n".join(_equations(model))
    parts = [f"### {name}", model.description or "", f"```text\n{equations}\n```"]
    if model.parameters:
        rows = [row for each, one in model.declared_parameters.items() for row in _rows(each, one)]
        parts.append(_table(("parameter", "unit", "default", "what it is"), rows).rstrip())
    if model.state:
        rows = [
            (f"`{each}`", one.unit, _default(one.initial), one.description or "")
            for each, one in model.state.items()
        ]
        parts.append(_table(("state", "unit", "starts at", "what it is"), rows).rstrip())
    if isinstance(model, CellEquations) and model.derivatives:
        parts.append(f"Integrator if none is named: `{_integrator(name, model)}`.")
    if isinstance(model, ReceptorEquations):
        parts.append(f"Unit of the weights: {model.weight}.")
        if model.gather is not None:
            parts.append(f"In a network: {_GATHERING}.")
    parts.append(f"Source: {model.source}")
    return "\n\n".join(parts) + "\n"


def _rows(name: str, parameter: ParameterDeclaration) -> Iterator[tuple[str, str, str, str]]:
    """Yield the row of a parameter, and those of what may be given in its place."""
    yield f"`{name}`", parameter.unit, _value(parameter), parameter.description or ""
    for other, own in parameter.instead.items():
        words = f"in place of `{name}`, which is then `{own.value.text}`"
        yield f"`{other}`", own.unit, words, own.description or ""


def _value(parameter: ParameterDeclaration) -> str:
    if parameter.default is None and parameter.typical is not None:
        return f"must be given, e.g. `{parameter.typical.text}`"
    return _default(parameter.default)


def _default(value: ValueField | None) -> str:
    if value is None:
        return "must be given"
    if isinstance(value, Formula):
        return f"`{value.text}`"
    return _PER.sub(r"\1 /", str(value))


def _equations(model: library.Equations) -> Iterator[str]:
    """Yield the equations of a declaration, a line for each."""
    if isinstance(model, CellEquations):
        yield from (f"{name} = sum of currents [{unit}]" for name, unit in model.inputs.items())
    yield from (f"{name} = {value.text}" for name, value in model.definitions.items())
    yield from (f"d{name}/dt = {value.text}" for name, value in model.derivatives.items())
    for stage in model.update:
        yield "in every step: " + ", ".join(each.text for each in stage)
    if isinstance(model, CellEquations):
        if model.spike is not None:
            yield from _event("spike", model.spike)
            yield from _refractoriness(model.spike)
        for name, event in model.events.items():
            yield from _event(name, event)
        return
    if isinstance(model, ReceptorEquations):
        if model.on_event is not None:
            yield f"when events may arrive: {model.on_event.text}"
        if model.gather is not None:
            is_pool = model.gather.over == "population"
            over = "weight * sum over the whole source" if is_pool else "sum over edges"
            yield f"gathered = {over} of {model.gather.value.text} [{model.gather.unit}]"
    else:
        yield from (f"at a spike: {each.text}" for each in model.on_spike)
        for name, value in model.replaces.items():
            yield f"in place of {name}: {value.text}"
    if model.current is not None:
        yield f"added to {model.into}: {model.current.text}"
    for name, value in model.increment.items():
        yield f"added to {name} after the update: {value.text}"


def _event(name: str, event: EventDeclaration) -> Iterator[str]:
    yield f"{name} when {event.when.text}"
    yield from (f"    {each.text}" for each in event.then)
    for action in event.later:
        yield from (f"    after {_default(action.after)}: {each.text}" for each in action.do)


def _refractoriness(spike: SpikeDeclaration) -> Iterator[str]:
    match spike.refractory:
        case Formula() as period:
            held = ("V",) if spike.holds is None else spike.holds
            what = f"{' and '.join(held)} held" if held else "no spike"
            yield f"    {what} for {period.text}"
        case SilentWhile(condition=condition):
            yield f"    no spike while {condition.text}"


def _integrator(name: str, model: CellEquations) -> str:
    """Return the integrator that a membrane without receptors takes."""
    values = {each: f"1 {one.unit}" for each, one in model.declared_parameters.items()}
    network = Network(
        netspec="1",
        name=name,
        seed=1,
        dt="0.1 ms",
        duration="0 ms",
        cells={"cell": {"model": name, **values}},
        populations={"one": {"size": 1, "cell": "cell"}},
    )
    (population,) = pipeline.lowered(network).populations
    return population.cell.integrator


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


def rules() -> str:
    """Return the connection rules with their fields."""
    rows = []
    for name, field in Rule.model_fields.items():
        (model,) = (each for each in get_args(field.annotation) if each is not type(None))
        fields = ", ".join(f'"{each}": …' for each in model.model_fields)
        rows.append((f'`{{"{name}": {{{fields}}}}}`', inspect.cleandoc(model.__doc__ or "")))
    return _table(("rule", "pairs"), rows)


def profiles() -> str:
    """Return the profiles of distance with their fields and formulas."""
    rows = []
    for name, field in Profile.model_fields.items():
        (model,) = (each for each in get_args(field.annotation) if each is not type(None))
        fields = ", ".join(f'"{each}": …' for each in model.model_fields)
        words = inspect.cleandoc(model.__doc__ or "")
        rows.append((f'`{{"{name}": {{{fields}}}}}`', f"`{model.formula}`", words))
    return _table(("profile", "factor of `p_max`", "what it is"), rows)


def rule_definitions() -> str:
    """Return what each connection rule means, as its module says."""
    return _definitions(RULES[name] for name in Rule.model_fields)


def inputs() -> str:
    """Return the models of inputs with their fields."""
    rows = []
    for model in get_args(Source):
        fields = {each: one for each, one in model.model_fields.items() if each != "model"}
        needed = _codes(each for each, one in fields.items() if one.is_required())
        others = [each for each, one in fields.items() if not one.is_required()]
        name, words = model.model_fields["model"].default, inspect.cleandoc(model.__doc__ or "")
        first, _, _ = words.partition("\n")
        rows.append((f"`{name}`", needed, _codes(others) if others else "", first))
    return _table(("model", "needed", "optional", "what it is"), rows)


def train_definitions() -> str:
    """Return what each kind of trains means, as its module says."""
    return _definitions(TRAINS[model.model_fields["model"].default] for model in get_args(Trains))


def _definitions(meanings: Iterable[object]) -> str:
    """Return the first text of the module of each, which says what it means."""
    texts = (inspect.getdoc(inspect.getmodule(type(each))) or "" for each in meanings)
    return "".join(f"\n**{text.strip().replace(':', '**:', 1)}\n" for text in texts)


def classes() -> str:
    """Return the Python classes of the parts of a document."""
    rows: dict[str, list[str]] = {words: [] for words in _PARTS.values()}
    for name in netspec.__all__:
        found = getattr(netspec, name)
        if isinstance(found, type) and issubclass(found, SpecModel):
            rows[_PARTS[found.__module__.rpartition(".")[2]]].append(name)
    return _table(("part", "classes of `netspec`"), ((part, _codes(rows[part])) for part in rows))


def functions() -> str:
    """Return the functions that an equation may call."""
    rows = [(f"`{name}`", AUTHOR_FUNCTIONS[name].words) for name in sorted(AUTHOR_FUNCTIONS)]
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
        ("a data file of text", f"{Csv.max_bytes >> 30} GiB, {MAX_COLUMNS:,} columns"),
        ("another data file", f"{Format.max_bytes >> 30} GiB"),
        ("nesting of lists and objects", f"{limits.MAX_DEPTH} levels"),
        ("a number in the text", f"{limits.MAX_NUMBER_LENGTH} characters"),
        ("an expression", f"{parse.MAX_LENGTH} characters, {parse.MAX_DEPTH} levels"),
        ("a cell's equations, put together", f"{MAX_NODES:,} operations, {MAX_DEPTH} levels"),
        ("variables of a system that `exact` solves", f"{MAX_VARIABLES}"),
        ("a whole exponent", f"{MAX_WHOLE_POWER}"),
        ("a delay", f"{MAX_DELAY:,} steps"),
        ("attempts at drawing a value within bounds", f"{MAX_ATTEMPTS:,}"),
        ("pairs in all tables of projections", f"{MAX_PROJECTIONS:,}"),
        ("a run", f"2^{MAX_STEPS.bit_length()} − 1 steps"),
        ("a timeline, repetitions and places that are set counted", f"{MAX_ENTRIES:,} entries"),
        ("neurons of a population or input", f"2^{MAX_NEURONS.bit_length()} − 1"),
    )
    return _table(("what", "at most"), rows)


def synonyms() -> str:
    """Return netspec's names and what other tools call the same thing."""
    rows = [(f"`{own}`", _codes(sorted(names))) for own, names in sorted(SYNONYMS.items())]
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


def benchmarks() -> str:
    """Return what `python -m benchmarks` measured last."""
    found = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    return table.markdown(found)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "benchmarks": benchmarks,
    "capabilities": capabilities,
    "cells": cells,
    "classes": classes,
    "functions": functions,
    "inputs": inputs,
    "library-cells": library_cells,
    "library-mechanisms": library_mechanisms,
    "library-receptors": library_receptors,
    "limits": bounds,
    "mechanisms": mechanisms,
    "profiles": profiles,
    "receptors": receptors,
    "rule-definitions": rule_definitions,
    "rules": rules,
    "reserved-names": reserved,
    "synonyms": synonyms,
    "train-definitions": train_definitions,
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
