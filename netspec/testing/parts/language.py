"""Documents that use the whole equation language; they stay finite and can be run as one."""

from __future__ import annotations

from typing import Any

from netspec.testing.documents import JUMP_AT_ONCE, Document, document, leaky, states

# Every kind of event, state and refractoriness at once.
BUSY: dict[str, Any] = {
    "parameters": {"tau": "ms", "E": "mV", "V_th": "mV", "wait": {"unit": "ms", "default": "1 ms"}},
    "inputs": {"drive": "mV"},
    "state": {
        "V": {"unit": "mV", "initial": "E"},
        "count": {"unit": "1", "initial": "i", "kind": "integer"},
        "tide": {"unit": "1", "initial": "0.5", "shared": True},
        "tics": {"unit": "1", "initial": "0", "kind": "integer", "shared": True},
        "lot": {"unit": "1", "initial": "i", "kind": "integer"},
        "urn": {"unit": "1", "initial": "3", "kind": "integer", "shared": True},
    },
    "definitions": {"pull": "(E + height - V)/tau", "height": "drive + 22*mV*tide"},
    "update": [
        ["tics = tics + 1", "tide = 3.7*tide*(1 - tide)"],
        ["V = V + dt*pull", "lot = 3 - lot*lot*lot"],
        ["urn = 5*urn*urn - 7"],
    ],
    "spike": {
        "when": "V > V_th",
        "then": ["V = E", "count = count + 2 - where(tide > 0.5, 1, 0)"],
        "later": [
            {"after": "wait", "do": ["V = V - 2*mV", "count = count - 1"]},
            {"after": "0 ms", "do": ["V = V - 0.3*mV"]},
        ],
        "refractory": "0.4*ms + 0.13*ms*count",
    },
    "events": {
        "peak": {"when": "V > V_th", "then": ["count = 5 - count"]},
        "rise": {"when": "crosses_up(V - E - 4*mV)", "then": ["count = 2*count - 2*count"]},
        "ebb": {"when": "previous(tide) > tide and V < previous(V)", "later": [
            {"after": "0.7 ms", "do": ["V = V + 0.1*mV"]}
        ]},
    },
}  # fmt: skip


# Integers that a condition reads as reals, also where there is one neuron or one value for all; and
# choices inside what is compared.
COUNTING: dict[str, Any] = {
    "state": {
        "n": {"unit": "1", "initial": "3 + i", "kind": "integer"},
        "all": {"unit": "1", "initial": "2", "kind": "integer", "shared": True},
    },
    "update": [["n = n*3 - 1", "all = all*7"]],
    "spike": {
        "when": "n/2 > 5 and all/3 > 4.5",
        "then": ["n = where(floor(1 + where(n > 20, 1.5, 0.5)) > 1, 0, 1)"],
        "refractory": "where(n > 0, 1, 2)*0.1*ms",
    },
}


def happenings() -> Document:
    """Several events, delayed actions, integers, what is shared, looks at the step before."""
    edge = {"rule": {"pairwise_bernoulli": {"p": 0.4}}, "delay": "0.3 ms", "receptor": "K"}
    silent = {
        "equations": {
            "parameters": {"tau": "ms"},
            "state": {"V": {"unit": "mV", "initial": "-70 mV"}},
            "derivatives": {"V": "(-48*mV - V)/tau"},
            "spike": {"when": "V > -50*mV", "refractory": {"while": "V > -50*mV"}},
            "events": {"low": {"when": "V < -55*mV"}},
        }
    }
    return document(
        "happenings",
        cells={
            "busy": {
                "model": {"equations": BUSY},
                "tau": "4 ms",
                "E": "-70 mV",
                "V_th": "-58 mV",
                "receptors": {"K": JUMP_AT_ONCE},
            },
            "counting": {"model": {"equations": COUNTING}},
            "plateau": {
                "model": silent,
                "integrator": "rk2",
                "tau": "6 ms",
                "receptors": {"K": JUMP_AT_ONCE},
            },
        },
        populations={
            "busies": {
                "size": 7,
                "cell": "busy",
                "initial": {"V": "E + i*mV"},
                "parameters": {"wait": [f"{n / 5} ms" for n in range(7)]},
            },
            "counting_alone": {"size": 1, "cell": "counting"},
            "countings": {"size": 3, "cell": "counting"},
            "plateaus": {"size": 5, "cell": "plateau", "initial": {"V": "-70*mV + 3*mV*i"}},
        },
        projections={
            "rises": edge | {"source": "busies.rise", "target": "busies", "weight": "0.4 mV"},
            "ebbs": edge | {"source": "busies[1:6].ebb", "target": "plateaus", "weight": "-0.7 mV"},
            "lows": edge
            | {"source": "plateaus.low", "target": "busies", "weight": "0.1*mV*(j - 3)"},
        },
        timeline=[
            {"at": "11 ms", "set": {"busies[2:5].count": "3 + i", "busies.tide": "0.31"}},
            {"at": "12 ms", "set": {"busies.tics": "100"}},
        ],
        monitors=states(
            ("busies", ["V", "count", "tide", "tics", "lot", "urn", "pull", "height", "wait"], 1),
            ("plateaus[1:4]", ["V"], 3),
        ),
    )


