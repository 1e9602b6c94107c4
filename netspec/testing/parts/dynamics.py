"""Cells that amplify the last bit of their arithmetic."""

from __future__ import annotations

from netspec.testing.documents import JUMP_AT_ONCE, Document, document, states

HINDMARSH_ROSE = {
    "parameters": {"I_e": "1", "r": "1", "pace": "1/ms"},
    "state": {
        "x": {"unit": "1", "initial": "-1.6"},
        "y": {"unit": "1", "initial": "-10"},
        "z": {"unit": "1", "initial": "2"},
    },
    "derivatives": {
        "x": "pace*(y - x**3 + 3*x**2 - z + I_e)",
        "y": "pace*(1 - 5*x**2 - y)",
        "z": "pace*(r*(4*(x + 1.6) - z))",
    },
    "spike": {"when": "x > 1.2"},
}
NUDGE = {"equations": {"weight": "1", "on_event": "x = x + acc"}}


def chaos() -> Document:
    """Cells that amplify the last bit: Izhikevich and Hindmarsh-Rose, tied to each other."""
    return document(
        "chaos",
        cells={
            "izhikevich": {
                "model": "izhikevich",
                "integrator": "euler",
                "receptors": {"K": JUMP_AT_ONCE},
            },
            "burster": {
                "model": {"equations": HINDMARSH_ROSE},
                "integrator": "euler",
                "receptors": {"N": {"model": NUDGE}},
                "I_e": "3.2",
                "r": "0.006",
                "pace": "0.5/ms",
            },
        },
        populations={
            "izhikevichs": {
                "size": 20,
                "cell": "izhikevich",
                "parameters": {"I_e": "(6 + i*0.6)*mV/ms", "a": "(0.02 + i*0.003)/ms"},
                "initial": {"V": "-65*mV + i*0.2*mV"},
            },
            "bursters": {"size": 8, "cell": "burster", "initial": {"x": "-1.6 + 0.2*i"}},
        },
        projections={
            "ring": {
                "source": "izhikevichs",
                "target": "izhikevichs",
                "receptor": "K",
                "rule": {"pairwise_bernoulli": {"p": 0.4}},
                "weight": "2.1*mV - (i + j)*0.1*mV",
                "delay": "(i + 2*j)*0.2*ms - floor((i + 2*j)/15)*3*ms",
                "rounding": "nearest",
            },
            "push": {
                "source": "bursters",
                "target": "izhikevichs[5:20]",
                "receptor": "K",
                "rule": {"pairwise_bernoulli": {"p": 0.3}},
                "weight": "0.03 mV",
                "delay": "0.7 ms",
                "weight_bits": 11,
            },
            "pull": {
                "source": "izhikevichs[0:8]",
                "target": "bursters",
                "receptor": "N",
                "rule": {"one_to_one": {}},
                "weight": "0.1 - 0.03*i",
                "delay": "0 ms",
            },
        },
        monitors=states(("izhikevichs", ["V", "U"], 5), ("bursters[3:8]", ["x", "z"], 7)),
    )


EXPONENTIAL = {
    "parameters": {
        "C_m": "pF",
        "g_L": "nS",
        "E_L": "mV",
        "V_T": "mV",
        "Delta_T": "mV",
        "V_peak": "mV",
        "I_e": "pA",
        "tau": {"unit": "ms", "default": "10 ms"},
    },
    "state": {
        "V": {"unit": "mV", "initial": "E_L"},
        "trace": {"unit": "1", "initial": "0"},
        "wave": {"unit": "1", "initial": "0.1*floor(C_m/(100*pF))"},
    },
    "derivatives": {
        "V": "(g_L*(E_L - V) + g_L*Delta_T*exp((min(V, V_peak) - V_T)/Delta_T) + I_e)/C_m",
        "trace": (
            "(log1p(abs(V - E_L)/Delta_T) - expm1(clip(trace, -1, 1)) + sqrt(max(t/tau, 0))"
            " - log(trace**2 + 1) + sign(V - V_T))/tau"
        ),
        "wave": (
            "(where(wave > 0.5 and not (V > V_T), -1, ceil(t/tau) - floor(wave*3)) - wave**5)/tau"
        ),
    },
    "spike": {"when": "V > V_peak or trace > 3", "then": ["V = E_L", "trace = trace/2"]},
}

# With dt = tau an Euler step is a map, x -> f(x), and these maps double the smallest error in a
# step or two: one wrong bit of one function changes everything after it.
STEEP = {
    "b": "r*expm1(b)",
    "c": "2*r*log(1 + c)",
    "d": "2*r*log1p(d)",
    "e": "2*r*exprel(e)",
    "f": "20*r*sigmoid(f)",
    "g": "9*r*log10(1 + g)",
    "h": "3*r*sin(3*h)",
    "k": "3*r*cos(3*k)",
    "l": "2*r*tan(l)",
    "m": "3*r*arctan(4*m)",
    "n": "2*r*sinh(n)",
    "o": "2*r*cosh(1 + o)",
    "p": "7*r*tanh(p)",
    "q": "(1 + q)**r",
    "u": "10*r*(1 + u)**0.3",
    "v": "(1 + v)**7",
    "w": "9*r*w**-0.5",
}
MAPS = {
    "parameters": {"tau": {"unit": "ms", "default": "0.1 ms"}, "r": "1"},
    "state": {
        "lot": {"unit": "1", "initial": "i", "kind": "integer"},
        **{name: {"unit": "1", "initial": "0.1 + 0.07*r"} for name in ("a", *STEEP)},
    },
    "derivatives": {
        "a": "(a*exp(r*(1 - a)) - a)/tau",
        **{name: f"({steep} - floor({steep}) - {name})/tau" for name, steep in STEEP.items()},
    },
    "spike": {
        "when": "a > 2 or b > 0.9 and not (c > 0.5) or d < 0.1",
        # Knuth's congruential generator: each step leaves 64 bits.
        "then": ["lot = 6364136223846793005*lot + 1442695040888963407"],
    },
}


def functions() -> Document:
    """Every function of the language, the time, powers and logic, integers that overflow."""
    return document(
        "functions",
        cells={
            "exponential": {
                "model": {"equations": EXPONENTIAL},
                "integrator": "euler",
                "C_m": "281 pF",
                "g_L": "30 nS",
                "E_L": "-70.6 mV",
                "V_T": "-50.4 mV",
                "Delta_T": "2 mV",
                "V_peak": "0 mV",
                "I_e": "600 pA",
            },
            "mapping": {"model": {"equations": MAPS}, "integrator": "euler", "r": "3"},
        },
        populations={
            "exponentials": {
                "size": 5,
                "cell": "exponential",
                "parameters": {"I_e": "600*pA + i*130*pA"},
            },
            "maps": {"size": 4, "cell": "mapping", "parameters": {"r": "3 + 0.1*i"}},
        },
        monitors=states(
            ("exponentials", ["V", "trace", "wave"], 1), ("maps", ["a", *STEEP, "lot"], 1)
        ),
    )
