"""Networks that the tests of the Brian2 backend share, their programs and records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netspec.backend.program import Program
from netspec.backend.protocol import RunControl
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import together
from netspec.testing.oracle import backend as oracle
from netspec_brian2 import backend
from netspec_brian2.options import Target

TARGETS: tuple[Target, ...] = ("numpy", "cython", "cpp_standalone")

HOSTILE = (
    ("exc", "a_b", "double", "w", "print", "exc_equations"),
    ("exc_a", "b", "int", "w_1", "exc_pre", "exc_b_stateupdater"),
    ("exc_stateupdater", "stateupdater", "new", "connected", "exc_spikes", "magicnetwork"),
    ("network", "N", "refractory", "not_refractory", "np", "lambda"),
    ("defaultclock", "lastspike", "x_post", "x_pre", "brian", "main"),
    ("simulate", "mvolt", "amp2", "NULL", "lru_cache", "arrays"),
    ("a__b", "c__d", "trailing_", "where_integer", "FUNCTIONS", "class"),
    ("netspec_exp", "netspec_exp", "not_finite", "snapshot", "dict", "exc_samples"),
    ("STEPS", "remember", "x_next", "fires_spike", "second_", "Watched"),
    ("a", "key_0", "high", "countdown", "std", "exc_a_spikes"),
    ("exc_", "t_in_timesteps", "EOF", "rho_1", "self", "values"),
    ("idx", "targets", "owner", "self", "sources", "variable_indices"),
    ("targets", "sources", "idx", "variable_indices", "owner", "dtype"),
    ("words_of_steps", "uniform_number", "noise", "draw_0", "MASK", "exc_keys"),
    ("numbers_of_step", "normal_number", "key", "noise_key", "minimum", "draw_0_key"),
    ("pooled_5_lanes", "value", "lane_0", "w", "pooled_5_sum", "pooled"),
    ("linked_var", "value_pre", "lanes_value", "x_sum", "sum_of_lanes", "gather_at_start"),
    ("sympy", "len", "logical_not", "range", "zip", "DEFAULT_FUNCTIONS"),
    ("pool", "x_5_lanes_value", "x_5_sum_value", "into_lanes", "pool_x_5_into_lanes", "pool_x"),
)
"""Names of a population, of three variables, of a source and of a projection.

