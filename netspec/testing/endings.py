"""Documents of networks whose state becomes infinite or NaN."""

from __future__ import annotations

from netspec.testing.documents import Document, document, leaky, states


def _growing(name: str, spike: Document, duration: str = "2 ms", **receptor: str) -> Document:
    """Return neurons that count up by 0.25 in a step; the other populations stay finite."""
    model = {
        "parameters": {"slope": "1/ms"},
        "state": {"x": {"unit": "1", "initial": "0"}, "w": {"unit": "1", "initial": "0"}},
        "derivatives": {"x": "slope", "w": "-w/ms"},
        "spike": spike,
    }
    port = {"equations": {"weight": "1", "on_event": "x = x + acc"} | receptor}
    cell = {"integrator": "euler", "model": {"equations": model}, "slope": "2.5/ms"}
    return document(
        name,
        duration,
        cells={
            "growing": cell | {"receptors": {"P": {"model": port}}},
            "calm": leaky({}),
        },
        populations={
            "calm": {"size": 2, "cell": "calm"},
            "growing": {"size": 3, "cell": "growing", "initial": {"x": "-0.25*i"}},
        },
        inputs={"once": {"model": "spike_times", "times": [["0.5 ms"]]}},
        projections={
            "hit": {
                "source": "once",
                "target": "growing[1:2]",
                "receptor": "P",
                "rule": {"all_to_all": {}},
                "weight": "1",
                "delay": "0.2 ms",
            }
        },
        monitors=states(("growing", ["x", "w"], 1), ("calm", ["V"], 1)),
    )


def overflow_hidden_by_reset() -> Document:
    """An update overflows; the reset of the same step would hide it."""
    spike = {"when": "x > 1e307", "then": ["x = 0"]}
    whole = _growing("overflow_hidden_by_reset", spike)
    whole["cells"]["growing"]["model"]["equations"]["derivatives"]["x"] = "slope*x*1e50"
    whole["populations"]["growing"]["initial"]["x"] = "0.5*i"
    return whole


def not_a_number_by_reset() -> Document:
    """The second statement of a reset divides 0 by 0; found after the next update."""
    spike = {"when": "x > 0.9", "then": ["x = 0", "w = x/x"]}
    return _growing("not_a_number_by_reset", spike)


def infinite_by_last_reset() -> Document:
    """As above in the last step of the run; found after it."""
    spike = {"when": "x > 0.9", "then": ["x = 0", "w = -1/x"]}
    return _growing("infinite_by_last_reset", spike, "0.4 ms")


def infinite_by_port() -> Document:
    """A port overflows; found after the next update."""
    on_event = "x = x + acc*1e308*10"
    return _growing("infinite_by_port", {"when": "x > 1e308", "then": ["x = 0"]}, on_event=on_event)


# In a step without a spike a value grows by the factor 1e100. Started at 1e20 it is 1e120, 1e220
# and infinite, which the reset hides; started at 1e180 it is 1e280 after one step and spikes.
_GROWTH = {
    "parameters": {"slope": "1/ms"},
    "state": {name: {"unit": "1", "initial": "0"} for name in ("B", "Z", "a")},
    "derivatives": {
        "B": "slope*B",
        "Z": "slope*Z",
        "a": "slope*a*(1 + 0*a*a)",  # NaN once `a*a` overflows, which is when the others do
    },
    "spike": {"when": "B > 1e250 or Z > 1e250", "then": ["B = 0", "Z = 0"]},
}


def first_of_many() -> Document:
    """Many values overflow at once; the first in (step, population, neuron, variable) counts.

    It is `Zeta[2].Z` in step 4. Each rival comes first in what is compared later: `Alpha` and
    `Zeta[0]` overflow in step 5, `beta[0]` and `Zeta[3].B` in step 4, and so does `Zeta[2].a`,
    which comes first where capitals do not matter. Spikes are found in steps 1, 3 and 4.
    """
    in_step_4, in_step_5 = 1e-180, 1e-280

    def population(**initial: list[float]) -> Document:
        return {"size": 4, "cell": "explosive", "initial": initial}

    return document(
        "first_of_many",
        "1.2 ms",
        cells={
            "explosive": {
                "integrator": "euler",
                "model": {"equations": _GROWTH},
                "slope": "1e101/ms",
            },
        },
        populations={
            "Alpha": population(B=[in_step_5, 0, 0, 0]),
            "Zeta": population(
                B=[in_step_5, 1e80, 0, in_step_4],
                Z=[0, 0, in_step_4, 0],
                a=[0, 0, in_step_4, 0],
            ),
            "beta": population(
                B=[in_step_4, 1e-120, 1e-220, 0],
                Z=[0, 0, 0, in_step_5],
            ),
        },
        monitors=states(("Zeta", ["B", "Z"], 1)),
    )


ENDINGS = (
    overflow_hidden_by_reset,
    not_a_number_by_reset,
    infinite_by_last_reset,
    infinite_by_port,
    first_of_many,
)
"""All of them."""
