"""A cell whose terms are kept does what it did, on every backend, and shows what it computes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from unit.testing.builders import cell, event, expression, network, population, row, run

from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import get
from netspec.compare import record_differences, with_everything
from netspec.compare.terms import KEPT, Line, parts, with_terms
from netspec.expr.nodes import Name
from netspec.expr.text import write
from netspec.passes.verify import verify
from netspec.realise.network import RealisedNetwork
from netspec.testing import conformance, networks

STEPS = 40


@cache
def beginning(name: str) -> RealisedNetwork:
    whole = networks.realised(name)
    return replace(whole, ir=replace(whole.ir, steps=min(whole.ir.steps, STEPS)))


def all_kept(given: RealisedNetwork) -> RealisedNetwork:
    for each in given.ir.populations:
        given, _ = with_terms(given, each.name)
    return given


def check(backend: AnyBackend, options: BackendOptions, name: str) -> None:
    plain = beginning(name)
    kept = all_kept(plain)
    verify(replace(kept.ir, steps=networks.realised(name).ir.steps))
    records = [conformance.run(backend, options, each) for each in (plain, kept)]
    assert record_differences(*records, plain) == []


@pytest.mark.parametrize(
    "name",
    [make.__name__ for make in (networks.everything, networks.whole_language, *networks.ENDINGS)],
)
def test_a_network_does_what_it_did(name: str) -> None:
    backend = get("numpy")
    check(backend, backend.options(), name)


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "options"), conformance.default_choices())
def test_every_backend_keeps_terms(backend: AnyBackend, options: BackendOptions) -> None:
    check(backend, options, "happenings")


def test_parts_come_before_what_is_made_of_them() -> None:
    found = [write(each) for each in parts(expression("(a + 2.0) * dt * (a + 2.0) - b"))]
    assert found == [
        "a",
        "a + 2.0",
        "(a + 2.0) * dt",
        "(a + 2.0) * dt * (a + 2.0)",
        "b",
        "(a + 2.0) * dt * (a + 2.0) - b",
    ]


MODEL = cell(
    "x y",
    stages=[["x = y", "y = x + y"], ["x = x * 2.0"]],
    events=[event("x > 5.0", "x = y", "y = x", immediate=["y = 7.0"])],
    ports={"P": ["y = y + acc"]},
)
NET = network(3, {"a": population(MODEL, 1, x=[1.0], y=[2.0])})


def kept_of(net: RealisedNetwork) -> tuple[dict[str, list[float]], tuple[Line, ...]]:
    """Return the samples of every variable of `a`."""
    kept, lines = with_terms(net, "a")
    seen = with_everything(kept)
    record = run(seen)
    names = [each.variable for each in seen.ir.state_recordings]
    return {name: row(record, number) for number, name in enumerate(names)}, lines


def test_lines_are_in_the_order_of_a_step() -> None:
    _, lines = kept_of(NET)
    assert [(line.place, line.target, write(line.value)) for line in lines] == [
        ("stage 1", "x", "y"),
        ("stage 1", "y", "x + y"),
        ("stage 2", "x", "x * 2.0"),
        ("condition of spike", "", "x > 5.0"),
        ("spike, at once", "y", "7.0"),
        ("port P", "y", "y + acc"),
        ("spike, reset", "x", "y"),
        ("spike, reset", "y", "x"),
    ]
    assert [line.event for line in lines] == ["", "", "", "spike", "spike", "", "spike", "spike"]


def test_terms_are_what_was_read_then() -> None:
    """x, y: 1, 2 -> 2, 3 -> 4, 3; then 3, 7 -> 6, 7, which fires: y = 7, x = 7, y = 7."""
    samples, lines = kept_of(NET)
    values = {
        (number, write(term.value)): samples[term.variable]
        for number, line in enumerate(lines)
        for term in line.terms
    }
    assert values[0, "y"] == [0.0, 2.0, 3.0]  # each is sampled at the beginning of the next step
    assert values[1, "x + y"] == [0.0, 3.0, 7.0]
    assert values[2, "x"] == [0.0, 2.0, 3.0]
    assert values[2, "x * 2.0"] == [0.0, 4.0, 6.0]
    assert values[3, "x > 5.0"] == [0, 0, 1]
    assert values[5, "acc"] == [0.0, 0.0, 0.0]
    assert values[5, "y"] == [0.0, 3.0, 7.0]
    assert values[6, "y"] == [0.0, 0.0, 7.0]
    assert values[7, "x"] == [0.0, 0.0, 7.0]


def test_what_is_kept_is_declared_and_in_no_digest() -> None:
    kept, lines = with_terms(NET, "a")
    variables = [term.variable for line in lines for term in line.terms]
    assert variables == [f"{KEPT}{number}" for number in range(len(variables))]
    assert run(kept).state_digests == run(NET).state_digests


def test_a_term_is_found_by_what_it_is() -> None:
    _, lines = kept_of(NET)
    first, second = lines[:2]
    assert first.scope is second.scope
    assert first.scope[Name("y")] in first.terms
    assert [write(term.value) for term in second.terms] == ["x", "x + y"]
