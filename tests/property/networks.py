"""Whole random documents: small networks that use everything at once.

A document is made from one number, so that a failure is named by it. Hypothesis only chooses the
numbers: documents that it made itself, piece by piece, were mostly near copies of each other in
which nothing was connected.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

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
SCALES = {"nS": 6.0, "pA": 400.0, "mV": 6.0, "": 1.0}
LINEAR = ("curr", "jump", "kick")

TRAINS: tuple[Document, ...] = (
    {"model": "regular", "period": "1.25 ms", "phase": "0.3*ms*i", "start": "0.5 ms"},
    {"model": "gamma_renewal", "rate": "600 Hz", "shape": "0.3 + i", "dead_time": "0.2 ms"},
    {"model": "pulse_packet", "centres": ["0 ms", "3 ms"], "spikes": 3, "sd": "0.8 ms"},
)


def documents() -> st.SearchStrategy[Document]:
    """Return whole documents."""
    return st.integers(0, 2**32 - 1).map(document)


def document(number: int) -> Document:
    """Return a document of at most three populations, two inputs and five projections."""
    return Maker(random.Random(number)).network


def duration(steps: int) -> str:
    """Return steps of 0.1 ms."""
    return f"{steps}e-1 ms"


def sizes_of(network: Document) -> dict[str, int]:
    """Return the number of neurons of everything that emits spikes."""
    found = {name: each["size"] for name, each in network["populations"].items()}
    for name, each in network["inputs"].items():
        if each["model"] not in ("poisson_drive", "current"):
            found[name] = each["size"] if "size" in each else len(each["times"])
    return found


class Maker:
    """Makes one document."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.network: Document = {
            "netspec": "1",
            "name": "random",
            "seed": rng.getrandbits(64),
            "dt": self.one("0.1 ms", "0.05 ms"),
            "duration": duration(self.one(60, 60, 90, 90, 120, 120, 1)),
        }
        made = self.network
        made["cells"] = {name: self.cell() for name in ("cell_a", "cell_b")}
        made["populations"] = {
            name: self.population() for name in ("one", "two", "three")[: self.one(1, 2, 3)]
        }
        made["inputs"] = {name: self.input() for name in ("in_a", "in_b")[: self.one(0, 1, 2, 2)]}
        for number in range(self.one(0, 1, 2)):
            if (effect := self.effect()) is not None:
                made["inputs"][f"on_cells_{number}"] = effect
        made["projections"] = {}
        for number in range(self.one(0, 2, 3, 4, 5, 5, 5)):
            if (projection := self.projection()) is not None:
                made["projections"][f"edges_{number}"] = projection
        made["timeline"] = [self.entry() for _ in range(self.one(0, 1, 2, 3, 4))]
        made["monitors"] = self.monitors()

    def one(self, *choices: Any) -> Any:
        """Return one of some things, or what it returns if it can be called."""
        choice = self.rng.choice(choices)
        return choice() if callable(choice) else choice

    def often(self) -> bool:
        """Tell whether to take what is usual."""
        return self.rng.random() < 0.8

    def some(self, things: Any, most: int) -> list[Any]:
        """Return up to so many of some things, in their order."""
        chosen = self.rng.sample(sorted(things), self.rng.randint(0, min(most, len(things))))
        return sorted(chosen)

    # --- cells and what feeds them ----------------------------------------------------------

    def cell(self) -> Document:
        """Return a leaky cell under one of two integrators with any receptors, or Izhikevich's."""
        integrator = self.one("euler", "exact")
        known = LINEAR if integrator == "exact" else RECEPTORS
        names = self.some(known, 3) or self.some(known, 3)
        if integrator == "euler" and self.one(True, False, False, False):
            names = [name for name in names if name in ("jump", "kick")]
            cell = {"model": "izhikevich", "I_e": self.one("0 mV/ms", "15 mV/ms")}
        else:
            cell = {"model": "leaky_if", **LEAKY, "t_ref": duration(self.rng.randint(0, 4))}
            cell["I_e"] = self.one("0 pA", "150 pA", "300 pA", "400 pA")
            if self.one(True, False):
                cell["spike"] = {"when": self.one("V >= V_th", "V > -58*mV")}
        receptors = {name: RECEPTORS[name][0] for name in names}
        return {**cell, "integrator": integrator, "receptors": receptors}

    def population(self) -> Document:
        """Return a population of one of the cells."""
        return {
            "size": self.one(1, 2, 5, 8),
            "cell": self.one("cell_a", "cell_b"),
            "initial": {"V": self.one("-70 mV", "-64*mV + i*2*mV", "-61 mV")},
        }

    def input(self) -> Document:
        """Return an input that emits spikes; lists of spikes are empty now and then."""
        kinds = (self._poisson, self._moving, self._correlated, self._spike_times, self._train)
        return self.one(self._poisson, *kinds)

    def _poisson(self) -> Document:
        rate = self.one("0 Hz", "900 Hz", "(300 + 500*i)*hertz", "10 kHz")
        return {"model": "poisson", "size": self.rng.randint(1, 9), "rate": rate}

    def _moving(self) -> Document:
        rate = self.course("Hz", 3000)
        return {"model": "poisson", "size": self.rng.randint(1, 9), "rate": rate}

    def _correlated(self) -> Document:
        return {
            "model": "correlated_poisson",
            "size": self.rng.randint(1, 9),
            "rate": self.course("Hz", 1500, alike=True),
            "correlation": self.one(0.2, 1),
            "method": self.one("common_source", "multiple_interaction"),
        }

    def _train(self) -> Document:
        return {**self.one(*TRAINS), "size": self.rng.randint(1, 9)}

    def course(self, unit: str, most: float, *, alike: bool = False) -> Any:
        """Return what may stand for a rate or a current, of at least 0."""
        none, low, half, high = (f"{share * most:.6g} {unit}" for share in (0, 0.1, 0.4, 1))
        factor = "hertz" if unit == "Hz" else unit
        interval = duration(self.rng.randint(1, 12))
        ramp = {"first": low, "last": high, "start": duration(self.rng.randint(0, 30))}
        return self.one(
            half,
            f"{0.4 * most:.6g}*{factor}*(1 + sin(t/ms))",
            {"piecewise": {"times": ["0.3 ms", "1 ms"], "values": [high, low]}},
            {"ramp": {**ramp, "stop": "4 ms"}},
            {"sine": {"amplitude": low, "frequency": "300 Hz", "offset": half}},
            {
                "noise": {
                    "mean": half,
                    "sd": low,
                    "interval": interval,
                    "clip": [none, high],
                    "shared": alike,
                }
            },
            {"array": {"values": [0, most, most / 3], "unit": unit, "interval": interval}},
        )

    def effect(self) -> Document | None:
        """Return a drive or a current onto a population; `None` if it has no place for one."""
        made = self.network
        name = self.one(*sorted(made["populations"]))
        population = made["populations"][name]
        cell = made["cells"][population["cell"]]
        found: Document = {"target": self.view(name, population["size"])[0]}
        found |= self.one({}, {"start": duration(self.rng.randint(0, 30))})
        found |= self.one({}, {"stop": duration(self.rng.randint(31, 60))})
        if cell["model"] == "leaky_if" and self.one(True, False):
            return {"model": "current", "amplitude": self.course("pA", 300), **found}
        if not cell["receptors"]:
            return None
        receptor = self.one(*sorted(cell["receptors"]))
        unit = RECEPTORS[receptor][1]
        return {
            "model": "poisson_drive",
            "receptor": receptor,
            "rate": self.course("Hz", 20_000),
            "weight": f"{0.3 * SCALES[unit]:.6g} {unit}",
            **found,
        }

    def _spike_times(self) -> Document:
        trains = [self.some(range(61), 8) for _ in range(self.rng.randint(0, 4))]
        times = [[duration(step) for step in train] for train in trains]
        return {"model": "spike_times", "times": times}

    # --- projections --------------------------------------------------------------------------

    def view(self, name: str, size: int) -> tuple[str, int]:
        """Return a whole object or part of it, also an empty part: text and number of neurons."""
        if self.often():
            return name, size
        start, stop = sorted((self.rng.randint(0, size), self.rng.randint(0, size)))
        return f"{name}[{start}:{stop}]", stop - start

    def projection(self) -> Document | None:
        """Return a projection between what there is; `None` if nobody has a receptor."""
        made = self.network
        open_to = {
            name: sorted(made["cells"][each["cell"]]["receptors"])
            for name, each in made["populations"].items()
        }
        targets = sorted(name for name, receptors in open_to.items() if receptors)
        if not targets:
            return None
        sizes = sizes_of(made)
        # Inputs count twice: much follows from what they do.
        inputs = sorted(sizes.keys() & made["inputs"].keys())
        target_name, source_name = self.one(*targets), self.one(*sorted(sizes), *inputs)
        source, sources = self.view(source_name, sizes[source_name])
        target, count = self.view(target_name, sizes[target_name])
        receptor = self.one(*open_to[target_name])
        unit = RECEPTORS[receptor][1]
        scale, factor = SCALES[unit], f"*{unit}" if unit else ""
        return {
            "source": source,
            "target": target,
            "receptor": receptor,
            "rule": self.rule(sources, count),
            "weight": self.one(f"{scale} {unit}", f"({scale} - {scale}*0.3*i + 0.1*j){factor}"),
            "delay": self.one("0 ms", "0.1 ms", "1.5 ms", "(i + 3*j - 4*floor(j/2))*0.1*ms"),
            "connected": self.often(),
        }

    def rule(self, sources: int, targets: int) -> Document:
        """Return any rule that suits the sizes."""
        rules: list[Callable[[int, int], Document]] = [
            self._all,
            self._bernoulli,
            self._poisson_numbers,
            self._explicit,
            self._degrees,
            self._degrees,
        ]
        rules += [self._one_to_one] if sources == targets else []
        return self.rng.choice(rules)(sources, targets)

    def _autapses(self) -> Document:
        return {"allow_autapses": self.one(True, False)}

    def _all(self, sources: int, targets: int) -> Document:
        return {"all_to_all": self._autapses()}

    def _one_to_one(self, sources: int, targets: int) -> Document:
        return {"one_to_one": {}}

    def _bernoulli(self, sources: int, targets: int) -> Document:
        p = self.one(0.0, 0.5, 0.8, 1.0, "(1 + i)/(2 + i + j)")
        return {"pairwise_bernoulli": {"p": p, **self._autapses()}}

    def _poisson_numbers(self, sources: int, targets: int) -> Document:
        return {"pairwise_poisson": {"mean": self.one(0.0, 0.4, 2.0), **self._autapses()}}

    def _explicit(self, sources: int, targets: int) -> Document:
        pairs = [[i, j] for i in range(sources) for j in range(targets)]
        return {"explicit": {"pairs": self.rng.choices(pairs, k=12) if pairs else []}}

    def _degrees(self, sources: int, targets: int) -> Document:
        """Return a rule of numbers: as many as there are whatever its switches say."""
        name, field, most = self.rng.choice(
            [
                ("fixed_outdegree", "outdegree", targets - 1),
                ("fixed_indegree", "indegree", sources - 1),
                (
                    "fixed_total_number",
                    "number",
                    sources * targets - min(sources, targets),
                ),
            ]
        )
        number = max(0, min(most, self.one(0, 3, 20)))
        return {name: {field: number, "allow_multapses": self.one(True, False), **self._autapses()}}

    # --- the experiment -----------------------------------------------------------------------

    def entry(self) -> Document:
        """Return a timeline entry: a switch, or new values of whatever exists."""
        actions = [*self._of_projections(), *self._of_populations(), *self._of_inputs()]
        again = self.one({}, {}, {"every": "0.7 ms", "until": "5 ms"})
        return {"at": duration(self.rng.randint(0, 30)), **again, **self.one(*actions)}

    def _of_projections(self) -> list[Document]:
        found = []
        for name, projection in self.network["projections"].items():
            unit = RECEPTORS[projection["receptor"]][1]
            weight = f"{0.7 * SCALES[unit]:.6g} {unit}"
            found += [{"connect": name}, {"disconnect": name}, {"set": {f"{name}.weight": weight}}]
        return found

    def _of_populations(self) -> list[Document]:
        found = []
        for name, each in self.network["populations"].items():
            text, _ = self.view(name, each["size"])
            if self.network["cells"][each["cell"]]["model"] == "leaky_if":
                found += [
                    {"set": {f"{text}.t_ref": "0.3 ms"}},
                    {"set": {f"{text}.I_e": "(120 + 10*i)*pA"}},
                    {"set": {f"{name}.g_L": "12 nS"}},
                ]
            found.append({"set": {f"{text}.V": "-63 mV"}})
        return found

    def _of_inputs(self) -> list[Document]:
        found = []
        for name, each in self.network["inputs"].items():
            rate = each.get("rate")
            if each["model"] == "poisson" and isinstance(rate, str) and "t/" not in rate:
                text, _ = self.view(name, each["size"])
                found.append({"set": {f"{text}.rate": "900 Hz"}})
            if each["model"] == "poisson_drive":
                unit = RECEPTORS[each["receptor"]][1]
                found.append({"set": {f"{name}.weight": f"{0.2 * SCALES[unit]:.6g} {unit}"}})
        return found

    def monitors(self) -> Document:
        """Return what is recorded and counted: spikes of all, some state, now and then a part."""
        emitting = sorted(sizes_of(self.network))
        during = self.one({}, {}, {"during": [["0.5 ms", "2 ms"], ["3 ms", "4.2 ms"]]})
        return {
            "spikes": emitting,
            "states": [
                {"of": name, "variables": ["V"], "every": self.one(1, 3), **during}
                for name in sorted(self.network["populations"])
            ],
            "counts": self.some(emitting, 2),
            "rates": [{"of": name, "bin": "0.6 ms"} for name in self.some(emitting, 2)],
        }
