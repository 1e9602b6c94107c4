"""What a description says, fact by fact: the resolved network, flat, with places for readers.

All that the fingerprint sees is in here, and nothing else but the names of models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from netspec.diff.switches import switches_of
from netspec.ir.cell import Draw, Table, View
from netspec.ir.recipe import (
    OUT_OF_FINGERPRINT,
    Chosen,
    Drawn,
    Item,
    Rule,
    TableRecipe,
    TrainsRecipe,
)
from netspec.passes import composed, resolved
from netspec.passes.composed import ComposedCell, EventRule, Symbol
from netspec.passes.fingerprint import canonical
from netspec.passes.resolved import (
    Assign,
    ResolvedGenerator,
    ResolvedInput,
    ResolvedNetwork,
    ResolvedPoisson,
    ResolvedPopulation,
    ResolvedProjection,
    ResolvedSpikeTimes,
    ResolvedTrains,
    Switch,
)
from netspec.realise.neurons import AXES
from netspec.realise.trains import TRAINS
from netspec.spec.distributions import PLAIN_NUMBERS
from netspec.spec.rules import DistanceDependent
from netspec.units import DIMENSIONLESS, FREQUENCY, LENGTH, TIME, Dimension

MODEL = ".model"
"""End of the keys of names of models, which are for readers and no part of the meaning."""

ALL = "all"
"""In place of a view of all neurons."""

Named = Iterator[tuple[str, "Fact"]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a description says.

    Attributes:
        place: Where the document says it, or would.
        value: What is shown.
        dimension: Of the numbers in it.
        compared: Equal for equal meanings, if that is not all of the value.
        is_head: Facts under its key mean something only beside this one: `normal` and its mean.
        is_order: It lists names, and tells of their order alone.
        population: Whose cell it is of.
    """

    place: str
    value: Any
    dimension: Dimension | None = None
    compared: Any = None
    is_head: bool = False
    is_order: bool = False
    population: str = ""

    def agrees(self, other: Fact) -> bool:
        """Tell whether both mean the same."""
        if self.dimension != other.dimension:
            return False
        return bool(self._meaning() == other._meaning())

    def _meaning(self) -> Any:
        return canonical(self.value) if self.compared is None else self.compared


def facts(network: ResolvedNetwork) -> dict[str, Fact]:
    """Return all facts but those of the timeline, by a key that no spelling changes."""
    return dict(_numbered(_facts(network)))


def _numbered(found: Named) -> Named:
    """Yield facts under keys that are given once; the second of a key gets a number."""
    seen: Counter[str] = Counter()
    for key, fact in found:
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key}#{seen[key]}"), fact


def _facts(network: ResolvedNetwork) -> Named:
    yield "seed", Fact("seed", network.seed)
    yield "dt", Fact("dt", network.dt, TIME)
    yield "duration", Fact("duration", network.steps * network.dt, TIME)
    if network.period:
        yield "space.period", Fact("space.period", network.period, LENGTH)
    for population in network.populations:
        yield from _population_facts(population)
    for each in network.inputs:
        yield from _input_facts(each, network.dt)
    sizes = sizes_of(network)
    for projection in network.projections:
        yield from _projection_facts(projection, sizes)
    sections = {each.name: "populations" for each in network.populations}
    for positions in network.positions:
        key = f"{sections.get(positions.owner, 'inputs')}.{positions.owner}.positions"
        yield key, Fact(key, "given", is_head=True)
        yield from _items(positions.coordinates, key, dict.fromkeys(AXES, LENGTH))


def _population_facts(population: ResolvedPopulation) -> Named:
    """Yield the facts of a population, the first of which says that it is there."""
    key = f"populations.{population.name}"
    size = f"{population.size} neurons of {population.cell.model}"
    yield key, Fact(key, size, compared=("population",), is_head=True)
    yield f"{key}.size", Fact(f"{key}.size", population.size)
    yield from _cell(population.cell, key, population.name, population.size)


