"""Do backends agree on network after network? The first on which they do not is written down."""

from __future__ import annotations

import faulthandler
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from fuzz.subjects import KINDS, Subject

from netspec.backend.choice import with_threads
from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import BackendChoiceError, available, missing_simulator
from netspec.backend.require import missing_features
from netspec.compare import explain_divergence, known_to_differ, record_differences
from netspec.errors import BackendError, SpecError
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.testing.conformance import run

MOST_SLOW_STEPS = 20_000
"""Neuron-steps of the networks that backends run which are slow on purpose, as the oracle is."""

THREADS = (1, 2, 3)

SELDOM = 4
"""One in so many networks is run by a backend whose simulator makes it slower than one without:
it takes longer than all others together."""

MAX_MEMORY = 2 * 10**9

PATIENCE = 1800.0
"""Seconds after which a network is taken for one that never ends; a process may be stopped."""


@dataclass(frozen=True)
class Side:
    """A backend with options.

    Attributes:
        every: It runs one in so many networks.
    """

    backend: AnyBackend
    options: BackendOptions
    every: int = 1

    @property
    def name(self) -> str:
        chosen = self.options.model_dump(exclude_defaults=True)
        return " ".join((self.backend.name, *(f"{key}={value}" for key, value in chosen.items())))

    @property
    def is_slow_on_purpose(self) -> bool:
        return self.backend.capabilities.most_neuron_steps is not None

    def run(self, network: RealisedNetwork) -> RunRecord:
        return run(self.backend, self.options, network)


def installed_sides() -> tuple[list[Side], dict[str, str]]:
    """Return what is compared, and why other backends are left out, by name.

    These are all backends with their default options, and on several numbers of threads where they
    have that option. The first that can run a network is the reference for it: one that is slow on
    purpose, as the definition of everything is, else one that needs no simulator.
    """
    usable, left_out = [], {}
    for name in (backends := available()):
        try:
            backend = backends[name]
        except BackendError as error:
            left_out[name] = str(error)
            continue
        if missing := missing_simulator(backend):
            left_out[name] = missing
        else:
            usable.append(backend)
    usable.sort(key=lambda each: (bool(each.capabilities.install), each.capabilities.rank))
    return [side for backend in usable for side in _sides_of(backend, usable)], left_out


def _sides_of(backend: AnyBackend, usable: Sequence[AnyBackend]) -> Iterator[Side]:
    """Yield a backend on each number of threads that it can have."""
    every = SELDOM if any(_is_slower(backend, each) for each in usable) else 1
    for threads in THREADS:
        try:
            options = with_threads(backend, backend.options(), threads)
        except BackendChoiceError:
            continue
        yield Side(backend, options, every)


def _is_slower(one: AnyBackend, other: AnyBackend) -> bool:
    """Tell whether a backend needs a simulator and is slower than one that needs none."""
    first, second = one.capabilities, other.capabilities
    return bool(first.install) and not second.install and first.rank < second.rank


