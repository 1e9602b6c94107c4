"""Spikes, traces, rates and texts of `Results`."""

from dataclasses import replace

import numpy as np
import pytest
from unit.results import fakes

from netspec.errors import NetspecError
from netspec.ir import nodes as ir
from netspec.results.digest import combined_digest, spike_digest
from netspec.results.nonfinite import NonFiniteError
from netspec.results.record import NonFinite
from netspec.results.results import NotRecordedError, Results


def test_monitored_spikes_are_those_of_the_views_only() -> None:
    views = (ir.View(10, 20), ir.View(15, 30), ir.View(60, 60))
    net = fakes.network(spikes=(ir.SpikeRecording("exc", "spike", views),))
    raw = fakes.record(net)
    spikes = fakes.results(net).spikes["exc"]
    seen = (raw.spikes["exc"].indices >= 10) & (raw.spikes["exc"].indices < 30)
    assert spikes.neurons.tolist() == list(range(10, 30))
    assert np.array_equal(spikes.step, raw.spikes["exc"].steps[seen])
    assert np.array_equal(spikes.i, raw.spikes["exc"].indices[seen])


def test_two_monitors_of_one_object_are_joined() -> None:
    views = tuple(ir.View(at, at + 1) for at in (3, 5))
    net = fakes.network(spikes=(ir.SpikeRecording("inh", "spike", views),))
    assert fakes.results(net).spikes["inh"].neurons.tolist() == [3, 5]


def test_counts_and_trains_are_by_neuron() -> None:
    net = fakes.network(spikes=(ir.SpikeRecording("exc", "spike", (ir.View(1, 4),)),))
    raw = fakes.record(net)
    raw.spikes["exc"] = fakes.spike_record([2, 2, 7], [1, 3, 3])
    spikes = Results.from_record(raw, net, {}).spikes["exc"]
    assert len(spikes) == 3
    assert spikes.count.shape == (fakes.EXC,)
    assert spikes.count[:5].tolist() == [0, 1, 0, 2, 0]
    trains = {neuron: train.tolist() for neuron, train in spikes.trains().items()}
    assert trains == {1: [0.2], 2: [], 3: [0.2, 0.7]}


def test_trains_agree_with_counts_on_many_spikes() -> None:
    spikes = fakes.results(p=0.01).spikes["exc"]
    trains = spikes.trains()
    assert [len(trains[neuron]) for neuron in range(fakes.EXC)] == spikes.count.tolist()
    assert np.array_equal(trains[7], spikes.t[spikes.i == 7])


def test_an_empty_view_records_nothing() -> None:
    net = fakes.network(spikes=(ir.SpikeRecording("exc", "spike", (ir.View(0, 0),)),))
    spikes = fakes.results(net).spikes["exc"]
    assert (len(spikes), spikes.trains()) == (0, {})


def test_digests_and_counts_cover_what_no_monitor_saw() -> None:
    net = fakes.network(spikes=())
    raw = fakes.record(net)
    results = fakes.results(net)
    assert set(results.digests) == {"exc", "inh", "ext"}
    for name, record in raw.spikes.items():
        assert results.digests[name] == spike_digest(record)
        assert results.counts[name] == len(record.steps)
    assert results.digest() == combined_digest(results.digests)
    assert results.state_digest() == combined_digest(raw.state_digests)
    assert results.rates["ext"] == pytest.approx(results.counts["ext"] / (20 * 0.5))


def test_what_was_not_recorded_is_named() -> None:
    results = fakes.results()
    with pytest.raises(NotRecordedError, match="'ext' was not recorded; recorded: 'exc', 'inh'"):
        results.spikes["ext"]
    with pytest.raises(KeyError):
        results.states["exc"]["w"]
    assert "ext" not in results.spikes


def test_a_run_without_state_digests_has_none() -> None:
    results = replace(fakes.results(), state_digests={})
    with pytest.raises(NotRecordedError, match=r"no state digest was taken .* leave it out"):
        results.state_digest()
    ended = replace(results, outcome=NonFinite(7, "exc", 3, "V"))
    with pytest.raises(NotRecordedError, match=r"no state digest was taken .* became non-finite"):
        ended.state_digest()


