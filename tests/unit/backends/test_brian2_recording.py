"""Definitions and parameters are recorded as Brian2 does it: evaluated when a sample is taken."""

from __future__ import annotations

import json

import pytest
from unit.backends.brian2_programs import emitted, expected, run

from netspec.compare import record_differences
from netspec.expr.nodes import Expression, substitute
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import document, states

SEEN = ["V", "half", "pull", "slope", "steep", "wave", "tau", "limit", "C"]


def computed(every: int = 1) -> RealisedNetwork:
    """Return neurons of which everything is recorded that has a name."""
    equations = {
        "parameters": {"tau": "ms", "limit": "mV", "C": "1", "zero": "1"},
        "inputs": {"drive": "mV"},
        "state": {"V": {"unit": "mV", "initial": "i*mV"}},
        "definitions": {
            "half": "0.5*2",
            "pull": "limit - V + drive",
            "slope": "pull/tau*half",
            "steep": "(pull/(1*mV))**3 + half/(half - 1)",
            "wave": "sin(t/tau) + exp(-V/(1*mV)) + C/zero",
        },
        "derivatives": {"V": "slope"},
        "spike": {"when": "V > 9*mV", "then": ["V = 0*mV"]},
    }
    return pipeline.realised(
        Network(
            **document(
                "computed",
                "10 ms",
                cells={
                    "seen": {
                        "model": {"equations": equations},
                        "integrator": "euler",
                        "tau": "3 ms",
                        "limit": "10 mV",
                        "C": "-1",
                        "zero": "0",
                    }
                },
                populations={
                    "seens": {"size": 5, "cell": "seen", "parameters": {"limit": "9*mV + i*mV"}}
                },
                timeline=[{"at": "4 ms", "set": {"seens.C": "2", "seens[1:3].limit": "12 mV"}}],
                monitors=states(("seens[1:4]", SEEN, every)),
            )
        )
    )


@pytest.mark.parametrize("every", [1, 3])
def test_what_is_computed_agrees_with_the_oracle(every: int) -> None:
    network = computed(every)
    record = run(emitted(network))
    assert record_differences(expected(network), record, network) == []
    assert all(samples.shape == (-(-100 // every), 3) for samples in record.states)


def test_a_definition_is_recorded_like_a_variable() -> None:
    text = emitted(computed()).files["simulate.py"]
    assert "\npull = limit - V + drive : volt\n" in text
    recorded = ["V", "half", "limit", "pull", "slope", "steep", "wave"]
    assert f"    {json.dumps(recorded)},\n    record=np.arange(1, 4),\n" in text


def test_one_value_for_all_is_recorded_of_one_neuron() -> None:
    text = emitted(computed()).files["simulate.py"]
    assert '    ["C", "tau"],\n    record=np.arange(1, 2),\n' in text


def test_one_monitor_takes_what_is_sampled_together() -> None:
    text = emitted(networks.realised("happenings")).files["simulate.py"]
    assert text.count("= StateMonitor(") == 2  # of all the neurons, and of what they share
    assert "plateaus_samples_from_1_to_4_every_3 = EventMonitor(" in text
    assert '"from_1_to_4_every_3": "t_in_timesteps % 3 == 0 and i >= 1 and i < 4",' in text


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_what_is_recorded_is_what_the_equation_says(name: str) -> None:
    """The backend relies on it: a recording and the equation of its name are one tree."""
    network = networks.realised(name).ir
    for recording in network.state_recordings:
        cell = next(each.cell for each in network.populations if each.name == recording.population)
        definitions = {e.name: e.value for e in cell.equations if e.kind == "definition"}
        if recording.variable in definitions:
            tree = definitions[recording.variable]
            assert written_out(tree, definitions) == recording.value


def written_out(tree: Expression, definitions: dict[str, Expression]) -> Expression:
    """Return a tree without names of definitions."""
    while (longer := substitute(tree, definitions)) != tree:
        tree = longer
    return tree
