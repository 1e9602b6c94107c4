"""Each fault is found in its first step and neuron, and named by the term in which it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from controls import broken, faults
from docs.fences import fences

import netspec_native.build
from netspec.backend.registry import get
from netspec.compare import Divergence, divergence as divergences, find_divergence, with_everything
from netspec.compare.origin import origin_of
from netspec.realise.network import RealisedListed, RealisedNetwork, RealisedProjection
from netspec.results.record import RunRecord
from netspec.testing.conformance import run
from netspec_native.options import NativeOptions, flags


@cache
def found(fault: str) -> Divergence:
    divergence = faults.report(fault).found
    assert divergence is not None
    return divergence


@cache
def sound() -> RunRecord:
    oracle = get("oracle")
    return run(oracle, oracle.options(), with_everything(faults.network()))


def spikes(name: str) -> list[tuple[int, int]]:
    kept = sound().spikes[name]
    return list(zip(kept.steps.tolist(), kept.indices.tolist(), strict=True))


def late_event() -> tuple[int, str, int, str]:
    """The first event along the edge, which is due when the sound one arrives."""
    edges = faults.network().projections["exc_exc"]
    source, target = edges.sources[faults.LATE_EDGE], int(edges.targets[faults.LATE_EDGE])
    emitted = next(step for step, index in spikes("exc") if index == source)
    return emitted + int(edges.delays[faults.LATE_EDGE]), "exc", target, "port E, g_E"


def heavy_event() -> tuple[int, str, int, str]:
    """Neuron 0 of the volley emits at 3 ms, and its edge with number 2 leads to neuron 2."""
    return 30 + 5, "exc", faults.HEAVY_EDGE, "port E, g_E"


def threshold() -> tuple[int, str, int, str]:
    """Neuron 0 counts 0.25, 0.5, 0.75 and 1; the others pass by 1."""
    return 3, "count", 0, "condition of spike"


def fused() -> tuple[int, str, int, str]:
    """Compute `v + dt*(rate*v*(1 - v))` with one rounding for the outer sum and product."""
    dt, rate = 1e-4, 300.0
    v = [1 / 3, 1 / 4]
    for step in range(400):
        slopes = [rate * each * (1.0 - each) for each in v]
        once = [
            float(Fraction(dt) * Fraction(slope) + Fraction(each))
            for slope, each in zip(slopes, v, strict=True)
        ]
        v = [each + dt * slope for slope, each in zip(slopes, v, strict=True)]
        for neuron in (0, 1):
            if once[neuron] != v[neuron]:
                return step, "drift", neuron, "stage 1, v"
    raise AssertionError("fusing makes no difference")


def shorter_rest() -> tuple[int, str, int, str]:
    """Neuron 4 begins to rest in the step of its first spike."""
    step = next(step for step, index in spikes("exc") if index == 4)
    return step, "exc", 4, "spike, at once, _refractory"


WHERE = {
    "delay_one_step_longer": late_event,
    "threshold_passed_not_reached": threshold,
    "weight_one_quantum_larger": heavy_event,
    "multiplication_and_addition_fused": fused,
    "rest_one_step_shorter": shorter_rest,
}


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_a_fault_is_found_in_its_step_neuron_and_term(fault: str) -> None:
    step, population, index, place = WHERE[fault]()
    divergence = found(fault)
    assert divergence.of_step is not None
    origin = origin_of(divergence.of_step, divergence.names, divergence.dt)
    assert (divergence.step, divergence.place.name, divergence.place.index) == (
        step,
        population,
        index,
    )
    assert origin.place == place


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_what_is_said_of_it_is_pinned(fault: str) -> None:
    path = faults.FOLDER / f"{fault}.txt"
    assert f"{found(fault)}\n" == path.read_text(encoding="utf-8"), "python -m tests.regenerate"


def test_what_the_documentation_shows_is_what_is_said() -> None:
    page = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text(encoding="utf-8")
    shown = [each.text for each in fences(page) if each.tag == "text"]
    late, fused = shown[:2]
    assert str(found("delay_one_step_longer")).startswith(late)
    assert fused in str(found("multiplication_and_addition_fused"))


def test_terms_have_the_values_that_the_step_begins_and_ends_with() -> None:
    """The kept terms are those of this step: `g_E + acc` is what `g_E` is after it."""
    divergence = found("delay_one_step_longer")
    step = divergence.of_step
    assert step is not None
    recordings = with_everything(faults.network()).ir.state_recordings
    for name in ("V", "g_E"):
        number = next(
            number
            for number, each in enumerate(recordings)
            if (each.population, each.variable) == ("exc", name)
        )
        samples = sound().states[number][:, divergence.place.index]
        assert step.before[name] == (samples[divergence.step],) * 2
        assert step.after[name][0] == samples[divergence.step + 1]
    port = next(line for line in step.lines if line.port == "E")
    assert step.value(port.value, port)[0] == step.after["g_E"][0]


@pytest.mark.slow
def test_what_a_compiler_fuses_is_found_though_it_vanishes_where_parts_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    native = get("native")
    if native.version() is None:
        pytest.skip("there is no C compiler")
    monkeypatch.setattr(netspec_native.build, "flags", contracting)
    divergence = find_divergence(faults.network(), faults.side(get("numpy")), faults.side(native))
    if divergence is None:
        pytest.skip("this processor has no fused multiply-add")
    assert (divergence.step, divergence.place.name, divergence.place.index) == fused()[:3]
    head = str(divergence).splitlines()[4:8]
    whole = "v + dt * (rate * v * (1.0 - v))"
    assert head == [
        f"  they part in stage 1, v: {whole}",
        "    its parts are alike, and 'got' makes something else of them",
        f"    a fused multiply-add makes what 'got' has: {whole}",
        "    where every part is kept, they do not differ: a compiler treats parts together",
    ]


def contracting(options: NativeOptions) -> tuple[str, ...]:
    """Return the flags of a compiler that may fuse."""
    off, fast = "-ffp-contract=off", "-ffp-contract=fast"
    return tuple(fast if each == off else each for each in flags(options))


def test_sound_backends_do_not_part() -> None:
    sides = (faults.side(get("oracle")), faults.side(get("numpy")))
    assert find_divergence(faults.network(), *sides) is None


def test_state_is_looked_at_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(divergences, "MAX_SAMPLES", 23 * 10)
    fault = "delay_one_step_longer"
    assert str(faults.report(fault).found) == str(found(fault))
    assert found(fault).step > 10


def test_a_difference_after_the_last_step_is_seen() -> None:
    """Nothing is recorded after the last step, but its state is part of the digest."""
    whole = faults.network()
    last = found("weight_one_quantum_larger").step
    short = replace(whole, ir=replace(whole.ir, steps=last + 1))
    sides = faults.side(get("oracle")), faults.side(faults.FAULTS["weight_one_quantum_larger"]())
    divergence = find_divergence(short, *sides)
    assert divergence is not None
    assert divergence.step == last
    shorter = replace(whole, ir=replace(whole.ir, steps=last))
    assert find_divergence(shorter, *sides) is None


def test_another_initial_value_is_named() -> None:
    whole = faults.network()
    own = whole.populations["drift"]
    values = own.initial["v"].copy()
    values[1] = np.nextafter(values[1], np.inf)
    populations = {**whole.populations, "drift": replace(own, initial={"v": values})}
    assert parted(lambda given: replace(given, populations=populations)) == (
        "'expected' (expected) and 'got' (got) begin with different state: drift[1]\n"
        "  step 0, drift[1], variable v: expected 0.25 (0x1.0000000000000p-2), "
        "got 0.25000000000000006 (0x1.0000000000001p-2)"
    )


def test_an_input_that_emits_otherwise_is_named() -> None:
    volley = RealisedListed(np.array([30, 33, 90]), np.array([0, 1, 0], np.uint32))
    sources = {"volley": volley}
    assert parted(lambda given: replace(given, sources=sources)) == (
        "'expected' (expected) and 'got' (got) part in step 32, at 3.2 ms: volley[1]\n"
        "  step 32, volley[1]: expected a spike, got none\n"
        "  step 32 begins with the same state on both sides\n"
        "  'volley' is an input: it alone decides when it emits"
    )


def moved(name: str, steps: int, edge: int | None = None) -> broken.Change:
    """Return what changes the delay of one edge of a projection, or of all."""

    def change(edges: RealisedProjection) -> RealisedProjection:
        delays = np.broadcast_to(edges.delays, len(edges)).copy()
        delays[slice(None) if edge is None else edge] += steps
        return RealisedProjection.of(edges.sources, edges.targets, edges.weights, delays)

    return faults.with_edges(name, change)


def cut(name: str, kept: Callable[[np.ndarray], np.ndarray]) -> broken.Change:
    """Return what leaves edges of a projection out, by their numbers."""

    def change(edges: RealisedProjection) -> RealisedProjection:
        part = kept(np.arange(len(edges)))
        columns = (edges.sources, edges.targets, edges.weights, edges.delays)
        return RealisedProjection.of(*(np.broadcast_to(each, len(edges))[part] for each in columns))

    return faults.with_edges(name, change)


ONE = "one event, 'exc_exc', edge 7: from exc[1], emitted in step 84, delay 3, "
ALL = "all 2 events of 'volley_exc'"


@pytest.mark.parametrize(
    ("change", "begins", "ends"),
    [
        (moved("exc_exc", +1, faults.LATE_EDGE), ONE, "came one step late"),
        (moved("exc_exc", -1, faults.LATE_EDGE), ONE, "came in this step already, instead of the "),
        (cut("exc_exc", lambda n: n != faults.LATE_EDGE), ONE, "did not come"),
        (moved("volley_exc", +1), ALL, "came one step late"),
        (moved("volley_exc", -1), ALL, "came in this step already, instead of the next"),
        (cut("volley_exc", lambda n: n < 0), ALL, "did not come"),
    ],
)
def test_events_that_come_at_another_time_or_never_are_named(
    change: broken.Change, begins: str, ends: str
) -> None:
    both = RealisedListed(np.array([30, 30]), np.array([0, 1], np.uint32))
    network = replace(faults.network(), sources={"volley": both})
    sound_side = faults.side(get("oracle"))
    divergence = find_divergence(network, sound_side, lambda given: sound_side(change(given)))
    (said,) = (line for line in str(divergence).splitlines() if line.startswith("    as if "))
    assert said.startswith(f"    as if {begins}")
    assert ends in said


def test_a_side_that_becomes_non_finite_has_no_terms() -> None:
    whole = faults.network()
    own = whole.populations["drift"]
    endless = replace(own, parameters={**own.parameters, "rate": np.array(np.inf)})

    def change(given: RealisedNetwork) -> RealisedNetwork:
        kept = replace(endless, initial=given.populations["drift"].initial)
        return replace(given, populations={**given.populations, "drift": kept})

    lines = parted(change).splitlines()
    assert lines[:6] == [
        "'expected' (expected) and 'got' (got) part in step 0, at 0 ms: drift[0]",
        "  outcome: expected finite state, got a non-finite state in step 0, drift[0], variable v",
        "  step 0 begins with the same state on both sides",
        "  neurons that differ after it: none",
        "  where they part is not seen",
        "    the state of 'got' becomes non-finite in this step, so no term of it is known",
    ]
    (row,) = (line.split() for line in lines if line.strip().startswith("[1] rate "))
    assert row == ["[1]", "rate", "300.0", "-"]


def parted(change: Callable[[RealisedNetwork], RealisedNetwork]) -> str:
    sound_side = faults.side(get("oracle"))
    return str(
        find_divergence(faults.network(), sound_side, lambda given: sound_side(change(given)))
    )