def test_traces_have_units_times_and_indices() -> None:
    net = fakes.network(states=(fakes.sampled("V", ir.View(4, 6), 10),))
    raw = fakes.record(net)
    trace = fakes.results(net).states["exc"]["V"]
    assert trace.shape == (500, 2)
    assert trace.i.tolist() == [4, 5]
    assert (trace.step[:2].tolist(), trace.t[:3].tolist()) == ([0, 10], [0.0, 1.0, 2.0])
    assert trace.unit == "V"
    assert np.array_equal(np.asarray(trace), raw.states[0])
    assert np.array_equal(trace[3], raw.states[0][3])
    assert np.array_equal(trace.to("mV"), raw.states[0] * 1000)
    assert trace.to("V").dtype == np.float64


def test_a_wrong_unit_is_refused() -> None:
    trace = fakes.results().states["exc"]["V"]
    with pytest.raises(NetspecError, match=r"a voltage \(V\); 'pA' is a current \(A\)"):
        trace.to("pA")
    with pytest.raises(NetspecError, match="not a unit"):
        trace.to("mv")


def test_rates_of_change_have_a_readable_unit() -> None:
    assert fakes.results().states["exc"]["u"].unit == "V/s"


def test_plain_numbers_have_the_unit_one() -> None:
    net = fakes.network(states=(fakes.sampled("n", ir.View(0, 3), 1),))
    assert fakes.results(net).states["exc"]["n"].unit == "1"


def test_recordings_of_one_variable_are_one_trace() -> None:
    views = (ir.View(5, 8), ir.View(0, 6))
    net = fakes.network(states=tuple(fakes.sampled("V", view, 2) for view in views))
    raw = fakes.record(net)
    trace = fakes.results(net).states["exc"]["V"]
    assert trace.i.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert np.array_equal(trace.values[:, 5:], raw.states[0])
    assert np.array_equal(trace.values[:, :5], raw.states[1][:, :5])


def test_recordings_with_another_period_stay_apart() -> None:
    net = fakes.network(
        states=(
            fakes.sampled("V", ir.View(0, 70), 100),
            fakes.sampled("V", ir.View(0, 2), 1),
        )
    )
    traces = fakes.results(net).states["exc"]
    assert {name: trace.shape for name, trace in traces.items()} == {
        "V": (5000, 2),
        "V.every_100": (50, 70),
    }


def test_texts_are_escaped_and_say_what_is_incomplete() -> None:
    net = fakes.network()
    raw = fakes.record(net, steps=123)
    known = fakes.metadata(net, 123) | {"name": "<script>"}
    results = Results.from_record(raw, net, known)
    assert "<script>" not in results._repr_html_()
    assert "&lt;script&gt;" in results._repr_html_()
    assert "incomplete: asked for 5000 steps" in repr(results)
    assert results.digests["exc"][:12] in results._repr_html_()


def test_one_is_not_told_as_many() -> None:
    results = fakes.results(fakes.network(steps=1, sizes=(1, 0, 0)), p=1.0)
    assert "1 step of 0.1 ms" in repr(results)
    assert "1 spike of 1 neuron" in repr(results)


def test_spikes_are_counted_apart_from_those_of_inputs_and_from_named_events() -> None:
    results = fakes.results()
    burst = replace(results.objects["exc"], kind="event", count=1)
    counts = results.counts
    neurons = f"{counts['exc'] + counts['inh']} spikes of 100 neurons"
    inputs = f"{counts['ext']} of inputs"
    assert f", {neurons}, {inputs}>" in repr(results)
    with_events = replace(results, objects={**results.objects, "exc.burst": burst})
    assert f", {neurons}, {inputs}, 1 named event>" in repr(with_events)
    only = {"exc": results.objects["exc"]}
    assert f", {counts['exc']} spikes of 70 neurons>" in repr(replace(results, objects=only))


def test_a_non_finite_run_keeps_its_results() -> None:
    end = NonFinite(1203, "exc", 17, "V")
    results = fakes.results(steps=1203, end=end)
    error = NonFiniteError(end, results)
    assert error.results is results
    assert str(error) == (
        "population 'exc', neuron 17, step 1203 (120.3 ms): V became non-finite; "
        "dt too large for this integrator?"
    )
