"""`require`: what a network needs and a backend lacks, found before anything is built."""

from __future__ import annotations

from netspec.backend.capabilities import Reason
from netspec.backend.protocol import AnyBackend
from netspec.backend.registry import available
from netspec.errors import BackendError, Diagnostic, UnsupportedFeature
from netspec.ir import nodes as ir
from netspec.ir.features import FEATURES, required_features

_REASONS: dict[Reason, str] = {
    "planned": "it is planned for this backend",
    "upstream": "the simulator behind this backend cannot do it",
    "never": "it makes no sense on this backend",
}


def missing_features(network: ir.Network, backend: AnyBackend) -> tuple[str, ...]:
    """Return the slugs of the features that the network needs and the backend lacks, sorted."""
    return tuple(sorted(required_features(network) - backend.capabilities.supported))


def require(network: ir.Network, backend: AnyBackend) -> None:
    """Refuse a network that a backend cannot express.

    Raises:
        UnsupportedFeature: One diagnostic per missing feature, with the reason and the installed
            backends that can run the network.
    """
    missing = missing_features(network, backend)
    if not missing:
        return
    others = _able(network)
    if others:
        hint = f"installed backends that can run it: {', '.join(others)}"
    else:
        hint = "no installed backend can run it"
    raise UnsupportedFeature(
        backend.name, [_diagnostic(backend, feature, hint) for feature in missing]
    )


def _able(network: ir.Network) -> list[str]:
    able: list[str] = []
    installed = available()
    for name in installed:
        try:
            if not missing_features(network, installed[name]):
                able.append(f"'{name}'")
        except BackendError:
            continue  # a backend that cannot be imported is no alternative
    return able


def _diagnostic(backend: AnyBackend, feature: str, hint: str) -> Diagnostic:
    known = backend.capabilities
    reason = _REASONS[known.unsupported[feature]] if feature in known.unsupported else ""
    why = known.explanations.get(feature, "")
    return Diagnostic(
        "unsupported-feature",
        "",
        f"backend '{backend.name}' cannot express '{feature}': {FEATURES[feature]}",
        notes=tuple(note for note in (reason, why) if note),
        hints=(hint,),
    )
