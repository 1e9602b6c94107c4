"""The meaning of a network, as slow and obvious loops over neurons and edges.

Every backend must do bit for bit what is done here. A neuron is a dictionary from names to
numbers: its parameters, state and locals, `t` and `dt`. A step `k` is:

1. timeline: `t` and what tables say of `k`, then the entries due at `k`, in order;
2. gather: sums over edges and pools add to locals of their targets, which begin at +0.0;
3. record: recordings sample the state; in every `DIGEST_PERIOD`-th step digests do too;
4. update: the draws of the step, then the stages of every population in order; all values of a
   stage are computed before any of its targets changes. Then, as before step 0 and after the last,
   all state must be finite;
5. events: all conditions are tested and sources emit. That fixes what fired: spikes are counted
   and, where they are recorded, kept; each edge of what fired sends an event, to arrive in step
   `k + delay`. Then the immediate statements of the events that fired;
6. deliver: every event due in `k` whose projection is connected now adds the weight of its edge
   now to `acc`, and 1 to `n_events`, of one port of one neuron. Then every port of every neuron
   runs, also where nothing arrived;
7. reset: the statements of the events that fired.
"""

from __future__ import annotations

import math
from collections import defaultdict
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from netspec.backend.protocol import RunControl
from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD
from netspec.realise.network import RealisedEntry, RealisedNetwork, RealisedPoisson
from netspec.results.record import NonFinite, RunRecord
from netspec.testing.oracle import scalar
from netspec.testing.oracle.gather import sums
from netspec.testing.oracle.population import Population
from netspec.testing.oracle.spikes import Spikes, counts


class Edge(NamedTuple):
    """Where the weight of an edge is kept, its delay, and its (population, port, neuron)."""

    projection: str
    number: int
    delay: int
    place: tuple[str, str, int]


