"""netspec: one description of a spiking network, the same spikes on every backend.

Names are imported when they are first used: `import netspec` and `netspec --help` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netspec.api import (
        DescriptionWarning,
        compile,  # noqa: A004 - users know the name from `re`
        load,
        run,
    )
    from netspec.backend.registry import BackendChoiceError
    from netspec.errors import (
        BackendError,
        Diagnostic,
        NetspecError,
        OutOfRangeError,
        SpecError,
        UnsupportedFeature,
    )
    from netspec.results.archive import ResultsFileError
    from netspec.results.nonfinite import NonFiniteError
    from netspec.results.results import NotRecordedError, Results
    from netspec.spec.cells import Cell, Mechanism, Population, Receptor
    from netspec.spec.connectivity import Projection
    from netspec.spec.distributions import (
        Beta,
        Discrete,
        Distribution,
        Exponential,
        Gamma,
        Lognormal,
        Normal,
        Uniform,
        Weibull,
    )
    from netspec.spec.experiment import (
        AddedEdges,
        Monitors,
        RateMonitor,
        SpikeMonitor,
        StateMonitor,
        TimelineEntry,
        WeightMonitor,
    )
    from netspec.spec.inputs import Poisson, SpikeTimes
    from netspec.spec.network import Network
    from netspec.spec.rules import (
        AllToAll,
        Explicit,
        FixedIndegree,
        FixedOutdegree,
        FixedTotalNumber,
        OneToOne,
        PairwiseBernoulli,
        PairwisePoisson,
        Rule,
        SymmetricPairwiseBernoulli,
    )

__version__ = "0.1.0"

_HOME = {
    "netspec.api": ("DescriptionWarning", "compile", "load", "run"),
    "netspec.backend.registry": ("BackendChoiceError",),
    "netspec.errors": (
        "BackendError",
        "Diagnostic",
        "NetspecError",
        "OutOfRangeError",
        "SpecError",
        "UnsupportedFeature",
    ),
    "netspec.results.archive": ("ResultsFileError",),
    "netspec.results.nonfinite": ("NonFiniteError",),
    "netspec.results.results": ("NotRecordedError", "Results"),
    "netspec.spec.cells": ("Cell", "Mechanism", "Population", "Receptor"),
    "netspec.spec.connectivity": ("Projection",),
    "netspec.spec.distributions": (
        "Beta",
        "Discrete",
        "Distribution",
        "Exponential",
        "Gamma",
        "Lognormal",
        "Normal",
        "Uniform",
        "Weibull",
    ),
    "netspec.spec.experiment": (
        "AddedEdges",
        "Monitors",
        "RateMonitor",
        "SpikeMonitor",
        "StateMonitor",
        "TimelineEntry",
        "WeightMonitor",
    ),
    "netspec.spec.inputs": ("Poisson", "SpikeTimes"),
    "netspec.spec.network": ("Network",),
    "netspec.spec.rules": (
        "AllToAll",
        "Explicit",
        "FixedIndegree",
        "FixedOutdegree",
        "FixedTotalNumber",
        "OneToOne",
        "PairwiseBernoulli",
        "PairwisePoisson",
        "Rule",
        "SymmetricPairwiseBernoulli",
    ),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AddedEdges",
    "AllToAll",
    "BackendChoiceError",
    "BackendError",
    "Beta",
    "Cell",
    "DescriptionWarning",
    "Diagnostic",
    "Discrete",
    "Distribution",
    "Explicit",
    "Exponential",
    "FixedIndegree",
    "FixedOutdegree",
    "FixedTotalNumber",
    "Gamma",
    "Lognormal",
    "Mechanism",
    "Monitors",
    "NetspecError",
    "Network",
    "NonFiniteError",
    "Normal",
    "NotRecordedError",
    "OneToOne",
    "OutOfRangeError",
    "PairwiseBernoulli",
    "PairwisePoisson",
    "Poisson",
    "Population",
    "Projection",
    "RateMonitor",
    "Receptor",
    "Results",
    "ResultsFileError",
    "Rule",
    "SpecError",
    "SpikeMonitor",
    "SpikeTimes",
    "StateMonitor",
    "SymmetricPairwiseBernoulli",
    "TimelineEntry",
    "Uniform",
    "UnsupportedFeature",
    "Weibull",
    "WeightMonitor",
    "compile",
    "load",
    "run",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'netspec' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
