"""Tables as text and as arrays of NumPy: what is read, and what a hostile one costs."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from netspec.data import DataError, look, read_integers, read_numbers

TABLE = "i,x\n0,2.5\n1,-30\n2,1.5e-3\n"


def table(folder: Path, text: str | bytes) -> Path:
    (folder / "t.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        TABLE.rstrip("\n"),
        TABLE + "\n\n",
        TABLE.replace("\n", "\r\n"),
        "\N{BYTE ORDER MARK}" + TABLE,
        TABLE.replace(",", " ,\t"),
        TABLE.replace("-30", "-3E1").replace("2.5", "+2.50"),
    ],
)
def test_a_table_is_read_in_its_spellings(text: str, tmp_path: Path) -> None:
    file = look(table(tmp_path, text), "t.csv")
    assert file.arrays == {"i": (3,), "x": (3,), "": (3, 2)}
    assert read_integers(file.array("i")).tolist() == [0, 1, 2]
    assert read_numbers(file.array("x"), -9).tolist() == [2.5e-9, -30e-9, 1.5e-12]
    whole = read_numbers(file.array(None, dimensions=(2,)), 0)
    assert whole.tolist() == [[0, 2.5], [1, -30], [2, 1.5e-3]]


def test_a_long_table_is_read_in_pieces(tmp_path: Path) -> None:
    lines = "".join(f"{number},{number}.25\n" for number in range(100_000))
    file = look(table(tmp_path, f"i,x\n{lines}"), "t.csv")
    tracemalloc.start()
    try:
        read = read_numbers(file.array("x"), -3)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read.tolist() == [float(f"{number}.25e-3") for number in range(100_000)]
    assert peak < read.nbytes + 8e6
    bad = table(tmp_path, f"i,x\n{lines}7,1_0\n")
    with pytest.raises(DataError, match=r"line 100002, column 3 of 't\.csv' \('x'\), got '1_0'"):
        read_numbers(look(bad, "t.csv").array("i"), 0)


@pytest.mark.parametrize(
    "word", ["nan", "inf", "1_0", "0x1", "1 2", "--1", "1e", "e1", "\udc80", "٣"]
)
def test_only_decimal_numbers_are_numbers(word: str, tmp_path: Path) -> None:
    text = f"x\n1\n{word}\n".encode("utf-8", "surrogateescape")
    with pytest.raises(DataError, match="expected a number at line 3, column 1"):
        read_numbers(look(table(tmp_path, text), "t.csv").array("x"), 0)


@pytest.mark.parametrize("blank", ["\N{NO-BREAK SPACE}", "\x0b", "\x0c", "\N{LINE SEPARATOR}"])
def test_a_blank_that_is_no_space_is_shown(blank: str, tmp_path: Path) -> None:
    bad = look(table(tmp_path, f"i,x\n0,2.5{blank}\n"), "t.csv")
    with pytest.raises(DataError, match=r"line 2, column 3 of 't\.csv' \('x'\), got '2\.5\?'"):
        read_numbers(bad.array("x"), 0)


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not name the columns"):
        look(table(tmp_path, "x" * 2**21), "t.csv")
    file = look(table(tmp_path, "x\n" + "1" * 2**21), "t.csv")
    with pytest.raises(DataError, match="longer than"):
        read_numbers(file.array("x"), 0)


def test_a_compressed_bomb_costs_no_memory(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**7,)}
    )
    with zipfile.ZipFile(tmp_path / "t.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", header.getvalue() + bytes(8 * 10**7))
        archive.writestr("y.npy", header.getvalue() + bytes(8))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"'y\.npy' is not as long as its header says"):
            look(tmp_path, "t.npz")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2e6


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"(" * 8000, "(EOF in multi-line statement|too many nested parentheses)"),
        (b"{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -2)}", "a length of -2"),
        (b"{'descr': '<f8', 'fortran_order': False, 'shape': (True, 4)}", "a length of True"),
    ],
)
def test_a_header_of_nonsense_is_refused(header: bytes, words: str, tmp_path: Path) -> None:
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    (tmp_path / "t.npy").write_bytes(start + header + bytes(32))
    with pytest.raises(DataError, match=rf"'t\.npy' is not an array of NumPy: .*{words}"):
        look(tmp_path, "t.npy")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.npz", "w", zipfile.ZIP_LZMA) as archive:
        array = io.BytesIO()
        np.save(array, np.arange(4.0))
        archive.writestr("x.npy", array.getvalue())
    damaged = bytearray((tmp_path / "t.npz").read_bytes())
    damaged[60] ^= 0xFF  # in the compressed numbers
    (tmp_path / "t.npz").write_bytes(damaged)
    with pytest.raises(DataError, match=r"'t\.npz' is not an archive of NumPy arrays: Corrupt"):
        look(tmp_path, "t.npz")


def test_what_an_archive_lists_can_be_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        array = io.BytesIO()
        np.save(array, np.arange(4.0))
        archive.writestr("x", array.getvalue())
    with pytest.raises(DataError, match="its member 'x' is no array"):
        look(tmp_path, "t.npz")


def test_what_a_file_holds_is_said_in_a_few_words(tmp_path: Path) -> None:
    for name, shapes in {"number": [()], "nothing": [], "much": [(2, 2)] * 500}.items():
        with zipfile.ZipFile(tmp_path / f"{name}.npz", "w") as archive:
            for number, shape in enumerate(shapes):
                array = io.BytesIO()
                np.save(array, np.zeros(shape))
                archive.writestr(f"x{number}.npy", array.getvalue())
    for name, words in {"number": "a number$", "nothing": "nothing$", "much": "2 x 2"}.items():
        with pytest.raises(DataError, match=rf"'{name}\.npz' holds {words}") as error:
            look(tmp_path, f"{name}.npz").array(None)
        assert len(str(error.value)) < 300


def test_arrays_of_all_layouts_are_read(tmp_path: Path) -> None:
    values = np.arange(12.0).reshape(3, 4)
    np.savez_compressed(tmp_path / "t.npz", a=np.asfortranarray(values), b=values.astype(">f4")[0])
    file = look(tmp_path, "t.npz")
    assert np.array_equal(read_numbers(file.array("a", dimensions=(2,)), 0), values)
    assert read_numbers(file.array("b"), -3).tolist() == [0.0, 0.001, 0.002, 0.003]
    with pytest.raises(DataError, match=r"expected integers, but 'b' of 't\.npz' has type"):
        read_integers(file.array("b"))