def _input_facts(source: ResolvedInput, dt: Fraction) -> Named:
    """Yield the facts of an input that emits spikes."""
    key = f"inputs.{source.name}"
    kind = _kind(source)
    yield key, Fact(key, f"{kind}, {source.size} neurons", compared=("input", kind), is_head=True)
    match source:
        case ResolvedPoisson(rate=rate):
            yield f"{key}.size", Fact(f"{key}.size", source.size)
            yield from _value(f"{key}.rate", f"{key}.rate", rate, FREQUENCY)
        case ResolvedTrains(recipe=recipe):
            yield f"{key}.size", Fact(f"{key}.size", source.size)
            yield from _trains(key, recipe, dt)
        case ResolvedGenerator(cell=cell):
            yield f"{key}.size", Fact(f"{key}.size", source.size)
            yield from _cell(cell, key, source.name, source.size)
            yield from _walk(f"{key}.settable", source.settable)
        case ResolvedSpikeTimes(steps=steps):
            times = tuple(tuple(step * dt for step in each) for each in steps)
            yield f"{key}.times", Fact(f"{key}.times", times, TIME)
        case _:
            yield from _fields(key, source, ("name",))


def _kind(source: ResolvedInput) -> str:
    match source:
        case ResolvedTrains(recipe=recipe):
            return recipe.name
        case ResolvedGenerator(cell=cell):
            return cell.model
        case ResolvedPoisson():
            return "poisson"
        case _:
            return "spike_times"


def _trains(key: str, recipe: TrainsRecipe, dt: Fraction) -> Named:
    yield from _chosen(key, recipe, TRAINS[recipe.name].dimensions, TIME)
    yield f"{key}.start", Fact(f"{key}.start", recipe.start * dt, TIME)
    if recipe.stop is not None:
        yield f"{key}.stop", Fact(f"{key}.stop", recipe.stop * dt, TIME)


def sizes_of(network: ResolvedNetwork) -> dict[str, int]:
    """Return how many neurons populations and inputs have."""
    return {each.name: each.size for each in (*network.populations, *network.inputs)}


def _projection_facts(projection: ResolvedProjection, sizes: Mapping[str, int]) -> Named:
    """Yield the facts of a projection, the first of which says that it is there.

    Args:
        projection: The projection.
        sizes: Of populations and inputs.
    """
    key, place = f"projections.{projection.name}", projection.path
    ends = f"{projection.source} → {projection.target}, {projection.receptor}"
    words = f"{ends}, {projection.rule.name}"
    yield key, Fact(place, words, compared=("projection",), is_head=True)
    rule = projection.rule
    yield f"{key}.rule", Fact(f"{place}.rule", rule, compared=("rule", rule.name), is_head=True)
    lengths = dict.fromkeys(DistanceDependent.lengths, LENGTH)
    yield from _chosen(f"{key}.rule", rule, lengths, DIMENSIONLESS, f"{place}.rule.{rule.name}")
    weight = projection.weight_dimension
    yield from _value(f"{key}.weight", f"{place}.weight", projection.weight, weight)
    yield from _value(f"{key}.delay", f"{place}.delay", projection.delay, TIME)
    yield f"{key}.w_max", Fact(f"{place}.w_max", projection.w_max, weight)
    for end, view in (("source", projection.source_view), ("target", projection.target_view)):
        name = getattr(projection, end)
        seen = _seen(view, sizes.get(name, 0))
        said = name if seen == ALL else f"{name}[{view.start}:{view.stop}]"
        yield f"{key}.{end}", Fact(f"{place}.{end}", said)
    apart = (
        *("name", "rule", "weight", "weight_dimension", "delay", "w_max"),
        *("source", "source_view", "target", "target_view"),
    )
    yield from _fields(key, projection, apart, place=place)


def _chosen(
    key: str,
    chosen: Chosen,
    dimensions: Any,
    otherwise: Dimension,
    place: str | None = None,
) -> Named:
    """Yield parameters, switches and listed pairs of a rule or of trains."""
    where = key if place is None else place
    known = {each.name: dimensions.get(each.name, otherwise) for each in chosen.parameters}
    yield from _items(chosen.parameters, key, known, where)
    for name, is_on in switches_of(chosen):
        yield f"{key}.{name}", Fact(f"{where}.{name}", is_on)
    if isinstance(chosen, Rule) and chosen.pairs:
        yield f"{key}.pairs", Fact(f"{where}.pairs", chosen.pairs)


def _items(
    items: tuple[Item, ...], key: str, dimensions: dict[str, Dimension], place: str | None = None
) -> Named:
    where = key if place is None else place
    for each in items:
        dimension = dimensions.get(each.name, DIMENSIONLESS)
        yield from _value(f"{key}.{each.name}", f"{where}.{each.name}", each.value, dimension)


