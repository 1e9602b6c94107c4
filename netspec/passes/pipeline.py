"""The compiler: the passes in their order.

    Network --resolve--> ResolvedNetwork --lower, verify--> ir.Network and Recipe
            --realise--> RealisedNetwork

`check` goes as far as nothing large is allocated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netspec.errors import Diagnostic, SpecError
from netspec.ir import nodes as ir
from netspec.ir.dump import dump
from netspec.passes.describe import describe_realised, describe_resolved
from netspec.passes.fingerprint import fingerprint
from netspec.passes.fingerprint import model_fingerprint as fingerprint_of_model
from netspec.passes.lower import lower
from netspec.passes.predict import PredictedEdges, check_memory, predict, warnings_of
from netspec.passes.resolve import resolve
from netspec.passes.resolved import ResolvedNetwork
from netspec.passes.verify import verify
from netspec.realise.network import RealisedNetwork
from netspec.realise.realise import realise
from netspec.spec.network import Network
from netspec.spec.problems import located


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `check` found.

    Attributes:
        diagnostics: Errors and warnings, in the order of the document's sections.
        projections: Expected edges and memory.
        defaults: Place and value of every default that was taken.
    """

    diagnostics: tuple[Diagnostic, ...]
    projections: tuple[PredictedEdges, ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the description can be run."""
        return not any(each.severity == "error" for each in self.diagnostics)


def check(network: Network, *, max_memory: int | None = None) -> CheckReport:
    """Return all problems of a description, without allocating anything large.

    Args:
        network: The description.
        max_memory: Bytes that the network may take; default 80 % of what is free.
    """
    try:
        found, warnings = resolve(network)
        verify(lower(found)[0])
        predicted = predict(found)
        check_memory(found, predicted, max_memory)
    except SpecError as error:
        return CheckReport(_located(error.diagnostics, network))
    warnings = (*warnings, *warnings_of(found))
    return CheckReport(_located(warnings, network), predicted, found.defaults)


def resolved(network: Network) -> ResolvedNetwork:
    """Return the resolved network.

    Raises:
        SpecError: The description has errors.
    """
    try:
        return resolve(network)[0]
    except SpecError as error:
        raise SpecError(_located(error.diagnostics, network)) from None


def lowered(network: Network) -> ir.Network:
    """Return the IR, verified.

    Raises:
        SpecError: The description has errors.
    """
    try:
        result, _ = lower(resolve(network)[0])
    except SpecError as error:
        raise SpecError(_located(error.diagnostics, network)) from None
    verify(result)
    return result


def realised(network: Network, *, max_memory: int | None = None) -> RealisedNetwork:
    """Return the network with all its arrays.

    Raises:
        SpecError: The description has errors, or its edges would take too much memory.
    """
    try:
        found, _ = resolve(network)
        lowered_network, recipe = lower(found)
        verify(lowered_network)
        check_memory(found, predict(found), max_memory)
        return realise(lowered_network, recipe, fingerprint(found))
    except SpecError as error:
        raise type(error)(_located(error.diagnostics, network)) from None


def model_fingerprint(network: Network) -> str:
    """Return the fingerprint of a description without seed and duration.

    Raises:
        SpecError: The description has errors.
    """
    return fingerprint_of_model(resolved(network))


def _located(diagnostics: tuple[Diagnostic, ...], network: Network) -> tuple[Diagnostic, ...]:
    document = network.document
    return located(diagnostics, document) if document else diagnostics


PASSES: Mapping[str, Callable[[Network], str]] = MappingProxyType(
    {
        "load": lambda network: network.to_json(),
        "resolve": lambda network: describe_resolved(resolved(network)),
        "lower": lambda network: dump(lowered(network)),
        "realise": lambda network: describe_realised(realised(network)),
    }
)
"""What `compile --print-after` prints, by pass."""
