"""Do backends agree on network after network? The first on which they do not is written down."""

from __future__ import annotations

import faulthandler
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fuzz.subjects import KINDS, Subject

from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import available
from netspec.backend.require import missing_features
from netspec.compare import explain_divergence, known_to_differ, record_differences
from netspec.errors import SpecError
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.testing.conformance import run

MOST_ORACLE_STEPS = 20_000
"""Neuron-steps of the networks that the oracle runs too: it is slow."""

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

    def run(self, network: RealisedNetwork) -> RunRecord:
        return run(self.backend, self.options, network)


ORACLE, NUMPY = "oracle", "numpy"

_SIDES: tuple[tuple[str, dict[str, Any], int], ...] = (
    *(("native", {"threads": threads}, 1) for threads in (1, 2, 3)),
    ("native", {"threads": 2, "optimize": 0, "vectors": "common"}, 4),
    ("brian2", {}, 4),  # it takes longer than all others together
)


def side(name: str, every: int = 1, **options: Any) -> Side:
    """Return an installed backend."""
    backend = available()[name]
    return Side(backend, backend.options(**options), every)


def fast_sides() -> list[Side]:
    """Return what is compared, besides oracle and NumPy: those of `_SIDES` that are installed."""
    installed = [each for each in _SIDES if available()[each[0]].version() is not None]
    return [side(name, every, **options) for name, options, every in installed]


@dataclass
class Figures:
    """What has been compared.

    Attributes:
        networks: Of each kind.
        refused: Documents of each kind that describe no network.
        neuron_steps: Of all networks, each counted once.
        spikes: Likewise.
        runs: Of each side.
        lacking: Runs that a side says it is not able to do.
    """

    networks: Counter[str] = field(default_factory=Counter)
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
        sides: Compared with the oracle, or with NumPy where that would take long.
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
    text = fault(network, able, figures)
    return None if text is None else Finding(subject, text)


def neuron_steps(network: RealisedNetwork) -> int:
    """Return how much there is to run."""
    return network.ir.steps * sum(each.size for each in network.ir.populations)


def _able(
    network: RealisedNetwork, number: int, sides: Sequence[Side], figures: Figures
) -> Iterator[Side]:
    """Yield what runs a network, the reference first."""
    if neuron_steps(network) <= MOST_ORACLE_STEPS:
        yield side(ORACLE)
    for each in (side(NUMPY), *sides):
        if missing_features(network.ir, each.backend):
            figures.lacking[each.name] += 1
        elif number % each.every == 0:
            yield each


def fault(network: RealisedNetwork, able: Sequence[Side], figures: Figures) -> str | None:
    """Return how one of some sides fails or differs from the first of them, if one does."""
    reference, wanted = able[0], None
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
            lines = [f"{reference.name} and {each.name} disagree", *(one.text for one in found)]
            until = known_to_differ(found)
            return "\n".join((*lines, "", _divergence(network, reference, each, until)))
    return None


def _divergence(network: RealisedNetwork, one: Side, other: Side, until: float) -> str:
    names = (one.name, other.name)
    try:
        return explain_divergence(network, one.run, other.run, names, until=until)
    except Exception:
        return f"where they part is not found\n\n{traceback.format_exc()}"