def _value(key: str, place: str, value: Any, dimension: Dimension) -> Named:
    """Yield a value; of a drawn one, the distribution and each of its parameters."""
    if not isinstance(value, Drawn):
        yield key, Fact(place, value, dimension)
        return
    kind = ("drawn", value.distribution, value.outside)
    yield key, Fact(place, value, dimension, compared=kind, is_head=True)
    inner = f"{place}.{value.distribution}"
    for each in value.parameters:
        plain = each.name.partition("[")[0] in PLAIN_NUMBERS
        own = DIMENSIONLESS if plain else dimension
        yield from _value(f"{key}.{each.name}", f"{inner}.{each.name}", each.value, own)


def _cell(cell: ComposedCell, key: str, population: str, size: int) -> Named:
    for inner, fact in _cell_facts(cell, key, population):
        yield inner, replace(fact, value=_seen(fact.value, size), population=population)


def _seen(value: Any, size: int) -> Any:
    """Return a value, or for all neurons the word for them: it stays true of another size."""
    return ALL if value == View(0, size) else value


def _cell_facts(cell: ComposedCell, key: str, population: str) -> Named:
    place = cell.path
    yield f"{key}{MODEL}", Fact(f"{place}{MODEL}", cell.model)
    yield (
        f"{key}.integrator",
        Fact(
            f"{place}.integrator",
            cell.integrator or "chosen by netspec",
            compared=cell.integrator or "",
        ),
    )
    for name in dict.fromkeys(_input_of(each) for each in cell.parameters if each.of_input):
        yield name, Fact(name, f"acts on {population}", compared=("effect",), is_head=True)
    for each in cell.parameters:
        owner = _input_of(each) if each.of_input else key
        yield from _symbol(f"{owner}.{each.name}", _place_of(each, place), each)
    for each in cell.state:
        yield from _symbol(f"{key}.initial.{each.name}", _initial_place(each, place), each)
    inner, where = f"{key}.equations", place
    for definition in cell.definitions:
        own = f"{inner}.{definition.name}"
        yield own, Fact(f"{where}.{definition.name}", definition.value, definition.dimension)
        yield from _unusual(own, f"{where}.{definition.name}", "sampled", definition.sampled)
    yield from _order(f"{inner}.definitions", where, cell.definitions)
    for name, tree in cell.derivatives:
        yield f"{inner}.d{name}/dt", Fact(f"{where}.d{name}/dt", tree)
    for number, stage in enumerate(cell.update):
        yield f"{inner}.update[{number}]", Fact(f"{where}.update[{number}]", stage)
    for event in cell.events:
        yield from _event(f"{inner}.{event.name}", f"{where}.{event.name}", event)
    yield from _order(f"{inner}.events", where, cell.events)
    yield from _walk(f"{inner}.draws", tuple(each for each in cell.draws if not each.origin), where)
    for draw in (each for each in cell.draws if each.origin):
        yield from _walk(f"{draw.origin}.{draw.name}", draw)
    yield from _order(f"{inner}.draws", where, cell.draws)
    for weight in cell.weights:
        yield from _fields(f"inputs.{weight.owner}.{weight.port}", weight)
    apart = (
        *("integrator", "parameters", "state", "definitions", "derivatives", "update"),
        *("events", "draws", "weights"),
    )
    yield from _fields(inner, cell, apart, place=where)


def _input_of(symbol: Symbol) -> str:
    """Return the place of the input that a parameter belongs to."""
    return ".".join(symbol.path.split(".")[:2])


def _place_of(symbol: Symbol, cell: str) -> str:
    """Return where a parameter is given, or would be if the document left it to the model."""
    if not symbol.path.endswith(MODEL):
        return symbol.path
    owner = symbol.path.removesuffix(MODEL)
    part = owner.rpartition(".")[2]
    return f"{owner}.{symbol.name if owner == cell else symbol.name.removesuffix(f'_{part}')}"


def _initial_place(symbol: Symbol, cell: str) -> str:
    is_default = symbol.path.endswith(MODEL)
    return f"{cell}.initial.{symbol.name}" if is_default else symbol.path


def _symbol(key: str, place: str, symbol: Symbol) -> Named:
    yield from _value(key, place, symbol.value, symbol.dimension)
    yield from _unusual(key, place, "kind", symbol.kind, usual="real")
    yield from _unusual(key, place, "shared", symbol.shared)


