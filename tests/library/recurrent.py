"""The whole library in one network: a population per membrane, no two neurons of it alike.

Every receptor and mechanism is in one of the membranes that take it. The network is made from the
declarations, so a new model is in it by being there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from library.networks import STIFF, alone, declared, used

from netspec import library
from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.spec.network import Network
from netspec.testing.documents import Document
from netspec.units import Quantity

GATE, GATING = "gating", "nmda_gating"
"""What pools read in the neurons that they sum over: its name there, and the model behind it."""

DRIVES = {
    "pA": {"uniform": {"low": "500 pA", "high": "3000 pA"}},
    "mV/ms": {"uniform": {"low": "5 mV/ms", "high": "12 mV/ms"}},
    "1": {"uniform": {"low": "0.5", "high": "1.3"}},
}
"""What constant inputs are drawn from, by their unit."""

STARTS = {
    "mV": {"uniform": {"low": "-70 mV", "high": "-55 mV"}},
    "1": {"uniform": {"low": "-1.6", "high": "-1.2"}},
}
"""What the first state variable is drawn from, by its unit."""

PERIODS = {"discrete": {"values": ["0 ms", "0.5 ms", "2 ms"], "probabilities": [0.25, 0.5, 0.25]}}

WEIGHTS = {"pA": "20*pA", "nS": "0.4*nS", "mV": "0.4*mV", "mV/ms": "0.4*mV/ms", "1": "0.1"}
"""Of events, and of what is gathered, by their unit; edges differ."""

NOISE = {"pA": "60 pA", "mV/ms": "1 mV/ms", "1": "0.1"}
"""Standard deviations of coloured noise, by the unit of what it is added to."""


def whole_library(size: int, duration: str, *, in_full: bool = False) -> Network:
    """Return a network with all models in it, all that has a value sampled.

    Args:
        size: Of each population.
        duration: Of the run.
        in_full: All populations that spike are recurrent, neurons differ in all their parameters,
            and every membrane gets coloured noise, or the many events of a Poisson input where none
            of the integrators that suit it takes noise. Without it there is no more than each
            model once, for compilers take long.
    """
    whole: Document = {"cells": {}, "populations": {}, "inputs": {}, "projections": {}}
    if in_full:
        whole["inputs"]["rain"] = {"model": "poisson", "size": 20, "rate": "(20 + 5*i)*hertz"}
    others, states = "rain" if in_full else driven()[0], []
    every = 50 if in_full else 1
    for name, receptors, mechanisms in filled_membranes():
        takes_noise = name not in STIFF and bool(declared("cells", name).derivatives)
        if in_full and takes_noise:
            mechanisms = mechanisms | {"noise": coloured_noise(name)}
        if in_full and not any(map(moves_a_membrane, receptors.values())):
            receptors = receptors | {"echo": decaying_input(name)}
        cell = used("cells", name) | {"receptors": receptors, "mechanisms": mechanisms}
        if name in STIFF:
            cell["integrator"] = "exponential_euler"
        whole["cells"][name] = cell
        whole["populations"][name] = mixed_population(name, size, in_full)
        needs_events = name not in driven() or (in_full and not takes_noise)
        for label, receptor in receptors.items():
            edges = projection(name, label, receptor, size)
            if name in driven():
                whole["projections"][f"{name}_{label}"] = edges | {"source": name}
            if needs_events and moves_a_membrane(receptor):
                whole["projections"][f"others_{name}_{label}"] = edges | {"source": others}
        if variables := seen_of(cell):
            states.append({"of": name, "variables": variables, "every": every})
    whole["monitors"] = {"spikes": list(whole["populations"]), "states": states}
    head = {"netspec": "1", "name": "library", "seed": 40, "dt": "0.1 ms", "duration": duration}
    return Network(**head, **whole)


def driven() -> list[str]:
    """Return the membranes that a constant input makes spike."""
    cells = {name: declared("cells", name) for name in library.names("cells")}
    return [name for name, each in cells.items() if each.spike and "I_e" in each.parameters]


# --- what is in a membrane ----------------------------------------------------------------


@cache
def filled_membranes() -> list[tuple[str, Document, Document]]:
    """Return each membrane with its receptors and mechanisms, in the order of names."""
    found: dict[str, Document] = {
        name: {"receptors": {}, "mechanisms": {}} for name in library.names("cells")
    }
    for kind, parts in parts_that_belong_together():
        emptiest_first = sorted(found, key=lambda name: sum(map(len, found[name].values())))
        membrane = next(name for name in emptiest_first if fits(name, {kind: parts}))
        found[membrane][kind] |= parts
    return [(name, each["receptors"], each["mechanisms"]) for name, each in found.items()]


def parts_that_belong_together() -> Iterator[tuple[str, Document]]:
    """Yield kind and parts: sums with what they read, and everything else by itself."""
    receptors = {name: used("receptors", name) for name in library.names("receptors")}
    sums = {name: each for name, each in receptors.items() if gathers(each)}
    yield "receptors", sums | {GATE: receptors[GATING]}
    for name, each in receptors.items():
        if name not in (*sums, GATING):
            yield "receptors", {name: each}
    for name in library.names("mechanisms"):
        yield "mechanisms", {name: used("mechanisms", name)}


def fits(membrane: str, parts: Document) -> bool:
    """Tell whether a membrane takes some receptors or mechanisms."""
    integrator = {"integrator": "exponential_euler"} if membrane in STIFF else {}
    try:
        pipeline.lowered(Network(**alone(used("cells", membrane) | parts | integrator)))
    except SpecError:
        return False
    return True


def gathers(receptor: Document) -> bool:
    """Tell whether a receptor sums over other neurons instead of taking events."""
    model = receptor["model"]
    return isinstance(model, str) and declared("receptors", model).gather is not None


def moves_a_membrane(receptor: Document) -> bool:
    """Tell whether events that arrive change what the membrane does."""
    return not gathers(receptor) and receptor["model"] != GATING


def seen_of(cell: Document) -> list[str]:
    """Return the names of all state variables and sums of a cell."""
    found = list(declared("cells", cell["model"]).state)
    for kind in ("receptors", "mechanisms"):
        for label, part in cell[kind].items():
            model = part["model"]
            in_place = not isinstance(model, str)
            own = model["equations"]["state"] if in_place else declared(kind, model).state
            found += [f"{name}_{label}" for name in own]
            if kind == "receptors" and gathers(part):
                found.append(f"gathered_{label}")
    return found


def input_of(membrane: str) -> tuple[str, str]:
    """Return name and unit of the first input of a membrane."""
    return next(iter(declared("cells", membrane).inputs.items()))


def decaying_input(membrane: str) -> Document:
    """Return a receptor of a form that every membrane takes."""
    name, unit = input_of(membrane)
    equations = {
        "state": {"s": {"unit": unit, "initial": f"0 {unit}" if unit != "1" else "0"}},
        "derivatives": {"s": "-s/(5*ms)"},
        "current": "s",
        "into": name,
        "weight": unit,
        "on_event": "s = s + acc",
    }
    return {"model": {"equations": equations}}


def coloured_noise(membrane: str) -> Document:
    """Return a mechanism that adds noise: the library's where the membrane takes a current."""
    name, unit = input_of(membrane)
    if unit == "pA":
        return used("mechanisms", "ou_current", sigma=NOISE[unit])
    equations = {
        "parameters": {"sigma": unit, "tau": "ms"},
        "state": {"s": {"unit": unit, "initial": "0*sigma"}},
        "derivatives": {"s": "-s/tau + sigma*sqrt(2/tau)*xi"},
        "current": "s",
        "into": name,
    }
    return {"model": {"equations": equations}, "sigma": NOISE[unit], "tau": "5 ms"}


