"""The timeline with its values: what is set, to what, and what follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from unit.documents import one_cell, small

from netspec.errors import OutOfRangeError, SpecError
from netspec.ir import nodes as ir
from netspec.passes import pipeline
from netspec.realise.network import RealisedEntry, Thresholds
from netspec.spec.network import Network


def entries(*timeline: dict[str, Any], **changes: Any) -> tuple[RealisedEntry, ...]:
    return pipeline.realised(small({"timeline": list(timeline), **changes})).timeline


def setting(place: str, value: Any, at: str = "1 ms", **changes: Any) -> tuple[RealisedEntry, ...]:
    return entries({"at": at, "set": {place: value}}, **changes)


def test_switches_have_no_values() -> None:
    (entry,) = entries({"at": "1.5 ms", "connect": "ext_exc"})
    assert (entry.step, entry.action, entry.values) == (15, ir.Connect("ext_exc"), None)


def test_entries_after_the_end_are_left_out() -> None:
    assert entries({"at": "10 ms", "connect": "ext_exc"}) == ()


def test_a_parameter_is_one_value_or_one_per_neuron_of_the_view() -> None:
    (whole,) = setting("exc.I_e", "5 pA")
    assert (whole.values.shape, float(whole.values)) == ((), 5e-12)
    (part,) = setting("exc[2:5].I_e", "5 pA")
    assert part.action == ir.SetParameter("exc", "I_e", ir.View(2, 5))
    assert part.values.tolist() == [5e-12] * 3
    (listed,) = setting("exc[2:4].I_e", ["1 pA", "2 pA"])
    assert listed.values.tolist() == [1e-12, 2e-12]


def test_formulas_count_neurons_within_the_population() -> None:
    (entry,) = setting("exc[2:5].V", "-60*mV + i*mV")
    assert entry.values.tolist() == [-0.06 + number * 1e-3 for number in (2, 3, 4)]


def test_formulas_read_parameters_as_they_are_when_the_entry_is_due() -> None:
    first, second, third = entries(
        {"at": "1 ms", "set": {"exc.I_e": "5 pA"}},
        {"at": "2 ms", "set": {"exc.I_e": "2*I_e"}},
        {"at": "3 ms", "set": {"exc.V": "E_L + I_e/pA*mV"}},
    )
    assert (float(first.values), float(second.values)) == (5e-12, 1e-11)
    assert third.values.tolist() == pytest.approx([-0.06] * 10)


def test_a_changed_period_is_followed_by_its_number_of_steps() -> None:
    written, derived = setting("exc.t_ref", "1.5 ms")
    assert float(written.values) == 0.0015
    assert derived.action == ir.SetParameter("exc", "_period", ir.View(0, 10))
    assert (derived.step, derived.values.tolist()) == (10, 15)
    _, derived = setting("exc[0:2].t_ref", "1.5 ms")
    assert derived.values.tolist() == [15] * 2 + [20] * 8


PERIOD_OF_TWO = {
    "parameters": {"long": "ms", "short": "ms", "tau": "ms"},
    "state": {"V": {"unit": "mV", "initial": "0 mV"}},
    "derivatives": {"V": "-V/tau"},
    "spike": {"when": "V > 1*mV", "then": ["V = 0*mV"], "refractory": "long - short"},
}


def with_period_of_two(*timeline: dict[str, Any], integrator: str = "exact") -> Network:
    values = {"long": "3 ms", "short": "2 ms", "tau": "10 ms"}
    network = one_cell(PERIOD_OF_TWO, integrator=integrator, **values)
    return network.replace({"timeline": list(timeline)})


@pytest.mark.parametrize(
    "timeline",
    [
        [{"at": "1 ms", "set": {"pop.long": "1 ms", "pop.short": "0.5 ms"}}],
        [
            {"at": "1 ms", "set": {"pop.long": "1 ms"}},
            {"at": "1 ms", "set": {"pop.V": "1 mV"}},
            {"at": "1 ms", "set": {"pop.short": "0.5 ms"}},
        ],
        [
            {"at": "1 ms", "set": {"pop[0:1].long": "0.75 ms", "pop[1:2].long": "0.65 ms"}},
            {"at": "1 ms", "set": {"pop.long": "1 ms", "pop.short": "0.5 ms"}},
        ],
    ],
)
def test_a_period_follows_from_all_that_a_step_sets(timeline: list[dict[str, Any]]) -> None:
    *_, last = pipeline.realised(with_period_of_two(*timeline)).timeline
    assert isinstance(last.action, ir.SetParameter)
    assert (last.step, last.action.parameter) == (10, "_period")
    assert set(last.values.ravel().tolist()) == {5}


def test_the_compilers_parameters_are_set_once_in_a_step_of_a_population() -> None:
    found = pipeline.realised(
        with_period_of_two(
            {"at": "1 ms", "set": {"pop.long": "5 ms", "pop.tau": "20 ms"}},
            {"at": "1 ms", "set": {"pop.short": "1 ms", "pop.V": "1 mV"}},
            {"at": "2 ms", "set": {"pop.tau": "10 ms"}},
        )
    ).timeline
    shown = [(entry.step, getattr(entry.action, "parameter", "state")) for entry in found]
    assert shown == [
        (10, "long"),
        (10, "tau"),
        (10, "state"),
        (10, "short"),
        (10, "_propagator_0_0"),
        (10, "_period"),
        (20, "tau"),
        (20, "_propagator_0_0"),
    ]


def test_a_period_that_makes_no_sense_when_the_step_is_over_is_refused() -> None:
    entry = {"at": "1 ms", "set": {"pop.long": "1 ms", "pop.short": "1.5 ms"}}
    with pytest.raises(SpecError) as caught:
        pipeline.realised(with_period_of_two(entry))
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.path) == ("negative-duration", 'timeline[0].set["pop.long"]')


def test_the_ir_lists_what_is_realised() -> None:
    entry = {"at": "1 ms", "set": {"exc.t_ref": "1 ms", "exc.I_e": "1 pA", "inh.t_ref": "1 ms"}}
    realised = pipeline.realised(small({"timeline": [entry]}))
    shown = [(entry.step, entry.action) for entry in realised.ir.timeline]
    assert shown == [(entry.step, entry.action) for entry in realised.timeline]


def test_state_is_set_per_neuron() -> None:
    (entry,) = setting("inh.g_AMPA", "3 nS")
    assert entry.action == ir.SetState("inh", "g_AMPA", ir.View(0, 4))
    assert entry.values.tolist() == [3e-9] * 4


def test_a_rate_becomes_thresholds_of_the_view() -> None:
    (entry,) = setting("ext[3:5].rate", "5000 Hz")
    assert isinstance(entry.values, Thresholds)
    assert entry.values.high.tolist() == [2**31] * 2
    (entry,) = setting("ext[3:5].rate", "1000*i*hertz")
    assert (entry.values.high.astype(float) / 2**32).tolist() == pytest.approx([0.3, 0.4])


def test_weights_have_the_shape_of_their_projection() -> None:
    one, many = entries(
        {"at": "1 ms", "set": {"ext_exc.weight": "3 nS"}},
        {"at": "2 ms", "set": {"exc_inh.weight": "3 nS"}},
    )
    assert (one.values.shape, many.values.shape) == ((), (40,))
    assert set(many.values.tolist()) == {float(one.values)}
    realised = pipeline.realised(
        small({"timeline": [{"at": "1 ms", "set": {"ext_exc.weight": "(1 + i)*nS"}}]})
    )
    edges = realised.projections["ext_exc"]
    assert edges.weights.shape == realised.timeline[0].values.shape == edges.sources.shape


def test_entries_of_one_step_keep_their_order_those_of_one_entry_are_sorted() -> None:
    found = entries(
        {"at": "2 ms", "set": {"exc.V": "-60 mV"}},
        {"at": "1 ms", "connect": "ext_exc"},
        {"at": "2 ms", "set": {"exc.V": "-50 mV", "exc.I_e": "1 pA"}},
    )
    assert [entry.step for entry in found] == [10, 20, 20, 20]
    assert [entry.action for entry in found[1:]] == [
        ir.SetState("exc", "V", ir.View(0, 10)),
        ir.SetParameter("exc", "I_e", ir.View(0, 10)),
        ir.SetState("exc", "V", ir.View(0, 10)),
    ]
    assert [float(np.max(entry.values)) for entry in found[1:]] == [-0.06, 1e-12, -0.05]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("exc.V", "1*mV/i", "not-finite"),
        ("exc.t_ref", "0.05*ms*i", "not-a-multiple-of-dt"),
        ("exc.t_ref", "-i*ms", "negative-duration"),
        ("exc_inh.weight", "1*nS/i", "not-finite"),
    ],
)
def test_values_that_make_no_sense_are_refused_at_their_place(
    place: str, value: str, code: str
) -> None:
    with pytest.raises(SpecError) as caught:
        setting(place, value)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.path) == (code, f'timeline[0].set["{place}"]')


def test_a_rate_out_of_range_names_its_step() -> None:
    with pytest.raises(OutOfRangeError, match="leaves its range at step 10, neuron 0"):
        setting("ext.rate", "20 kHz")
