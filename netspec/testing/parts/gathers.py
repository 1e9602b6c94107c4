"""Documents whose receptors sum over other neurons; they stay finite and can be run as one."""

from __future__ import annotations

from typing import Any

from netspec.testing.documents import Document, document, leaky, states

# Reads everything that a sum may read, of both ends.
FLOW: dict[str, Any] = {
    "equations": {
        "parameters": {"k": {"unit": "1/mV", "default": "0.05 1/mV"}},
        "definitions": {"height": "(V + 60*mV)*k"},
        "weight": "pA",
        "gather": {
            "value": "weight*(exp(0.1*source(height_F)) - height)*where(t < 15*ms, 1, 0.5)",
            "unit": "pA",
        },
        "current": "gathered",
    }
}

COUNTED: dict[str, Any] = {
    "equations": {
        "weight": "mV",
        "gather": {"value": "source(count)/7", "unit": "mV", "over": "population"},
        "increment": {"V": "0.01*gathered"},
    }
}

CHAOTIC: dict[str, Any] = {
    "equations": {
        "inputs": {"I": "1"},
        "state": {
            "V": {"unit": "1", "initial": "-1.3 + 0.07*i"},
            "count": {"unit": "1", "initial": "i", "kind": "integer"},
            "slow": {"unit": "1", "initial": "2"},
            "fast": {"unit": "1", "initial": "-4"},
        },
        "derivatives": {
            "V": "(fast - V**3 + 3*V**2 - slow + 3.25 + I)/(1*ms)",
            "fast": "(1 - 5*V**2 - fast)/(1*ms)",
            "slow": "0.006*(4*(V + 1.6) - slow)/(1*ms)",
        },
        "spike": {"when": "crosses_up(V - 1)", "then": ["count = count + 1"]},
    }
}

COUPLING: dict[str, Any] = {
    "equations": {
        "weight": "1",
        "gather": {"value": "weight*(source(V) - V)", "unit": "1"},
        "current": "gathered",
        "into": "I",
    }
}

FIELD: dict[str, Any] = {
    "equations": {
        "weight": "1",
        "gather": {"value": "sin(3*source(V))", "unit": "1", "over": "population"},
        "current": "0.03*gathered",
        "into": "I",
    }
}


def gathers() -> Document:
    """Gap junctions and pools, between and within populations, switched and with new weights."""
    receptors = {
        "C": {"model": COUNTED},
        "F": {"model": FLOW},
        "gap": {"model": "gap_junction"},
        "gating": {"model": "nmda_gating"},
        "pool": {"model": "nmda_pooled", "E_rev": "0 mV", "g": "0.4 nS"},
    }
    return document(
        "gathers",
        cells={
            "joined": leaky(receptors, t_ref="1 ms"),
            "joined_exactly": leaky({"gap": {"model": "gap_junction"}}, integrator="exact"),
            "coupled": {
                "model": CHAOTIC,
                "integrator": "rk2",
                "receptors": {"gap": {"model": COUPLING}, "field": {"model": FIELD}},
            },
        },
        populations={
            "firsts": {"size": 37, "cell": "joined", "parameters": {"I_e": "600*pA + 9*pA*i"}},
            "seconds": {"size": 6, "cell": "joined", "initial": {"V": "-61*mV - i*mV"}},
            "exacts": {"size": 4, "cell": "joined_exactly", "parameters": {"I_e": "700 pA"}},
            "coupleds": {"size": 35, "cell": "coupled"},
        },
        projections={
            "gates": {
                "source": "firsts",
                "target": "firsts",
                "receptor": "gating",
                "rule": {"one_to_one": {}},
                "weight": "1",
                "delay": "0.5 ms",
            },
            "pool_of_all": _link("firsts", "firsts", "pool", {"all_to_all": {}}, "0.1"),
            "pool_of_some": _link(
                "firsts[3:30]", "seconds[1:5]", "pool", {"all_to_all": {}}, "0.3 + 0.1*j"
            ),
            "counted": _link("coupleds", "seconds", "C", {"all_to_all": {}}, "1 mV"),
            "gaps": _link(
                "firsts", "seconds", "gap", {"pairwise_bernoulli": {"p": 0.4}}, "1*nS + 0.1*nS*j"
            ),
            "gaps_within": _link("seconds", "seconds", "gap", {"all_to_all": {}}, "0.7 nS")
            | {"connected": False},
            "gaps_of_exacts": _link(
                "exacts", "seconds", "gap", {"all_to_all": {}}, "0.4*nS + 0.1*nS*i"
            ),
            "gaps_twice": _link(
                "seconds",
                "exacts",
                "gap",
                {"explicit": {"pairs": [[5, 3], [0, 0], [5, 3], [2, 3]]}},
                ["1 nS", "2 nS", "3 nS", "0.3 nS"],
            ),
            "flows": _link(
                "firsts", "firsts", "F", {"pairwise_bernoulli": {"p": 0.2}}, "20*pA - 3*pA*i"
            ),
            "couplings": _link(
                "coupleds", "coupleds", "gap", {"pairwise_bernoulli": {"p": 0.3}}, "0.03 + 0.01*i"
            ),
            "fields": _link("coupleds", "coupleds", "field", {"all_to_all": {}}, "1"),
        },
        timeline=[
            {"at": "8 ms", "connect": "gaps_within"},
            {"at": "13 ms", "disconnect": "pool_of_some"},
            {"at": "17 ms", "set": {"gaps.weight": "2*nS", "pool_of_all.weight": "0.15 + 0.01*j"}},
            {"at": "21 ms", "connect": "pool_of_some"},
        ],
        monitors=states(
            ("firsts", ["V", "gathered_gap", "gathered_pool"], 1),
            ("seconds", ["V", "current_pool", "gathered_gap"], 1),
            ("exacts", ["V"], 1),
            ("coupleds", ["V", "count"], 2),
        ),
    )


def _link(source: str, target: str, receptor: str, rule: Any, weight: Any) -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "receptor": receptor,
        "rule": rule,
        "weight": weight,
    }
