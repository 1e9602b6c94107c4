"""What tells the receptors of the library apart: the shape of their response to one event."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from library.networks import alone, run, used

from netspec.errors import SpecError


def response(
    name: str, variable: str, weight: str, duration: str = "50 ms", **values: Any
) -> npt.NDArray[np.float64]:
    """Return a variable of receptor X from an event at 0 on, in SI, one sample in 0.01 ms.

    The membrane does not move.
    """
    held = {"C_m": "1 F", "E_L": values.pop("at", "-70 mV")}
    edge = {
        "source": "event",
        "target": "one",
        "receptor": "X",
        "rule": {"all_to_all": {}},
        "weight": weight,
        "delay": "0 ms",
    }
    cell = used("cells", "passive", **held) | {"integrator": "rk4"}
    network = alone(
        cell | {"receptors": {"X": used("receptors", name, **values)}},
        dt="0.01 ms",
        duration=duration,
        inputs={"event": {"model": "spike_times", "times": [["0 ms"]]}},
        projections={"edge": edge},
        monitors={"states": [{"of": "one", "variables": [f"{variable}_X"]}]},
    )
    # The event is delivered at the end of the first step.
    return run(network).states["one"][f"{variable}_X"].values[1:, 0]


@pytest.mark.parametrize(("kind", "unit"), [("curr", "pA"), ("cond", "nS")])
@pytest.mark.parametrize(
    ("tau_rise", "tau_decay"), [(2, 5), (0.5, 2.5), (5, 2), (3, 3), (3, 3.0000001)]
)
def test_the_weight_is_the_peak_of_two_exponentials(
    kind: str, unit: str, tau_rise: float, tau_decay: float
) -> None:
    taus = {"tau_rise": f"{tau_rise} ms", "tau_decay": f"{tau_decay} ms"}
    variable = {"curr": "I", "cond": "g"}[kind]
    trace = response(f"{kind}_dual_exp", variable, f"2 {unit}", **taus)
    assert trace.max() == pytest.approx(2 * {"pA": 1e-12, "nS": 1e-9}[unit], rel=1e-4)
    if tau_rise == 3:
        assert trace.argmax() == pytest.approx(300, abs=1)
    else:
        peak = tau_rise * tau_decay / (tau_decay - tau_rise) * np.log(tau_decay / tau_rise)
        assert trace.argmax() == pytest.approx(100 * peak, abs=1)


def test_without_a_rise_the_normalisation_is_not_finite_and_refused() -> None:
    with pytest.raises(SpecError, match="not-finite"):
        response("curr_dual_exp", "I", "1 pA", tau_rise="0 ms")


@pytest.mark.parametrize(("kind", "unit"), [("curr", "pA"), ("cond", "nS")])
def test_an_alpha_function_is_two_exponentials_with_one_time_constant(kind: str, unit: str) -> None:
    variable = {"curr": "I", "cond": "g"}[kind]
    alpha = response(f"{kind}_alpha", variable, f"1 {unit}", tau_decay="3 ms")
    dual = response(f"{kind}_dual_exp", variable, f"1 {unit}", tau_rise="3 ms", tau_decay="3 ms")
    t = np.arange(len(alpha)) / 300
    scale = {"pA": 1e-12, "nS": 1e-9}[unit]
    np.testing.assert_allclose(alpha, scale * t * np.exp(1 - t), atol=1e-5 * scale)
    np.testing.assert_allclose(alpha, dual, atol=1e-12 * scale)


@pytest.mark.parametrize("name", ["nmda", "nmda_exp", "nmda_saturating"])
@pytest.mark.parametrize(
    ("at", "values", "unblocked"),
    [
        ("0 mV", {}, 3.57 / 4.57),
        ("-70 mV", {}, 1 / (1 + np.exp(0.062 * 70) / 3.57)),
        ("-70 mV", {"Mg": "0 mM"}, 1),
        ("-40 mV", {"alpha": "0.08/mV", "gamma": "5 mV"}, 1 / (1 + np.exp(2.8) / 3.57)),
    ],
)
def test_magnesium_blocks_nmda_at_low_potentials(
    name: str, at: str, values: dict[str, str], unblocked: float
) -> None:
    weight = "1" if name == "nmda_saturating" else "1 nS"
    trace = response(name, "unblocked", weight, "1 ms", at=at, **values)
    np.testing.assert_allclose(trace, unblocked)


def test_the_current_of_nmda_is_its_unblocked_conductance_times_the_driving_force() -> None:
    values = {"at": "-40 mV", "tau_rise": "2 ms", "tau_decay": "100 ms"}
    g, unblocked, current = (
        response("nmda", each, "1 nS", **values) for each in ("g", "unblocked", "current")
    )
    assert g.max() == pytest.approx(1e-9, rel=1e-4)
    np.testing.assert_allclose(current, g * unblocked * 0.04)


def test_saturating_nmda_opens_at_most_wholly() -> None:
    small, large = (
        response("nmda_saturating", "s", weight, tau_rise="2 ms", tau_decay="100 ms").max()
        for weight in ("0.001", "100")
    )
    assert small == pytest.approx(0.001 * 0.5 * 2, rel=0.1)
    assert 0.9 < large < 1
