"""Networks for backends to agree on: random ones, and examples that are changed at random.

Each is made from a number, so that a disagreement is named by it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from property import networks
from property.chance import Chance, Document

from netspec.spec.network import Network
from netspec.units import UnitError, parse_quantity

EXAMPLES = Path(__file__).parents[2] / "examples"

MOST_NEURONS = 200
"""Of an example; one with more is made smaller, but for neurons on a grid."""

MOST_NEURON_STEPS = 300_000

FIRST_NEW = 1000
"""Tests run all random documents with smaller numbers."""


@dataclass(frozen=True)
class Subject:
    """A document by name, with the contents of its data files."""

    name: str
    document: Document
    files: Mapping[str, bytes] = field(default_factory=dict)

    def network(self) -> Network:
        """Return the network that it describes.

        Raises:
            SpecError: It describes none.
        """
        return networks.network(self.document) if self.files else Network(**self.document)

    def write(self, folder: Path) -> Path:
        """Write the document and its data files into a folder, and return where it is."""
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps(self.document, indent=2) + "\n", encoding="utf-8")
        return path


def random(number: int) -> Subject:
    """Return a random document."""
    document = networks.document(number)  # which also writes the files where `network` looks
    return Subject(f"random-{number}", document, networks.with_files(number)[1])


def changed_example(number: int) -> Subject:
    """Return an example with other sizes, weights, delays, seed, step and length."""
    chance = Chance(number)
    name = chance.one(*_examples())
    return Subject(f"{name}-{number}", _changed(copy.deepcopy(_examples()[name]), chance))


KINDS: dict[str, Callable[[int], Subject]] = {"random": random, "examples": changed_example}


@cache
def _examples() -> dict[str, Document]:
    golden = sorted(EXAMPLES.glob("*.golden.json"))
    names = [path.name.removesuffix(".golden.json") for path in golden]
    return {name: json.loads((EXAMPLES / f"{name}.json").read_text()) for name in names}


def _changed(made: Document, chance: Chance) -> Document:
    made["seed"] = chance.rng.getrandbits(64)
    dt = parse_quantity(made.get("dt", "0.1 ms")).value * chance.one(1, 1, Fraction(1, 2), 2)
    made["dt"] = _time(dt)
    neurons = _resize(made, chance)
    steps = chance.rng.randint(1, chance.one(20, 300, 1500))
    made["duration"] = _time(dt * max(min(steps, MOST_NEURON_STEPS // neurons), 1))
    wiring = [made.get(part, {}) for part in ("inputs", "projections", "tables")]
    most, factor = chance.one(3, 40, 300), chance.one(0, 0.3, 1, 1.7, 4, 20)
    _replace(wiring, "delay", lambda given: _delayed(given, dt, chance.rng.randint(0, most)))
    _replace(wiring, "weight", lambda given: _each(given, lambda one: _scaled(one, factor)))
    return made


def _delayed(given: Any, dt: Fraction, steps: int) -> Any:
    """Return another delay in place of a plain one; a distribution has limits that belong to it."""
    return _time(dt * steps) if isinstance(given, str) else given


def _time(seconds: Fraction) -> str:
    return f"{float(seconds * 10**6):.15g} us"


def _resize(made: Document, chance: Chance) -> int:
    """Make populations and what is counted in rules smaller; return the number of neurons."""
    sizes = {name: each["size"] for name, each in made["populations"].items()}
    most = chance.one(20, MOST_NEURONS)
    share = min(most / sum(sizes.values()), 1.0) if sum(sizes.values()) > MOST_NEURONS else 1.0
    for each in made["populations"].values():
        if "grid" not in each.get("positions", {}):
            each["size"] = _smaller(each["size"], share)
    for name, power in (("indegree", share), ("number", share**2)):
        _replace(made, name, lambda given, by=power: _each(given, lambda one: _smaller(one, by)))
    return sum(each["size"] for each in made["populations"].values())


def _smaller(count: Any, share: float) -> Any:
    return max(int(count * share), 1) if isinstance(count, int) and count else count


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, (int, float)):
        return value * factor
    if not isinstance(value, str):
        return value
    try:
        return str(parse_quantity(value) * factor)
    except UnitError:
        return f"{factor}*({value})"


def _replace(part: Any, key: str, change: Callable[[Any], Any]) -> None:
    for holder, where in list(_places(part)):
        if where == key:
            holder[where] = change(holder[where])


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Change all that a value is made of."""
    match value:
        case dict():
            return {key: _each(inner, change) for key, inner in value.items()}
        case list():
            return [_each(inner, change) for inner in value]
        case _:
            return change(value)


def _places(part: Any) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(part, dict):
        yield from ((part, key) for key in part)
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inner:
        yield from _places(each)