class OracleSimulation:
    """A network that is ready to run, once."""

    def __init__(self, network: RealisedNetwork, *, state_digest: bool = True) -> None:
        self.ir, self.network = network.ir, network
        self.wall_times: dict[str, float] = {}
        self.populations = {each.name: Population(network, each) for each in network.ir.populations}
        self.hashed = self.populations if state_digest else {}
        self.connected = {each.name: each.connected for each in network.ir.links}
        self.weights: dict[str, list[float]] = {}
        self.edges: defaultdict[tuple[str, int], list[Edge]] = defaultdict(list)
        self.in_flight: defaultdict[int, list[Edge]] = defaultdict(list)
        for gather in network.ir.gathers:
            arrays = network.projections[gather.name]
            self.weights[gather.name] = scalar.per_item(arrays.weights, len(arrays))
        for projection in network.ir.projections:
            arrays = network.projections[projection.name]
            self.weights[projection.name] = scalar.per_item(arrays.weights, len(arrays))
            delays = scalar.per_item(arrays.delays, len(arrays))
            for number, source in enumerate(arrays.sources.tolist()):
                place = (projection.target, projection.port, int(arrays.targets[number]))
                edge = Edge(projection.name, number, delays[number], place)
                name = ir.event_object(projection.source, projection.event)
                self.edges[name, source].append(edge)
        self.thresholds = {
            name: scalar.whole_thresholds(source.thresholds)
            for name, source in network.sources.items()
            if isinstance(source, RealisedPoisson)
        }
        self.due: defaultdict[int, list[RealisedEntry]] = defaultdict(list)
        for entry in network.timeline:
            self.due[entry.step].append(entry)
        self.spikes = {each.name: Spikes(network.ir, each.name) for each in network.ir.emitters}
        self.summed = [scalar.evaluator(gather.value) for gather in network.ir.gathers]
        self.seen = [scalar.evaluator(recording.value) for recording in network.ir.state_recordings]
        self.samples: list[list[list[Any]]] = [[] for _ in self.seen]

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps, or until the state is not finite or the caller wants to stop."""
        start = perf_counter()
        scalar.require_subnormals()
        k, outcome = 0, self.first_non_finite(0)
        while outcome is None and k < self.ir.steps and not (k and control.should_stop()):
            outcome = self.step(k)
            if outcome is None:
                k += 1
                control.progress(k)
        if outcome is None and k == self.ir.steps:
            outcome = self.first_non_finite(k)
        self.hash_states()
        self.wall_times["simulate"] = perf_counter() - start
        digests = {name: each.digest.hexdigest() for name, each in self.hashed.items()}
        return RunRecord(
            steps=k,
            tallies={name: each.tally for name, each in self.spikes.items()},
            spikes={name: each.record for name, each in self.spikes.items() if each.recording},
            states=tuple(self.recorded(number) for number in range(len(self.samples))),
            counts=counts(self.ir, self.spikes),
            state_digests=digests if outcome is None else {},
            outcome=outcome,
        )

    def step(self, k: int) -> NonFinite | None:
        """Do one step."""
        for population in self.populations.values():
            for neuron in population.neurons:
                neuron[ir.TIME] = float(k) * self.ir.dt
            population.look_up(k)
        for entry in self.due.get(k, ()):
            self.apply(entry)
        self.gather()
        self.record(k)
        self.update(k)
        outcome = self.first_non_finite(k)
        if outcome is None:
            fired = self.events(k)
            self.deliver(k)
            for population, event, i in fired:
                scalar.in_sequence(population.resets[event], population.neurons[i])
        return outcome

    def apply(self, entry: RealisedEntry) -> None:
        """Apply an entry of the timeline."""
        values: Any = entry.values
        match entry.action:
            case ir.Connect(projection):
                self.connected[projection] = True
            case ir.Disconnect(projection):
                self.connected[projection] = False
            case ir.SetWeight(projection):
                self.weights[projection] = scalar.per_item(values, len(self.weights[projection]))
            case ir.SetRate(source, view):
                self.thresholds[source][view.start : view.stop] = scalar.whole_thresholds(values)
            case ir.SetParameter(population, name, view) | ir.SetState(population, name, view):
                self.populations[population].assign(name, view, values)

    def gather(self) -> None:
        """Sum over edges and pools what the state is now."""
        for population in self.populations.values():
            for neuron in population.neurons:
                neuron.update(dict.fromkeys(population.gathered, 0.0))
        for gather, value in zip(self.ir.gathers, self.summed, strict=True):
            if self.connected[gather.name]:
                sources = self.populations[gather.source].neurons
                targets = self.populations[gather.target].neurons
                edges, weights = self.network.projections[gather.name], self.weights[gather.name]
                for j, total in sums(gather, value, edges, weights, sources, targets).items():
                    targets[j][gather.local] = targets[j][gather.local] + total

    def record(self, k: int) -> None:
        """Look at the state."""
        for number, recording in enumerate(self.ir.state_recordings):
            if any(k in steps for steps in recording.samples(self.ir.steps)):
                neurons = self.populations[recording.population].neurons
                neurons = neurons[recording.view.start : recording.view.stop]
                self.samples[number].append([self.seen[number](neuron) for neuron in neurons])
        if k % DIGEST_PERIOD == 0:
            self.hash_states()

    def update(self, k: int) -> None:
        """Draw what is random in this step and advance every neuron by dt."""
        for population in self.populations.values():
            population.draw(k)
            for neuron in population.neurons:
                for stage in population.stages:
                    scalar.together(stage, neuron)

    def first_non_finite(self, k: int) -> NonFinite | None:
        """Return the first NaN or infinity, by population, neuron and variable."""
        for name, population in self.populations.items():
            for i, neuron in enumerate(population.neurons):
                for variable in population.state:
                    if not math.isfinite(neuron[variable]):
                        return NonFinite(k, name, i, variable)
        return None

    def events(self, k: int) -> list[tuple[Population, int, int]]:
        """Fix what fires in this step; return (population, number of the event, neuron)."""
        fired = []
        for population in self.populations.values():
            for event, condition in enumerate(population.conditions):
                for i, neuron in enumerate(population.neurons):
                    if condition(neuron):
                        fired.append((population, event, i))
                        self.emit(k, population.objects[event], i)
        for name, source in self.network.sources.items():
            if isinstance(source, RealisedPoisson):
                limits = enumerate(self.thresholds[name])
                firing = [i for i, limit in limits if scalar.drawn(source.key, k, i) < limit]
            else:
                firing = source.indices[source.steps == k].tolist()
            for i in firing:
                self.emit(k, name, i)
        for population, event, i in fired:
            scalar.in_sequence(population.immediate[event], population.neurons[i])
        return fired

    def emit(self, k: int, name: str, i: int) -> None:
        """Keep a spike and send it along every edge of its neuron."""
        self.spikes[name].add(k, i)
        for edge in self.edges[name, i]:
            self.in_flight[k + edge.delay].append(edge)

    def deliver(self, k: int) -> None:
        """Sum what arrives now and run all ports."""
        arrived: dict[tuple[str, str, int], tuple[float, int]] = {}
        for edge in self.in_flight.pop(k, ()):
            if self.connected[edge.projection]:
                acc, n_events = arrived.get(edge.place, (0.0, 0))
                weight = self.weights[edge.projection][edge.number]
                arrived[edge.place] = acc + weight, n_events + 1
        for name, population in self.populations.items():
            for port, statements in population.ports:
                for i, neuron in enumerate(population.neurons):
                    acc, n_events = arrived.get((name, port, i), (0.0, 0))
                    neuron.update({ir.ACCUMULATOR: acc, ir.N_EVENTS: n_events})
                    scalar.in_sequence(statements, neuron)

    def hash_states(self) -> None:
        """Add the state of every population to its digest."""
        for population in self.hashed.values():
            population.hash_state()

    def recorded(self, number: int) -> Any:
        """Return the samples of a recording."""
        recording, samples = self.ir.state_recordings[number], self.samples[number]
        kind = np.int64 if recording.kind == "integer" else np.float64
        return np.array(samples, kind).reshape(len(samples), len(recording.view))
