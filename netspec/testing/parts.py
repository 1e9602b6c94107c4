"""Documents of networks that stay finite; objects have different names in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def document(name: str, duration: str = "60 ms", **sections: Any) -> Document:
    """Return a document; all of them share seed and time step."""
    head = {"netspec": "1", "name": name, "seed": 2026, "dt": "0.1 ms", "duration": duration}
    return head | sections


def leaky(receptors: Mapping[str, Any], **changes: Any) -> Document:
    """Return a leaky integrate-and-fire cell."""
    values = {
        "C_m": "281 pF",
        "g_L": "30 nS",
        "E_L": "-70.6 mV",
        "V_th": "-50.4 mV",
        "V_reset": "-65.6 mV",
    }
    cell = {"model": "leaky_if", "integrator": "euler", "receptors": receptors}
    return cell | values | changes


AMPA = {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2.5 ms"}
GABA = {"model": "cond_exp", "E_rev": "-80 mV", "tau_decay": "7.5 ms"}
JUMP = {"model": "delta"}
JUMP_AT_ONCE = {"model": "delta_at_once"}


def states(*views: tuple[str, list[str], int]) -> Document:
    """Return monitors of state: (view, variables, every)."""
    return {"states": [{"of": of, "variables": names, "every": n} for of, names, n in views]}


def _pairs(count: int, sources: int, targets: int) -> list[list[int]]:
    """Return pairs in no order, with repetitions and, within one population, autapses."""
    return [[7 * n * n % sources, (5 * n + n // 3) % targets] for n in range(count)]


def delays() -> Document:
    """Delays of 0 to 15 steps, autapses, multapses, three kinds of ports, weights of all sizes."""
    pairs = [[0, 0], [0, 0], [1, 1], *_pairs(45, 12, 12)]
    late = [f"{n % 16 / 10} ms" for n in range(48)]
    volleys = [[f"{n} ms" for n in range(1, 50, 7)], ["0 ms", "0.1 ms", "0.2 ms", "59.9 ms"]]
    return document(
        "delays",
        cells={
            "relay": leaky({"E": AMPA, "J": JUMP, "K": JUMP_AT_ONCE}, t_ref="1.1 ms", I_e="750 pA")
        },
        populations={"relays": {"size": 12, "cell": "relay", "initial": {"V": "E_L + i*2*mV"}}},
        inputs={"volley": {"model": "spike_times", "times": volleys}},
        projections={
            "relay_E": {
                "source": "relays",
                "target": "relays",
                "receptor": "E",
                "rule": {"explicit": {"pairs": pairs}},
                "weight": "3*nS/(1 + i) + j*0.7*nS",
                "delay": late,
            },
            "relay_K": {
                "source": "relays",
                "target": "relays",
                "receptor": "K",
                "rule": {"explicit": {"pairs": pairs[::-1]}},
                "weight": [f"{(n % 11 - 4) * 0.1234567} mV" for n in range(48)],
                "delay": late,
            },
            "volley_J": {
                "source": "volley",
                "target": "relays[2:9]",
                "receptor": "J",
                "rule": {"all_to_all": {}},
                "weight": "0.9*mV + 0.1*j*mV",
                "delay": "0.3 ms",
            },
        },
        monitors=states(("relays", ["V", "g_E", "pending_J"], 1)),
    )


def refractory() -> Document:
    """Periods of 0 to 11 steps; both kinds of jumps, hard and in every step."""
    periods = [f"{n / 10} ms" for n in range(12)]
    every_step = [[f"{n / 10} ms" for n in range(600)]]
    kick = {"source": "drum", "rule": {"all_to_all": {}}, "delay": "0.2 ms"}
    return document(
        "refractory",
        cells={"tired": leaky({"J": JUMP, "K": JUMP_AT_ONCE}, t_ref="0 ms")},
        populations={
            "now": {"size": 12, "cell": "tired", "parameters": {"t_ref": periods}},
            "next": {"size": 12, "cell": "tired", "parameters": {"t_ref": periods}},
        },
        inputs={"drum": {"model": "spike_times", "times": every_step}},
        projections={
            "drum_now": kick | {"target": "now", "receptor": "K", "weight": "4.1*mV + j*0.3*mV"},
            "drum_next": kick | {"target": "next", "receptor": "J", "weight": "4.1*mV + j*0.3*mV"},
        },
        timeline=[{"at": "30 ms", "set": {"now[2:7].t_ref": "0.7 ms", "next.t_ref": "i*0.1*ms"}}],
        monitors=states(("now", ["V"], 1), ("next", ["V", "pending_J"], 1)),
    )


def timeline() -> Document:
    """Everything that can change, while events are in flight."""
    flight = {"rule": {"all_to_all": {}}, "delay": "1.5 ms", "source": "metronome"}
    beats = [[f"{n / 5} ms" for n in range(300)], [f"{n / 10} ms" for n in range(7, 590, 13)]]
    return document(
        "timeline",
        cells={
            "follower": leaky({"E": AMPA, "K": JUMP_AT_ONCE}, V_th="-60 mV"),
        },
        populations={"followers": {"size": 6, "cell": "follower"}},
        inputs={
            "metronome": {"model": "spike_times", "times": beats},
            "drizzle": {"model": "poisson", "size": 7, "rate": "300 Hz"},
        },
        projections={
            "gated": flight
            | {"target": "followers", "receptor": "K", "weight": "0.8 mV", "connected": False},
            "steady": flight | {"target": "followers[1:4]", "receptor": "E", "weight": "1.7 nS"},
            "wet": {
                "source": "drizzle",
                "target": "followers",
                "receptor": "E",
                "rule": {"pairwise_bernoulli": {"p": 0.5}},
                "weight": "2.3 nS",
                "delay": "0.4 ms",
            },
        },
        timeline=[
            {"at": "0 ms", "set": {"followers[0:2].V": "-62.5 mV"}},
            {"at": "10 ms", "connect": "gated"},
            {"at": "15.3 ms", "disconnect": "gated"},
            {"at": "16 ms", "connect": "gated"},
            {
                "at": "20 ms",
                "set": {"steady.weight": "2.9 nS", "gated.weight": "(0.3 + j*0.1)*mV"},
            },
            {"at": "25 ms", "set": {"drizzle[2:5].rate": "2 kHz", "followers.V_th": "-61 mV"}},
            {"at": "30 ms", "disconnect": "gated"},
            {"at": "30 ms", "set": {"followers[2:6].V": "-66*mV - i*0.5*mV"}},
            {"at": "30 ms", "connect": "gated"},
            {"at": "40 ms", "set": {"followers[1:3].I_e": "250 pA", "drizzle.rate": "i*100*hertz"}},
            {"at": "59.9 ms", "disconnect": "steady"},
        ],
        monitors=states(("followers", ["V", "g_E"], 1)),
    )


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
MAPS = {
    "parameters": {"tau": {"unit": "ms", "default": "0.1 ms"}, "r": "1"},
    "state": {name: {"unit": "1", "initial": "0.1 + 0.07*r"} for name in ("a", "b", "c", "d")},
    "derivatives": {
        "a": "(a*exp(r*(1 - a)) - a)/tau",
        "b": "(r*expm1(b) - floor(r*expm1(b)) - b)/tau",
        "c": "(2*r*log(1 + c) - floor(2*r*log(1 + c)) - c)/tau",
        "d": "(2*r*log1p(d) - floor(2*r*log1p(d)) - d)/tau",
    },
    "spike": {"when": "a > 2 or b > 0.9 and not (c > 0.5) or d < 0.1"},
}


def functions() -> Document:
    """Every function of the language, the time, powers and logic."""
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
            ("exponentials", ["V", "trace", "wave"], 1), ("maps", ["a", "b", "c", "d"], 1)
        ),
    )


SATURATING = {
    "equations": {
        "parameters": {"tau": "ms", "g_max": "nS", "E_rev": "mV"},
        "state": {"s": {"unit": "1", "initial": "0"}},
        "derivatives": {"s": "-s/tau"},
        "current": "g_max*s*(E_rev - V)",
        "weight": "1",
        "on_event": "s = s + n_events*0.05*(1 - s) + 0*acc",
    }
}


def linear() -> Document:
    """Exact integration, several receptors on one current, and ports that count events."""
    current = {"model": "curr_exp", "tau_decay": "2 ms"}
    slow = {"model": "curr_exp", "tau_decay": "11 ms"}
    spread = {"source": "rain", "rule": {"pairwise_bernoulli": {"p": 0.6}}, "delay": "0.1 ms"}
    return document(
        "linear",
        cells={
            "propagated": leaky(
                {"fast": current, "slow": slow}, integrator="exact", t_ref="2 ms", I_e="200 pA"
            ),
            "counting": leaky(
                {
                    "B": AMPA,
                    "A": GABA,
                    "S": {"model": SATURATING, "tau": "5 ms", "g_max": "9 nS", "E_rev": "0 mV"},
                }
            ),
        },
        populations={
            "propagators": {"size": 6, "cell": "propagated"},
            "counters": {"size": 5, "cell": "counting"},
        },
        inputs={
            "rain": {
                "model": "poisson",
                "size": 13,
                "rate": ["0 Hz", *(f"{n * 97} Hz" for n in range(1, 12)), "10 kHz"],
            }
        },
        projections={
            "rain_fast": spread | {"target": "propagators", "receptor": "fast", "weight": "40 pA"},
            "rain_slow": spread
            | {"target": "propagators", "receptor": "slow", "weight": "7*pA - j*pA"},
            "rain_A": spread | {"target": "counters", "receptor": "A", "weight": "0.4 nS"},
            "rain_B": spread | {"target": "counters", "receptor": "B", "weight": "1.7*nS + i*pS"},
            "rain_S": spread | {"target": "counters", "receptor": "S", "weight": "1"},
        },
        monitors=states(
            ("propagators", ["V", "I_fast", "I_slow"], 1), ("counters", ["V", "s_S"], 3)
        ),
    )


def corners() -> Document:
    """Empty and single things: sources, projections, views, populations."""
    nothing = {"rule": {"pairwise_bernoulli": {"p": 0}}, "weight": "1 nS", "delay": "0.1 ms"}
    return document(
        "corners",
        cells={
            "lonely": leaky({"E": AMPA}, I_e="650 pA", t_ref="0.1 ms"),
            "spikeless": {
                "model": {
                    "equations": {
                        "state": {"trace": {"unit": "1", "initial": "1 + i"}},
                        "derivatives": {"trace": "-trace/(10*ms)"},
                    }
                },
                "integrator": "euler",
            },
        },
        populations={
            "one": {"size": 1, "cell": "lonely"},
            "never": {"size": 2, "cell": "spikeless"},
            "unconnected": {"size": 3, "cell": "lonely", "initial": {"V": "E_L + i*mV"}},
        },
        inputs={
            "mute": {"model": "spike_times", "times": [[], []]},
            "dry": {"model": "poisson", "size": 1, "rate": "0 Hz"},
        },
        projections={
            "no_edges": nothing | {"source": "one", "target": "one", "receptor": "E"},
            "from_mute": nothing
            | {"source": "mute", "target": "one", "receptor": "E", "rule": {"all_to_all": {}}},
            "from_never": nothing
            | {"source": "never", "target": "one", "receptor": "E", "rule": {"all_to_all": {}}},
            "from_dry": nothing
            | {"source": "dry", "target": "one", "receptor": "E", "rule": {"one_to_one": {}}},
            "to_itself": nothing
            | {"source": "one", "target": "one", "receptor": "E", "rule": {"one_to_one": {}}},
        },
        timeline=[{"at": "5 ms", "disconnect": "no_edges"}],
        monitors=states(("one", ["V"], 1), ("unconnected[1:2]", ["V"], 599)),
    )


PARTS = (delays, refractory, timeline, chaos, functions, linear, corners)
"""Networks that can be run as one."""
