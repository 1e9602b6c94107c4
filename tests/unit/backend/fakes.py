"""A backend that simulates nothing, and a way to have it installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from netspec.backend import registry
from netspec.backend.capabilities import Capabilities
from netspec.backend.observed import observed
from netspec.backend.program import Program
from netspec.backend.protocol import BackendOptions, RunControl
from netspec.ir.features import FEATURES
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord, SpikeRecord

MISSING = "its simulator is missing; install it with: pip install fake"
"""What is said of a backend without one."""


class FakeOptions(BackendOptions):
    target: str = "fast"
    threads: int = 1


class CommandOptions(FakeOptions):
    commands: ClassVar[frozenset[str]] = frozenset({"compiler"})
    compiler: str | None = None


class NoOptions(BackendOptions):
    pass


_DTYPES = {"real": np.float64, "integer": np.int64}

Steps = Callable[[RunControl, int], tuple[int, object]]


def all_steps(control: RunControl, steps: int) -> tuple[int, object]:
    """Go through all steps unless asked to stop; no outcome."""
    for step in range(steps):
        control.progress(step)
        if control.should_stop():
            return step + 1, None
    control.progress(steps)
    return steps, None


@dataclass
class FakeBackend:
    name: str = "fake"
    options: type[BackendOptions] = FakeOptions
    missing: tuple[str, ...] = ()
    rank: int = 0
    most_neuron_steps: int | None = None
    simulator: str | None = "1.0"
    steps: Steps = all_steps
    spike_at: int = 0
    built: list[BackendOptions] = field(default_factory=list)
    network: RealisedNetwork | None = None

    @property
    def capabilities(self) -> Capabilities:
        supported = frozenset(FEATURES) - frozenset(self.missing)
        reasons = dict.fromkeys(self.missing, "planned")
        whys = dict.fromkeys(self.missing, "nobody asked")
        return Capabilities(
            supported, reasons, whys, self.rank, "pip install fake", self.most_neuron_steps
        )

    def version(self) -> str | None:
        return self.simulator

    def emit(self, network: RealisedNetwork, options: BackendOptions) -> Program:
        self.network = network
        return Program(self.name, "main.txt", {"main.txt": "a program\n"}, {"x": np.arange(2)})

    def build(self, program: Program, options: BackendOptions) -> FakeSimulation:
        self.built.append(options)
        return FakeSimulation(self, options)


@dataclass
class PickyBackend(FakeBackend):
    """A backend that misses something for the target `fast`, and knows it."""

    simulator: str | None = None

    def what_is_missing(self, options: FakeOptions) -> str | None:
        return f"there is no {options.target} thing" if options.target == "fast" else None


@dataclass
class FakeSimulation:
    backend: FakeBackend
    options: BackendOptions

    @property
    def wall_times(self) -> Mapping[str, float]:
        return {}

    def run(self, control: RunControl) -> RunRecord:
        assert self.backend.network is not None
        network = self.backend.network.ir
        done, end = self.backend.steps(control, network.steps)
        at = self.backend.spike_at
        one = SpikeRecord(np.array([at]), np.array([0]))
        none = SpikeRecord(np.empty(0, np.int64), np.empty(0, np.int64))
        sources = {each.name for each in network.sources}
        spikes = {
            each.name: one if at < done and each.name not in sources else none
            for each in network.emitters
        }
        states = tuple(
            np.zeros((each.n_samples(done), len(each.view)), _DTYPES[each.kind])
            for each in network.state_recordings
        )
        hashed = network.populations if self.options.state_digest and end is None else ()
        digests = {each.name: "00" * 32 for each in hashed}
        return RunRecord(
            steps=done,
            states=states,
            state_digests=digests,
            outcome=end,  # type: ignore[arg-type]
            **observed(network, spikes),
        )


def point(name: str, loaded: object, distribution: str = "netspec-fake") -> SimpleNamespace:
    """Return what `importlib.metadata` says of an installed backend."""

    def load() -> object:
        if isinstance(loaded, Exception):
            raise loaded
        return loaded

    dist = SimpleNamespace(name=distribution)
    return SimpleNamespace(name=name, value=f"{distribution}:backend", dist=dist, load=load)


def install(monkeypatch: pytest.MonkeyPatch, *backends: object) -> None:
    """Make these, and no others, the installed backends; fakes or entry points."""
    points = [
        point(each.name, each) if isinstance(each, FakeBackend) else each for each in backends
    ]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: tuple(points))
