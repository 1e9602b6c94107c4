"""Exact integration, and cells with several receptors."""

from __future__ import annotations

from netspec.testing.documents import AMPA, GABA, Document, document, leaky, states

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
