"""What can run a network: backends of netspec, and simulators with a program written by hand.

The process that measures knows engines by what they are called; simulators are imported where a
worker runs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from math import inf
from types import MappingProxyType
from typing import Any, Protocol

from benchmarks.job import Clock, Job, Outcome


class Engine(Protocol):
    """Runs networks.

    Attributes:
        key: Its name on the command line.
        title: Its name in the table.
        distribution: What is installed with it, for its version.
        has_cache: Whether it keeps what it compiles for the next process.
        is_slow_to_compile: Whether it starts with an empty cache in the first turn only.
    """

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def distribution(self) -> str: ...
    @property
    def has_cache(self) -> bool: ...
    @property
    def is_slow_to_compile(self) -> bool: ...

    def is_installed(self) -> bool:
        """Tell whether the simulator can be imported."""
        ...

    def can_run(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether it has the model, and can do so much in minutes.

        Args:
            facts: As `networks.facts` returns them.
        """
        ...

    def note(self, model: str) -> str:
        """Return what its network differs in from that of the document, if in anything."""
        ...

    def run(self, job: Job, clock: Clock) -> Outcome:
        """Run a network; only in a process of its own."""
        ...


@dataclass(frozen=True)
class NetspecBackend:
    """A backend of netspec, with the document.

    Attributes:
        choice: Name and options of the backend.
        most_synapses: Networks with more would take it hours, or all memory.
        most_projections: Likewise; each is a program to compile.
    """

    key: str
    title: str
    choice: str
    has_cache: bool = False
    is_slow_to_compile: bool = False
    most_synapses: float = inf
    most_projections: float = inf
    distribution: str = "netspec-snn"

    def is_installed(self) -> bool:
        return True

    def can_run(self, facts: Mapping[str, Any]) -> bool:
        return bool(
            facts["synapses"] <= self.most_synapses
            and facts["projections"] <= self.most_projections
        )

    def note(self, model: str) -> str:
        return ""

    def run(self, job: Job, clock: Clock) -> Outcome:
        with clock.phase("import"):
            import netspec

            load, compiled_for = netspec.load, netspec.compile
        with clock.phase("check"):
            network = load(job.document)
        compiled = compiled_for(network, backend=self.choice, state_digest=False)
        results = compiled.run()
        for phase, seconds in results.metadata["wall_times"].items():
            clock.add(phase, seconds)
        return Outcome(results.counts, results.digest())


@dataclass(frozen=True)
class PlainBrian2:
    """Brian2 with the script of a user."""

    key: str
    title: str
    target: str
    has_cache: bool = False
    is_slow_to_compile: bool = False
    distribution: str = "brian2"

    def is_installed(self) -> bool:
        return find_spec("brian2") is not None

    def can_run(self, facts: Mapping[str, Any]) -> bool:
        return facts["model"] in ("lif_inhibition", "coba", "cobahh", "brunel_delta")

    def note(self, model: str) -> str:
        return ""

    def run(self, job: Job, clock: Clock) -> Outcome:
        with clock.phase("import"):
            from benchmarks.by_hand import brian2_run
        return brian2_run.run(job, clock, self.target)


_NEST_THREAD_HOLDS = 134_217_726
"""Connections of one synapse model that NEST keeps for a thread; it refuses more."""


@dataclass(frozen=True)
class Nest:
    """NEST with the script of a user.

    Attributes:
        is_for_many: Whether it is only for what would be too much for half of its threads.
    """

    key: str
    title: str
    threads: int
    is_for_many: bool = False
    has_cache: bool = False
    is_slow_to_compile: bool = False
    distribution: str = "nest-simulator"

    def is_installed(self) -> bool:
        return find_spec("nest") is not None

    def can_run(self, facts: Mapping[str, Any]) -> bool:
        if facts["model"] not in ("coba", "brunel_delta", "potjans_diesmann"):
            return False
        most = self.threads * _NEST_THREAD_HOLDS
        least = most // 2 if self.is_for_many else 0
        return bool(least < facts["synapses"] <= most)

    def note(self, model: str) -> str:
        return "approximate" if model == "coba" else ""

    def run(self, job: Job, clock: Clock) -> Outcome:
        with clock.phase("import"):
            from benchmarks.by_hand import nest_run
        return nest_run.run(job, clock, self.threads)


_ALL: tuple[Engine, ...] = (
    NetspecBackend("native-1", "netspec native, 1 thread", "native:threads=1", has_cache=True),
    NetspecBackend("native-2", "netspec native, 2 threads", "native:threads=2", has_cache=True),
    NetspecBackend("numpy", "netspec numpy", "numpy", most_synapses=4e7),
    NetspecBackend("netspec-brian2-numpy", "netspec brian2, numpy", "brian2", most_synapses=2e7),
    NetspecBackend(
        "netspec-brian2-cython",
        "netspec brian2, Cython",
        "brian2:target=cython",
        has_cache=True,
        is_slow_to_compile=True,
        most_synapses=2e7,
        most_projections=10,
    ),
    NetspecBackend(
        "netspec-brian2-cpp",
        "netspec brian2, C++ standalone",
        "brian2:target=cpp_standalone",
        most_synapses=2e7,
        most_projections=10,
    ),
    PlainBrian2("brian2-numpy", "Brian2, numpy", "numpy"),
    PlainBrian2(
        "brian2-cython",
        "Brian2, Cython",
        "cython",
        has_cache=True,
        is_slow_to_compile=True,
    ),
    PlainBrian2("brian2-cpp", "Brian2, C++ standalone", "cpp_standalone"),
    Nest("nest-1", "NEST, 1 thread", 1),
    Nest("nest-2", "NEST, 2 threads", 2),
    Nest("nest-4", "NEST, 4 threads", 4, is_for_many=True),
)

ENGINES: Mapping[str, Engine] = MappingProxyType({each.key: each for each in _ALL})


def described(engine: Engine) -> dict[str, str]:
    """Return what the table says of an engine."""
    return {"title": engine.title, "version": version(engine.distribution)}
