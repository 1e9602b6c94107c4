"""What everything of a network is called in the program, in C and in Python alike."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from netspec.codegen.environment import words
from netspec.codegen.names import identifiers, joined
from netspec.codegen.numpy_printer import NUMPY_NAMES
from netspec.expr.functions import FUNCTIONS
from netspec.ir import nodes as ir

_C = """
    alignas alignof auto bool break case char const continue default do double else enum extern
    false float for goto if inline int long register restrict return short signed sizeof static
    struct switch true typedef typeof union unsigned void volatile while asm linux unix
    ceil copysign fabs floor sqrt
    int32_t int64_t uint8_t uint16_t uint32_t uint64_t
"""
_RECORDS = """
    int16_t edge int16_edge int32_edge float_edge double_edge
    EDGE INT16_EDGE INT32_EDGE FLOAT_EDGE DOUBLE_EDGE
    ROWS INT16_ROWS INT32_ROWS FLOAT_ROWS DOUBLE_ROWS
"""
"""What an edge is stored as, with each C type of its weight."""

_SYSTEM = re.compile(
    r"(arc4random|atomic|canonicalize|clock|cpu|drand48|fd|fmaximum|fminimum|it|kill|math|memory|mm"
    r"|netspec|on|posix|pkey|process|shm|memfd|pthread|quick|rand|random|sched|secure|strerror|strerrordesc|strerrorname"
    r"|sigabbrev|sigdescr|timer|timespec|tm|tv|u)_\w+|at_quick_exit|aligned_alloc|explicit_bzero|getdate_err|remap_file_pages"
    r"|\w+_[trl]|M_\w+|[A-Z0-9]+_[A-Z0-9_]+"
)
"""What the headers of the C library may define, and names like those."""

RESERVED = frozenset(keyword.kwlist).union(
    _C.split(), _RECORDS.split(), FUNCTIONS, NUMPY_NAMES, words(__package__)
)
"""Words of C and Python, and all that the templates use."""

Key = tuple[str, ...]


class Names:
    """Identifiers by role and names of the IR, e.g. `names("value", "exc", "V")`."""

    def __init__(self, network: ir.Network) -> None:
        wanted = dict(_wanted(network))
        of_system = filter(_SYSTEM.fullmatch, wanted.values())
        self._table = identifiers(wanted, RESERVED.union(of_system))

    def __call__(self, role: str, *parts: str) -> str:
        """Return the identifier of something."""
        return self._table[(role, *parts)]

    def version(self, population: str, value: str, number: int) -> str | None:
        """Return what a value is called after its n-th assignment, if there are so many."""
        return self._table.get(("version", population, value, str(number)))


def _wanted(network: ir.Network) -> Iterator[tuple[Key, str]]:
    for population in network.populations:
        yield from _of_population(population)
    for source in network.sources:
        yield from _of_event(source.name, ir.SPIKE)
        for role in (
            "share",
            "first",
            "end",
            "key",
            "high",
            "low",
            "listed_steps",
            "listed_indices",
            "next",
            "emit",
        ):
            yield (role, source.name), joined(source.name, role)
    for projection in network.projections:
        for role in ("deliver", "connected", "firsts", "targets", "weight", "weights", "delays"):
            yield (role, projection.name), joined(projection.name, role)
    for gather in network.gathers:
        for role in ("connected", "sources", "first", "weight", "gather", "total"):
            yield (role, gather.name), joined(gather.name, role)
    for number, recording in enumerate(network.state_recordings):
        wanted = joined(recording.population, recording.variable, "samples")
        for role in ("samples", "sample_steps", "n_samples", "record"):
            suffix = () if role == "samples" else (role,)
            yield (role, str(number)), joined(wanted, *suffix)


def _of_population(population: ir.Population) -> Iterator[tuple[Key, str]]:
    name, cell = population.name, population.cell
    for role in ("share", "first", "end", "update", "ports"):
        yield (role, name), joined(name, role)
    for event in dict.fromkeys((ir.SPIKE, *(each.name for each in cell.events))):
        yield from _of_event(name, event)
        for role in ("happens", "any", "known", "reached"):
            yield (role, name, event), joined(name, event, role)
    for value in named_values(cell):
        yield ("value", name, value), joined(name, value)
    for value, versions in _versions(cell).items():
        for version in range(1, versions + 1):
            number = str(version) if version > 1 else ""
            yield ("version", name, value, str(version)), joined(name, value, "next") + number
    for entries, roles in (
        (cell.state, ("updated",)),
        (cell.tables, ("table",)),
        (cell.draws, ("mean", "limits", "key")),
        (cell.ports, ("acc", "n_events")),
        (cell.locals, ("far",)),
    ):
        for entry in entries:
            for role in roles:
                yield (role, name, entry.name), joined(name, entry.name, role)


def named_values(cell: ir.Cell) -> Iterator[str]:
    """Yield the names of everything that has values while the program runs."""
    declared = (cell.state, cell.locals, cell.gathered, cell.parameters, cell.draws, cell.tables)
    yield from (entry.name for entries in declared for entry in entries)


def _versions(cell: ir.Cell) -> Counter[str]:
    """Return how often each name is assigned in the stages and the ports."""
    update = _assigned(each for stage in cell.stages for each in stage.statements)
    return update + _assigned(each for port in cell.ports for each in port.statements)


def _assigned(statements: Iterable[ir.Statement]) -> Counter[str]:
    return Counter(statement.target for statement in statements)


def _of_event(owner: str, event: str) -> Iterator[tuple[Key, str]]:
    # Spikes are what most things are about, so they have the short name.
    middle = () if event == ir.SPIKE else (event,)
    for role in ("fired", "n_fired", "steps", "indices"):
        yield (role, owner, event), joined(owner, *middle, role)
