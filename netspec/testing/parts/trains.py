"""Trains that are made before step 0; backends see lists of spikes."""

from __future__ import annotations

from netspec.testing.documents import AMPA, Document, document, leaky, states


def trains() -> Document:
    """One input of each kind, begun late, ended early, drawn and written, onto one population."""
    onto = {"target": "listeners", "receptor": "E", "delay": "0.3 ms", "rule": {"all_to_all": {}}}
    return document(
        "trains",
        cells={"listener": leaky({"E": AMPA}, t_ref="1 ms")},
        populations={"listeners": {"size": 4, "cell": "listener"}},
        inputs={
            "ticking": {
                "model": "regular",
                "size": 3,
                "rate": ["70 Hz", "0 Hz", "430 Hz"],
                "phase": "0.25 ms",
                "start": "1 ms",
            },
            "swinging": {
                "model": "regular",
                "size": 3,
                "period": "(3 + 2*i)*ms",
                "phase": {"uniform": {"low": "0 ms", "high": "period"}},
            },
            "renewing": {
                "model": "gamma_renewal",
                "size": 5,
                "rate": "(20 + 60*i)*hertz",
                "shape": 2.5,
                "dead_time": "0.7 ms",
                "stop": "55 ms",
            },
            "volleying": {
                "model": "pulse_packet",
                "size": 6,
                "centres": ["0.2 ms", "21 ms", "59 ms"],
                "spikes": 3,
                "sd": "0.8 ms",
            },
        },
        projections={
            "from_ticking": onto | {"source": "ticking", "weight": "6*nS + 1.5*nS*j"},
            "from_swinging": onto | {"source": "swinging", "weight": "2.7 nS"},
            "from_renewing": onto | {"source": "renewing", "weight": "3.1 nS"},
            "from_volleying": onto | {"source": "volleying", "weight": "4.3 nS"},
        },
        monitors=states(("listeners", ["V", "g_E"], 1)),
    )
