"""Changes in meaning: there are some if and only if the fingerprints differ, and they say what."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from unit.documents import SMALL

from netspec.diff.changes import Change, changes
from netspec.diff.names import renamed_objects
from netspec.errors import SpecError
from netspec.golden.file import is_golden
from netspec.passes.fingerprint import fingerprint
from netspec.passes.pipeline import resolved
from netspec.spec.network import Network

CHECKOUT = Path(__file__).parents[3]
DOCUMENTS = sorted(
    path
    for folder in ("examples", "tests/golden")
    for path in (CHECKOUT / folder).glob("*.json")
    if not is_golden(path)
)
TRIES = 12


def found(old: Network, new: Network) -> tuple[Change, ...]:
    one, other = resolved(old), resolved(new)
    return changes(one, other, renamed_objects(one, other))


def said(new: dict[str, Any], old: dict[str, Any] = SMALL) -> list[tuple[str, ...]]:
    return [
        (each.kind, each.place, each.old, each.new, each.note)
        for each in found(Network(**old), Network(**new))
    ]


def edited(**edits: Any) -> dict[str, Any]:
    """Return the small document with values at places such as `cells__lif__C_m`."""
    data = copy.deepcopy(SMALL)
    for path, value in edits.items():
        *steps, last = path.split("__")
        place = data
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return data


def leaves(place: Any) -> Iterator[tuple[Any, Any]]:
    """Yield containers and keys of all values that can be changed."""
    for key, value in place.items() if isinstance(place, dict) else enumerate(place):
        if isinstance(value, dict | list):
            yield from leaves(value)
        else:
            yield place, key


def spoil(place: Any, key: Any, chance: random.Random) -> None:
    """Change a value: another number, the other switch, or nothing there any more."""
    value = place[key]
    if isinstance(value, bool):
        place[key] = not value
    elif isinstance(value, int | float):
        place[key] = value + chance.choice([1, 2])
    elif isinstance(value, str) and re.match(r"-?\d", value):
        place[key] = re.sub(r"^-?[\d.]+", lambda match: str(2 * float(match[0])), value)
    else:
        del place[key]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_there_are_changes_if_and_only_if_fingerprints_differ(document: Path) -> None:
    chance = random.Random(document.stem)
    old = Network.load(document)
    before = fingerprint(resolved(old))
    kinds = set()
    for _ in range(TRIES):
        data = json.loads(document.read_text(encoding="utf-8"))
        spoil(*chance.choice(list(leaves(data))), chance)
        try:
            new = Network(**data).in_folder(document.parent)
            after = fingerprint(resolved(new))
        except SpecError:
            continue
        changed = found(old, new)
        assert bool(changed) == (before != after)
        assert all(each.old != each.new or "not shown" in each.note for each in changed)
        kinds.add(bool(changed))
    assert True in kinds


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"dt": "0.05 ms"}, ("dt", "0.1 ms", "0.05 ms", "-50 %")),
        ({"seed": 2}, ("seed", "1", "2", "")),
        (
            {"cells__lif__C_m": "2.81 nF"},
            ("cells.lif.C_m", "0.281 nF", "2.81 nF", "×10; in exc, inh"),
        ),
        (
            {"cells__lif__V_th": "-0.0505 V"},
            ("cells.lif.V_th", "-50 mV", "-50.5 mV", "-0.5 mV; in exc, inh"),
        ),
        (
            {"cells__lif__C_m": "281.0000000000000000000001 pF"},
            ("cells.lif.C_m", "", "", "beyond 17 digits; in exc, inh"),
        ),
        (
            {"populations__exc__initial__V": "-70*mV + 1*mV*i"},
            (
                "populations.exc.initial.V",
                "-70*mV + 0.5*mV * real(i)",
                "-70*mV + 1*mV * real(i)",
                "",
            ),
        ),
        (
            {"populations__inh__size": 5},
            ("populations.inh.size", "4", "5", "+25 %"),
        ),
        (
            {"inputs__beat__times": [["1 ms", "2 ms"], ["0.6 ms"]]},
            ("inputs.beat.times", "[[1 ms, 2 ms], [0.5 ms]]", "[[1 ms, 2 ms], [0.6 ms]]", ""),
        ),
    ],
)
def test_a_value_is_told_with_a_unit_and_its_distance(
    edits: dict[str, Any], expected: tuple[str, str, str, str]
) -> None:
    ((kind, place, old, new, note),) = said(edited(**edits))
    exact = "beyond" in note
    assert (kind, place, "" if exact else old, "" if exact else new, note) == (
        "changed",
        *expected,
    )
    assert old != new


def test_a_switch_is_told_from_its_default() -> None:
    rule = "projections__exc_inh__rule__all_to_all"
    off = edited(**{rule: {"allow_autapses": False}})
    place = "projections.exc_inh.rule.all_to_all.allow_autapses"
    assert said(SMALL, off) == [("changed", place, "false", "true", "")]
    assert said(off) == [("changed", place, "true", "false", "")]
    assert said(edited(**{rule: {"allow_autapses": True}})) == []


def test_what_one_population_overrides_is_told_at_its_place() -> None:
    changed = edited(populations__inh__parameters={"C_m": "300 pF"})
    place = "populations.inh.parameters.C_m"
    assert said(changed) == [("changed", place, "281 pF", "300 pF", "+6.76 %")]
    assert said(SMALL, changed) == [("changed", place, "300 pF", "281 pF", "-6.33 %")]


def test_of_a_long_list_the_first_difference_is_told() -> None:
    sizes = [f"{number} pF" for number in range(100, 110)]
    old = edited(populations__exc__parameters={"C_m": sizes})
    new = edited(populations__exc__parameters={"C_m": [*sizes[:7], "1 nF", "2 nF", sizes[9]]})
    assert said(new, old) == [
        ("changed", "populations.exc.parameters.C_m", "[7] 0.107 nF", "1 nF", "2 of 10 differ")
    ]


def test_of_a_distribution_the_parameter_is_told() -> None:
    old, new = (
        edited(populations__exc__parameters={"C_m": {"normal": {"mean": "281 pF", "sd": sd}}})
        for sd in ("10 pF", "0.02 nF")
    )
    place = "populations.exc.parameters.C_m.normal.sd"
    assert said(new, old) == [("changed", place, "10 pF", "20 pF", "+100 %")]


def test_twins_are_not_taken_for_each_other() -> None:
    old = edited(populations__exc={"size": 4, "cell": "lif"})
    new = copy.deepcopy(old)
    new["populations"] = {"one": old["populations"]["exc"], "two": old["populations"]["inh"]}
    for each in (old, new):
        each["projections"], each["monitors"], each["timeline"] = {}, {}, []
    assert {(kind, place) for kind, place, *_ in said(new, old)} == {
        ("added", "populations.one"),
        ("added", "populations.two"),
        ("removed", "populations.exc"),
        ("removed", "populations.inh"),
    }


def timeline(*entries: dict[str, Any]) -> dict[str, Any]:
    return edited(timeline=list(entries))


def test_entries_of_the_timeline_are_paired_by_what_they_do() -> None:
    first, second = {"exc.I_e": "1 pA"}, {"exc.I_e": "2 pA"}
    old = timeline({"at": "1 ms", "set": first}, {"at": "2 ms", "set": second})
    new = timeline(
        {"at": "2 ms", "set": {"exc.I_e": "3 pA"}},
        {"at": "3 ms", "set": first},
        {"at": "4 ms", "set": {"exc[0:5].V": "-60 mV"}},
    )
    assert said(new, old) == [
        ("changed", "set exc.I_e, at", "1 ms", "3 ms", "+200 %"),
        ("changed", "at 2 ms: set exc.I_e", "2 pA", "3 pA", "+50 %"),
        ("added", "at 4 ms: set exc.V", "", "to -60 mV", ""),
    ]


def test_the_order_of_entries_of_one_step_is_told() -> None:
    one, other = ({"at": "1 ms", "set": {f"{name}.I_e": "1 pA"}} for name in ("exc", "inh"))
    assert said(timeline(other, one), timeline(one, other)) == [
        ("changed", "order of the entries of one step", "", "", "")
    ]
