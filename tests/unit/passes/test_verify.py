"""Illegal IR is refused: each rule of the IR has an example that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from unit.documents import one_cell, small

from netspec.errors import InternalError
from netspec.expr.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Expression,
    Integer,
    Literal,
    Logical,
    Name,
    Negate,
    Not,
    Unit,
)
from netspec.ir import nodes as ir
from netspec.passes import pipeline
from netspec.passes.verify import verify
from netspec.units import DIMENSIONLESS, VOLTAGE

GOOD = pipeline.lowered(small())
EXACT = pipeline.lowered(
    one_cell(
        {
            "parameters": {"tau": "ms"},
            "state": {"V": {"unit": "mV", "initial": "0 mV"}},
            "derivatives": {"V": "-V/tau"},
            "spike": {"when": "V > 1*mV", "refractory": "tau"},
        },
        integrator="exact",
        tau="1 ms",
    )
)

V, held, countdown, real = Name("V"), Name("_held"), Name("_refractory"), Constant(1.0)


def sampled(
    population: str, value: Expression, neurons: int = 1, every: int = 1
) -> ir.StateRecording:
    view = ir.View(0, neurons)
    return ir.StateRecording(population, "V", value, VOLTAGE, "real", view, every)


def with_cell(change: Callable[[ir.Cell], ir.Cell], network: ir.Network = GOOD) -> ir.Network:
    first, *others = network.populations
    return replace(network, populations=(replace(first, cell=change(first.cell)), *others))


def with_stage(*statements: ir.Statement) -> ir.Network:
    return with_cell(lambda cell: replace(cell, stages=(*cell.stages, ir.Stage(statements))))


def with_port(value: Expression, target: str = "V") -> ir.Network:
    port = ir.Port("AMPA", VOLTAGE, (ir.Statement(target, value),))
    return with_cell(lambda cell: replace(cell, ports=(port, *cell.ports[1:])))


def with_event(**changes: object) -> ir.Network:
    return with_cell(lambda cell: replace(cell, events=(replace(cell.events[0], **changes),)))


def with_entry(action: ir.Action, step: int = 5) -> ir.Network:
    return replace(GOOD, timeline=(ir.TimelineEntry(step, action),))


def with_derived(*derived: ir.Derived) -> ir.Network:
    return with_cell(lambda cell: replace(cell, derived=derived), EXACT)


def with_projection(**changes: str) -> ir.Network:
    first, *others = GOOD.projections
    return replace(GOOD, projections=(replace(first, **changes), *others))


@pytest.mark.parametrize("network", [GOOD, EXACT, with_stage(ir.Statement("V", V))])
def test_legal_ir_passes(network: ir.Network) -> None:
    verify(network)


@pytest.mark.parametrize("value", [Integer(1), held, Literal(1), Unit("mV"), Name("nobody")])
def test_a_statement_gives_a_variable_a_value_of_its_kind(value: Expression) -> None:
    with pytest.raises(InternalError):
        verify(with_stage(ir.Statement("V", value)))


@pytest.mark.parametrize("target", ["nobody", "C_m", "t", "dt"])
def test_only_state_and_locals_are_assigned(target: str) -> None:
    with pytest.raises(InternalError, match="cannot be assigned"):
        verify(with_stage(ir.Statement(target, real)))


@pytest.mark.parametrize(
    "value",
    [
        Binary("+", V, Integer(1)),
        Binary("/", countdown, Integer(2)),
        Binary("**", V, real),
        Binary("+", V, held),
        Negate(held),
        Call("exp", (countdown,)),
        Call("real", (V,)),
        Call("where", (V, V, V)),
        Call("where", (held, V, countdown)),
        Call("where", (held, held, held)),
        Call("sec", (V,)),
    ],
)
def test_operations_are_on_values_of_one_kind(value: Expression) -> None:
    with pytest.raises(InternalError):
        verify(with_stage(ir.Statement("V", value)))


@pytest.mark.parametrize(
    "condition", [V, real, Not(V), Logical("and", held, V), Compare(">", V, Integer(0))]
)
def test_a_condition_is_a_truth_value(condition: Expression) -> None:
    with pytest.raises(InternalError):
        verify(with_event(condition=condition))


def test_a_local_is_read_only_after_its_stage() -> None:
    def reversed_stages(cell: ir.Cell) -> ir.Cell:
        return replace(cell, stages=cell.stages[::-1])

    with pytest.raises(InternalError, match="'_held' is read but not defined there"):
        verify(with_cell(reversed_stages))


def test_a_stage_assigns_a_target_once() -> None:
    with pytest.raises(InternalError, match="twice"):
        verify(with_stage(ir.Statement("V", V), ir.Statement("V", V)))


def test_events_and_ports_assign_state_and_read_what_is_there() -> None:
    with pytest.raises(InternalError):
        verify(with_event(statements=(ir.Statement("_held", held),)))
    with pytest.raises(InternalError, match="'acc' is read"):
        verify(with_event(immediate=(ir.Statement("V", Name("acc")),)))
    with pytest.raises(InternalError, match="'acc' is read"):
        verify(with_stage(ir.Statement("V", Name("acc"))))
    with pytest.raises(InternalError):
        verify(with_port(Name("n_events")))
    with pytest.raises(InternalError):
        verify(with_port(Name("acc"), target="nobody"))


@pytest.mark.parametrize(
    ("draws", "match"),
    [
        ((ir.Draw("_n", "poisson", "x"),), "lacks a mean"),
        ((ir.Draw("_n", "normal", "x", mean=real),), "one too many"),
        ((ir.Draw("_n", "poisson", "x", mean=Compare(">", real, real)),), "no real number"),
        ((ir.Draw("_n", "poisson", "x", mean=V),), "V"),
        ((ir.Draw("_n", "poisson", "x", mean=real, hold=2),), "while it holds"),
        ((ir.Draw("_n", "normal", "x", hold=0),), "for no step"),
        (
            (
                ir.Draw("_m", "normal", "x"),
                ir.Draw("_n", "poisson", "y", shared=True, mean=Name("_m")),
            ),
            "is shared",
        ),
    ],
)
def test_draws_have_a_mean_that_is_known_by_then(draws: tuple[ir.Draw, ...], match: str) -> None:
    with pytest.raises(InternalError, match=match):
        verify(with_cell(lambda cell: replace(cell, draws=draws)))


def test_draws_may_read_tables_and_earlier_draws() -> None:
    mean = Binary("*", Name("_m"), Name("rows"))
    draws = (ir.Draw("_m", "normal", "x", hold=3), ir.Draw("_n", "poisson", "y", mean=mean))
    tables = (ir.Table("rows", DIMENSIONLESS, per_neuron=True),)
    verify(with_cell(lambda cell: replace(cell, draws=draws, tables=tables)))
    with pytest.raises(InternalError):
        verify(with_cell(lambda cell: replace(cell, draws=draws[::-1], tables=tables)))


def test_a_table_holds_for_a_step_at_least() -> None:
    tables = (ir.Table("rows", DIMENSIONLESS, per_neuron=False, hold=0),)
    with pytest.raises(InternalError, match="for no step"):
        verify(with_cell(lambda cell: replace(cell, tables=tables)))


def test_names_of_a_cell_are_unique() -> None:
    def doubled(cell: ir.Cell) -> ir.Cell:
        return replace(cell, locals=(*cell.locals, ir.Variable("V", VOLTAGE)))

    with pytest.raises(InternalError, match="one name"):
        verify(with_cell(doubled))


def test_names_of_objects_are_unique() -> None:
    source = ir.PoissonSource("exc", 1)
    with pytest.raises(InternalError, match="one name"):
        verify(replace(GOOD, sources=(*GOOD.sources, source)))


@pytest.mark.parametrize(
    "changes", [{"source": "nobody"}, {"target": "nobody"}, {"target": "ext"}, {"port": "NMDA"}]
)
def test_projections_lead_from_an_object_to_a_port(changes: dict[str, str]) -> None:
    with pytest.raises(InternalError, match="leads from or to nowhere"):
        verify(with_projection(**changes))


@pytest.mark.parametrize(
    "action",
    [
        ir.Connect("nobody"),
        ir.Disconnect("exc"),
        ir.SetWeight("ext"),
        ir.SetRate("nobody", ir.View(0, 1)),
        ir.SetRate("exc", ir.View(0, 1)),
        ir.SetRate("ext", ir.View(0, 21)),
        ir.SetParameter("nobody", "C_m", ir.View(0, 1)),
        ir.SetParameter("exc", "nothing", ir.View(0, 10)),
        ir.SetParameter("exc", "C_m", ir.View(0, 10)),
        ir.SetParameter("exc", "I_e", ir.View(0, 11)),
        ir.SetState("nobody", "V", ir.View(0, 1)),
        ir.SetState("exc", "C_m", ir.View(0, 1)),
        ir.SetState("exc", "V", ir.View(3, 2)),
        ir.SetState("exc", "V", ir.View(-1, 2)),
    ],
    ids=str,
)
def test_the_timeline_changes_what_exists_and_varies(action: ir.Action) -> None:
    with pytest.raises(InternalError, match="illegal timeline entry"):
        verify(with_entry(action))


@pytest.mark.parametrize("step", [-1, 100, 101])
def test_the_timeline_lies_within_the_run(step: int) -> None:
    with pytest.raises(InternalError, match="illegal timeline entry"):
        verify(with_entry(ir.Connect("ext_exc"), step))


def test_the_timeline_is_sorted() -> None:
    entries = (
        ir.TimelineEntry(5, ir.Connect("ext_exc")),
        ir.TimelineEntry(4, ir.Connect("ext_exc")),
    )
    with pytest.raises(InternalError, match="not sorted"):
        verify(replace(GOOD, timeline=entries))


@pytest.mark.parametrize(
    "recording",
    [
        ir.SpikeRecording("nobody", "spike", (ir.View(0, 0),)),
        ir.SpikeRecording("exc", "burst", (ir.View(0, 1),)),
        ir.SpikeRecording("exc", "spike", (ir.View(0, 11),)),
        sampled("exc", Name("nothing")),
        sampled("nobody", V),
        sampled("ext", V),
        sampled("exc", Compare(">", V, real)),
        sampled("exc", V, neurons=11),
        sampled("exc", V, every=0),
    ],
    ids=str,
)
def test_recordings_are_of_what_exists(recording: ir.SpikeRecording | ir.StateRecording) -> None:
    field = "spike_recordings" if isinstance(recording, ir.SpikeRecording) else "state_recordings"
    with pytest.raises(InternalError):
        verify(replace(GOOD, **{field: (recording,)}))


def test_the_compilers_parameters_are_all_derived_from_the_authors() -> None:
    count, propagator = EXACT.populations[0].cell.derived[::-1]
    assert isinstance(count, ir.StepCount)
    verify(with_derived(propagator, count))
    for derived in (
        (propagator,),
        (propagator, replace(count, duration=V)),
        (propagator, replace(count, duration=Name("_propagator_0_0"))),
        (propagator, replace(count, duration=Integer(1))),
        (propagator, replace(count, target="_other")),
        (propagator, count, ir.StepCount("tau", Name("tau"))),
    ):
        with pytest.raises(InternalError):
            verify(with_derived(*derived))


def test_a_failure_is_netspecs_own_fault() -> None:
    assert issubclass(InternalError, AssertionError)
    assert ir.Parameter("x", DIMENSIONLESS).kind == "real"
