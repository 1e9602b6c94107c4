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
    CHANGES MASK NOTHING Path STEPS
    arrays begun by_step combined_digest counts digest digests dt due each edges
    first_non_finite hashed hashlib joined k keep_going leaving math name non_finite np philox
    poisson_spikes print_result random_words require_subnormals row schedule simulate spike_digest
    spike_record squares state state_digests sys t targets values weights
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
        yield from _of_object(source.name)
        yield ("fired", source.name, "spike"), joined(source.name, "fired")
        for role in ("batch", "batch_start", "batch_end", "high", "low", "listed"):
            yield (role, source.name), joined(source.name, role)
    for projection in network.projections:
        for role in ("connected", "targets", "weight", "weights", "first", "stretches", "ring"):
            yield (role, projection.name), joined(projection.name, role)
    for number, recording in enumerate(network.state_recordings):
        wanted = joined(recording.population, recording.variable, "samples")
        yield ("samples", str(number)), wanted


def _of_population(population: ir.Population) -> Iterator[tuple[Key, str]]:
    name, cell = population.name, population.cell
    yield from _of_object(name)
    variables: tuple[ir.Variable | ir.Parameter, ...] = (*cell.state, *cell.locals)
    for variable in (*variables, *cell.parameters):
        yield ("value", name, variable.name), joined(name, variable.name)
        yield ("next", name, variable.name), joined(name, variable.name, "next")
    for event in cell.events:
        # Spikes are what most things are about, so they have the short name.
        middle = () if event.name == "spike" else (event.name,)
        yield ("fired", name, event.name), joined(name, *middle, "fired")
    for port in cell.ports:
        for role in ("acc", "n_events"):
            yield (role, name, port.name), joined(name, port.name, role)


def _of_object(name: str) -> Iterator[tuple[Key, str]]:
    for role in ("size", "spikes", "recent"):
        yield (role, name), joined(name, role)
