"""A parameter may be given by another one: exactly one of `g_L` and `tau_m`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from unit.documents import SMALL, document, small

from netspec import library
from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.spec.network import Network

LEAKY = (
    "adaptive_if",
    "adex",
    "conductance_adaptive_if",
    "exponential_if",
    "generalized_if",
    "leaky_if",
    "mat",
    "passive",
    "quadratic_if",
)

CELL = {name: value for name, value in SMALL["cells"]["lif"].items() if name != "g_L"}


def leaky(changes: dict[str, Any] | None = None, **values: str) -> Network:
    """Return the small network with other values of the leak, V and g_L recorded."""
    monitors = {"states": [{"of": "exc", "variables": ["V", "g_L"]}]}
    network = Network(**document(cells={"lif": {**CELL, **values}}, monitors=monitors))
    return network.replace(changes or {})


def states(network: Network) -> dict[str, Any]:
    results = network.run(backend="numpy")
    return {name: results.states["exc"][name] for name in ("V", "g_L")}


def test_leaky_membranes_take_a_time_constant_in_place_of_their_conductance() -> None:
    found = library.declarations("cells").items()
    assert tuple(name for name, each in found if "g_L" in each.alternatives) == LEAKY
    assert all("tau_m" in each.alternatives["g_L"] for name, each in found if name in LEAKY)


@pytest.mark.parametrize("integrator", ["euler", "exponential_euler", "rk4"])
def test_the_same_leak_gives_the_same_potential(integrator: str) -> None:
    given = {"C_m": "250 pF", "integrator": integrator}
    by_time, by_conductance = (
        states(leaky(**given, **leak)) for leak in ({"tau_m": "10 ms"}, {"g_L": "25 nS"})
    )
    np.testing.assert_allclose(by_time["g_L"], 25e-9, rtol=1e-15)
    np.testing.assert_allclose(by_time["V"], by_conductance["V"], rtol=1e-12)


def test_what_it_stands_for_follows_the_timeline() -> None:
    entry = {"at": "5 ms", "set": {"exc[0:3].tau_m": "5 ms"}}
    found = states(leaky({"timeline": [entry]}, C_m="250 pF", tau_m="10 ms"))["g_L"]
    np.testing.assert_allclose(found[49], 25e-9, rtol=1e-15)
    np.testing.assert_allclose(found[50], [50e-9] * 3 + [25e-9] * 7, rtol=1e-15)


def test_populations_replace_what_the_cell_gives() -> None:
    changes = {"populations.exc.parameters": {"tau_m": "5 ms"}}
    found = states(leaky(changes, C_m="250 pF", tau_m="10 ms"))["g_L"]
    np.testing.assert_allclose(found[0], 50e-9, rtol=1e-15)


def test_a_default_gives_way() -> None:
    cell = {"model": "mat", "tau_m": "10 ms"}
    network = Network(
        **document(
            cells={"mat": cell},
            populations={"exc": {"size": 1, "cell": "mat"}},
            inputs={},
            projections={},
            timeline=[],
            monitors={"states": [{"of": "exc", "variables": ["V", "g_L"]}]},
        )
    )
    np.testing.assert_allclose(states(network)["g_L"][0], 10e-9, rtol=1e-15)
    assert "cells.mat.g_L" not in dict(pipeline.check(network).defaults)


def test_the_two_are_two_descriptions() -> None:
    given = {"tau_m": "10 ms"}, {"g_L": "28.1 nS"}
    assert len({leaky(**leak).fingerprint() for leak in given}) == 2


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"cells.lif.tau_m": "10 ms"}, "cells.lif.tau_m"),
        ({"timeline": [{"at": "1 ms", "set": {"exc.tau_m": "10 ms"}}]}, "timeline[0].set"),
        ({"populations.exc.parameters": {"tau_m": "10 ms"}}, "populations.exc.parameters.tau_m"),
    ],
)
def test_where_one_is_given_the_other_is_not_there(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(SpecError) as caught:
        pipeline.lowered(small(changes))
    (problem,) = caught.value.diagnostics
    assert problem.path.startswith(place)


def test_a_receptor_may_declare_some_too() -> None:
    equations = {
        "parameters": {
            "k": {"unit": "1/ms", "instead": {"tau": {"unit": "ms", "value": "1/tau"}}},
            "E": "mV",
        },
        "state": {"g": {"unit": "nS", "initial": "0 nS"}},
        "derivatives": {"g": "-k*g"},
        "current": "g*(E - V)",
        "weight": "nS",
        "on_event": "g = g + acc",
    }
    own = {"model": {"equations": equations}, "E": "0 mV"}
    for given in ({"k": "0.4/ms"}, {"tau": "2.5 ms"}):
        (cell, _) = pipeline.lowered(small({"cells.lif.receptors.AMPA": own | given})).populations
        parameters = {each.name for each in cell.cell.parameters}
        assert {f"{name}_AMPA" for name in given} == parameters & {"k_AMPA", "tau_AMPA"}
