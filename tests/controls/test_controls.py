"""The check can fail: a backend that breaks one rule of the contract turns conformance red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from controls import broken, orders, readings

import netspec
from netspec.backend.protocol import AnyBackend
from netspec.backend.registry import get
from netspec.ir import nodes as ir
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.testing import networks
from netspec.testing.conformance import check_backend
from netspec.testing.oracle import backend as oracle

CANARY = netspec.load(Path(__file__).parents[2] / "examples" / "canary.json")
LONG = "130 ms"
"""Time enough for a connection and a weight change in mid-flight, and for one ulp to show."""


Makes = Callable[[], AnyBackend]


@cache
def canary(duration: str = LONG) -> RealisedNetwork:
    return realised(CANARY.replace({"duration": duration}))


@cache
def beginning(name: str, steps: int) -> RealisedNetwork:
    """Return the first steps of a network of the conformance suite."""
    whole = networks.realised(name)
    return replace(whole, ir=replace(whole.ir, steps=steps))


def misread(change: broken.Change) -> Makes:
    return lambda: broken.Misreading(get("numpy"), change)


def misread_cells(change: Callable[[ir.Cell], ir.Cell]) -> Makes:
    return misread(readings.in_cells(change))


def misbehaving(simulation: type[broken.oracle_steps.OracleSimulation]) -> Makes:
    return lambda: broken.Misbehaving(simulation)


ON_THE_CANARY: dict[str, tuple[str, Makes]] = {
    # the order of a step
    "timeline after the samples": ("1 ms", misbehaving(orders.TimelineAfterRecord)),
    "recorded after the update": ("1 ms", misbehaving(orders.RecordAfterUpdate)),
    "variables of a stage one after the other": (
        "20 ms",
        misread_cells(readings.one_after_the_other),
    ),
    "increments before the integrator": ("20 ms", misread_cells(readings.increments_first)),
    "conditions before the update": ("20 ms", misbehaving(orders.EventsBeforeUpdate)),
    "threshold reached, not passed": (LONG, misread(readings.threshold_reached)),
    "ports only where something arrives": ("20 ms", misbehaving(orders.PortsOfArrivals)),
    "events of a step counted once": (
        "20 ms",
        misread(readings.in_ports(readings.arrivals_counted_once)),
    ),
    "reset before ports": ("20 ms", misbehaving(orders.ResetBeforePorts)),
    # events in flight
    "weight read at emission": (LONG, misbehaving(orders.WeightAtEmission)),
    "connection read at emission": (LONG, misbehaving(orders.ConnectionAtEmission)),
    "delays one step longer": ("20 ms", misread(readings.delays_longer)),
    # refractoriness
    "periods one step longer": ("20 ms", misread(readings.periods_changed_by(1))),
    "periods one step shorter": ("20 ms", misread(readings.periods_changed_by(-1))),
    "shut one step longer": ("20 ms", misread(readings.shut_while(readings.ONE_STEP_LONGER))),
    "shut one step shorter": ("20 ms", misread(readings.shut_while(readings.ONE_STEP_SHORTER))),
    "held variables that move in a sub-stage": (
        "20 ms",
        misread(readings.in_stages(readings.free_in_between)),
    ),
    "all variables held": ("20 ms", misread(readings.in_stages(readings.all_held))),
    "held variables not set": ("20 ms", misbehaving(orders.HeldAgainstTheTimeline)),
    "digests without countdowns": ("20 ms", misbehaving(orders.DigestsWithoutCountdowns)),
    # numbers
    "fused multiply-add": (
        "5 ms",
        lambda: broken.Miscompiling(broken.FMA, broken.FusingPrinter),
    ),
    "sums reassociated": ("20 ms", misread(readings.in_trees(readings.reassociated))),
    "a reciprocal for a division": ("20 ms", misread(readings.in_trees(readings.reciprocal))),
    "the library's exp": (LONG, lambda: broken.Miscompiling(broken.LIBRARY_EXP)),
    "time added up": ("40 ms", misbehaving(orders.ClockAddedUp)),
    # sums
    "weights off the grid": ("20 ms", misread(readings.weights_off_the_grid)),
    "lanes summed in another order": (LONG, lambda: broken.Miscompiling(broken.ONE_LANE)),
    "edges of one target summed in another order": (
        LONG,
        misread(readings.edges_of_sums_backwards),
    ),
    # randomness
    "draws one step late": ("5 ms", misbehaving(orders.DrawsOneStepLate)),
}
"""Ways to break a rule, and how long the canary takes to notice."""

ELSEWHERE: dict[str, tuple[str, int, Makes]] = {
    "entries of a step backwards": ("timeline", 310, misread(readings.entries_backwards)),
    "receptors and actions backwards": ("happenings", 600, misread_cells(readings.ports_backwards)),
    "events backwards": (
        "happenings",
        200,
        lambda: broken.Misreading(oracle, readings.in_cells(readings.events_backwards)),
    ),
    "a reset all at once": ("not_a_number_by_reset", 20, misbehaving(orders.ResetTogether)),
    "spikes of the step that ends a run": (
        "first_of_many",
        12,
        misbehaving(orders.SpikesOfTheLastStep),
    ),
    "countdown begun after delivery": ("rests", 200, misbehaving(orders.CountdownAfterPorts)),
    "silence found out after the update": (
        "rests",
        200,
        misread_cells(readings.silent_after_the_update),
    ),
    "a new period for a running countdown": ("refractory", 320, misbehaving(orders.PeriodAtOnce)),
    "projections of a sum backwards": ("gathers", 120, misread(readings.sums_backwards)),
    "subnormals flushed": ("corners", 10, misbehaving(orders.SubnormalsFlushed)),
    "integers that saturate": ("functions", 60, misbehaving(orders.IntegersSaturate)),
    "draws of cells one step late": ("noise", 30, misbehaving(orders.DrawsOneStepLate)),
    "normal numbers of all 64 bits": ("noise", 30, misbehaving(orders.NormalOfAllBits)),
    "shared noise drawn by each neuron": (
        "noise",
        30,
        lambda: broken.Misreading(oracle, readings.in_cells(readings.own_draws)),
    ),
    # inputs
    "noise held one step longer": ("stimuli", 40, misread_cells(readings.held_longer)),
    "rows held one step longer": ("stimuli", 40, misread_cells(readings.rows_held_longer)),
    "the row after": ("stimuli", 40, misread(readings.next_rows)),
    "sampled at the end of the step": (
        "stimuli",
        40,
        misread_cells(readings.sampled_at_the_end),
    ),
    "drawn by the rates of the end of the step": (
        "stimuli",
        40,
        misread_cells(readings.means_at_the_end),
    ),
    "events of drives one step late": ("stimuli", 40, misbehaving(orders.DrivesOneStepLate)),
    "events of drives not counted": (
        "stimuli",
        40,
        misread(readings.in_ports(readings.drives_uncounted)),
    ),
    "weights of drives off the grid": ("stimuli", 40, misread(readings.drives_off_the_grid)),
    "numbers of events from the other side": (
        "stimuli",
        40,
        misbehaving(orders.CountsFromTheOtherSide),
    ),
    "windows a step late": ("stimuli", 40, misread(readings.windows_later)),
    "common spikes drawn by each neuron": (
        "stimuli",
        40,
        lambda: broken.Misreading(oracle, readings.in_cells(readings.own_draws)),
    ),
}
"""Rules about what the canary has not; where the suite has it, and how many steps that takes."""


@pytest.mark.parametrize("rule", ON_THE_CANARY)
def test_a_backend_that_breaks_the_rule_is_found(rule: str) -> None:
    duration, made = ON_THE_CANARY[rule]
    backend = made()
    assert check_backend(backend, backend.options(), {"canary": canary(duration)}) != []


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_a_backend_that_breaks_a_rule_is_found_by_the_suite(rule: str) -> None:
    name, steps, made = ELSEWHERE[rule]
    backend = made()
    assert check_backend(backend, backend.options(), {name: beginning(name, steps)}) != []


@pytest.mark.parametrize(
    "backend",
    [
        broken.Misreading(get("numpy"), lambda network: network),
        broken.Misreading(get("numpy"), readings.in_trees(lambda node: node)),
        broken.Miscompiling(""),
        broken.Misbehaving(broken.oracle_steps.OracleSimulation),
        oracle,
    ],
    ids=["misreading", "rewriting", "miscompiling", "misbehaving", "the oracle"],
)
def test_sound_backends_made_in_the_same_way_are_not(backend: AnyBackend) -> None:
    assert check_backend(backend, backend.options(), {"canary": canary()}) == []


@cache
def unrecorded() -> RealisedNetwork:
    """Return the canary without the monitors that would see a fault before its spikes do."""
    return replace(canary(), ir=replace(canary().ir, state_recordings=()))


def first_difference_in_spikes(backend: AnyBackend) -> str:
    return check_backend(backend, backend.options(), {"canary": unrecorded()})[0]


@pytest.mark.parametrize(
    "rule",
    [
        "lanes summed in another order",
        "edges of one target summed in another order",
        "held variables that move in a sub-stage",
    ],
)
def test_the_smallest_fault_shows_in_spikes(rule: str) -> None:
    _, made = ON_THE_CANARY[rule]
    assert " spike, got " in first_difference_in_spikes(made())


@pytest.mark.parametrize(("population", "variable", "neuron"), [("adex", "V", 0), ("map", "x", 1)])
def test_one_ulp_of_an_initial_value_shows_in_spikes(
    population: str, variable: str, neuron: int
) -> None:
    def nudged(network: RealisedNetwork) -> RealisedNetwork:
        own = network.populations[population]
        values = own.initial[variable].copy()
        values[neuron] = np.nextafter(values[neuron], np.inf)
        changed = replace(own, initial={**own.initial, variable: values})
        return replace(network, populations={**network.populations, population: changed})

    assert " spike, got " in first_difference_in_spikes(misread(nudged)())
