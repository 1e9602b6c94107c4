"""Neurons of netspec and of NEST that get the same input spikes.

They are not connected among themselves, so that a difference stays where it arises. What netspec
calls step k ends at (k + 1)*dt, and NEST calls it that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from truth.nest_process import in_nest

from netspec import Network
from netspec.passes.pipeline import realised

STEPS = 10_000

V_TH = -55.0
"""In mV."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Model:
    """A neuron of NEST, and the receptor that makes `leaky_if` the same.

    Attributes:
        weight: Mean of the excitatory weights, and the negative mean of the inhibitory ones.
        later: Steps by which NEST's delay is longer. What arrives in a step is first felt in the
            next update; with `iaf_psc_delta` in that of the same step.
    """

    name: str
    receptor: str
    weight: float
    unit: str
    later: int = 0


MODELS = (
    Model("iaf_psc_exp", "curr_exp", 200, "pA"),
    Model("iaf_psc_alpha", "curr_alpha", 100, "pA"),
    Model("iaf_psc_delta", "delta", 1.2, "mV", later=1),
)


def parameters(
    model: Model, neurons: Iterable[tuple[Pair, Pair, str, str]]
) -> dict[str, list[str]]:
    """Return lists of parameters for neurons given by membrane, synapses, t_ref and I_e."""
    membranes, synapses, periods, currents = zip(*neurons, strict=True)
    C_m, g_L = zip(*membranes, strict=True)
    found = {"C_m": C_m, "g_L": g_L, "t_ref": periods, "I_e": currents}
    if model.receptor != "delta":
        exc, inh = zip(*synapses, strict=True)
        found |= {"tau_decay_exc": exc, "tau_decay_inh": inh}
    return {name: list(values) for name, values in found.items()}


def network(model: Model, rate: str, parameters: dict[str, list[str]]) -> Network:
    """Return neurons with these parameters that hear 40 excitatory and 20 inhibitory inputs."""
    mean, sd, none = (f"{x} {model.unit}" for x in (model.weight, model.weight / 4, 0))
    weights = {
        "exc": {"normal": {"mean": mean, "sd": sd, "redraw": [none, None]}},
        "inh": {"normal": {"mean": f"-{mean}", "sd": sd, "redraw": [None, none]}},
    }
    edges = {"target": "all", "rule": {"pairwise_bernoulli": {"p": 0.5}}, "rounding": "nearest"}
    cell = {
        "model": "leaky_if",
        "integrator": "exact",
        "E_L": "-70 mV",
        "V_th": f"{V_TH} mV",
        "V_reset": "-68 mV",
        "spike": {"when": "V >= V_th"},
        "receptors": {name: {"model": model.receptor} for name in weights},
    }
    size = len(parameters["C_m"])
    return Network(
        netspec="1",
        name=model.name,
        seed=1,
        dt="0.1 ms",
        duration=f"{STEPS // 10} ms",
        cells={"cell": cell},
        populations={"all": {"size": size, "cell": "cell", "parameters": parameters}},
        inputs={
            name: {"model": "poisson", "size": number, "rate": rate}
            for name, number in (("exc", 40), ("inh", 20))
        },
        projections={
            f"{name}_all": edges
            | {"source": name, "receptor": name, "weight": weight, "delay": "0.1*ms*(1 + i)"}
            for name, weight in weights.items()
        },
        monitors={
            "spikes": ["all", "exc", "inh"],
            "states": [{"of": "all", "variables": ["V"]}],
        },
    )


@dataclass(frozen=True)
class Run:
    """What neurons did, each array of shape (steps, neurons).

    Attributes:
        fired: Whether a neuron fired in a step.
        V: In mV, at the start of a step.
    """

    fired: npt.NDArray[np.bool_]
    V: npt.NDArray[np.float64]


def run(
    model: Model, parameters: dict[str, list[str]], folder: Path, rate: str = "20 Hz"
) -> tuple[Run, Run]:
    """Return what the neurons of netspec did and what those of NEST did."""
    described = network(model, rate, parameters)
    results = described.run(backend="numpy")
    given = for_nest(model, described)
    for name in ("exc", "inh"):
        given |= {f"{name}.i": results.spikes[name].i, f"{name}.step": results.spikes[name].step}
    nest = in_nest("nest_neurons.py", given, folder)
    own, V = results.spikes["all"], results.states["all"]["V"].to("mV")
    return (
        Run(raster(own.step, own.i, V.shape[1]), V),
        Run(raster(nest["step"], nest["i"], V.shape[1]), nest["V"]),
    )


def for_nest(model: Model, described: Network) -> dict[str, Any]:
    """Return parameters and edges in ms, mV, pA and pF, the weights as netspec rounds them."""
    network = realised(described)
    found = network.populations["all"].parameters
    C_m, g_L = found["C_m"] * 1e12, found["g_L"] * 1e9
    values = {
        "C_m": C_m,
        "tau_m": C_m / g_L,
        "t_ref": found["t_ref"] * 1e3,
        "I_e": found["I_e"] * 1e12,
        "E_L": np.full_like(C_m, -70.0),
        "V_m": np.full_like(C_m, -70.0),
        "V_th": np.full_like(C_m, V_TH),
        "V_reset": np.full_like(C_m, -68.0),
    }
    if model.receptor != "delta":
        values |= {
            "tau_syn_ex": found["tau_decay_exc"] * 1e3,
            "tau_syn_in": found["tau_decay_inh"] * 1e3,
        }
    given = values | {
        "parameters": " ".join(values),
        "model": model.name,
        "dt": 0.1,
        "steps": STEPS,
    }
    for name, size in (("exc", 40), ("inh", 20)):
        edges = network.projections[f"{name}_all"]
        given |= {
            f"{name}.size": size,
            f"{name}.source": edges.sources,
            f"{name}.target": edges.targets,
            f"{name}.weight": edges.weights * {"pA": 1e12, "mV": 1e3}[model.unit],
            f"{name}.delay": edges.delays + model.later,
        }
    return given


def raster(step: npt.NDArray[Any], i: npt.NDArray[Any], size: int) -> npt.NDArray[np.bool_]:
    """Return whether a neuron fired in a step."""
    fired = np.zeros((STEPS, size), dtype=np.bool_)
    known = step < STEPS
    fired[step[known], i[known]] = True
    return fired
