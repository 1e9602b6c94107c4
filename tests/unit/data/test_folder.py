"""A data file lies in the folder of its document and stays as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unit.documents import document

from netspec import Network, SpecError
from netspec.data import DataError, look, read_numbers
from netspec.data.csv import Csv
from netspec.passes import pipeline

CURRENTS = {"populations.inh.parameters": {"I_e": {"file": "I_e.csv", "unit": "pA"}}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "I_e.csv").write_text("I_e\n1\n2\n3\n4\n")
    return tmp_path


def refused(folder: Path, name: str) -> str:
    with pytest.raises(DataError) as caught:
        look(folder, name)
    return caught.value.code


def network(**changes: Any) -> Network:
    return Network(**document()).replace({**CURRENTS, **changes})


def test_a_network_without_a_folder_says_how_to_give_it_one() -> None:
    with pytest.raises(SpecError, match=r"no-folder.*\n.*I_e\.file\n.*in_folder"):
        network().check()


def test_a_saved_network_looks_for_its_files_in_its_new_folder(folder: Path) -> None:
    made = network().in_folder(folder)
    (folder / "elsewhere").mkdir()
    made.save(folder / "net.json")
    made.save(folder / "elsewhere" / "net.json")
    assert Network.load(folder / "net.json").fingerprint() == made.fingerprint()
    with pytest.raises(SpecError, match=r"there is no file 'I_e\.csv' beside the document"):
        Network.load(folder / "elsewhere" / "net.json").check()


def test_changes_keep_the_folder(folder: Path) -> None:
    made = network().in_folder(folder)
    assert made.replace({"seed": 5}).folder == folder
    assert made == network()


def test_the_fingerprint_knows_the_content_and_not_the_name(folder: Path) -> None:
    before = network().in_folder(folder).fingerprint()
    (folder / "other.csv").write_bytes((folder / "I_e.csv").read_bytes())
    other = {"populations.inh.parameters": {"I_e": {"file": "other.csv", "unit": "pA"}}}
    assert network(**other).in_folder(folder).fingerprint() == before
    (folder / "I_e.csv").write_text("I_e\n1\n2\n3\n5\n")
    assert network().in_folder(folder).fingerprint() != before


def test_a_file_that_changes_while_it_is_compiled_is_refused(folder: Path) -> None:
    prepared = pipeline.prepare(network().in_folder(folder))
    (folder / "I_e.csv").write_text("I_e\n1\n2\n3\n5\n")
    with pytest.raises(SpecError, match="data-changed"):
        pipeline.draw(prepared)


def test_a_file_that_changes_while_it_is_read_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = look(folder, "I_e.csv").array("I_e")
    numbers = Csv.numbers

    def slowly(*arguments: Any) -> Any:
        os.utime(folder / "I_e.csv", ns=(1, 1))
        return numbers(*arguments)

    monkeypatch.setattr(Csv, "numbers", slowly)
    with pytest.raises(DataError, match="has changed"):
        read_numbers(data, 0)


def test_links_are_followed_within_the_folder(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "link.csv").symlink_to("../I_e.csv")
    assert look(folder, "data/link.csv").arrays == {"I_e": (4,)}
    (folder / "data" / "circle.csv").symlink_to("circle.csv")
    assert refused(folder, "data/circle.csv") in ("data-not-a-file", "data-unreadable")
    (folder / "data" / "leaves").symlink_to(folder.parent)
    (folder.parent / "secret.csv").write_text("a\n1\n")
    assert refused(folder, "data/leaves/secret.csv") == "data-outside-folder"


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")  # would be waited for
    assert refused(folder, "pipe.csv") == "data-not-a-file"
    assert refused(folder, "I_e.csv/deeper.csv") == "data-file-not-found"


def test_a_file_that_may_not_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("netspec.data.folder.open_file", refuse)
    with pytest.raises(DataError, match=r"cannot read 'I_e\.csv': Permission denied") as caught:
        look(folder, "I_e.csv")
    assert caught.value.code == "data-unreadable"


def test_a_large_file_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "large.csv").open("wb") as stream:
        stream.truncate(Csv.max_bytes + 1)  # takes no space
    assert refused(folder, "large.csv") == "data-file-too-large"


def test_columns_need_no_name_where_there_is_one(folder: Path) -> None:
    np.save(folder / "table.npy", np.ones((3, 2)))
    table = look(folder, "table.npy")
    assert table.array(None, dimensions=(1, 2)).shape == (3, 2)
    with pytest.raises(DataError, match="holds 3 x 2"):
        table.array(None)
