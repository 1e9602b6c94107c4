"""Whatever becomes of a good document, netspec accepts it or says where it is wrong."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from errors.corpus import FOLDER

from netspec.errors import Diagnostic, SpecError
from netspec.passes import pipeline
from netspec.spec.network import Network
from netspec.units import UnitError, parse_quantity

DOCUMENT: dict[str, Any] = json.loads(
    Path(__file__).with_name("everything.json").read_text(encoding="utf-8")
)

STRANGERS: list[Any] = [
    *(None, True, 0, -1, 1, 2**32, 2**64, 0.5, 1e308, 5e-324, "", "x", [], {}, [1], [["1 ms"]]),
    *("1 ms", "-1 ms", "0.05 ms", "1e300 ms", "1 mV", "1 nS", "i", "V", "t", "V = V", "exc[0:2]"),
    *("exact", "euler", "delta", "izhikevich", "1e300*1e300", {"unit": "mV"}, {"all_to_all": {}}),
    *({"values": [1, 2], "unit": "nS"}, {"exc.V": "1 mV"}, {"equations": {}}, [[0, 1, 2]]),
]

FACTORS = ["0", "-1", "1e300", "1e-320", "i", "-i", "0.1*i", "1/i", "log(i)", "sqrt(-i)"]
"""Numbers that make trouble, as expressions."""

FULL_NAMES = {"V": "volt", "S": "siemens", "A": "ampere", "s": "second", "Hz": "hertz"}

Steps = tuple[str | int, ...]


def paths(data: Any, path: Steps = ()) -> Iterator[Steps]:
    if path:
        yield path
    if isinstance(data, (dict, list)):
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from paths(value, (*path, step))


def parent_of(data: Any, path: Steps) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def mutate(data: Any, chance: random.Random) -> None:
    """Change one thing: put something strange somewhere, move, remove or vary a value."""
    every = list(paths(data))
    path = chance.choice(every)
    parent, step = parent_of(data, path), path[-1]
    match chance.choice(["strange", "moved", "removed", "varied", "varied", "varied"]):
        case "strange":
            parent[step] = copy.deepcopy(chance.choice(STRANGERS))
        case "moved":
            other = chance.choice(every)
            parent[step] = copy.deepcopy(parent_of(data, other)[other[-1]])
        case "removed":
            del parent[step]
        case _:
            parent[step] = varied(parent[step], chance)


def varied(value: Any, chance: random.Random) -> Any:
    """Return another value of the same kind and dimension, if there is one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return chance.choice([0, 1, value + 1, value / 2, -value])
    if not isinstance(value, str):
        return value
    try:
        parse_quantity(value)
    except UnitError:
        return chance.choice([value.replace(">", "<="), f"{value}[0:0]", f"{value} + i", "1"])
    unit = value.partition(" ")[2]
    unit = FULL_NAMES.get(unit, unit)
    return f"{chance.choice(FACTORS)}*{unit}" if unit else chance.choice(FACTORS)


@pytest.mark.parametrize("block", range(8))
def test_a_changed_document_is_accepted_or_refused_at_a_place(block: int) -> None:
    accepted = 0
    for seed in range(60 * block, 60 * block + 60):
        chance = random.Random(seed)
        data = copy.deepcopy(DOCUMENT)
        for _ in range(chance.choice([1, 1, 2, 3])):
            mutate(data, chance)
        accepted += is_accepted(json.dumps(data))
    assert accepted > 0


def is_accepted(text: str) -> bool:
    """Tell whether `check` has nothing against a text; what it approves is realised."""
    try:
        network = Network.loads(text, file="changed.json").in_folder(FOLDER)
    except SpecError as error:
        assert_located(error.diagnostics)
        return False
    report = pipeline.check(network, max_memory=10**8)
    assert_located(report.diagnostics)
    if report.ok:
        pipeline.realised(network, max_memory=10**8)
    assert Network.loads(network.to_json()) == network
    return report.ok


def assert_located(diagnostics: tuple[Diagnostic, ...]) -> None:
    assert all(problem.location is not None for problem in diagnostics)