def _unusual(key: str, place: str, name: str, value: Any, usual: Any = False) -> Named:
    """Yield what is not as it usually is."""
    if value != usual:
        yield f"{key}.{name}", Fact(f"{place}.{name}", value)


def _event(key: str, place: str, event: EventRule) -> Named:
    yield f"{key}.condition", Fact(f"{place}.condition", event.condition)
    yield f"{key}.statements", Fact(f"{place}.statements", event.statements)
    for number, later in enumerate(event.later):
        own, where = f"{key}.later[{number}]", f"{place}.later[{number}]"
        yield from _value(f"{own}.after", f"{where}.after", later.after, TIME)
        yield f"{own}.statements", Fact(f"{where}.statements", later.statements)


def _order(key: str, place: str, named: tuple[Any, ...]) -> Named:
    names = tuple(each.name for each in named)
    label = f"{place}: order of {key.rpartition('.')[2]}"
    yield f"{key} in order", Fact(label, names, is_order=True)


def _fields(key: str, value: Any, apart: Any = (), *, place: str | None = None) -> Named:
    """Yield what the fields of an object say that are in the fingerprint."""
    for each in fields(value):
        if each.metadata == OUT_OF_FINGERPRINT or each.name in apart:
            continue
        where = f"{place or key}.{each.name}"
        yield from _walk(f"{key}.{each.name}", getattr(value, each.name), where)


def _walk(key: str, value: Any, place: str | None = None) -> Named:
    """Yield what any part of a resolved network says; things with names go by them."""
    where = key if place is None else place
    match value:
        case TableRecipe(rows=rows):
            yield f"{key}.rows", Fact(f"{where}.rows", rows)
            yield from _fields(key, value, ("rows",), place=where)
        case Chosen():
            yield key, Fact(where, value, compared=(type(value).__name__, value.name), is_head=True)
            yield from _chosen(key, value, {}, DIMENSIONLESS, where)
        case Drawn():
            yield from _value(key, where, value, DIMENSIONLESS)
        case tuple() if value and all(
            hasattr(each, "name") and is_dataclass(each) for each in value
        ):
            for each in value:
                own, place_of = f"{key}.{each.name}", f"{where}.{each.name}"
                kind = type(each).__name__
                yield own, Fact(place_of, "given", compared=(kind,), is_head=True)
                yield from _fields(own, each, ("name",), place=place_of)
            yield from _order(key, where, value)
        case tuple() if any(
            isinstance(each, tuple) and any(map(_is_object, each)) for each in value
        ):
            for number, each in enumerate(value):
                for position, part in enumerate(each):
                    yield from _walk(f"{key}[{number}][{position}]", part, f"{where}[{number}]")
        case tuple() if any(map(_is_object, value)):
            for number, each in enumerate(value):
                yield from _walk(f"{key}[{number}]", each, f"{where}[{number}]")
        case _ if _is_object(value):
            yield key, Fact(where, "given", compared=(type(value).__name__,), is_head=True)
            yield from _fields(key, value, place=where)
        case _:
            yield key, Fact(where, value)


def _is_object(value: Any) -> bool:
    """Tell whether a value has fields of its own to be told of, and is no number or formula."""
    is_of_passes = type(value).__module__ in (composed.__name__, resolved.__name__)
    return is_of_passes or isinstance(value, Draw | Table | TableRecipe)


def entry_key(entry: Assign | Switch) -> str:
    """Return what an entry of the timeline does, without when and to what value."""
    if isinstance(entry, Switch):
        return f"{'connect' if entry.connected else 'disconnect'} {entry.projection}"
    whole = f"{entry.target}.{entry.variable}"
    return f"set {whole}"


def entry_facts(entry: Assign | Switch, network: ResolvedNetwork, dimension: Dimension) -> Named:
    """Yield the facts of an entry of the timeline; `dimension` is that of what it sets."""
    yield "at", Fact("at", entry.step * network.dt, TIME)
    if isinstance(entry, Assign):
        size = sizes_of(network).get(entry.target, 0)
        yield "neurons", Fact("neurons", _seen(entry.view, size))
        yield "kind", Fact("kind", entry.kind)
        yield from _value("value", "value", entry.value, dimension)
