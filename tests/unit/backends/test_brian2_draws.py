"""Random numbers are functions of neuron, step and key, in NumPy as in C."""

from __future__ import annotations

from unit.backends.brian2_programs import emitted, expected, run

from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import document, states


def noisy() -> RealisedNetwork:
    """Return neurons with noise of their own and in common, and draws in every later phase."""
    equations = {
        "parameters": {"tau": "ms"},
        "state": {
            "V": {"unit": "mV", "initial": "i*mV"},
            "w": {"unit": "1", "initial": "0"},
            "common": {"unit": "1", "initial": "0", "shared": True},
        },
        "derivatives": {
            "V": "(10*mV + common*mV - V)/tau + 2*mV*sqrt(2/tau)*xi + 0.1*V*xi_1/sqrt(tau)",
            "w": "-w/tau + xi/sqrt(tau)",
            "common": "-common/tau + xi_3/sqrt(tau)",
        },
        "spike": {
            "when": "uniform() < V/(40*mV)",
            "then": ["V = 1*mV*normal()"],
            "refractory": "0.5*ms*uniform()",
        },
    }
    jitter = {"equations": {"weight": "mV", "on_event": "V = V + acc*where(uniform() < 0.5, 1, 0)"}}
    dice = {
        "state": {"sum": {"unit": "1", "initial": "0"}},
        "update": [["sum = sum + uniform() - normal()*uniform()"]],
    }
    return pipeline.realised(
        Network(
            **document(
                "noisy",
                "20 ms",
                cells={
                    "noisy": {
                        "model": {"equations": equations},
                        "integrator": "heun",
                        "tau": "5 ms",
                        "receptors": {"J": {"model": jitter}},
                    },
                    "dice": {"model": {"equations": dice}},
                },
                populations={
                    "noises": {"size": 6, "cell": "noisy"},
                    "dices": {"size": 3, "cell": "dice"},
                },
                inputs={"rain": {"model": "poisson", "size": 5, "rate": "500 Hz"}},
                projections={
                    "drops": {
                        "source": "rain",
                        "target": "noises",
                        "receptor": "J",
                        "rule": {"all_to_all": {}},
                        "weight": "0.5 mV",
                        "delay": "0 ms",
                    }
                },
                monitors=states(("noises", ["V", "common"], 1), ("dices", ["sum"], 1)),
            )
        )
    )


def test_every_draw_agrees_with_the_oracle() -> None:
    record = run(emitted(noisy()))
    assert record_differences(expected(noisy()), record, noisy()) == []
    assert record.tallies["noises"].count


def test_equations_keep_the_noise_of_brian2() -> None:
    text = emitted(noisy()).files["simulate.py"]
    equations = text.partition('noises_equations = """\n')[2].partition('"""')[0].splitlines()
    # It lets several equations have noise in common, unless that is called `xi`.
    assert equations[0].endswith(" * xi_2 + 0.1 * V * xi_1 / netspec_sqrt(tau) : volt")
    assert equations[2] == "dw/dt = -w / tau + xi_2 / netspec_sqrt(tau) : 1"


def test_what_is_drawn_is_said_where_it_is_drawn() -> None:
    text = emitted(noisy()).files["simulate.py"]
    update = text.partition('noises_update = """\n')[2].partition('"""')[0].splitlines()
    assert update[:7] == [
        "draw_0 = uniform_number(i, t_in_timesteps, draw_0_key)",
        "draw_1 = normal_number(i, t_in_timesteps, draw_1_key)",
        "draw_2 = uniform_number(i, t_in_timesteps, draw_2_key)",
        "draw_3 = uniform_number(i, t_in_timesteps, draw_3_key)",
        "noise = normal_number(i, t_in_timesteps, noise_key)",
        "noise_1 = normal_number(i, t_in_timesteps, noise_1_key)",
        "noise_3 = normal_number(0, t_in_timesteps, noise_3_key)",
    ]
    assert ",  # spike.refractory uniform 0\n" in text


def test_only_draws_that_are_read_after_the_update_are_kept() -> None:
    text = emitted(noisy()).files["simulate.py"]
    assert text.count("  # drawn anew in each step") == 4


def test_a_script_has_the_functions_that_it_calls() -> None:
    text = emitted(networks.realised("timeline")).files["simulate.py"]
    assert "def poisson_spikes" in text
    assert "def uniform_number" not in text
    assert "def normal_number" not in text
    text = emitted(networks.realised("delays"), "cython").files["simulate.py"]
    assert "philox" not in text
