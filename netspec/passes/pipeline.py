"""The compiler: the passes in their order, each handing its result on to the next.

    Network --expand--> Network --resolve--> ResolvedNetwork --lower, verify--> ir.Network and
            Recipe --realise--> RealisedNetwork

`prepare` goes as far as nothing large is allocated, `draw` makes the arrays. A run goes through
both once. `check` goes the same way and reports what it meets, but leaves out edges by the million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from netspec.errors import Diagnostic, OutOfRangeError, SpecError
from netspec.ir import nodes as ir
from netspec.ir.dump import dump
from netspec.ir.recipe import Recipe
from netspec.passes import predict
from netspec.passes.describe import describe_realised, describe_resolved, drawn_values
from netspec.passes.expand import Expanded, expand
from netspec.passes.fingerprint import fingerprint
from netspec.passes.lower import lower
from netspec.passes.resolve import resolve
from netspec.passes.resolved import ResolvedNetwork
from netspec.passes.verify import verify
from netspec.realise.findings import Findings
from netspec.realise.network import NumberArray, RealisedNetwork
from netspec.realise.neurons import neuron_scopes, values_of_neurons
from netspec.realise.realise import realise, realise_populations
from netspec.realise.weights import Grid
from netspec.spec.network import Network
from netspec.spec.problems import first_of, located


@dataclass(frozen=True, slots=True)
class Prepared:
    """A description on its way: everything that is known before arrays are made.

    Attributes:
        expanded: The description without tables, and places in what was written for messages.
        resolved: What `resolve` made of it.
        ir: The schedule, verified.
        recipe: How `realise` makes the arrays.
        warnings: What is legal but probably not meant, with its place.
    """

    expanded: Expanded
    resolved: ResolvedNetwork
    ir: ir.Network
    recipe: Recipe
    warnings: tuple[Diagnostic, ...]


def prepare(network: Network) -> Prepared:
    """Take a description to the IR.

    Raises:
        SpecError: The description has errors; carries all of them.
    """
    expanded = _expanded(network)
    with _places_in(expanded):
        found, warnings = resolve(expanded.network)
        schedule, recipe = lower(found)
    verify(schedule)
    return Prepared(expanded, found, schedule, recipe, _located(warnings, expanded))


def check_memory(prepared: Prepared, max_memory: int | None = None) -> predict.Predicted:
    """Return the expected size of every projection, and of spikes that are made before step 0.

    Args:
        prepared: The network.
        max_memory: Bytes that the network may take; default 80 % of what is free.

    Raises:
        SpecError: The network would take more memory.
    """
    network, recipe = prepared.resolved, prepared.recipe
    with _places_in(prepared.expanded):
        predict.check_memory(network, predict.Predicted(), max_memory)
        findings = Findings()  # which `draw` reports
        scopes = neuron_scopes(prepared.ir, recipe, findings)
        spikes = predict.predict_spikes(recipe, scopes, network.steps)
        predict.check_memory(network, predict.Predicted(spikes=spikes), max_memory)
        neurons: Mapping[str, Mapping[str, NumberArray]] = {}
        if predict.reads_neurons(network):
            populations = realise_populations(prepared.ir, recipe, scopes, findings)
            neurons = values_of_neurons(scopes, populations)
        edges = predict.predict(network, recipe, neurons)
        predicted = predict.Predicted(edges, spikes)
        predict.check_memory(network, predicted, max_memory)
    return predicted


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A description at its end: with all its arrays.

    Attributes:
        network: What backends take.
        warnings: What is legal but probably not meant, with its place.
    """

    network: RealisedNetwork
    warnings: tuple[Diagnostic, ...]


