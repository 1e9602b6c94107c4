"""Against Brian2: `hh_traub` and the same neuron written by hand, both by `exponential_euler`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from netspec import Network
from netspec.passes.pipeline import realised

STEPS, NEURONS = 2000, 12

INPUTS = {"exc": 40, "inh": 20}

NETWORK = Network(
    netspec="1",
    name="hh_traub",
    seed=2,
    dt="0.1 ms",
    duration=f"{STEPS // 10} ms",
    cells={
        "cell": {
            "model": "hh_traub",
            "integrator": "exponential_euler",
            "receptors": {
                "exc": {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "5 ms"},
                "inh": {"model": "cond_exp", "E_rev": "-80 mV", "tau_decay": "10 ms"},
            },
        }
    },
    populations={
        "all": {
            "size": NEURONS,
            "cell": "cell",
            "parameters": {"E_L": "-60*mV - mV*i", "I_e": "30*pA - 10*pA*i"},
        }
    },
    inputs={
        name: {"model": "poisson", "size": size, "rate": "20 Hz"} for name, size in INPUTS.items()
    },
    projections={
        f"{name}_all": {
            "source": name,
            "target": "all",
            "receptor": name,
            "rule": {"pairwise_bernoulli": {"p": 0.5}},
            "weight": "(0.1 + 0.02*i)*nS",
            "delay": "0 ms",
        }
        for name in INPUTS
    },
    monitors={
        "spikes": ["all", *INPUTS],
        "states": [{"of": "all", "variables": ["V"]}],
    },
)


def test_spikes_and_potentials_are_those_of_brian2(tmp_path: Path) -> None:
    results, network = NETWORK.run(backend="numpy"), realised(NETWORK)
    parameters = network.populations["all"].parameters
    given = {"I": parameters["I_e"], "E_l": parameters["E_L"], "steps": np.array(STEPS)}
    for name, size in INPUTS.items():
        spikes, edges = results.spikes[name], network.projections[f"{name}_all"]
        given |= {
            f"{name}.size": np.array(size),
            f"{name}.i": spikes.i,
            f"{name}.step": spikes.step,
            f"{name}.source": edges.sources,
            f"{name}.target": edges.targets,
            f"{name}.weight": edges.weights,
        }
    np.savez(tmp_path / "given.npz", **given)
    script = Path(__file__).with_name("plain_hh_traub.py")
    subprocess.run(
        [sys.executable, script, tmp_path / "given.npz", tmp_path / "plain.npz"], check=True
    )
    plain, own = np.load(tmp_path / "plain.npz"), results.spikes["all"]
    V = results.states["all"]["V"].values
    order = np.lexsort((plain["i"], plain["step"]))
    assert np.array_equal(plain["step"][order], own.step)
    assert np.array_equal(plain["i"][order], own.i)
    silent = own.count == 0
    assert 4 <= np.count_nonzero(silent) <= NEURONS - 4
    # Promised until the first spike; it holds beyond.
    assert np.abs(plain["V"] - V).max() < 1e-9
    assert np.ptp(V[:, silent], axis=0).min() > 3e-3
