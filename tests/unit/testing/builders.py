"""Realised networks written by hand, small enough to compute on paper."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from netspec.backend.protocol import RunControl
from netspec.compare import with_all_spikes
from netspec.expr import nodes as tree
from netspec.ir import nodes as ir
from netspec.realise.network import (
    RealisedEntry,
    RealisedListed,
    RealisedNetwork,
    RealisedPoisson,
    RealisedPopulation,
    RealisedProjection,
    RealisedSource,
    Thresholds,
)
from netspec.results.record import RunRecord
from netspec.testing.oracle import backend
from netspec.units import DIMENSIONLESS

BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def expression(text: str) -> tree.Expression:
    """`1` is an integer, `1.0` a double."""
    return _tree(ast.parse(text, mode="eval").body)


def _tree(node: ast.expr) -> tree.Expression:
    match node:
        case ast.Constant(int(value)):
            return tree.Integer(value)
        case ast.Constant(float(value)):
            return tree.Constant(value)
        case ast.Name(name):
            return tree.Name(name)
        case ast.UnaryOp(ast.USub(), operand):
            return tree.Negate(_tree(operand))
        case ast.UnaryOp(ast.Not(), operand):
            return tree.Not(_tree(operand))
        case ast.BinOp(left, operator, right):
            return tree.Binary(BINARY[type(operator)], _tree(left), _tree(right))
        case ast.Compare(left, [relation], [right]):
            return tree.Compare(COMPARE[type(relation)], _tree(left), _tree(right))
        case ast.BoolOp(ast.And(), [left, right]):
            return tree.Logical("and", _tree(left), _tree(right))
        case ast.BoolOp(ast.Or(), [left, right]):
            return tree.Logical("or", _tree(left), _tree(right))
        case ast.Call(ast.Name(name), arguments):
            return tree.Call(name, tuple(map(_tree, arguments)))
    raise AssertionError(ast.dump(node))


def statement(text: str) -> ir.Statement:
    target, value = text.split(" = ")
    return ir.Statement(target, expression(value))


def event(
    condition: str, *statements: str, name: str = "spike", immediate: Sequence[str] = ()
) -> ir.Event:
    return ir.Event(
        name,
        expression(condition),
        tuple(map(statement, immediate)),
        tuple(map(statement, statements)),
    )


def cell(
    state: str,
    *,
    stages: Sequence[Sequence[str]] = (),
    events: Sequence[ir.Event] = (),
    ports: Mapping[str, Sequence[str]] | None = None,
    parameters: str = "",
    local: str = "",
) -> ir.Cell:
    """Names are separated by blanks; `n:integer` and `held:truth` say what is no double."""

    def split(text: str) -> list[tuple[str, Any]]:
        pairs = (word.partition(":") for word in text.split())
        found = [(name, kind or "real") for name, _, kind in pairs]
        return sorted(found, key=lambda pair: (pair[0].startswith("_"), pair[0]))

    return ir.Cell(
        model="by_hand",
        state=tuple(ir.Variable(name, DIMENSIONLESS, kind) for name, kind in split(state)),
        locals=tuple(ir.Variable(name, DIMENSIONLESS, kind) for name, kind in split(local)),
        draws=(),
        parameters=tuple(
            ir.Parameter(name, DIMENSIONLESS, kind, True, True) for name, kind in split(parameters)
        ),
        derived=(),
        stages=tuple(ir.Stage(tuple(map(statement, stage))) for stage in stages),
        events=tuple(events),
        ports=tuple(
            ir.Port(name, DIMENSIONLESS, tuple(map(statement, statements)))
            for name, statements in sorted((ports or {}).items())
        ),
        equations=(),
    )


def population(model: ir.Cell, size: int, **values: Any) -> tuple[ir.Cell, int, dict[str, Any]]:
    return model, size, values


def times(*spikes: tuple[int, int]) -> RealisedListed:
    """Spikes as (step, index)."""
    pairs = np.array(sorted(spikes), np.int64).reshape(-1, 2)
    return RealisedListed(pairs[:, 0], pairs[:, 1].astype(np.uint32))


def poisson(key: tuple[int, int], *probabilities: float) -> RealisedPoisson:
    return RealisedPoisson(key, thresholds(*probabilities))


def thresholds(*probabilities: float) -> Thresholds:
    exact = [ceil(Fraction(p) * 2**64) for p in probabilities]
    return Thresholds(
        np.array([t >> 32 for t in exact], np.uint64),
        np.array([t & 0xFFFFFFFF for t in exact], np.uint32),
    )


def edges(*rows: tuple[int, int, float, int]) -> RealisedProjection:
    """Edges as (source, target, weight, delay)."""
    ordered = sorted(rows, key=lambda row: row[0])
    return RealisedProjection.of(
        np.array([row[0] for row in ordered], np.uint32),
        np.array([row[1] for row in ordered], np.uint32),
        np.array([row[2] for row in ordered], np.float64),
        np.array([row[3] for row in ordered], np.int64),
    )


def projection(
    source: str, target: str, port: str, *rows: tuple[int, int, float, int], connected: bool = True
) -> tuple[ir.Projection, RealisedProjection]:
    return ir.Projection("", source, "spike", target, port, connected), edges(*rows)


def network(
    steps: int,
    populations: Mapping[str, tuple[ir.Cell, int, dict[str, Any]]],
    *,
    sources: Mapping[str, tuple[int, RealisedSource]] | None = None,
    projections: Mapping[str, tuple[ir.Projection, RealisedProjection]] | None = None,
    timeline: Sequence[tuple[int, ir.Action, Any]] = (),
    record: Sequence[str] = (),
    dt: float = 0.5,
) -> RealisedNetwork:
    """`record` holds `population.variable`, sampled for all neurons in every step.

    All spikes are recorded.
    """
    sources, projections = sources or {}, projections or {}
    recordings = []
    for text in record:
        name, variable = text.split(".")
        model, size, _ = populations[name]
        declared = next(each for each in model.state if each.name == variable)
        recordings.append(ir.StateRecording.of_state(name, declared, ir.View(0, size), 1))
    whole = RealisedNetwork(
        ir=ir.Network(
            name="by_hand",
            seed=0,
            dt=dt,
            steps=steps,
            populations=tuple(
                ir.Population(name, size, model)
                for name, (model, size, _) in sorted(populations.items())
            ),
            sources=tuple(
                ir.PoissonSource(name, size)
                if isinstance(realised, RealisedPoisson)
                else ir.ListedSource(name, size)
                for name, (size, realised) in sorted(sources.items())
            ),
            projections=tuple(
                replace(each, name=name) for name, (each, _) in sorted(projections.items())
            ),
            timeline=tuple(ir.TimelineEntry(step, action) for step, action, _ in timeline),
            spike_recordings=(),
            state_recordings=tuple(recordings),
        ),
        fingerprint="",
        populations={
            name: RealisedPopulation(
                {each.name: _array(each, size, values) for each in model.parameters},
                {each.name: _array(each, size, values) for each in model.state},
            )
            for name, (model, size, values) in sorted(populations.items())
        },
        sources={name: realised for name, (_, realised) in sorted(sources.items())},
        projections={name: arrays for name, (_, arrays) in sorted(projections.items())},
        timeline=tuple(RealisedEntry(step, action, values) for step, action, values in timeline),
    )
    return with_all_spikes(whole)


def _array(declared: ir.Variable | ir.Parameter, size: int, values: Mapping[str, Any]) -> Any:
    dtype = np.int64 if declared.kind == "integer" else np.float64
    return np.broadcast_to(np.array(values.get(declared.name, 0), dtype), (size,)).copy()


def run(realised: RealisedNetwork, control: RunControl | None = None) -> RunRecord:
    """Run on the oracle."""
    options = backend.options()
    simulation = backend.build(backend.emit(realised, options), options)
    return simulation.run(control or RunControl())


def spikes(record: RunRecord, name: str) -> list[tuple[int, int]]:
    """Spikes as (step, index)."""
    found = record.spikes[name]
    return list(zip(found.steps.tolist(), found.indices.tolist(), strict=True))


def row(record: RunRecord, number: int = 0, neuron: int = 0) -> list[Any]:
    """Return all samples of one neuron."""
    return record.states[number][:, neuron].tolist()


BUCKET = cell("x", ports={"P": ["x = x + acc"]})
"""Adds up what arrives: a sample in step k shows what was delivered before step k."""

KEY = (0x12345678, 0x9ABCDEF0)
"""Of a Poisson source."""


def in_statements(
    statements: tuple[ir.Statement, ...], rewrite: Callable[[tree.Expression], tree.Expression]
) -> tuple[ir.Statement, ...]:
    return tuple(
        ir.Statement(each.target, tree.transform(each.value, rewrite)) for each in statements
    )


def in_cells(network: RealisedNetwork, changed: Callable[[ir.Cell], ir.Cell]) -> RealisedNetwork:
    populations = tuple(replace(each, cell=changed(each.cell)) for each in network.ir.populations)
    return replace(network, ir=replace(network.ir, populations=populations))
