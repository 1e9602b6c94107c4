"""Inputs that move, correlate, or act on cells without edges: every time course and window."""

from __future__ import annotations

from netspec.testing.documents import JUMP_AT_ONCE, Document, document, leaky, states

# It counts events instead of adding their weights.
COUNTER = {
    "equations": {
        "state": {"s": {"unit": "1", "initial": "0"}},
        "derivatives": {"s": "-s/(5*ms)"},
        "current": "s*400*pA",
        "weight": "1",
        "on_event": "s = 1 - (1 - s)*0.8**n_events",
    }
}

DRIVES: Document = {
    "shower": {
        "model": "poisson_drive",
        "target": "stirred",
        "receptor": "X",
        "rate": "9 kHz",
        "weight": "61.23456789 pA",
    },
    "squall": {
        "model": "poisson_drive",
        "target": "stirred[1:4]",
        "receptor": "X",
        "rate": "(2 + i)*kHz*(1 + sin(2*t/(7*ms)))",
        "weight": ["87.8 pA", "90 pA", "-3 pA"],
        "weight_bits": 11,
        "start": "1 ms",
    },
    "hail": {
        "model": "poisson_drive",
        "target": "reached",
        "receptor": "C",
        "rate": {"noise": {"mean": "3 kHz", "sd": "2 kHz", "interval": "0.7 ms",
                           "clip": ["0 Hz", "8 kHz"]}},
        "weight": "1",
        "stop": "50 ms",
    },
    "flood": {
        "model": "poisson_drive",
        "target": "reached",
        "receptor": "K",
        "rate": {"piecewise": {"times": ["0.5 ms", "9 ms"], "values": ["640 kHz", "0 Hz"]}},
        "weight": "0.031 mV",
    },
}  # fmt: skip

CURRENTS: Document = {
    "slope": {
        "target": "stirred",
        "amplitude": {"ramp": {"first": "0 pA", "last": "(100 + 20*i)*pA", "start": "0.3 ms",
                               "stop": "40 ms"}},
    },
    "stair": {
        "target": "stirred[0:2]",
        "amplitude": {"piecewise": {"times": ["0 ms", "0.6 ms", "30 ms"],
                                    "values": ["90 pA", ["10 pA", "20 pA"], "C_m*0.3*mV/ms"]}},
    },
    "hum": {
        "target": "reached",
        "amplitude": {"sine": {"amplitude": "200 pA", "frequency": "90 Hz", "phase": 0.3,
                               "offset": "410 pA"}},
        "start": "0.2 ms",
        "stop": "55 ms",
    },
    "hiss": {
        "target": "reached[1:4]",
        "amplitude": {"noise": {"mean": "20 pA", "sd": "90 pA", "interval": "0.3 ms"}},
    },
    "rumble": {
        "target": "stirred",
        "amplitude": {"noise": {"mean": "0 pA", "sd": "g_L*4*mV", "interval": "1.1 ms",
                                "shared": True}},
    },
    "record": {
        "target": "reached[0:2]",
        "amplitude": {"array": {"values": [1.5, [100, -100], 30], "unit": "pA",
                                "interval": "1.3 ms"}},
    },
    "tape": {
        "target": "stirred",
        "amplitude": {"array": {"values": [80, -30.25, 1e2], "unit": "pA", "interval": "0.1 ms"}},
    },
    "steady_current": {"target": "reached", "amplitude": "(30 + 3*i)*pA"},
}  # fmt: skip

SOURCES: Document = {
    "swell": {"model": "poisson", "size": 6, "rate": "900*hertz*(1 + sin(2*t/(7*ms) + i))"},
    "shifts": {
        "model": "poisson",
        "size": 5,
        "rate": {"piecewise": {"times": ["0 ms", "2 ms"], "values": ["200 Hz", "i*kHz"]}},
    },
    "sampled": {
        "model": "poisson",
        "size": 3,
        "rate": {"array": {"values": [[0, 900, 10000], 0, 500], "unit": "Hz",
                           "interval": "0.4 ms"}},
    },
    "chorus": {
        "model": "correlated_poisson",
        "size": 6,
        "rate": "700 Hz",
        "correlation": 0.4,
        "method": "common_source",
    },
    "echoes": {
        "model": "correlated_poisson",
        "size": 6,
        "rate": {"noise": {"mean": "500 Hz", "sd": "300 Hz", "interval": "2 ms", "shared": True,
                           "clip": ["0 Hz", "2 kHz"]}},
        "correlation": 0.3,
        "method": "multiple_interaction",
    },
    "unison": {
        "model": "correlated_poisson",
        "size": 2,
        "rate": {"array": {"values": [0, 10000], "unit": "Hz", "interval": "0.6 ms"}},
        "correlation": 1,
        "method": "common_source",
    },
}  # fmt: skip


def stimuli() -> Document:
    """Drives, currents and sources, on whole populations and parts, set while they run."""
    current = {"model": "curr_exp", "tau_decay": "0.5 ms"}
    return document(
        "stimuli",
        cells={
            "stirred_one": leaky({"X": current}, integrator="exact", t_ref="0.4 ms"),
            "reached_one": leaky(
                {"C": {"model": COUNTER}, "K": JUMP_AT_ONCE}, integrator="rk4", t_ref="0.3 ms"
            ),
        },
        populations={
            "stirred": {"size": 5, "cell": "stirred_one"},
            "reached": {"size": 4, "cell": "reached_one", "parameters": {"g_L": "(30 + i)*nS"}},
        },
        inputs={
            **DRIVES,
            **{name: {"model": "current", **each} for name, each in CURRENTS.items()},
            **SOURCES,
        },
        projections={
            "swelling": {
                "source": "swell",
                "target": "stirred",
                "receptor": "X",
                "rule": {"all_to_all": {}},
                "weight": "30 pA",
                "delay": "0.2 ms",
            }
        },
        timeline=[
            {
                "at": "1.4 ms",
                "set": {"shower.rate": "(12 + i)*kHz", "steady_current.amplitude": "0 pA"},
            },
            {"at": "1.6 ms", "set": {"shower.weight": "95 pA", "squall.weight": "-1*pA*i"}},
            {"at": "1.7 ms", "set": {"chorus.rate": "2 kHz", "stirred[0:3].C_m": "290 pF"}},
        ],
        monitors=states(
            ("stirred", ["V", "I_X", *(f"current_{x}" for x in ("slope", "stair", "tape"))], 1),
            ("reached", ["V", "s_C", "current_hum", "current_record"], 1),
        ),
    )
