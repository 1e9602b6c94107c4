"""What `check` says of how edges are stored is how they are stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gallery.scripts import script
from unit.documents import small

import netspec
from netspec.backend.protocol import TellsLayouts
from netspec.passes import pipeline
from netspec_native import backend
from netspec_native.explain import Choice
from netspec_native.options import NativeOptions

EXAMPLES = Path(__file__).parents[3] / "examples"


def told(network: netspec.Network, *, made: bool = True, **options: Any) -> dict[str, str]:
    """Return what is said of a network whose edges have been made, or not."""
    report = pipeline.check(network)
    assert report.ir is not None
    assert report.network is not None
    expected = {each.name: each.expected for each in report.projections}
    realised = report.network if made else None
    return dict(backend.layouts(report.ir, expected, realised, NativeOptions(**options)))


def column(bits: int) -> netspec.Network:
    built: netspec.Network = script("potjans_diesmann").build(0.03, indegrees=0.3)
    return built.replace({"tables.recurrent.weight_bits": bits})


def dense(**changes: Any) -> netspec.Network:
    return small({f"projections.exc_inh.{name}": value for name, value in changes.items()})


NETWORKS = {
    "lif_inhibition": netspec.load(EXAMPLES / "lif_inhibition.json"),
    "coba": netspec.load(EXAMPLES / "coba.json"),
    "a column": column(14),
    "a column with long weights": column(24),
    "rows": dense(delay="1 ms", weight_bits=12),
    "rows of long weights": dense(delay="1 ms", weight_bits=32),
}


def test_the_backend_tells_its_layouts() -> None:
    assert isinstance(backend, TellsLayouts)


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_expected_is_chosen(name: str) -> None:
    assert told(NETWORKS[name], made=False) == told(NETWORKS[name])


def test_layouts_are_told_in_words() -> None:
    assert told(column(14))["recurrent_L4E_L23E"] == (
        "16-bit targets, 16-bit weights, 32-bit integer sums, 4 bytes per synapse"
    )
    assert str(Choice("double", "float", is_in_rows=False)) == (
        "16-bit targets, 32-bit weights, 64-bit sums, 6 bytes per synapse"
    )
    assert str(Choice("int32_t", "int16_t", is_in_rows=True)) == (
        "rows of 16-bit weights, 32-bit integer sums, 2 bytes per pair of neurons"
    )
    assert str(Choice("int32_t", "", is_in_rows=True)) == (
        "rows of 16-bit numbers of synapses, 32-bit integer sums, 2 bytes per pair of neurons"
    )
    assert str(Choice("", "", is_in_rows=False)) == "16-bit targets, counts, 2 bytes per synapse"


def test_threads_are_told() -> None:
    assert told(NETWORKS["lif_inhibition"])["threads"] == "1"
    assert told(NETWORKS["lif_inhibition"], threads=3)["threads"] == "3"
