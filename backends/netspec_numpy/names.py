"""What everything of a network is called in the program."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from netspec.codegen.names import identifiers, joined
from netspec.codegen.numpy_printer import NUMPY_NAMES
from netspec.expr.functions import FUNCTIONS
from netspec.ir import nodes as ir

# Listed and not asked of the interpreter, so that every Python emits the same names.
_BUILTINS = "FloatingPointError all dict int len list min print range slice sorted zip"
_PROGRAM = """
    CHANGES Counts MASK NOTHING Path STEPS Spikes arrays begun bernoulli_numbers by_step
    combined_digest counts digest digests dt due each edges first_non_finite hand_over hashed
    hashlib integers_of_steps joined k keep_going kept leaving math name non_finite
    normal_numbers np philox poisson_numbers poisson_spikes print_result random_words
    require_subnormals row rows schedule simulate spike_digest spike_record spikes squares state
    state_digests sum_in_lanes sys t targets terms uniform_numbers values weights within
    words_of_steps
"""

RESERVED = frozenset(keyword.kwlist).union(
    _BUILTINS.split(), _PROGRAM.split(), NUMPY_NAMES, FUNCTIONS
)
"""Words that Python has and names that the templates use."""

Key = tuple[str, ...]


class Names:
    """Identifiers by role and names of the IR, e.g. `names("value", "exc", "V")`."""

    def __init__(self, network: ir.Network) -> None:
        self._table = identifiers(dict(_wanted(network)), RESERVED)

    def __call__(self, role: str, *parts: str) -> str:
        """Return the identifier of something."""
        return self._table[(role, *parts)]


def _wanted(network: ir.Network) -> Iterator[tuple[Key, str]]:
    for population in network.populations:
        yield from _of_population(population)
    for source in network.sources:
        yield from _of_event(source.name, ir.SPIKE)
        for role in ("batch", "batch_start", "batch_end", "high", "low", "listed"):
            yield (role, source.name), joined(source.name, role)
    for projection in network.projections:
        for role in ("connected", "targets", "weight", "weights", "first", "stretches", "ring"):
            yield (role, projection.name), joined(projection.name, role)
    for gather in network.gathers:
        for role in ("connected", "sources", "targets", "weight", "weights"):
            yield (role, gather.name), joined(gather.name, role)
    for number, recording in enumerate(network.state_recordings):
        wanted = joined(recording.population, recording.variable, "samples")
        yield ("samples", str(number)), wanted
        yield ("n_samples", str(number)), joined("n", wanted)


def _of_population(population: ir.Population) -> Iterator[tuple[Key, str]]:
    name, cell = population.name, population.cell
    yield ("size", name), joined(name, "size")
    for event in dict.fromkeys((ir.SPIKE, *(each.name for each in cell.events))):
        yield from _of_event(name, event)
    for variable in named_values(cell):
        yield ("value", name, variable), joined(name, variable)
        yield ("next", name, variable), joined(name, variable, "next")
    for table in cell.tables:
        yield ("table", name, table.name), joined(name, table.name, "table")
    for draw in cell.draws:
        for role in ("batch", "batch_start", "batch_end"):
            yield (role, name, draw.name), joined(name, draw.name, role)
    for port in cell.ports:
        for role in ("acc", "n_events"):
            yield (role, name, port.name), joined(name, port.name, role)


def named_values(cell: ir.Cell) -> Iterator[str]:
    """Yield the names of everything that has values while the program runs."""
    declared = (cell.state, cell.locals, cell.gathered, cell.parameters)
    yield from (entry.name for entries in declared for entry in entries)
    yield from (draw.name for draw in cell.draws)
    yield from (table.name for table in cell.tables)


def _of_event(owner: str, event: str) -> Iterator[tuple[Key, str]]:
    # Spikes are what most things are about, so they have the short name.
    middle = () if event == ir.SPIKE else (event,)
    for role in ("fired", "spikes", "recent"):
        yield (role, owner, event), joined(owner, *middle, role)