All are legal, and Python, C++, Brian2 or the script have other uses for them.
"""


def hostile(population: str, x: str, y: str, z: str, source: str, projection: str) -> Any:
    """Return sections of a document with these names in every place where a name can be."""
    equations = {
        "parameters": {f"{z}_0": "1/ms", "level": {"unit": "1", "default": "1"}},
        "state": {
            x: {"unit": "1", "initial": "0.1*i"},
            y: {"unit": "1", "initial": "0.5"},
            z: {"unit": "1", "initial": "0.25"},
        },
        "derivatives": {
            x: f"{z}_0*({y} - {x} + 1.5)",
            y: f"{z}_0*({x} - {y}*{z})",
            z: f"{z}_0*(exp(-abs({x})) - {z}) + 0.01*sqrt({z}_0)*(xi + xi_{y})",
        },
        "spike": {
            "when": f"{x} > level and uniform() < 0.9",
            "then": [f"{x} = {x}/4 - {y}", f"{z} = {z} + 0.1"],
            "later": [{"after": "0.3 ms", "do": [f"{y} = {y} - 0.01"]}],
        },
        "events": {
            each: {"when": f"{y} > 0.4*level", "then": [f"{z} = {z} - 0.01"]}
            for each in (population, "a_spike", projection)
        },
    }
    gaps = {"value": f"weight*({y} - source({x}))", "unit": "1"}
    pool = {"value": f"source({y})*source({z})", "unit": "1", "over": "population"}
    nudge = {"model": {"equations": {"weight": "1", "on_event": f"{x} = {x} + acc"}}}
    edge = {"target": population, "rule": {"all_to_all": {}}, "delay": "0.2 ms"}
    look = {"source": population, "target": population, "rule": {"all_to_all": {}}}
    return {
        "cells": {
            population: {
                "model": {"equations": equations},
                "integrator": "euler_maruyama",
                "receptors": {
                    "post": nudge,
                    population: nudge,
                    projection: gathering(gaps, x),
                    "value": gathering(pool, x),
                },
                f"{z}_0": "0.7 /ms",
            }
        },
        "populations": {population: {"size": 5, "cell": population}},
        "inputs": {source: {"model": "poisson", "size": 3, "rate": "400 Hz"}},
        "projections": {
            projection: edge | {"source": source, "receptor": "post", "weight": "0.2*(i + 1)"},
            f"{projection}_2": edge
            | {"source": population, "receptor": population, "weight": "-0.01", "delay": "0 ms"},
            f"{population}_3": edge
            | {"source": f"{population}.{projection}", "receptor": population, "weight": "0.001"},
            f"{projection}_4": look | {"receptor": projection, "weight": "0.01*i"},
            f"{projection}_5": look | {"receptor": "value", "weight": "0.02*(j + 1)"},
            f"{projection}_6": look | {"receptor": "value", "weight": "-0.01"},
        },
        "timeline": [
            {"at": "2 ms", "set": {f"{projection}.weight": "0.1*(i + 1)"}},
            {"at": "2 ms", "disconnect": f"{projection}_2"},
            {"at": "3 ms", "connect": f"{projection}_2"},
            {"at": "3 ms", "disconnect": f"{projection}_4"},
            {"at": "4 ms", "connect": f"{projection}_4"},
            {"at": "4 ms", "set": {f"{projection}_6.weight": "0.01*j"}},
            {"at": "3 ms", "set": {f"{population}[1:4].{y}": "0.1*i"}},
            {"at": "4 ms", "set": {f"{source}[0:2].rate": "1 kHz", f"{population}.level": "0.9"}},
        ],
        "monitors": {
            "states": [
                {"of": population, "variables": [x, z], "every": 1},
                {"of": f"{population}[1:3]", "variables": [y], "every": 3},
            ]
        },
    }


def gathering(sum_over: Any, x: str) -> Any:
    """Return a receptor that adds what it gathers to a variable."""
    own = {"weight": "1", "gather": sum_over, "increment": {x: "0.01*gathered"}}
    return {"model": {"equations": own}}


def all_hostile() -> RealisedNetwork:
    parts = [hostile(*names) for names in HOSTILE]
    return pipeline.realised(Network(**together(parts, "8 ms")))


def everything() -> RealisedNetwork:
    return networks.realised("everything")


def emitted(network: RealisedNetwork, target: Target = "numpy") -> Program:
    return backend.emit(network, backend.options(target=target))


def run(program: Program, control: RunControl | None = None) -> RunRecord:
    return backend.build(program, backend.options()).run(control or RunControl())


def changed(old: str, new: str) -> Program:
    """Return the program of a short network with another text in it."""
    program = emitted(networks.realised("one_step"))
    text = program.files[program.entry]
    assert old in text
    return replace(program, files={program.entry: text.replace(old, new, 1)})


def expected(network: RealisedNetwork) -> RunRecord:
    options = oracle.options()
    return oracle.build(oracle.emit(network, options), options).run(RunControl())


def tiny() -> RealisedNetwork:
    """Return a network that is compiled quickly."""
    cell = {"model": "leaky_if", "integrator": "euler", "receptors": {}}
    values = {"C_m": "281 pF", "g_L": "30 nS", "E_L": "-70 mV", "V_th": "-50 mV"}
    whole = networks.together([], "1 ms") | {
        "cells": {"cell": cell | values | {"V_reset": "-65 mV"}},
        "populations": {"one": {"size": 1, "cell": "cell"}},
    }
    return pipeline.realised(Network(**whole))
