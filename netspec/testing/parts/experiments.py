"""Documents of what is done with a network: what is repeated, and what is recorded when."""

from __future__ import annotations

from netspec.testing.documents import AMPA, JUMP_AT_ONCE, Document, document, leaky, states


def repeats() -> Document:
    """Everything that can change changes again and again, at times that are woven together."""
    return document(
        "repeats",
        cells={"repeated": leaky({"E": AMPA, "K": JUMP_AT_ONCE}, V_th="-60 mV", t_ref="1 ms")},
        populations={"choir": {"size": 5, "cell": "repeated"}},
        inputs={"choir_rain": {"model": "poisson", "size": 7, "rate": "300 Hz"}},
        projections={
            "choir_wet": {
                "source": "choir_rain",
                "target": "choir",
                "receptor": "E",
                "rule": {"pairwise_bernoulli": {"p": 0.5}},
                "weight": "(2 + 0.1*i)*nS",
                "delay": "0.4 ms",
            },
            "choir_gated": {
                "source": "choir_rain",
                "target": "choir",
                "receptor": "K",
                "rule": {"all_to_all": {}},
                "weight": "0.3 mV",
                "delay": "1.1 ms",
                "connected": False,
            },
        },
        timeline=[
            {"at": "1 ms", "every": "3 ms", "until": "60 ms", "connect": "choir_gated"},
            {"at": "2.5 ms", "every": "3 ms", "until": "50 ms", "disconnect": "choir_gated"},
            {"at": "2 ms", "every": "4 ms", "until": "58 ms", "set": {"choir.I_e": "200 pA"}},
            {"at": "3.1 ms", "every": "4 ms", "until": "58 ms", "set": {"choir.I_e": "0 pA"}},
            {
                "at": "5 ms",
                "every": "5 ms",
                "until": "55 ms",
                "set": {
                    "choir[1:4].V": {"normal": {"mean": "-64 mV", "sd": "2 mV"}},
                    "choir_rain[0:3].rate": "400*hertz + 100*hertz*i",
                    "choir_wet.weight": "(4 - 0.2*i)*nS",
                    "choir_gated.weight": "0.5 mV",
                },
            },
            {
                "at": "7 ms",
                "every": "5 ms",
                "until": "55 ms",
                "set": {
                    "choir[0:2].V": "-66*mV + i*mV",
                    "choir_rain.rate": "200 Hz",
                    "choir_wet.weight": "(2 + 0.1*i)*nS",
                    "choir_gated.weight": "0.3 mV",
                },
            },
            {"at": "10 ms", "every": "10 ms", "until": "60 ms", "set": {"choir[1:3].V": "-70 mV"}},
            {
                "at": "21.3 ms",
                "add_edges": {
                    "projection": "choir_wet",
                    "rule": {"pairwise_bernoulli": {"p": 0.3}},
                    "delay": "0.1*ms*i",
                },
            },
            {
                "at": "32 ms",
                "every": "9 ms",
                "until": "45 ms",
                "add_edges": {
                    "projection": "choir_gated",
                    "rule": {"fixed_total_number": {"number": 9}},
                    "weight": {"normal": {"mean": "0.4 mV", "sd": "0.1 mV"}},
                },
            },
        ],
        monitors=states(("choir", ["V", "g_E"], 1)),
    )


def recordings() -> Document:
    """Parts of the run that are recorded, and spikes that are counted without being kept."""
    cell = leaky({"E": AMPA}, V_th="-60 mV", t_ref="1 ms")
    moment = [["2 ms", "9 ms"]]
    return document(
        "recordings",
        cells={"heard": cell},
        populations={"crowd": {"size": 6, "cell": "heard", "initial": {"V": "-70*mV + i*mV"}}},
        inputs={"crowd_rain": {"model": "poisson", "size": 9, "rate": "900 Hz"}},
        projections={
            "crowd_wet": {
                "source": "crowd_rain",
                "target": "crowd",
                "receptor": "E",
                "rule": {"pairwise_bernoulli": {"p": 0.7}},
                "weight": "3 nS",
                "delay": "0.4 ms",
            },
        },
        phases={"early": ["0 ms", "20 ms"], "late": ["15 ms", "50 ms"], "last": ["59 ms", "1 s"]},
        timeline=[
            {"at": "3 ms", "every": "7 ms", "until": "60 ms", "stop_recording": "crowd_rain"},
            {"at": "5.2 ms", "every": "7 ms", "until": "60 ms", "start_recording": "crowd_rain"},
        ],
        monitors={
            "spikes": [{"of": "crowd[1:5]", "during": ["late", ["3 ms", "4.4 ms"]]}, "crowd_rain"],
            "states": [
                {
                    "of": "crowd",
                    "variables": ["V"],
                    "during": ["early", ["30 ms", "35 ms"], ["40 ms", "41 ms"], ["43 ms", "1 s"]],
                },
                {
                    "of": "crowd[0:2]",
                    "variables": ["g_E"],
                    "every": 7,
                    "during": moment,
                },
                {
                    "of": "crowd[2:2]",
                    "variables": ["I_e"],
                    "every": 7,
                    "during": moment,
                },
            ],
            "counts": ["crowd", "crowd_rain[2:5]"],
            "rates": [
                {"of": "crowd[1:6]", "bin": "0.7 ms"},
                {"of": "crowd_rain", "bin": "5 ms"},
                {"of": "crowd_rain", "bin": "20 ms", "name": "crowd_rain_slow"},
            ],
        },
    )
