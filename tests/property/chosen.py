"""Three random networks that are compiled as one, since compiled targets are dear.

`python -m tests.regenerate` chooses them anew and writes them to `drawn/`.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from property.features import features
from property.networks import document, network, with_files

import netspec
from netspec.passes.pipeline import lowered, realised
from netspec.realise.network import RealisedNetwork
from netspec.testing.conformance import expected
from netspec.testing.documents import prefixed, together

FOLDER = Path(__file__).parent / "drawn"
NAMES = ("first", "second", "third")
DURATION = "20 ms"

CANDIDATES = range(700)
MOST = 29
"""Sources, projections and, twice, populations in the program of the three: they are compiled."""

TOGETHER = frozenset(
    {
        *("leaky_if", "izhikevich", "euler", "exact"),
        *("cond", "curr", "jump", "kick", "satur"),
        *("Poisson.rate", "SpikeTimes.times", "PoissonDrive.rate", "Current.amplitude"),
        *("CorrelatedPoisson.rate", "Regular.size GammaRenewal.size PulsePacket.size"),
        *("Course.piecewise Course.ramp Course.sine", "Course.array Course.noise"),
        *("Network.tables", "Rule.distance_dependent", "Rule.watts_strogatz"),
        *("FromFile.unit", "PoissonDrive.start PoissonDrive.stop Current.start Current.stop"),
        *("TimelineEntry.connect", "TimelineEntry.disconnect", "TimelineEntry.set"),
        *("TimelineEntry.add_edges", "TimelineEntry.every"),
        *("StateMonitor.during", "SpikeMonitor.during", "Monitors.counts", "Monitors.rates"),
    }
)
"""What the three have between them, or one thing of several: features, models and receptors."""


def read() -> dict[str, netspec.Network]:
    """Return the three networks by name."""
    return {name: netspec.Network.load(FOLDER / f"{name}.json") for name in NAMES}


def in_one(parts: Mapping[str, netspec.Network]) -> netspec.Network:
    """Return the network that holds all parts, with their names before those of their objects.

    Args:
        parts: By name; their data files are in one folder.
    """
    renamed = [prefixed(each.to_document(), f"{name}_") for name, each in parts.items()]
    (folder,) = {each.folder for each in parts.values()}
    return netspec.Network(**together(renamed, DURATION)).in_folder(folder or ".")


def marks(described: netspec.Network) -> frozenset[str]:
    """Return what a network has of `TOGETHER`."""
    cells = [described.cells[each.cell] for each in described.populations.values()]
    used = {name for each in cells for name in (each.model, each.integrator, *each.receptors)}
    used |= features(described)
    return frozenset(each for each in TOGETHER if not used.isdisjoint(each.split()))


def silent(made: RealisedNetwork) -> set[str]:
    """Return the populations and inputs that never spike."""
    return {name for name, each in expected(made).spikes.items() if each.steps.size == 0}


def write() -> None:
    """Choose three networks and write them with their data files."""
    chosen = _chosen()
    shutil.rmtree(FOLDER)
    FOLDER.mkdir()
    for name, number in zip(NAMES, chosen, strict=True):
        made, files = with_files(number)
        netspec.Network(**made).save(FOLDER / f"{name}.json")
        for file, content in files.items():
            (FOLDER / file).write_bytes(content)


def _chosen() -> tuple[int, ...]:
    """Return numbers of three small networks that have it all and spike, with most features."""
    made = {number: network(document(number)) for number in CANDIDATES}
    for numbers in _choices(made):
        parts = {name: made[number] for name, number in zip(NAMES, numbers, strict=True)}
        if not silent(realised(in_one(parts))):
            return numbers
    raise LookupError("no three networks will do: look through more")


def _choices(made: Mapping[int, netspec.Network]) -> list[tuple[int, ...]]:
    """Return numbers of three small networks that have it all, those with most features first."""
    used = {number: features(each) for number, each in made.items()}
    own = {number: marks(each) for number, each in made.items()}
    sizes = {number: _size(each) for number, each in made.items()}
    having = {mark: [number for number in made if mark in own[number]] for mark in TOGETHER}
    found: dict[tuple[int, ...], int] = {}
    for pair in combinations(made, 2):
        missing = TOGETHER.difference(*(own[each] for each in pair))
        for number in min((having[mark] for mark in missing), key=len, default=()):
            three = (*pair, number)
            if missing <= own[number] and sum(sizes[each] for each in three) <= MOST:
                found[tuple(sorted(three))] = len(set().union(*(used[each] for each in three)))
    return sorted(found, key=lambda three: (-found[three], three))


def _size(described: netspec.Network) -> int:
    """Return what the program is made of; the timeline may add edges."""
    whole = lowered(described)
    return 2 * len(whole.populations) + len(whole.sources) + len(whole.links)
