"""Against NEST: the microcircuit on the same edges, from the same V, with the same input spikes.

The background has a source for each neuron, so that its spikes can be recorded and given to NEST.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gallery.scripts import script
from promises import require_nest
from truth.nest_process import in_nest

import netspec
from netspec.passes.pipeline import realised

require_nest()

COLUMN = script("potjans_diesmann")
V_TH = -50.0
"""In mV."""

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Run:
    """What the neurons of all populations did, each array of shape (steps, neurons).

    Attributes:
        fired: Whether a neuron fired in a step.
        V: In mV, at the start of a step.
    """

    fired: npt.NDArray[np.bool_]
    V: npt.NDArray[np.float64]

    @classmethod
    def of(cls, step: Any, i: Any, V: npt.NDArray[np.float64]) -> Run:
        fired = np.zeros(V.shape, np.bool_)
        known = step < len(V)
        fired[step[known], i[known]] = True
        return cls(fired, V)


def with_sources(column: netspec.Network) -> netspec.Network:
    """Return the network with a Poisson source for each neuron in place of its drive."""
    document = column.to_document()
    document["cells"]["neuron"]["spike"] = {"when": "V >= V_th"}
    document["projections"] = {}
    for name, drive in document["inputs"].items():
        size = document["populations"][drive["target"]]["size"]
        document["inputs"][name] = {"model": "poisson", "size": size, "rate": drive["rate"]}
        document["projections"][f"{name}_edges"] = {
            "source": name,
            "target": drive["target"],
            "receptor": drive["receptor"],
            "rule": {"one_to_one": {}},
            "weight": drive["weight"],
            "delay": "1.5 ms",
        }
    document["monitors"] = {
        "spikes": [*document["populations"], *document["inputs"]],
        "states": [{"of": name, "variables": ["V"]} for name in document["populations"]],
    }
    return netspec.Network(**document)


def run(column: netspec.Network, folder: Path) -> tuple[Run, Run]:
    """Return what the neurons of netspec did and what those of NEST did."""
    results = column.run(backend="numpy", state_digest=False)
    names = list(column.populations)
    V = np.hstack([results.states[name]["V"].to("mV") for name in names])
    nest = in_nest("nest_microcircuit.py", for_nest(column, results) | {"V_m": V[0]}, folder)
    return Run.of(*spikes(results, names, names), V), Run.of(nest["step"], nest["i"], nest["V"])


def spikes(
    results: netspec.Results, objects: list[str], populations: list[str]
) -> tuple[Array, Array]:
    """Return steps and neurons of the spikes of objects that are as large as the populations."""
    steps, neurons, first = [], [], 0
    for name, population in zip(objects, populations, strict=True):
        steps.append(results.spikes[name].step)
        neurons.append(results.spikes[name].i + first)
        first += results.objects[population].size
    return np.concatenate(steps), np.concatenate(neurons)


def for_nest(column: netspec.Network, results: netspec.Results) -> dict[str, Any]:
    """Return values, edges and input spikes in ms, mV, pA; weights as netspec rounds them."""
    network, names = realised(column), list(column.populations)
    sizes = [results.objects[name].size for name in names]
    first = dict(zip(names, np.cumsum([0, *sizes[:-1]]), strict=True))
    edges: dict[str, list[Array]] = {"source": [], "target": [], "weight": [], "delay": []}
    for source, target in itertools.product(names, names):
        if (name := f"recurrent_{source}_{target}") in network.projections:
            found = network.projections[name]
            edges["source"].append(found.sources + first[source])
            edges["target"].append(found.targets + first[target])
            edges["weight"].append(found.weights * 1e12)
            edges["delay"].append(found.delays)
    step, i = spikes(results, [f"ext_{name}" for name in names], names)
    currents = [network.populations[name].parameters["I_e"] * 1e12 for name in names]
    background = network.projections[f"ext_{names[0]}_edges"]
    return {
        "dt": 0.1,
        "steps": results.steps,
        "I_e": np.repeat(currents, sizes),
        "input.step": step,
        "input.i": i,
        "input.weight": np.full(sum(sizes), background.weights * 1e12),
        "input.delay": np.full(sum(sizes), background.delays),
        **{field: np.concatenate(values) for field, values in edges.items()},
    }


@pytest.mark.filterwarnings("ignore::netspec.DescriptionWarning")
@pytest.mark.parametrize(
    "scale", [0.03, pytest.param(0.1, marks=[pytest.mark.long, pytest.mark.timeout(900)])]
)
def test_spikes_are_those_of_nest(scale: float, tmp_path: Path) -> None:
    column = with_sources(COLUMN.build(scale, indegrees=0.1, duration="200 ms"))
    own, nest = run(column, tmp_path)
    differs = (own.fired != nest.fired).any(axis=1)
    end = differs.argmax() if differs.any() else len(differs) - 1
    assert np.abs(own.V - nest.V)[: end + 1].max() < 1e-9
    for neuron in np.flatnonzero(own.fired[end] != nest.fired[end]):
        silent = nest if own.fired[end, neuron] else own
        assert abs(silent.V[end + 1, neuron] - V_TH) < 1e-9
    assert end > 1000
    assert own.fired[:end].sum() > 1000
