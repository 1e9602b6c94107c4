"""Random cells and populations of them."""

from __future__ import annotations

from typing import Any

from property.chance import Chance, Document

LEAKY = {"C_m": "200 pF", "g_L": "10 nS", "E_L": "-70 mV", "V_th": "-60 mV", "V_reset": "-66 mV"}

RECEPTORS: dict[str, tuple[Document, str]] = {
    "cond": ({"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2 ms"}, "nS"),
    "curr": ({"model": "curr_exp", "tau_decay": "3 ms"}, "pA"),
    "jump": ({"model": "delta"}, "mV"),
    "kick": ({"model": "delta_at_once"}, "mV"),
    "satur": (
        {
            "model": {
                "equations": {
                    "parameters": {"alpha": {"unit": "1", "default": 0.3}},
                    "state": {"s": {"unit": "1", "initial": "0"}},
                    "derivatives": {"s": "-s/(5*ms)"},
                    "current": "s*300*pA",
                    "weight": "1",
                    "on_event": "s = 1 - (1 - s)*exp(n_events*log(1 - alpha))",
                }
            }
        },
        "",
    ),
}
"""Receptors, each with the unit of its weights."""

SCALES = {"nS": 6.0, "pA": 400.0, "mV": 6.0, "": 1.0}
"""Weights that matter, by unit."""

LINEAR = ("curr", "jump", "kick")


def cell(chance: Chance) -> Document:
    """Return a leaky cell under one of two integrators with any receptors, or Izhikevich's."""
    integrator = chance.one("euler", "exact")
    known: Any = LINEAR if integrator == "exact" else RECEPTORS
    names = chance.some(known, 3) or chance.some(known, 3)
    if integrator == "euler" and chance.one(True, False, False, False):
        names = [name for name in names if name in ("jump", "kick")]
        made: Document = {"model": "izhikevich", "I_e": chance.one("0 mV/ms", "15 mV/ms")}
    else:
        made = {"model": "leaky_if", **LEAKY, "t_ref": chance.steps(0, 4)}
        made["I_e"] = chance.one("0 pA", "150 pA", "300 pA", "400 pA")
        if chance.one(True, False):
            made["spike"] = {"when": chance.one("V >= V_th", "V > -58*mV")}
    receptors = {name: RECEPTORS[name][0] for name in names}
    return {**made, "integrator": integrator, "receptors": receptors}


def population(chance: Chance, cells: Document) -> Document:
    """Return a population of one of the cells."""
    size, name = chance.one(1, 2, 5, 8), chance.one(*cells)
    made: Document = {"size": size, "cell": name}
    made["initial"] = {
        "V": chance.one(
            "-70 mV",
            "-64*mV + i*2*mV",
            "-61 mV",
            {"normal": {"mean": "-64 mV", "sd": "3 mV"}},
            lambda: chance.from_file(size, -70, "mV"),
        )
    }
    if cells[name]["model"] == "leaky_if" and chance.one(True, False, False):
        current = chance.one("(200 + 20*i)*pA", lambda: chance.from_file(size, 400, "pA"))
        made["parameters"] = {"I_e": current}
    if chance.often():
        made["positions"] = _positions(chance, size)
    return made


def _positions(chance: Chance, size: int) -> Document:
    rows = 2 if size % 2 == 0 else 1
    grid = {"shape": [rows, size // rows], "spacing": ["0.1 mm", "0.07 mm"]}
    return chance.one(
        {"grid": grid},
        {"grid": {**grid, "origin": ["0.3 mm", "-0.1 mm"]}},
        {"x": "0.06*mm*i", "y": {"uniform": {"low": "0 mm", "high": "0.3 mm"}}},
    )


def view(chance: Chance, name: str, size: int) -> tuple[str, int]:
    """Return a whole object or part of it, also an empty part: text and number of neurons."""
    if chance.often():
        return name, size
    start, stop = sorted((chance.rng.randint(0, size), chance.rng.randint(0, size)))
    return f"{name}[{start}:{stop}]", stop - start


def open_to(made: Document) -> dict[str, list[str]]:
    """Return the receptors of each population that has some."""
    found = {
        name: sorted(made["cells"][each["cell"]]["receptors"])
        for name, each in made["populations"].items()
    }
    return {name: receptors for name, receptors in found.items() if receptors}
