"""What is shared by a population is kept by each of its neurons, and is one number in digests."""

from __future__ import annotations

from unit.backends.brian2_programs import emitted, expected, run

from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.record import NonFinite
from netspec.spec.network import Network
from netspec.testing.documents import document, states


def tidal(growth: str = "3.7") -> RealisedNetwork:
    """Return neurons that a tide has in common, and a count of steps that the timeline sets."""
    equations = {
        "parameters": {"tau": "ms", "growth": "1"},
        "state": {
            "V": {"unit": "1", "initial": "0.1*i"},
            "tide": {"unit": "1", "initial": "0.5", "shared": True},
            "tics": {"unit": "1", "initial": "0", "kind": "integer", "shared": True},
        },
        "update": [
            ["tide = growth*tide*(1 - tide)", "tics = tics + 1"],
            ["V = V + 0.1*where(abs(tide) > 1, 0, tide)"],
        ],
        "spike": {"when": "V > 1 and tide > previous(tide)", "then": ["V = 0.01*tics"]},
    }
    surge = {
        "state": {
            "x": {"unit": "1", "initial": "0"},
            "mean": {"unit": "1", "initial": "0.5", "shared": True},
        },
        "derivatives": {"x": "(mean - x)/ms", "mean": "(1 - mean)/(5*ms)"},
    }
    return pipeline.realised(
        Network(
            **document(
                "tidal",
                "12 ms",
                cells={
                    "shore": {"model": {"equations": equations}, "tau": "5 ms", "growth": growth},
                    "pool": {"model": {"equations": surge}, "integrator": "rk2"},
                },
                populations={
                    "shores": {"size": 4, "cell": "shore"},
                    "pools": {"size": 3, "cell": "pool"},
                },
                timeline=[
                    {"at": "5 ms", "set": {"shores.tide": "0.31", "shores.growth": growth}},
                    {"at": "6 ms", "set": {"shores.tics": "7", "shores[1:2].V": "0.2"}},
                ],
                monitors=states(
                    ("shores", ["V", "tide", "tics"], 1),
                    ("pools[1:3]", ["x", "mean"], 3),
                ),
            )
        )
    )


def test_what_is_shared_agrees_with_the_oracle() -> None:
    record = run(emitted(tidal()))
    assert record_differences(expected(tidal()), record, tidal()) == []
    assert record.tallies["shores"].count
    widths = [samples.shape[1] for samples in record.states]
    assert sorted(widths) == [1, 1, 1, 2, 4]


def test_a_shared_value_that_overflows_is_the_first_neurons() -> None:
    record = run(emitted(tidal("1e200")))
    assert record.outcome == NonFinite(1, "shores", 0, "tide")
    assert record_differences(expected(tidal("1e200")), record, tidal("1e200")) == []


def test_the_equations_say_what_is_shared() -> None:
    text = emitted(tidal()).files["simulate.py"]
    note = "shared: every neuron keeps the same value"
    assert f"\ntics : integer  # {note}\n" in text
    assert f"\ndmean/dt = (1.0 - mean) / (0.005 * second) : 1  # {note}\n" in text
    assert '        ["tics", "tide"],\n' in text