# --- populations and projections ----------------------------------------------------------


def mixed_population(membrane: str, size: int, in_full: bool) -> Document:
    """Return a population whose neurons differ in how they start, and in some or all parameters."""
    declaration = declared("cells", membrane)
    parameters: Document = {}
    for name, each in declaration.declared_parameters.items():
        usual = each.typical or each.default
        if name == "t_ref":
            parameters[name] = PERIODS
        elif name == "I_e":
            parameters[name] = DRIVES[each.unit]
        elif isinstance(usual, Quantity) and (in_full or not parameters):
            parameters[name] = {"lognormal": {"median": usual.text, "sigma": 0.02}}
    first = list(declaration.state.items())[:1]
    initial = {name: STARTS[variable.unit] for name, variable in first}
    return {"size": size, "cell": membrane, "parameters": parameters, "initial": initial}


def projection(target: str, label: str, receptor: Document, size: int) -> Document:
    """Return some edges per neuron, all different; what they come from is still missing."""
    model = receptor["model"]
    unit = declared("receptors", model).weight if isinstance(model, str) else input_of(target)[1]
    edges = {
        "target": target,
        "receptor": label,
        "rule": {"pairwise_bernoulli": {"p": 4 / size}},
        "weight": f"{WEIGHTS[unit]}*(1 + 0.05*j)",
    }
    if label == GATE:
        edges |= {"rule": {"one_to_one": {}}, "weight": "1"}
    if gathers(receptor):
        return edges | {"rule": {"all_to_all": {}}}
    return edges | {"delay": "((3*i + 2*j) - 16*floor((3*i + 2*j)/16))*0.1*ms"}
