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
        edges,
        first_divergence,
        load,
        run,
    )
    from netspec.backend.registry import BackendChoiceError
    from netspec.compare import Divergence
    from netspec.errors import (
        BackendError,
        Diagnostic,
        NetspecError,
        OutOfRangeError,
        SpecError,
        UnsupportedFeature,
    )
    from netspec.results.archive import ResultsFileError
    from netspec.results.comparison import Comparison
    from netspec.results.edges import EdgeList
    from netspec.results.elsewhere import RecordingError
    from netspec.results.nonfinite import NonFiniteError
    from netspec.results.replay import OwnSpikes, ReplayError
    from netspec.results.resemblance import Resemblance
    from netspec.results.results import NotRecordedError, Results
    from netspec.spec.cells import Cell, Mechanism, Population, Receptor
    from netspec.spec.connectivity import Projection, Table, TableException
    from netspec.spec.courses import Noise, Piecewise, Ramp, Sine, TimedArray
    from netspec.spec.data import FromFile, SpikeFile
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
    from netspec.spec.inputs import (
        CorrelatedPoisson,
        Current,
        Poisson,
        PoissonDrive,
        SpikeTimes,
    )
    from netspec.spec.network import Network
    from netspec.spec.profiles import (
        BoxProfile,
        DifferenceOfGaussians,
        ExponentialProfile,
        GaussianProfile,
        LinearProfile,
        Profile,
    )
    from netspec.spec.rules import (
        AllToAll,
        DistanceDependent,
        Explicit,
        FixedIndegree,
        FixedOutdegree,
        FixedTotalNumber,
        OneToOne,
        PairwiseBernoulli,
        PairwisePoisson,
        Rule,
        SymmetricPairwiseBernoulli,
        WattsStrogatz,
    )
    from netspec.spec.space import Grid, Positions, Space
    from netspec.spec.trains import GammaRenewal, PulsePacket, Regular

__version__ = "0.1.0"

_HOME = {
    "netspec.api": ("DescriptionWarning", "compile", "edges", "first_divergence", "load", "run"),
    "netspec.backend.registry": ("BackendChoiceError",),
    "netspec.compare": ("Divergence",),
    "netspec.errors": (
        "BackendError",
        "Diagnostic",
        "NetspecError",
        "OutOfRangeError",
        "SpecError",
        "UnsupportedFeature",
    ),
    "netspec.results.archive": ("ResultsFileError",),
    "netspec.results.comparison": ("Comparison",),
    "netspec.results.edges": ("EdgeList",),
    "netspec.results.elsewhere": ("RecordingError",),
    "netspec.results.nonfinite": ("NonFiniteError",),
    "netspec.results.replay": ("OwnSpikes", "ReplayError"),
    "netspec.results.resemblance": ("Resemblance",),
    "netspec.results.results": ("NotRecordedError", "Results"),
    "netspec.spec.cells": ("Cell", "Mechanism", "Population", "Receptor"),
    "netspec.spec.connectivity": ("Projection", "Table", "TableException"),
    "netspec.spec.data": ("FromFile", "SpikeFile"),
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
    "netspec.spec.courses": ("Noise", "Piecewise", "Ramp", "Sine", "TimedArray"),
    "netspec.spec.experiment": (
        "AddedEdges",
        "Monitors",
        "RateMonitor",
        "SpikeMonitor",
        "StateMonitor",
        "TimelineEntry",
        "WeightMonitor",
    ),
    "netspec.spec.inputs": (
        "CorrelatedPoisson",
        "Current",
        "Poisson",
        "PoissonDrive",
        "SpikeTimes",
    ),
    "netspec.spec.network": ("Network",),
    "netspec.spec.profiles": (
        "BoxProfile",
        "DifferenceOfGaussians",
        "ExponentialProfile",
        "GaussianProfile",
        "LinearProfile",
        "Profile",
    ),
    "netspec.spec.rules": (
        "AllToAll",
        "DistanceDependent",
        "Explicit",
        "FixedIndegree",
        "FixedOutdegree",
        "FixedTotalNumber",
        "OneToOne",
        "PairwiseBernoulli",
        "PairwisePoisson",
        "Rule",
        "SymmetricPairwiseBernoulli",
        "WattsStrogatz",
    ),
    "netspec.spec.space": ("Grid", "Positions", "Space"),
    "netspec.spec.trains": ("GammaRenewal", "PulsePacket", "Regular"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AddedEdges",
    "AllToAll",
    "BackendChoiceError",
    "BackendError",
    "Beta",
    "BoxProfile",
    "Cell",
    "Comparison",
    "CorrelatedPoisson",
    "Current",
    "DescriptionWarning",
    "Diagnostic",
    "DifferenceOfGaussians",
    "Discrete",
    "DistanceDependent",
    "Distribution",
    "Divergence",
    "EdgeList",
    "Explicit",
    "Exponential",
    "ExponentialProfile",
    "FixedIndegree",
    "FixedOutdegree",
    "FixedTotalNumber",
    "FromFile",
    "Gamma",
    "GammaRenewal",
    "GaussianProfile",
    "Grid",
    "LinearProfile",
    "Lognormal",
    "Mechanism",
    "Monitors",
    "NetspecError",
    "Network",
    "Noise",
    "NonFiniteError",
    "Normal",
    "NotRecordedError",
    "OneToOne",
    "OutOfRangeError",
    "OwnSpikes",
    "PairwiseBernoulli",
    "PairwisePoisson",
    "Piecewise",
    "Poisson",
    "PoissonDrive",
    "Population",
    "Positions",
    "Profile",
    "Projection",
    "PulsePacket",
    "Ramp",
    "RateMonitor",
    "Receptor",
    "RecordingError",
    "Regular",
    "ReplayError",
    "Resemblance",
    "Results",
    "ResultsFileError",
    "Rule",
    "Sine",
    "Space",
    "SpecError",
    "SpikeFile",
    "SpikeMonitor",
    "SpikeTimes",
    "StateMonitor",
    "SymmetricPairwiseBernoulli",
    "Table",
    "TableException",
    "TimedArray",
    "TimelineEntry",
    "Uniform",
    "UnsupportedFeature",
    "WattsStrogatz",
    "Weibull",
    "WeightMonitor",
    "compile",
    "edges",
    "first_divergence",
    "load",
    "run",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'netspec' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
