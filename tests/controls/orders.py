"""The oracle with one thing done at another time, or from other values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from netspec.ir import nodes as ir
from netspec.results.record import NonFinite
from netspec.testing.oracle import scalar
from netspec.testing.oracle.steps import OracleSimulation


@contextmanager
def instead(**replacements: Any) -> Iterator[None]:
    """Put other functions in the place of some that the oracle computes with."""
    with pytest.MonkeyPatch.context() as patch:
        for name, function in replacements.items():
            patch.setattr(scalar, name, function)
        yield


# --- events in flight ---------------------------------------------------------------------


class WeightAtEmission(OracleSimulation):
    """Reads weights when events leave instead of when they arrive."""

    def emit(self, k: int, name: str, i: int) -> None:
        self.spikes[name].append((k, i))
        for edge in self.edges[name, i]:
            weight = self.weights[edge.projection][edge.number]
            self.in_flight[k + edge.delay].append((edge, weight))  # type: ignore[arg-type]

    def deliver(self, k: int) -> None:
        leaving: list[Any] = self.in_flight.pop(k, [])
        kept = self.weights
        for edge, weight in leaving:
            if kept[edge.projection][edge.number] != weight:
                self.weights = {**self.weights}
                self.weights[edge.projection] = list(self.weights[edge.projection])
                self.weights[edge.projection][edge.number] = weight
        self.in_flight[k] = [edge for edge, _ in leaving]
        super().deliver(k)
        self.weights = kept


class ConnectionAtEmission(OracleSimulation):
    """Looks at whether a projection is connected when events leave."""

    def emit(self, k: int, name: str, i: int) -> None:
        self.spikes[name].append((k, i))
        for edge in self.edges[name, i]:
            if self.connected[edge.projection]:
                self.in_flight[k + edge.delay].append(edge)

    def deliver(self, k: int) -> None:
        kept = self.connected
        self.connected = dict.fromkeys(kept, True)
        super().deliver(k)
        self.connected = kept


# --- the order of a step ------------------------------------------------------------------


class TimelineAfterRecord(OracleSimulation):
    """Samples before the timeline's entries are carried out."""

    def step(self, k: int) -> NonFinite | None:
        OracleSimulation.record(self, k)
        return super().step(k)

    def record(self, k: int) -> None:
        pass


class RecordAfterUpdate(OracleSimulation):
    """Samples after the update instead of before."""

    def record(self, k: int) -> None:
        pass

    def update(self, k: int) -> None:
        super().update(k)
        super().record(k)


class EventsBeforeUpdate(OracleSimulation):
    """Tests conditions on the state before the update."""

    def update(self, k: int) -> None:
        self.before = self.state()
        super().update(k)

    def events(self, k: int) -> Any:
        after = self.state()
        self.put(self.before)
        fired = super().events(k)
        self.put(after)
        return fired

    def state(self) -> list[Any]:
        """Return the declared state of all neurons."""
        return [
            (neuron, {name: neuron[name] for name in population.state})
            for population in self.populations.values()
            for neuron in population.neurons
        ]

    def put(self, state: list[Any]) -> None:
        """Make it the state."""
        for neuron, values in state:
            neuron.update(values)


class CountdownAfterPorts(OracleSimulation):
    """Starts refractory periods after delivery."""

    def events(self, k: int) -> Any:
        with instead(in_sequence=lambda statements, values: None):
            self.fired = super().events(k)
        return self.fired

    def deliver(self, k: int) -> None:
        super().deliver(k)
        for population, event, i in self.fired:
            scalar.in_sequence(population.immediate[event], population.neurons[i])


class PortsOfArrivals(OracleSimulation):
    """Runs a receptor only where something arrives."""

    def deliver(self, k: int) -> None:
        def where_something_arrived(statements: Any, values: Any) -> None:
            if values[ir.N_EVENTS] > 0:
                in_sequence(statements, values)

        in_sequence = scalar.in_sequence
        with instead(in_sequence=where_something_arrived):
            super().deliver(k)


class ResetBeforePorts(OracleSimulation):
    """Resets before it delivers."""

    def events(self, k: int) -> Any:
        for population, event, i in super().events(k):
            scalar.in_sequence(population.resets[event], population.neurons[i])
        return []


class ResetTogether(OracleSimulation):
    """Computes all values of a reset before it assigns any."""

    def events(self, k: int) -> Any:
        for population, event, i in (fired := super().events(k)):
            self.in_reset.append((population.resets[event], population.neurons[i]))
        return fired[:0]

    def deliver(self, k: int) -> None:
        super().deliver(k)
        while self.in_reset:
            scalar.together(*self.in_reset.pop(0))

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.in_reset: list[Any] = []


