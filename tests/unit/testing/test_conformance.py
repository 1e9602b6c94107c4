"""The controls: the oracle with one thing done wrong must turn the suite red."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import pytest
from unit.testing.builders import in_cells, in_statements

from netspec.backend.protocol import BackendOptions
from netspec.errors import UnsupportedFeature
from netspec.expr import nodes as tree
from netspec.expr.functions import AUTHOR_FUNCTIONS, REPLACED
from netspec.expr.math import called
from netspec.ir import nodes as ir
from netspec.ir.features import FEATURES, expressions, required_features
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.results.record import NonFinite
from netspec.testing import networks
from netspec.testing.conformance import (
    busiest,
    check_backend,
    expected,
    most_threads,
    one_thread,
    option_choices,
    test_state_digests_can_be_left_out as check_left_out,
)
from netspec.testing.oracle import OracleBackend, gather, scalar, steps
from netspec.testing.oracle.steps import OracleSimulation

PARTS = [part.__name__ for part in networks.PARTS]
LANGUAGE = [part.__name__ for part in networks.LANGUAGE]
ENDINGS = [ending.__name__ for ending in networks.ENDINGS]


@pytest.fixture(autouse=True, scope="module")
def sound_results() -> None:
    """What the oracle does is kept before anything patches it."""
    for name in (*PARTS, *ENDINGS, "gathers"):
        expected(networks.realised(name))


class Broken(OracleBackend):
    """The oracle, with another simulation or on a changed network."""

    def __init__(
        self,
        simulation: type[OracleSimulation] = OracleSimulation,
        change: Callable[[RealisedNetwork], RealisedNetwork] = lambda network: network,
    ) -> None:
        self.simulation, self.change = simulation, change

    def build(self, program: Any, options: Any) -> OracleSimulation:
        return self.simulation(self.change(program.network))


def found(backend: OracleBackend, *names: str) -> list[str]:
    chosen = {name: networks.realised(name) for name in names or (*PARTS, *ENDINGS)}
    return check_backend(backend, backend.options(), chosen)


def red(backend: OracleBackend, *names: str) -> set[str]:
    """Return which of these networks, or of all, show that a backend is broken."""
    return {text.partition(":")[0] for text in found(backend, *names)}


def all_red(backend: OracleBackend, names: Iterable[str]) -> bool:
    """Say whether each of these networks does; what others show takes longer than it is worth."""
    return red(backend, *names) == {*names}


def test_the_oracle_conforms():
    assert found(Broken()) == []


def test_the_networks_use_every_feature_that_a_description_can():
    used = set.union(
        *(set(required_features(networks.realised(name).ir)) for name in (*PARTS, *LANGUAGE))
    )
    assert used == FEATURES.keys()


@pytest.mark.parametrize("name", PARTS)
def test_a_network_runs_in_company_as_it_does_alone(name):
    """Objects that are not connected, and their order, change nothing; nor does the company."""
    network = networks.realised(name)
    whole = networks.realised("everything")
    alone = replace(whole, ir=replace(whole.ir, steps=network.ir.steps))
    record = OracleSimulation(alone).run(steps.RunControl())
    own = OracleSimulation(network).run(steps.RunControl())
    for each in (*network.ir.populations, *network.ir.sources):
        assert own.spikes[each.name].steps.tolist() == record.spikes[each.name].steps.tolist()
        assert own.spikes[each.name].indices.tolist() == record.spikes[each.name].indices.tolist()
    assert own.state_digests.items() <= record.state_digests.items()
    assert any(len(each.steps) for each in own.spikes.values())


# --- the order of a step -----------------------------------------------------------------------


def test_reset_before_ports():
    class ResetFirst(OracleSimulation):
        def events(self, k):
            fired = super().events(k)
            for population, event, i in fired:
                scalar.in_sequence(population.resets[event], population.neurons[i])
            return []

    assert all_red(Broken(ResetFirst), ["refractory", "timeline", "chaos"])


def test_record_after_the_update():
    class RecordLate(OracleSimulation):
        def record(self, k):
            pass

        def update(self, k):
            super().update(k)
            super().record(k)

    assert all_red(Broken(RecordLate), PARTS)


def test_assignments_of_a_stage_one_after_the_other(monkeypatch):
    monkeypatch.setattr(scalar, "together", scalar.in_sequence)
    assert all_red(Broken(), ["chaos", "functions", "linear"])


def test_state_looked_at_after_the_reset_only():
    class LookLate(OracleSimulation):
        def step(self, k):
            super().step(k)
            return OracleSimulation.first_non_finite(self, k)

        def first_non_finite(self, k):
            return None

    assert all_red(Broken(LookLate), ["overflow_hidden_by_reset", "first_of_many"])


def test_the_end_of_many_that_overflow_at_once():
    network = networks.realised("first_of_many")
    record = OracleSimulation(network).run(steps.RunControl())
    assert record.outcome == NonFinite(4, "Zeta", 2, "Z")
    assert {name: each.steps.tolist() for name, each in record.spikes.items()} == {
        "Alpha": [],
        "Zeta": [1],
        "beta": [3],
    }
    assert [len(each) for each in record.states] == [5, 5]


@pytest.mark.parametrize(
    "order",
    [
        lambda end: (end.index, end.population, end.variable),
        lambda end: (end.population, end.variable, end.index),
        lambda end: (end.population.lower(), end.index, end.variable),
        lambda end: (end.population, end.index, end.variable.lower()),
    ],
    ids=["neuron first", "variable first", "population in any case", "variable in any case"],
)
def test_the_first_non_finite_in_another_order(order):
    class LookElsewhere(OracleSimulation):
        def first_non_finite(self, k):
            found = [
                NonFinite(k, name, i, variable)
                for name, population in self.populations.items()
                for i, neuron in enumerate(population.neurons)
                for variable in population.state
                if not math.isfinite(neuron[variable])
            ]
            return min(found, key=order, default=None)

    (text,) = found(Broken(LookElsewhere), *ENDINGS)
    assert text.startswith("first_of_many: outcome: expected a non-finite state in step 4, Zeta[2]")


# --- events in flight --------------------------------------------------------------------------


def test_weight_read_at_emission():
    class WeightEarly(OracleSimulation):
        def __init__(self, network):
            super().__init__(network)
            self.carried = {}

        def emit(self, k, name, i):
            super().emit(k, name, i)
            for edge in self.edges[name, i]:
                weight = self.weights[edge.projection][edge.number]
                self.carried[k + edge.delay, edge] = weight

        def deliver(self, k):
            now = {name: list(weights) for name, weights in self.weights.items()}
            for edge in self.in_flight[k]:
                self.weights[edge.projection][edge.number] = self.carried.pop((k, edge))
            super().deliver(k)
            self.weights = now

    assert red(Broken(WeightEarly)) == {"timeline"}


def test_connection_read_at_emission():
    class ConnectionEarly(OracleSimulation):
        def emit(self, k, name, i):
            self.spikes[name].add(k, i)
            for edge in self.edges[name, i]:
                if self.connected[edge.projection]:
                    self.in_flight[k + edge.delay].append(edge)

        def deliver(self, k):
            now, self.connected = self.connected, dict.fromkeys(self.connected, True)
            super().deliver(k)
            self.connected = now

    assert red(Broken(ConnectionEarly)) == {"timeline"}


def test_delays_one_step_longer():
    def later(network: RealisedNetwork) -> RealisedNetwork:
        return replace(
            network,
            projections={
                name: RealisedProjection.of(
                    each.sources, each.targets, each.weights, each.delays + 1
                )
                for name, each in network.projections.items()
            },
        )

    assert all_red(Broken(change=later), {*PARTS, "infinite_by_port"} - {"functions", "corners"})


# --- refractoriness ----------------------------------------------------------------------------


@pytest.mark.parametrize("error", [-1, 1])
def test_period_off_by_one(error):
    def shifted(network: RealisedNetwork) -> RealisedNetwork:
        populations = {}
        for name, each in network.populations.items():
            parameters = dict(each.parameters)
            if ir.PERIOD in parameters:
                parameters[ir.PERIOD] = (parameters[ir.PERIOD] + error).clip(0)
            populations[name] = replace(each, parameters=parameters)
        return replace(network, populations=populations)

    assert all_red(Broken(change=shifted), ["delays", "refractory", "linear", "corners"])


SHUT = tree.Compare(">", tree.Name(ir.COUNTDOWN), tree.Integer(0))


@pytest.mark.parametrize(
    "window",
    [
        # One step shorter, and longer by the step of the last held update.
        tree.Compare(">", tree.Name(ir.COUNTDOWN), tree.Integer(1)),
        tree.Logical("or", SHUT, tree.Name(ir.HELD)),
    ],
)
def test_shut_window_off_by_one(window):
    seen = []

    def moved(node: tree.Expression) -> tree.Expression:
        seen.append(node == SHUT)
        return window if node == SHUT else node

    backend = Broken(change=lambda network: in_ports(network, moved))
    assert all_red(backend, ["refractory", "delays"])
    assert any(seen)


# --- arithmetic --------------------------------------------------------------------------------


def test_contraction(monkeypatch):
    def multiply_add(a: float, b: float, c: float) -> float:
        if not all(map(math.isfinite, (a, b, c, a * b, a * b + c))):
            return a * b + c
        exact = Fraction(a) * Fraction(b) + Fraction(c)
        return float(exact) if exact else a * b + c

    def contracted(node: tree.Expression) -> tree.Expression:
        match node:
            case tree.Binary("+", tree.Binary("*", a, b), c):
                return tree.Call("_fma", (a, b, c))
            case tree.Binary("+", c, tree.Binary("*", a, b)):
                return tree.Call("_fma", (a, b, c))
        return node

    monkeypatch.setitem(scalar.FUNCTIONS, "_fma", multiply_add)
    backend = Broken(change=lambda network: in_stages(network, contracted))
    assert all_red(backend, PARTS)


PINNED = [name for name, entry in AUTHOR_FUNCTIONS.items() if entry.kind == "pinned"]
LIBRARY = {name: name for name in PINNED if hasattr(math, name)}
LIBRARY |= {"arctan": "atan", "power": "pow"}


def test_the_suite_calls_every_function():
    cells = [each.cell for each in networks.realised("functions").ir.populations]
    found = called(expression for cell in cells for expression in expressions(cell))
    computed = {name for name, each in AUTHOR_FUNCTIONS.items() if each.kind not in REPLACED}
    assert found >= {*computed, "power", "power_7"}


@pytest.mark.parametrize("name", LIBRARY)
def test_functions_of_the_c_library(monkeypatch, name):
    def of_the_library(node: tree.Expression) -> tree.Expression:
        match node:
            case tree.Call(function, arguments) if function == name:
                return tree.Call(f"_library_{name}", arguments)
        return node

    monkeypatch.setitem(scalar.FUNCTIONS, f"_library_{name}", getattr(math, LIBRARY[name]))
    backend = Broken(change=lambda network: in_stages(network, of_the_library))
    assert found(backend, "functions") != []


def test_weights_off_their_grids():
    def off(network: RealisedNetwork) -> RealisedNetwork:
        projections = {
            name: replace(each, narrow_weights=each.weights * (1.0 + 2.0**-30))
            for name, each in network.projections.items()
        }
        return replace(network, projections=projections)

    assert all_red(Broken(change=off), ["delays", "refractory", "timeline", "chaos", "linear"])


# --- sums over other neurons -------------------------------------------------------------------


def test_the_sums_conform():
    assert found(Broken(), "gathers") == []


def test_lanes_summed_in_another_order(monkeypatch):
    monkeypatch.setattr(gather, "in_lanes", lambda terms: sum(terms, 0.0))
    assert found(Broken(), "gathers") != []


def test_four_lanes(monkeypatch):
    monkeypatch.setattr(gather, "LANES", 4)
    assert found(Broken(), "gathers") != []


class LastEdgeFirst(RealisedProjection):
    @property
    def sources(self):
        return super().sources[::-1]

    @property
    def targets(self):
        return super().targets[::-1]

    @property
    def weights(self):
        return super().weights[::-1] if self.narrow_weights.ndim else super().weights


def test_edges_summed_backwards():
    def backwards(network: RealisedNetwork) -> RealisedNetwork:
        projections = dict(network.projections)
        for sum_over_edges in network.ir.gathers:
            if sum_over_edges.pool is None:
                own = projections[sum_over_edges.name]
                fields = (getattr(own, name) for name in RealisedProjection.__slots__)
                projections[sum_over_edges.name] = LastEdgeFirst(*fields)
        return replace(network, projections=projections)

    assert found(Broken(change=backwards), "gathers") != []


def test_sums_taken_after_the_record():
    class GatherLate(OracleSimulation):
        def gather(self):
            for population in self.populations.values():
                for neuron in population.neurons:
                    neuron.update(dict.fromkeys(population.gathered, 0.0))

        def update(self, k):
            super().gather()
            super().update(k)

    assert found(Broken(GatherLate), "gathers") != []


def test_sums_that_ignore_connections():
    class Always(OracleSimulation):
        def gather(self):
            now, self.connected = self.connected, dict.fromkeys(self.connected, True)
            super().gather()
            self.connected = now

    assert found(Broken(Always), "gathers") != []


# --- randomness --------------------------------------------------------------------------------


def test_draws_one_step_late(monkeypatch):
    drawn = scalar.drawn
    monkeypatch.setattr(scalar, "drawn", lambda key, step, i: drawn(key, step + 1, i))
    assert red(Broken()) == {"timeline", "linear"}


def test_draws_of_the_neighbour(monkeypatch):
    drawn = scalar.drawn
    monkeypatch.setattr(scalar, "drawn", lambda key, step, i: drawn(key, step, i + 1))
    assert red(Broken()) == {"timeline", "linear"}


# --- the suite itself --------------------------------------------------------------------------


def test_a_backend_that_lacks_a_feature_says_so():
    class Poor(OracleBackend):
        @property
        def capabilities(self):
            full = super().capabilities
            reasons = {"set-weight": "planned"}
            return replace(full, supported=full.supported - reasons.keys(), unsupported=reasons)

    with pytest.raises(UnsupportedFeature, match="set-weight"):
        found(Poor(), "timeline")
    assert found(Poor(), "chaos") == []


def test_differences_name_the_network_and_the_place():
    class Deaf(OracleSimulation):
        def deliver(self, k):
            self.in_flight.clear()
            super().deliver(k)

    (text,) = found(Broken(Deaf), "delays")
    assert text.startswith("delays: step ")


class Choosy(BackendOptions):
    target: Literal["plain", "compiled"] = "plain"
    threads: int = 1
    state_digest: bool = True

    def model_post_init(self, context: Any) -> None:
        if self.threads > 1 and self.target == "plain":
            raise ValueError("one thread only")


def test_a_backend_that_takes_state_digests_unasked():
    check_left_out(OracleBackend(), OracleBackend().options())
    with pytest.raises(AssertionError):
        check_left_out(Broken(), Broken().options())


def test_every_choice_of_the_options_is_tried():
    backend = OracleBackend()
    assert option_choices(backend) == [backend.options()]
    backend.options = Choosy
    one, two = Choosy(target="compiled"), Choosy(target="compiled", threads=2)
    assert option_choices(backend) == [Choosy(), one, two]
    assert one_thread(option_choices(backend)) == [Choosy(), one]
    assert most_threads(option_choices(backend)) == [Choosy(), two]
    assert busiest(option_choices(backend)) == [two]


def in_stages(
    network: RealisedNetwork, rewrite: Callable[[tree.Expression], tree.Expression]
) -> RealisedNetwork:
    """Rewrite every expression of the update."""

    def changed(cell: ir.Cell) -> ir.Cell:
        stages = tuple(ir.Stage(in_statements(stage.statements, rewrite)) for stage in cell.stages)
        return replace(cell, stages=stages)

    return in_cells(network, changed)


def in_ports(
    network: RealisedNetwork, rewrite: Callable[[tree.Expression], tree.Expression]
) -> RealisedNetwork:
    """Rewrite every expression of the ports."""

    def changed(cell: ir.Cell) -> ir.Cell:
        ports = (
            replace(port, statements=in_statements(port.statements, rewrite)) for port in cell.ports
        )
        return replace(cell, ports=tuple(ports))

    return in_cells(network, changed)
