"""Events beside `spike` are Brian2's own: tested together, recorded, projected from, reset."""

from __future__ import annotations

from unit.backends.brian2_programs import emitted, expected, run

from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing.documents import JUMP_AT_ONCE, document, states


def eventful() -> RealisedNetwork:
    """Return a population with three events, and one whose only event is not `spike`."""
    walker = {
        "parameters": {"tau": "ms"},
        "state": {
            "V": {"unit": "mV", "initial": "-70*mV + i*mV"},
            "ups": {"unit": "1", "initial": "0", "kind": "integer"},
        },
        "update": [["V = V + dt*(-50*mV - V)/tau"]],
        "spike": {
            "when": "V > -58*mV",
            "then": ["V = V - 12*mV + ups*0.1*mV"],
            "refractory": "0.3*ms",
            "later": [{"after": "1 ms", "do": ["V = V - 0.5*mV"]}],
        },
        "events": {
            "up": {"when": "V > -59*mV", "then": ["ups = ups + 1"]},
            "low": {"when": "V < -69*mV", "then": ["V = V + 0.3*mV*ups"]},
        },
    }
    quiet = {
        "state": {"x": {"unit": "mV", "initial": "0 mV"}},
        "derivatives": {"x": "(1*mV - x)/(3*ms)"},
        "events": {"half": {"when": "x > 0.5*mV", "then": ["x = 0*mV"]}},
    }
    edge = {"rule": {"all_to_all": {}}, "receptor": "K", "delay": "0.2 ms"}
    return pipeline.realised(
        Network(
            **document(
                "eventful",
                "20 ms",
                cells={
                    "walker": {
                        "model": {"equations": walker},
                        "tau": "5 ms",
                        "receptors": {"K": JUMP_AT_ONCE},
                    },
                    "quiet": {"model": {"equations": quiet}, "integrator": "euler"},
                },
                populations={
                    "walkers": {"size": 4, "cell": "walker"},
                    "quiets": {"size": 2, "cell": "quiet"},
                },
                projections={
                    "ups": edge | {"source": "walkers.up", "target": "walkers", "weight": "0.1 mV"},
                    "halves": edge
                    | {"source": "quiets.half", "target": "walkers", "weight": "-1 mV"},
                },
                monitors=states(("walkers", ["V", "ups"], 1), ("quiets", ["x"], 1)),
            )
        )
    )


def test_every_event_agrees_with_the_oracle() -> None:
    record = run(emitted(eventful()))
    assert record_differences(expected(eventful()), record, eventful()) == []
    emitters = ("quiets.half", "walkers", "walkers.low", "walkers.up")
    assert all(record.tallies[name].count for name in emitters)


def test_all_conditions_are_tested_before_a_countdown_starts() -> None:
    text = emitted(eventful()).files["simulate.py"]
    assert '        "up": "V > -0.059 * volt",\n' in text
    assert 'walkers.set_event_schedule("up", when="thresholds", order=0)' in text
    immediate = text.partition('walkers_immediate = """')[2].partition("name=")[0]
    assert 'when="after_thresholds"' in immediate


def test_resets_keep_the_order_of_events() -> None:
    text = emitted(eventful()).files["simulate.py"]
    assert 'walkers.run_on_event("low", walkers_low_reset, when="resets", order=1)' in text
    assert 'walkers.run_on_event("up", walkers_up_reset, when="resets", order=2)' in text


def test_events_are_recorded_and_projected_from() -> None:
    text = emitted(eventful()).files["simulate.py"]
    assert 'walkers_up_spikes = EventMonitor(walkers, "up", name="walkers_up_spikes")' in text
    assert '    on_event="up",\n' in text


def test_a_delayed_action_comes_back_without_a_weight() -> None:
    text = emitted(eventful()).files["simulate.py"]
    code = text.partition("# delayed action after walkers: ")[2].partition("\n\n\n")[0]
    assert "n_events_later_spike_0_post += 1" in code
    assert "acc_" not in code
    assert "_model" not in code


DEAF = {"weight": "1", "on_event": "x = 0.9*x"}


def test_a_port_that_listens_to_nothing_gets_no_synapses() -> None:
    network = Network(
        **document(
            "deaf",
            "1 ms",
            cells={
                "deaf": {
                    "model": {"equations": {"state": {"x": {"unit": "1", "initial": "1"}}}},
                    "receptors": {"K": {"model": {"equations": DEAF}}},
                }
            },
            populations={"deafs": {"size": 2, "cell": "deaf"}},
            inputs={"once": {"model": "spike_times", "times": [["0.2 ms"]]}},
            projections={
                "shout": {
                    "source": "once",
                    "target": "deafs",
                    "receptor": "K",
                    "rule": {"all_to_all": {}},
                    "weight": "1",
                    "delay": "0 ms",
                }
            },
        )
    )
    realised = pipeline.realised(network)
    program = emitted(realised)
    assert "Synapses" not in program.files["simulate.py"]
    assert record_differences(expected(realised), run(program), realised) == []