class SpikesOfTheLastStep(OracleSimulation):
    """Keeps the spikes of the step in which state stops being finite."""

    def step(self, k: int) -> NonFinite | None:
        outcome = super().step(k)
        if outcome is not None:
            self.events(k)
        return outcome


# --- the timeline and refractory neurons --------------------------------------------------


class HeldAgainstTheTimeline(OracleSimulation):
    """Leaves the state of refractory neurons alone when the timeline sets it."""

    def apply(self, entry: Any) -> None:
        neurons = [each for every in self.populations.values() for each in every.neurons]
        kept = [dict(each) for each in neurons]
        super().apply(entry)
        if isinstance(entry.action, ir.SetState):
            for neuron, before in zip(neurons, kept, strict=True):
                if before.get(ir.COUNTDOWN, 0) > 0:
                    neuron.update(before)


class PeriodAtOnce(OracleSimulation):
    """Lets a countdown that runs begin anew when the timeline sets its period."""

    def apply(self, entry: Any) -> None:
        super().apply(entry)
        match entry.action:
            case ir.SetParameter(population, ir.PERIOD, view):
                for neuron in self.populations[population].neurons[view.start : view.stop]:
                    if neuron[ir.COUNTDOWN] > 0:
                        neuron[ir.COUNTDOWN] = neuron[ir.PERIOD]


# --- numbers ------------------------------------------------------------------------------


class ClockAddedUp(OracleSimulation):
    """Adds up dt instead of multiplying it with the step."""

    clock = 0.0

    def gather(self) -> None:
        for population in self.populations.values():
            for neuron in population.neurons:
                neuron[ir.TIME] = self.clock
        self.clock += self.ir.dt
        super().gather()


class SubnormalsFlushed(OracleSimulation):
    """Has no numbers between 0 and the smallest normal one."""

    def update(self, k: int) -> None:
        smallest = np.finfo(np.float64).smallest_normal
        with instead(kept=lambda number: number if abs(number) >= smallest else 0 * number):
            super().update(k)


class IntegersSaturate(OracleSimulation):
    """Keeps the largest integer where one grows beyond it."""

    def step(self, k: int) -> NonFinite | None:
        def clamped(number: Any) -> Any:
            return max(-(2**63), min(number, 2**63 - 1)) if type(number) is int else number

        with instead(kept=clamped):
            return super().step(k)


class DrawsOneStepLate(OracleSimulation):
    """Uses the draws of the step before: of cells and of sources."""

    def update(self, k: int) -> None:
        with self.late():
            super().update(k)

    def events(self, k: int) -> Any:
        with self.late():
            return super().events(k)

    def late(self) -> Any:
        drawn = scalar.drawn
        return instead(drawn=lambda key, step, i: drawn(key, max(step - 1, 0), i))


class NormalOfAllBits(OracleSimulation):
    """Makes normal numbers from whole draws instead of their high halves."""

    def update(self, k: int) -> None:
        def number(distribution: str, u: int, mean: Any) -> float:
            if distribution != "normal":
                return random_number(distribution, u, mean)
            return float(scalar.function("normal_quantile")((u + 0.5) * 2.0**-64))

        random_number = scalar.random_number
        with instead(random_number=number):
            super().update(k)


class DrivesOneStepLate(OracleSimulation):
    """Delivers the events of drives in the step after the one in which they are drawn."""

    def update(self, k: int) -> None:
        super().update(k)
        for population in self.populations.values():
            for draw in (draw for draw, *_ in population.draws if draw.distribution == "poisson"):
                for neuron in population.neurons:
                    late = neuron.get(f"late {draw.name}", 0.0)
                    neuron[f"late {draw.name}"] = neuron[draw.name]
                    neuron[draw.name] = late


class CountsFromTheOtherSide(OracleSimulation):
    """Counts thresholds above a draw instead of those below it."""

    def update(self, k: int) -> None:
        poisson_count = scalar.poisson_count
        with instead(poisson_count=lambda mean, u: poisson_count(mean, 2**64 - 1 - u)):
            super().update(k)


# --- identity -----------------------------------------------------------------------------


class DigestsWithoutCountdowns(OracleSimulation):
    """Leaves refractory countdowns out of the state digests."""

    def hash_states(self) -> None:
        neurons = [each for every in self.populations.values() for each in every.neurons]
        kept = [each.get(ir.COUNTDOWN) for each in neurons]
        for neuron in neurons:
            neuron[ir.COUNTDOWN] = 0
        super().hash_states()
        for neuron, countdown in zip(neurons, kept, strict=True):
            if countdown is None:
                del neuron[ir.COUNTDOWN]
            else:
                neuron[ir.COUNTDOWN] = countdown
