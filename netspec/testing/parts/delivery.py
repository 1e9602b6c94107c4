"""What becomes of events: delays, refractory periods, changes while events are in flight."""

from __future__ import annotations

from netspec.testing.documents import (
    AMPA,
    JUMP,
    JUMP_AT_ONCE,
    Document,
    document,
    leaky,
    states,
)


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
