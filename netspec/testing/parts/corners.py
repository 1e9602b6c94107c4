"""Empty and single things."""

from __future__ import annotations

from netspec.testing.documents import AMPA, Document, document, leaky, states


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
                        "state": {
                            "faint": {"unit": "1", "initial": "1e-303"},
                            "trace": {"unit": "1", "initial": "1 + i"},
                        },
                        # one becomes subnormal in a few steps and then 0
                        "derivatives": {
                            "faint": "-faint/(0.1001*ms)",
                            "trace": "-trace/(10*ms)",
                        },
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
        monitors=states(
            ("one", ["V"], 1), ("never", ["faint"], 1), ("unconnected[1:2]", ["V"], 599)
        ),
    )
