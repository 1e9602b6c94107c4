"""The check can fail: a backend that breaks one rule of the contract turns conformance red."""

from functools import cache
from pathlib import Path

import pytest
from controls import broken

import netspec
from netspec.backend.protocol import AnyBackend
from netspec.backend.registry import get
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import check_backend
from netspec.testing.oracle import backend as oracle

CANARY = Path(__file__).parents[2] / "examples" / "canary.json"


@cache
def canary(duration: str = "130 ms") -> RealisedNetwork:
    """Return the canary, long enough for a connection and a weight change in mid-flight."""
    return realised(netspec.load(CANARY).replace({"duration": duration}))


def misread(change: broken.Change) -> AnyBackend:
    return broken.Misreading(get("numpy"), change)


CONTROLS = {
    "fused multiply-add": lambda: broken.Miscompiling(broken.FMA, broken.FusingPrinter),
    "the library's exp": lambda: broken.Miscompiling(broken.LIBRARY_EXP),
    "weights off the grid": lambda: misread(broken.weights_off_the_grid),
    "periods one step longer": lambda: misread(broken.periods_changed_by(1)),
    "periods one step shorter": lambda: misread(broken.periods_changed_by(-1)),
    "shut one step longer": lambda: misread(broken.port_guards(broken.ONE_STEP_LONGER)),
    "shut one step shorter": lambda: misread(broken.port_guards(broken.ONE_STEP_SHORTER)),
    "threshold reached, not passed": lambda: misread(broken.threshold_reached),
    "delays one step longer": lambda: misread(broken.delays_longer),
    "weight read at emission": lambda: broken.Misbehaving(broken.WeightAtEmission),
    "connection read at emission": lambda: broken.Misbehaving(broken.ConnectionAtEmission),
    "reset before ports": lambda: broken.Misbehaving(broken.ResetBeforePorts),
    "recorded after the update": lambda: broken.Misbehaving(broken.RecordAfterUpdate),
    "draws one step late": lambda: broken.Misbehaving(broken.DrawOneStepLate),
}
SHORT = {"fused multiply-add": "5 ms"}


@pytest.mark.parametrize("rule", CONTROLS)
def test_a_backend_that_breaks_the_rule_is_found(rule: str) -> None:
    backend = CONTROLS[rule]()
    networks = {"canary": canary(SHORT.get(rule, "130 ms"))}
    assert check_backend(backend, backend.options(), networks) != []


def test_sound_backends_made_in_the_same_way_are_not() -> None:
    for backend in (
        broken.Misreading(get("numpy"), lambda network: network),
        broken.Miscompiling(""),
        broken.Misbehaving(broken.oracle_steps.OracleSimulation),
    ):
        assert check_backend(backend, backend.options(), {"canary": canary()}) == []
    assert check_backend(oracle, oracle.options(), {"canary": canary()}) == []
