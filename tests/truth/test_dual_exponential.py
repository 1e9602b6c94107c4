"""Against Dendrify: the factor by which two exponentials get the peak 1.

It belongs to dx/dt = -x/tau_decay + s/ms, ds/dt = -s/tau_rise. Here the same is written with
I_rise = s*tau_decay/ms, so that the factor, `scale`, is tau_decay/ms times as large.
"""

from __future__ import annotations

import pytest
from library.networks import alone, run, used

from netspec import Network
from netspec.passes.pipeline import realised

FACTORS = [(2.0, 5.0, 0.9210078746600969), (0.5, 2.5, 2.990697562442441)]
"""tau_rise and tau_decay in ms, and what they give."""

VARIABLES = {"curr": "I_X", "cond": "g_X"}
UNITS = {"curr": "pA", "cond": "nS"}


def with_receptor(kind: str, tau_rise: float, tau_decay: float, **values: str) -> dict[str, object]:
    """Return a neuron with a receptor X whose event of weight 1 pA or 1 nS arrives in step 0."""
    taus = {"tau_rise": f"{tau_rise} ms", "tau_decay": f"{tau_decay} ms"}
    receptor = used("receptors", f"{kind}_dual_exp", **taus, **values)
    edge = {
        "source": "event",
        "target": "one",
        "receptor": "X",
        "rule": {"all_to_all": {}},
        "weight": f"1 {UNITS[kind]}",
        "delay": "0 ms",
    }
    return alone(
        used("cells", "passive") | {"integrator": "rk4", "receptors": {"X": receptor}},
        dt="0.001 ms",
        duration="6 ms",
        inputs={"event": {"model": "spike_times", "times": [["0 ms"]]}},
        projections={"edge": edge},
        monitors={"states": [{"of": "one", "variables": [VARIABLES[kind]]}]},
    )


@pytest.mark.parametrize("kind", ["curr", "cond"])
@pytest.mark.parametrize(("tau_rise", "tau_decay", "factor"), FACTORS)
def test_the_scale_is_the_factor(
    kind: str, tau_rise: float, tau_decay: float, factor: float
) -> None:
    network = Network(**with_receptor(kind, tau_rise, tau_decay))
    scale = float(realised(network).populations["one"].parameters["scale_X"])
    assert scale == pytest.approx(tau_decay * factor, rel=1e-15)


@pytest.mark.parametrize("kind", ["curr", "cond"])
@pytest.mark.parametrize(("tau_rise", "tau_decay", "factor"), FACTORS)
def test_without_it_the_peak_is_as_much_too_small(
    kind: str, tau_rise: float, tau_decay: float, factor: float
) -> None:
    states = run(with_receptor(kind, tau_rise, tau_decay, scale="tau_decay/ms")).states["one"]
    peak = states[VARIABLES[kind]].to(UNITS[kind]).max()
    assert peak * factor == pytest.approx(1, rel=1e-7)
