"""The whole language in one network, compiled: what NumPy does, C++ does, and Cython.

What Cython takes minutes to compile is for the long form.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec.ir.features import required_features
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing.conformance import check_backend
from netspec_brian2 import backend
from netspec_brian2.options import Brian2Options

TOUR = Path(__file__).parents[2] / "golden" / "language_tour.json"


def tour() -> RealisedNetwork:
    """Return the tour, with sums and a drive that the timeline changes."""
    timeline = [
        {"at": "5 ms", "set": {"gaps.weight": "1*nS + 0.3*nS*j", "pools.weight": "0.5"}},
        {"at": "8 ms", "disconnect": "gaps"},
        {"at": "9 ms", "disconnect": "pools"},
        {"at": "11 ms", "connect": "gaps"},
        {"at": "12 ms", "connect": "pools"},
        {"at": "13 ms", "set": {"drive.weight": "-0.2 mV"}},
    ]
    return pipeline.realised(Network.load(TOUR).replace({"timeline": timeline}))


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(backend.options(target="cython"), id="cython", marks=pytest.mark.long),
        pytest.param(backend.options(target="cpp_standalone", threads=2), id="cpp_standalone"),
    ],
)
def test_the_tour_of_the_language_agrees_with_the_oracle(options: Brian2Options) -> None:
    assert check_backend(backend, options, {"tour": tour()}) == []


def test_the_tour_needs_what_the_other_compiled_network_does_not() -> None:
    missing = {
        "random-draws",
        "shared-state",
        "several-events",
        "computed-recording",
        "random-events",
    }
    assert missing <= required_features(tour().ir)