def rests() -> Document:
    """What follows a spike: actions later on, periods that are computed, silence."""
    tired = {
        "equations": {
            "parameters": {"tau": "ms", "wait": "ms"},
            "inputs": {"I": "mV"},
            "state": {
                "V": {"unit": "mV", "initial": "-70*mV + 2*mV*i"},
                "w": {"unit": "1", "initial": "0"},
                "count": {"unit": "1", "initial": "0", "kind": "integer"},
            },
            "definitions": {"drive": "-56*mV + 3*mV*w + I", "above": "V + 60*mV"},
            "derivatives": {
                "V": "(drive - V)/tau",
                "w": "(0.2 - w)/(30*ms) + where(crosses_up(above), 0.1, 0)/ms",
            },
            "spike": {
                "when": "V > -60*mV and not (count == 7)",
                "then": ["V = -72*mV", "w = w + 0.3", "count = count + 1"],
                "refractory": "1.3*ms*w + 0.2*ms*count",
                "later": [
                    {"after": "wait", "do": ["V = V - 1*mV", "w = 0.9*w"]},
                    {"after": "0 ms", "do": ["count = 2*count - count"]},
                ],
            },
        }
    }
    silent = {
        "equations": {
            "parameters": {"tau": "ms"},
            "state": {"V": {"unit": "mV", "initial": "-70*mV + 3*mV*i"}},
            "derivatives": {"V": "(-48*mV - V)/tau"},
            "spike": {
                "when": "crosses_up(V + 50*mV) or previous(V) < -69*mV",
                "refractory": {"while": "V > -50*mV"},
                "later": [{"after": "2.5 ms", "do": ["V = -71*mV"]}],
            },
        }
    }
    kick = {"model": {"equations": {"weight": "mV", "on_event": "V = V + acc"}}}
    return document(
        "rests",
        cells={
            "tired_one": {
                "model": tired,
                "integrator": "euler",
                "tau": "6 ms",
                "wait": "1.5 ms",
                "receptors": {"P": kick},
                "mechanisms": {
                    "slow": {"model": {"equations": {"replaces": {"wait": "wait*(1 + 2*dt/ms)"}}}}
                },
            },
            "silent_one": {"model": silent, "integrator": "rk2", "tau": "4 ms"},
        },
        populations={
            "tireds": {
                "size": 6,
                "cell": "tired_one",
                "parameters": {"wait": [f"{n / 2} ms" for n in range(6)]},
            },
            "silents": {"size": 4, "cell": "silent_one"},
        },
        projections={
            "pushes": {
                "source": "silents",
                "target": "tireds",
                "receptor": "P",
                "rule": {"all_to_all": {}},
                "weight": "0.4*mV - 0.1*mV*j",
                "delay": "0.2 ms",
            }
        },
        timeline=[{"at": "23 ms", "set": {"tireds[1:3].count": "2", "silents.tau": "5 ms"}}],
        monitors=states(("tireds", ["V", "w", "count"], 1), ("silents", ["V"], 3)),
    )