@dataclass
class Figures:
    """What has been compared.

    Attributes:
        left_out: Backends that take no part, and why.
        networks: Of each kind.
        not_compared: Of these, those that fewer than two sides can run.
        refused: Documents of each kind that describe no network.
        neuron_steps: Of all networks, each counted once.
        spikes: Likewise.
        runs: Of each side.
        lacking: Runs that a side says it is not able to do.
    """

    left_out: Mapping[str, str] = field(default_factory=dict)
    networks: Counter[str] = field(default_factory=Counter)
    not_compared: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    neuron_steps: int = 0
    spikes: int = 0
    not_finite: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {kind}" for kind, number in self.networks.items())
        lines = [
            f"networks      {self.networks.total():,} ({kinds}); {self.not_finite} not finite",
            f"refused       {self.refused.total():,} documents",
            f"neuron-steps  {self.neuron_steps:,}",
            f"spikes        {self.spikes:,}",
            *(f"runs          {number:,} of {name}" for name, number in self.runs.items()),
            *(f"not able      {number:,} of {name}" for name, number in self.lacking.items()),
            *[f"not compared  {self.not_compared:,} networks"] * bool(self.not_compared),
            *(f"left out      '{name}': {reason}" for name, reason in self.left_out.items()),
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class Finding:
    """A document on which two backends disagree, or one fails; what is known of it."""

    subject: Subject
    text: str

    def write(self, folder: Path) -> Path:
        """Write document and text into a folder of their own, and return it."""
        own = folder / self.subject.name
        own.mkdir(parents=True, exist_ok=True)
        self.subject.write(own)
        (own / "report.txt").write_text(self.text + "\n", encoding="utf-8")
        return own


def search(
    seconds: float,
    start: int,
    sides: Sequence[Side],
    kinds: Iterable[str] = KINDS,
    figures: Figures | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Finding | None:
    """Compare network after network until the time is over, or until one shows a fault.

    Args:
        seconds: How long; at least one network of each kind is run.
        start: Number of the first network.
        sides: Compared with the first of them that can run the network.
        kinds: Keys of `KINDS`.
        figures: Counts what has been done.
        say: Told which network is next; if that never ends, the process does.
    """
    figures = Figures() if figures is None else figures
    end = time.monotonic() + seconds
    for number in count(start):
        for kind in kinds:
            if time.monotonic() > end and number > start:
                return None
            say(f"{kind} {number}")
            faulthandler.dump_traceback_later(PATIENCE, exit=True, file=sys.__stderr__)
            finding = _try(kind, number, sides, figures)
            faulthandler.cancel_dump_traceback_later()
            if finding is not None:
                return finding
    return None


def _try(kind: str, number: int, sides: Sequence[Side], figures: Figures) -> Finding | None:
    subject = KINDS[kind](number)
    try:
        network = realised(subject.network(), max_memory=MAX_MEMORY)
    except SpecError:
        figures.refused[kind] += 1
        return None
    except Exception:
        return Finding(subject, f"netspec fails\n\n{traceback.format_exc()}")
    figures.networks[kind] += 1
    able = list(_able(network, number, sides, figures))
    figures.not_compared += len(able) < 2
    text = fault(network, able, figures)
    return None if text is None else Finding(subject, text)


def neuron_steps(network: RealisedNetwork) -> int:
    """Return how much there is to run."""
    return network.ir.steps * sum(each.size for each in network.ir.populations)


def _able(
    network: RealisedNetwork, number: int, sides: Sequence[Side], figures: Figures
) -> Iterator[Side]:
    """Yield what runs a network, the reference first."""
    is_long = neuron_steps(network) > MOST_SLOW_STEPS
    for each in sides:
        if missing_features(network.ir, each.backend):
            figures.lacking[each.name] += 1
        elif number % each.every == 0 and not (is_long and each.is_slow_on_purpose):
            yield each


def fault(network: RealisedNetwork, able: Sequence[Side], figures: Figures) -> str | None:
    """Return how one of some sides fails or differs from the first of them, if one does."""
    wanted = None
    for each in able:
        try:
            record = each.run(network)
        except Exception:
            return f"{each.name} fails\n\n{traceback.format_exc()}"
        figures.runs[each.name] += 1
        if wanted is None:
            wanted = record
            figures.neuron_steps += neuron_steps(network)
            figures.spikes += sum(tally.count for tally in record.tallies.values())
            figures.not_finite += record.outcome is not None
        elif found := record_differences(wanted, record, network):
            lines = [f"{able[0].name} and {each.name} disagree", *map(str, found)]
            until = known_to_differ(found)
            return "\n".join((*lines, "", _divergence(network, able[0], each, until)))
    return None


def _divergence(network: RealisedNetwork, one: Side, other: Side, until: float) -> str:
    names = (one.name, other.name)
    try:
        return explain_divergence(network, one.run, other.run, names, until=until)
    except Exception:
        return f"where they part is not found\n\n{traceback.format_exc()}"
