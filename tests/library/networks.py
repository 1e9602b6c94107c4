"""Networks with the models of the library in them, each under every integrator that it suits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec import library
from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.passes.integrate import INTEGRATORS
from netspec.results.results import Results
from netspec.spec.network import Network
from netspec.testing.documents import Document, together

KINDS = ("cells", "receptors", "mechanisms")

DRIVES = {"pA": "3000 pA", "mV/ms": "12 mV/ms", "1": "1.35"}
"""Constant inputs that make every membrane spike, by their unit."""

WEIGHTS = {"pA": "100 pA", "nS": "3 nS", "mV": "3 mV", "1": "1"}
"""Of the events that arrive at a receptor, or of what it gathers, by their unit."""

STIFF = ("hh_traub", "hodgkin_huxley")
"""Membranes that explicit integrators need a shorter step for than 0.1 ms."""

FOR_NOISE = ("euler_maruyama", "heun")
"""Integrators that are there for equations with noise."""


def models() -> Iterator[tuple[str, str]]:
    """Yield kind and name of everything in the library."""
    for kind in KINDS:
        yield from ((kind, name) for name in library.names(kind))


def declared(kind: str, name: str) -> Any:
    """Return what the library declares under a name."""
    return library.declarations(kind)[name]


def used(kind: str, name: str, **values: str) -> Document:
    """Return a use of a model, with typical values for what has no default."""
    parameters = declared(kind, name).declared_parameters
    needed = {name: each.typical.text for name, each in parameters.items() if each.typical}
    return {"model": name} | needed | values


def cell_with(kind: str, name: str) -> Document:
    """Return a cell that a model is in: as its membrane, or called `X`."""
    if kind == "cells":
        return used(kind, name)
    into = declared(kind, name).into
    membranes = ("leaky_if", *library.names("cells"))
    membrane = next(each for each in membranes if into in declared("cells", each).inputs)
    return used("cells", membrane) | {kind: {"X": used(kind, name)}}


def alone(cell: Document, **sections: Any) -> Document:
    """Return a network of one cell: a population `one` of one neuron."""
    head = {"netspec": "1", "name": "alone", "seed": 5, "dt": "0.1 ms", "duration": "100 ms"}
    populations = {"one": {"size": 1, "cell": "cell"}}
    return head | {"cells": {"cell": cell}, "populations": populations} | sections


def integrators(kind: str, name: str) -> list[str]:
    """Return the integrators that suit a model, those for noise only if there is some."""
    if name in STIFF:
        return ["exponential_euler"]
    cell = cell_with(kind, name)
    suitable = [each for each in INTEGRATORS if _suits(each, cell)]
    return [each for each in suitable if each not in FOR_NOISE] or suitable


def _suits(integrator: str, cell: Document) -> bool:
    try:
        pipeline.lowered(Network(**alone(cell | {"integrator": integrator})))
    except SpecError as error:
        if {each.code for each in error.diagnostics} <= {"not-linear", "no-noise"}:
            return False
        raise
    return True


def populations(kind: str, name: str) -> list[str]:
    """Return the names of a model's populations, one for each integrator."""
    return [f"{name}_by_{integrator}" for integrator in integrators(kind, name)]


def all_integrators(kind: str, name: str) -> Document:
    """Return a network of two neurons for each integrator, all state recorded.

    Nothing happens to the first. If the model is a receptor, the second gets three events, or
    gathers from neurons that spike; else it gets a constant input.
    """
    cell = cell_with(kind, name)
    membrane = declared("cells", cell["model"])
    state = list(membrane.state)
    if kind != "cells":
        state += [f"{each}_X" for each in declared(kind, name).state]
    whole: Document = {"cells": {}, "populations": {}, "inputs": {}, "projections": {}}
    for integrator, own in zip(integrators(kind, name), populations(kind, name), strict=True):
        whole["cells"][own] = cell | {"integrator": integrator}
        whole["populations"][own] = {"size": 2, "cell": own}
        if kind == "receptors":
            gathers = declared(kind, name).gather is not None
            whole["projections"][f"{own}_events"] = {
                "source": f"{name}_source",
                "target": f"{own}[1:2]",
                "receptor": "X",
                "rule": {"all_to_all": {}},
                "weight": WEIGHTS[declared(kind, name).weight],
            } | ({} if gathers else {"delay": "1 ms"})
        elif "I_e" in membrane.parameters:
            unit = membrane.declared_parameters["I_e"].unit
            whole["populations"][own]["parameters"] = {"I_e": [f"0 {unit}", DRIVES[unit]]}
    if kind == "receptors" and declared(kind, name).gather is not None:
        add_gated(whole, f"{name}_source")
    elif kind == "receptors":
        times = [["10 ms", "20 ms", "22 ms"]]
        whole["inputs"][f"{name}_source"] = {"model": "spike_times", "times": times}
    names = populations(kind, name) if state else []
    whole["monitors"] = {"states": [{"of": own, "variables": state} for own in names]}
    return whole


def add_gated(whole: Document, name: str) -> None:
    """Add a population to gather from: its neurons spike, and their gates hear it."""
    gating = {"receptors": {"gating": {"model": "nmda_gating"}}}
    whole["cells"][name] = used("cells", "leaky_if") | gating
    parameters = {"I_e": "300*pA + 10*pA*i"}
    whole["populations"][name] = {"size": 20, "cell": name, "parameters": parameters}
    whole["projections"][f"{name}_gates"] = {
        "source": name,
        "target": name,
        "receptor": "gating",
        "rule": {"one_to_one": {}},
        "weight": "1",
        "delay": "0.5 ms",
    }


def library_network(chosen: Iterable[tuple[str, str]]) -> Network:
    """Return one network of several models: starting a simulator is dear."""
    parts = [all_integrators(kind, name) for kind, name in chosen]
    return Network(**together(parts, "100 ms"))


def run(network: Document) -> Results:
    """Run a network on the backend that starts fastest."""
    return Network(**network).run(backend="numpy")


def spike_times(
    cell: Document, duration: str = "200 ms", dt: str = "0.1 ms"
) -> npt.NDArray[np.float64]:
    """Return when a neuron alone spikes, in ms."""
    monitors = {"spikes": ["one"]}
    return run(alone(cell, duration=duration, dt=dt, monitors=monitors)).spikes["one"].t