def noise() -> Document:
    """White noise, escape noise, noisy resets, noise that a population has in common."""
    equations = {
        "parameters": {"tau": "ms", "sigma": "mV"},
        "inputs": {"I": "mV"},
        "state": {
            "V": {"unit": "mV", "initial": "-70*mV + i*mV"},
            "w": {"unit": "1", "initial": "1"},
            "common": {"unit": "mV", "initial": "0 mV", "shared": True},
        },
        "derivatives": {
            "V": "(-66*mV + I + common - V)/tau + sigma*sqrt(2/tau)*xi + 0.3*sigma*xi_2/sqrt(tau)",
            "w": "-w/(20*ms) + 0.2*w*xi/sqrt(tau)",
            "common": "-common/tau + sigma/sqrt(tau)*xi_3",
        },
        "spike": {
            "when": "uniform() < (V + 72*mV)/(80*mV) or uniform() > 0.999",
            "then": ["V = -70*mV + 2*mV*normal()", "w = w + 0.1*abs(normal())"],
            "refractory": "0.5*ms + 2*ms*uniform()",
        },
    }
    jitter = {
        "equations": {
            "state": {"s": {"unit": "1", "initial": "0"}},
            "derivatives": {"s": "-s/(3*ms) + 0.1*xi/sqrt(3*ms)"},
            "current": "0.2*mV*s",
            "into": "I",
            "weight": "1",
            "on_event": "s = s + acc*where(uniform() < 0.6, 1, 0)",
        }
    }
    coloured = {"model": "ou_current", "tau": "5 ms", "sigma": "60 pA", "mu": "500 pA"}
    return document(
        "noise",
        cells={
            "ito": {
                "model": {"equations": equations},
                "integrator": "euler_maruyama",
                "tau": "10 ms",
                "sigma": "1.5 mV",
                "receptors": {"J": {"model": jitter}},
            },
            "stratonovich": {
                "model": {"equations": equations},
                "integrator": "heun",
                "tau": "12 ms",
                "sigma": "0.9 mV",
                "receptors": {"J": {"model": jitter}},
            },
            "driven": leaky({}, integrator="euler_maruyama", mechanisms={"bath": coloured}),
        },
        populations={
            "itos": {"size": 9, "cell": "ito"},
            "stratonovichs": {"size": 6, "cell": "stratonovich"},
            "drivens": {"size": 5, "cell": "driven"},
        },
        projections={
            "jolts": {
                "source": "itos",
                "target": "itos",
                "receptor": "J",
                "rule": {"pairwise_bernoulli": {"p": 0.5}},
                "weight": "1",
                "delay": "0.4 ms",
            }
        },
        monitors=states(
            ("itos", ["V", "w", "common", "s_J"], 1),
            ("stratonovichs", ["V", "w"], 1),
            ("drivens", ["V", "I_bath", "current_bath"], 3),
        ),
    )


GATED = {
    "parameters": {"I": "mV/ms", "offset": {"unit": "mV", "default": "0 mV"}},
    "state": {
        "V": {"unit": "mV", "initial": "-65*mV + 3*mV*i"},
        "m": {"unit": "1", "initial": "0.1"},
        "h": {"unit": "1", "initial": "0.6"},
    },
    "definitions": {
        "x": "(V + 40*mV + offset)/(8*mV)",
        "opening": "1/(1 + exp(-x))",
        "drive": "I + 2*mV/ms*m*h - (V + 65*mV)/(9*ms)",
    },
    "derivatives": {
        "V": "drive*where(t < 30*ms, 1, 0.8)",
        "m": "(opening - m)/(1.3*ms)",
        "h": "(1 - opening)*(1 - h)/(6*ms) - h/(11*ms)",
    },
    "spike": {"when": "V > -46*mV", "then": ["V = -61*mV", "h = 0.9*h"], "refractory": "0.7*ms"},
}


# A linear system that is driven by its own past.
BEHIND: dict[str, Any] = {
    "state": {"x": {"unit": "1", "initial": "i + 1"}},
    "derivatives": {"x": "(1 - 2*previous(x) - 0.3*x)/(2*ms)"},
    "spike": {"when": "crosses_up(x)"},
}


def integrators() -> Document:
    """One set of equations under every integrator that suits it, and linear ones by `exact`."""
    suitable = ("euler", "exponential_euler", "rk2", "rk4", "heun", "euler_maruyama")
    equations = {"equations": GATED}
    current = {"model": "curr_exp", "tau_decay": "2 ms"}
    return document(
        "integrators",
        cells={
            **{
                f"by_{name}": {"model": equations, "integrator": name, "I": "2.6 mV/ms"}
                for name in suitable
            },
            "by_exact": leaky({"X": current}, integrator="exact", t_ref="1 ms", I_e="700 pA"),
            "after_the_past": {"model": {"equations": BEHIND}, "integrator": "exact"},
        },
        populations={
            **{f"of_{name}": {"size": 3, "cell": f"by_{name}"} for name in suitable},
            "of_exact": {"size": 3, "cell": "by_exact", "parameters": {"g_L": "(30 + i)*nS"}},
            "behind": {"size": 3, "cell": "after_the_past"},
        },
        projections={
            "echo": {
                "source": "of_exact",
                "target": "of_exact",
                "receptor": "X",
                "rule": {"all_to_all": {}},
                "weight": "30 pA",
                "delay": "1 ms",
            }
        },
        timeline=[
            {"at": "20 ms", "set": {"of_exact.C_m": "260 pF", "of_exact[1:3].E_L": "-71 mV"}}
        ],
        monitors=states(
            *((f"of_{name}", ["V", "m", "h"], 2) for name in suitable),
            ("of_exact", ["V", "I_X"], 2),
            ("behind", ["x"], 2),
        ),
    )
