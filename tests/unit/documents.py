"""A small good document, and changed copies of it."""

from __future__ import annotations

import copy
from typing import Any

from netspec.spec.network import Network

SMALL: dict[str, Any] = {
    "netspec": "1",
    "name": "small",
    "seed": 1,
    "dt": "0.1 ms",
    "duration": "10 ms",
    "cells": {
        "lif": {
            "model": "leaky_if",
            "integrator": "euler",
            "C_m": "281 pF",
            "g_L": "30 nS",
            "E_L": "-70 mV",
            "V_th": "-50 mV",
            "V_reset": "-65 mV",
            "t_ref": "2 ms",
            "receptors": {
                "AMPA": {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2.5 ms"},
                "GABA": {"model": "cond_exp", "E_rev": "-80 mV", "tau_decay": "7.5 ms"},
            },
        }
    },
    "populations": {
        "exc": {"size": 10, "cell": "lif", "initial": {"V": "-70*mV + 0.5*mV*i"}},
        "inh": {"size": 4, "cell": "lif"},
    },
    "inputs": {
        "ext": {"model": "poisson", "size": 20, "rate": "90 Hz"},
        "beat": {"model": "spike_times", "times": [["1 ms", "2 ms"], ["0.5 ms"]]},
    },
    "projections": {
        "ext_exc": {
            "source": "ext",
            "target": "exc",
            "receptor": "AMPA",
            "rule": {"pairwise_bernoulli": {"p": 0.3}},
            "weight": "2 nS",
            "delay": "0.5 ms",
        },
        "exc_inh": {
            "source": "exc",
            "target": "inh",
            "receptor": "AMPA",
            "rule": {"all_to_all": {}},
            "weight": "(1 + 0.1*i)*nS",
            "delay": "0.1*ms*j",
        },
        "beat_exc": {
            "source": "beat",
            "target": "exc",
            "receptor": "GABA",
            "rule": {"all_to_all": {}},
            "weight": "1 nS",
            "delay": "1 ms",
        },
    },
    "timeline": [
        {"at": "2 ms", "disconnect": "ext_exc"},
        {"at": "4 ms", "set": {"exc[0:5].I_e": "100 pA", "ext.rate": "50 Hz"}},
    ],
    "monitors": {"spikes": ["exc"], "states": [{"of": "exc[0:2]", "variables": ["V"]}]},
}


def document(**changes: Any) -> dict[str, Any]:
    """Return a copy of the small document, fields of the top level replaced."""
    return copy.deepcopy({**SMALL, **changes})


def small(changes: dict[str, Any] | None = None) -> Network:
    """Return the small network with values changed by place, as `Network.replace` does."""
    network = Network(**document())
    return network.replace(changes) if changes else network


def one_cell(equations: dict[str, Any], *, integrator: str = "euler", **cell: Any) -> Network:
    """Return a network of two neurons of a cell written in place; `cell` holds its values."""
    written = {"model": {"equations": equations}, "integrator": integrator, **cell}
    return Network(
        **document(
            cells={"own": written},
            populations={"pop": {"size": 2, "cell": "own"}},
            inputs={},
            projections={},
            timeline=[],
            monitors={},
        )
    )