def draw(prepared: Prepared) -> Drawn:
    """Make all arrays.

    Raises:
        OutOfRangeError: Rates leave their range, and nothing else is wrong.
        SpecError: Computed values make no sense; carries one problem for each object.
    """
    made = realise(prepared.ir, prepared.recipe, fingerprint(prepared.resolved))
    if made.network is None:
        raise _error(_located(first_of(made.errors), prepared.expanded))
    return Drawn(made.network, _located(made.warnings, prepared.expanded))


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check` found.

    Attributes:
        diagnostics: Errors and warnings, in the order of the document's sections.
        projections: Expected edges and memory.
        trains: Expected spikes and memory, by input whose spikes are made before step 0.
        grids: Of the weights, by projection and drive.
        defaults: Place and value of every default that was taken.
        drawn: Place and distribution of every value that is drawn.
        undrawn: Projections with too many edges to draw them all: their computed weights and
            delays, and what weights of theirs add up to, were not looked at. Inputs with too many
            spikes: how many of them count once was not looked at.
        ir: The schedule; `None` if there are errors.
        network: With all its arrays; `None` if there are errors, or something is not drawn.
    """

    diagnostics: tuple[Diagnostic, ...]
    projections: tuple[predict.PredictedEdges, ...] = ()
    trains: tuple[predict.PredictedSpikes, ...] = ()
    grids: Mapping[str, Grid] = field(default_factory=dict)
    defaults: tuple[tuple[str, str], ...] = ()
    drawn: tuple[tuple[str, str], ...] = ()
    undrawn: tuple[str, ...] = ()
    ir: ir.Network | None = None
    network: RealisedNetwork | None = None

    @property
    def ok(self) -> bool:
        """Whether the description can be run."""
        return not any(each.severity == "error" for each in self.diagnostics)


def check(network: Network, *, max_memory: int | None = None) -> CheckReport:
    """Return all problems of a description, without drawing very many edges.

    Args:
        network: The description.
        max_memory: Bytes that the network may take; default 80 % of what is free.
    """
    try:
        prepared = prepare(network)
        predicted = check_memory(prepared, max_memory)
    except SpecError as error:
        return CheckReport(error.diagnostics)
    undrawn = predict.slow_to_draw(prepared.resolved, predicted)
    made = realise(prepared.ir, prepared.recipe, fingerprint(prepared.resolved), undrawn=undrawn)
    if made.errors:
        return CheckReport(_located(first_of(made.errors), prepared.expanded))
    place = prepared.expanded.place
    return CheckReport(
        diagnostics=(*prepared.warnings, *_located(made.warnings, prepared.expanded)),
        projections=predicted.edges,
        trains=predicted.spikes,
        grids=made.grids,
        defaults=_placed((*prepared.resolved.defaults, *_chosen_integrators(prepared)), place),
        drawn=_placed(drawn_values(prepared.recipe), place),
        undrawn=tuple(sorted(undrawn)),
        ir=prepared.ir,
        network=made.network,
    )


def _chosen_integrators(prepared: Prepared) -> list[tuple[str, str]]:
    """Return place and name of the integrators that the structure of equations decided."""
    taken = {each.name: each.cell.integrator for each in prepared.ir.populations}
    chosen = {
        f"{each.cell.path}.integrator": taken[each.name]
        for each in prepared.resolved.populations
        if each.cell.integrator is None and taken[each.name]
    }
    return sorted(chosen.items())


def resolved(network: Network) -> ResolvedNetwork:
    """Return a network as it is after `resolve`.

    Raises:
        SpecError: The description has errors.
    """
    expanded = _expanded(network)
    with _places_in(expanded):
        return resolve(expanded.network)[0]


def lowered(network: Network) -> ir.Network:
    """Return a network as it is after `lower`.

    Raises:
        SpecError: The description has errors.
    """
    return prepare(network).ir


def realised(network: Network, *, max_memory: int | None = None) -> RealisedNetwork:
    """Return a network as it is after `realise`.

    Raises:
        SpecError: The description has errors, or the network would take too much memory.
    """
    prepared = prepare(network)
    check_memory(prepared, max_memory)
    return draw(prepared).network


def _error(diagnostics: tuple[Diagnostic, ...]) -> SpecError:
    """Return problems as one exception; rates out of range are an outcome of their own."""
    is_outcome = all(each.code == "out-of-range" for each in diagnostics)
    return OutOfRangeError(diagnostics) if is_outcome else SpecError(diagnostics)


def _placed(
    lines: tuple[tuple[str, str], ...], place: Callable[[str], str]
) -> tuple[tuple[str, str], ...]:
    """Return lines about places with those of the document, each once."""
    return tuple(dict.fromkeys((place(path), text) for path, text in lines))


def _expanded(network: Network) -> Expanded:
    with _places_in(Expanded(network, network)):
        return expand(network)


@contextmanager
def _places_in(expanded: Expanded) -> Iterator[None]:
    """Give errors from within their place in the document, with line and column."""
    try:
        yield
    except SpecError as error:
        raise type(error)(_located(error.diagnostics, expanded)) from None


def _located(diagnostics: tuple[Diagnostic, ...], expanded: Expanded) -> tuple[Diagnostic, ...]:
    written, document = expanded.written(diagnostics), expanded.source.document
    return located(written, document) if document else written


PASSES: Mapping[str, Callable[[Network, int | None], str]] = MappingProxyType(
    {
        "load": lambda network, _: network.to_json(),
        "expand": lambda network, _: _expanded(network).network.to_json(),
        "resolve": lambda network, _: describe_resolved(resolved(network)),
        "lower": lambda network, _: dump(lowered(network)),
        "realise": lambda network, most: describe_realised(realised(network, max_memory=most)),
    }
)
"""What `compile --print-after` prints, by pass; it may take so many bytes of memory."""
