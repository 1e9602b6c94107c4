"""Against what others get: the seed network of netspec and the same by hand in Brian2."""

import subprocess
import sys
from pathlib import Path

import numpy as np

import netspec
from netspec.passes.pipeline import realised

ROOT = Path(__file__).parents[2]
SEED_NETWORK = ROOT / "examples" / "lif_inhibition.json"


def in_dendrify_form() -> netspec.Network:
    """Return the seed network with g in the receptor and weight 1 per event."""

    def receptor(reversal: str, decay: str) -> dict[str, object]:
        return {
            "model": {
                "equations": {
                    "parameters": {"g": "nS", "E_rev": "mV", "tau_decay": "ms"},
                    "state": {"s": {"unit": "1", "initial": "0"}},
                    "derivatives": {"s": "-s/tau_decay"},
                    "current": "g*(E_rev - V)*s",
                    "weight": "1",
                    "on_event": "s = s + acc",
                }
            },
            "g": "2 nS",
            "E_rev": reversal,
            "tau_decay": decay,
        }

    return netspec.load(SEED_NETWORK).replace(
        {
            "cells.lif.receptors.AMPA": receptor("0 mV", "2.5 ms"),
            "cells.lif.receptors.GABA": receptor("-80 mV", "7.5 ms"),
            **{f"projections.{name}.weight": 1 for name in ("ext_exc", "ext_inh", "inh_exc")},
            "monitors.spikes": ["exc", "inh", "ext"],
            "monitors.states": [
                {"of": "exc", "variables": ["V"]},
                {"of": "inh", "variables": ["V"]},
            ],
        }
    )


def test_equal_spikes_and_nearly_equal_membrane_potentials(tmp_path: Path) -> None:
    network = in_dendrify_form()
    results = network.run(backend="numpy")
    given = {"ext.i": results.spikes["ext"].i, "ext.step": results.spikes["ext"].step}
    for name, edges in realised(network).projections.items():
        given |= {f"{name}.i": edges.sources, f"{name}.j": edges.targets}
    np.savez(tmp_path / "given.npz", **given)
    script = Path(__file__).with_name("plain_brian2.py")
    subprocess.run(
        [sys.executable, script, tmp_path / "given.npz", tmp_path / "plain.npz"], check=True
    )
    plain = np.load(tmp_path / "plain.npz")
    for name in ("exc", "inh"):
        spikes = results.spikes[name]
        order = np.lexsort((plain[f"{name}.i"], plain[f"{name}.step"]))
        assert np.array_equal(plain[f"{name}.i"][order], spikes.i)
        assert np.array_equal(plain[f"{name}.step"][order], spikes.step)
        assert spikes.i.size > 0
        assert np.abs(plain[f"{name}.V"] - results.states[name]["V"].values).max() < 1e-9


def test_statistics_lie_where_other_simulators_put_them() -> None:
    """Means of Brian2 over 70 seeds: E 2017 after 250 ms, then 2268; I 847, none before."""
    network = netspec.load(SEED_NETWORK)
    early, late, inhibitory = [], [], []
    edges: dict[str, list[int]] = {"ext_exc": [], "ext_inh": [], "inh_exc": []}
    for seed in range(40):
        results = network.run(backend="numpy", seed=seed, state_digest=False)
        exc, inh = results.spikes["exc"], results.spikes["inh"]
        early.append(np.count_nonzero(exc.step < 2500))
        late.append(exc.step.size)
        inhibitory.append(inh.step.size)
        assert inh.step.min() >= 2500
        for name, realised_edges in realised(network.replace({"seed": seed})).projections.items():
            edges[name].append(realised_edges.sources.size)
    assert abs(np.mean(early) - 2017) < 155
    assert abs(np.mean(late) - 2268) < 160
    assert abs(np.mean(inhibitory) - 847) < 75
    for name, (pairs, p) in {
        "ext_exc": (200 * 700, 0.2),
        "ext_inh": (200 * 300, 0.2),
        "inh_exc": (300 * 700, 0.15),
    }.items():
        standard_error = np.sqrt(pairs * p * (1 - p) / 40)
        assert abs(np.mean(edges[name]) - pairs * p) < 3 * standard_error
