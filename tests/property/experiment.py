"""Random experiments: what changes while a network runs, and what is recorded."""

from __future__ import annotations

from typing import Any

from property.cells import RECEPTORS, SCALES, view
from property.chance import Chance, Document
from property.stimuli import current_unit, moves
from property.wiring import added, sizes_of

from netspec import Network
from netspec.passes.expand import expand

PHASES = {"early": ["0 ms", "2.2 ms"], "late": ["1.5 ms", "40 ms"]}


def projections_of(made: Document) -> Document:
    """Return all projections of a document, also those that its tables stand for."""
    if not made["tables"]:
        return made["projections"]
    return expand(Network(**made)).network.to_document()["projections"]


def timeline(chance: Chance, made: Document) -> list[Document]:
    """Return a few entries: switches, new edges and new values of whatever exists."""
    projections = projections_of(made)
    return [_entry(chance, made, projections) for _ in range(chance.one(0, 1, 2, 3, 4, 5))]


def _entry(chance: Chance, made: Document, projections: Document) -> Document:
    actions = [
        *_of_projections(chance, made, projections),
        *_of_populations(chance, made),
        *_of_inputs(chance, made),
    ]
    again = chance.one({}, {}, {"every": "0.7 ms", "until": "5 ms"})
    return {"at": chance.steps(0, 30), **again, **chance.one(*actions)}


def _of_projections(chance: Chance, made: Document, projections: Document) -> list[Any]:
    found: list[Any] = []
    for name in (*projections, *made["tables"]):
        found += [{"connect": name}, {"disconnect": name}]
    for name, given in projections.items():
        unit = RECEPTORS[given["receptor"]][1]
        scale, factor = 0.7 * SCALES[unit], f"*{unit}" if unit else ""
        drawn = {"normal": {"mean": f"{scale:.6g}{factor}", "sd": f"{0.1 * scale:.6g}{factor}"}}
        weight = chance.one(f"{scale:.6g} {unit}", drawn)
        found += [
            {"set": {f"{name}.weight": weight}},
            lambda name=name, given=given: {"add_edges": added(chance, made, name, given)},
        ]
    return found


def _of_populations(chance: Chance, made: Document) -> list[Any]:
    found: list[Any] = []
    for name, each in made["populations"].items():
        text, count = view(chance, name, each["size"])
        if made["cells"][each["cell"]]["model"] == "leaky_if":
            current = chance.one("(120 + 10*i)*pA", chance.from_file(count, 500, "pA"))
            found += [
                {"set": {f"{text}.t_ref": "0.3 ms"}},
                {"set": {f"{text}.I_e": current}},
                {"set": {f"{name}.g_L": "12 nS"}},
            ]
        found += [{"set": {f"{text}.V": "-63 mV"}}, {"stop_recording": name}]
    return found


def _of_inputs(chance: Chance, made: Document) -> list[Any]:
    found: list[Any] = []
    for name, each in made["inputs"].items():
        match each:
            case {"model": "poisson", "rate": rate} if not moves(rate):
                text, _ = view(chance, name, each["size"])
                found.append({"set": {f"{text}.rate": "900 Hz"}})
            case {"model": "correlated_poisson", "rate": rate} if not moves(rate):
                found.append({"set": {f"{name}.rate": "900 Hz"}})
            case {"model": "current", "amplitude": amplitude} if not moves(amplitude):
                unit = current_unit(made, each["target"].partition("[")[0])
                found.append({"set": {f"{name}.amplitude": f"2 {unit}"}})
            case {"model": "poisson_drive", "receptor": receptor}:
                unit = RECEPTORS[receptor][1]
                found.append({"set": {f"{name}.weight": f"{0.2 * SCALES[unit]:.6g} {unit}"}})
                if not moves(each["rate"]):
                    found.append({"set": {f"{name}.rate": "7 kHz"}})
        if each["model"] not in ("current", "poisson_drive"):
            found.append({"start_recording": name})
    return found


def monitors(chance: Chance, made: Document) -> Document:
    """Return what is recorded and counted: spikes of all, some state, now and then a part."""
    emitting = sorted(sizes_of(made))
    projections = projections_of(made)
    places = {place for entry in made["timeline"] for place in entry.get("set", ())}
    weighed = {name for name in projections if f"{name}.weight" in places}
    return {
        "spikes": [
            chance.one(name, name, lambda name=name: {"of": name, **_during(chance)})
            for name in emitting
        ],
        "states": [
            {"of": name, "variables": ["V"], "every": chance.one(1, 3), **_during(chance)}
            for name in sorted(made["populations"])
        ],
        "counts": chance.some(emitting, 2),
        "rates": [{"of": name, "bin": "0.6 ms"} for name in chance.some(emitting, 2)],
        "weights": [
            {"of": name, **_some_edges(chance, projections[name]), **_during(chance)}
            for name in sorted({*weighed, *chance.some(projections, 2)})
        ],
    }


def _during(chance: Chance) -> Document:
    parts = [["0.5 ms", "2 ms"], ["3 ms", "4.2 ms"]], ["late"], ["early", ["3 ms", "4.2 ms"]]
    return chance.one({}, {}, lambda: {"during": chance.one(*parts)})


def _some_edges(chance: Chance, projection: Document) -> Document:
    """Return which weights are sampled: all unless it is known how many edges there are."""
    every = chance.one({}, {"every": 2})
    known = projection["rule"].get("explicit", {})
    if known.get("pairs") or "file" in known:
        return every | {"edges": [2, 7]}
    return every
