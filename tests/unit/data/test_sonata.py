"""Edges in the SONATA format; what HDF5 would fetch from elsewhere is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from promises import is_promised

from netspec.data import DataError, edge_names, look, read_integers, read_numbers

if is_promised("h5py"):
    import h5py
else:
    h5py: Any = pytest.importorskip("h5py")

WEIGHTS = [2.5, -30.0, 0.0015, 4.0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two populations; the edges of the first lie in two groups, out of order."""
    with h5py.File(tmp_path / "edges.h5", "w") as root:
        one = root.create_group("edges/one")
        one["source_node_id"], one["target_node_id"] = [0, 1, 2, 3], [1, 2, 0, 0]
        one["edge_type_id"] = [100, 100, 101, 100]
        one["edge_group_id"], one["edge_group_index"] = [0, 7, 0, 7], [1, 0, 0, 1]
        one["0/syn_weight"], one["7/syn_weight"] = [0.0015, 2.5], [-30.0, 4.0]
        one["0/dynamics_params/tau"], one["7/dynamics_params/tau"] = [1.0, 2.0], [3.0, 4.0]
        one["7/delay"] = [0.5, 1.5]
        two = root.create_group("edges/two")  # without groups
        two["source_node_id"], two["target_node_id"] = np.array([5], "u8"), np.array([6], "u8")
        two["0/delay"] = np.array([1.5], "f4")
    return tmp_path / "edges.h5"


def test_attributes_are_gathered_from_their_groups(file: Path) -> None:
    known = look(file.parent, file.name)
    read = {
        name: read_numbers(known.array(name, population="one"), -9).tolist()
        for name in ("syn_weight", "dynamics_params/tau")
    }
    assert read["syn_weight"] == [float(f"{each}e-9") for each in WEIGHTS]
    assert read["dynamics_params/tau"] == [2e-9, 3e-9, 1e-9, 4e-9]
    sources, targets = (known.array(each, population="one") for each in edge_names(file.name).ends)
    assert read_integers(sources).tolist() == [0, 1, 2, 3]
    assert read_integers(targets).tolist() == [1, 2, 0, 0]
    assert read_numbers(known.array("delay", population="two"), -3).tolist() == [0.0015]


def test_a_file_without_edges_says_so(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "none.h5", "w") as root:
        root.create_group("edges")
    with pytest.raises(DataError, match=r"'none\.h5' has no populations of edges") as error:
        look(tmp_path, "none.h5").array("syn_weight")
    assert error.value.hints == ()


def test_a_population_is_named_where_there_are_several(file: Path) -> None:
    known = look(file.parent, file.name)
    with pytest.raises(DataError, match="has several populations"):
        known.array("syn_weight")
    with pytest.raises(DataError, match="has no such population"):
        known.array("syn_weight", population="three")
    with pytest.raises(DataError, match="no column 'delay'"):  # the edges of one group have none
        known.array("delay", population="one")


def external_link(root: Any) -> None:
    root["edges/two/target_node_id"] = h5py.ExternalLink("secret.h5", "/x")


def external_group(root: Any) -> None:
    root["edges/three"] = h5py.ExternalLink("secret.h5", "/")


def soft_link(root: Any) -> None:
    root["edges/two/target_node_id"] = h5py.SoftLink("/edges/one/target_node_id")


def external_storage(root: Any) -> None:
    place = [("secret.bin", 0, 8)]
    root["edges/two"].create_dataset("target_node_id", (1,), "u8", external=place)


def virtual(root: Any) -> None:
    layout = h5py.VirtualLayout((1,), "u8")
    layout[:] = h5py.VirtualSource("secret.h5", "x", (1,))
    root["edges/two"].create_virtual_dataset("target_node_id", layout)


def huge_pieces(root: Any) -> None:
    root["edges/two"].create_dataset(
        "target_node_id", (1,), "u8", chunks=(2**26,), maxshape=(None,)
    )


@pytest.mark.parametrize(
    "spoil", [external_link, external_group, soft_link, external_storage, virtual, huge_pieces]
)
def test_data_from_elsewhere_is_refused(spoil: Any, file: Path) -> None:
    with h5py.File(file.parent / "secret.h5", "w") as other:
        other["x"] = [1]
    (file.parent / "secret.bin").write_bytes(bytes(8))
    with h5py.File(file, "a") as root:
        del root["edges/two/target_node_id"]
        spoil(root)
    with pytest.raises(DataError, match="is not a file of SONATA edges"):
        look(file.parent, file.name)


def test_places_outside_of_a_group_are_refused(file: Path) -> None:
    with h5py.File(file, "a") as root:
        root["edges/one/edge_group_index"][3] = 2
    data = look(file.parent, file.name).array("syn_weight", population="one")
    with pytest.raises(DataError, match="leads out of the group '7'"):
        read_numbers(data, 0)


def test_the_library_is_asked_for_where_it_is_missing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(DataError, match=r"^SONATA files need the package h5py") as caught:
        look(file.parent, file.name)
    assert caught.value.hints == ("pip install 'netspec-snn[sonata]'",)


def test_the_library_is_not_loaded_without_need() -> None:
    code = "import sys, netspec, netspec.api, netspec.data; assert 'h5py' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
