r"""Tables of numbers as text (`.csv`).

The first line names the columns, separated by commas; each further line has one number per column.
There are no quotes, comments or empty lines between. Lines end with `\n` or `\r\n`. The text is
read in blocks, so that it may be much longer than memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from typing import IO, Any

import numpy as np

from netspec.data.errors import DataError
from netspec.data.format import WHOLE, Array, EdgeFormat, EdgeNames, FloatArray, SpikeNames
from netspec.data.numbers import shifted
from netspec.ir.recipe import DataRef

MAX_COLUMNS = 10_000
MAX_LINE = 2**20
"""Characters of a line."""

_BLOCK = 2**18
_LINES = 2**16
"""Rows that are written at a time."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_BLANKS = " \t\r\n"
"""What may stand around a number."""

_IN_NUMBERS = b"0123456789+-.eE," + _BLANKS.encode()
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_COMMA, _END = b",\n"

Row = list[bytes]


class Csv(EdgeFormat):
    """Text with a line of names and lines of numbers."""

    suffix = ".csv"
    edges = EdgeNames("source", "target", "weight", "delay", "s")
    spikes = SpikeNames("neuron", "time", "step")
    max_bytes = 2**30

    def contents(self, stream: BufferedReader, file: str) -> Mapping[str, tuple[int, ...]]:
        """Return the length of every column, and the shape of all of them together."""
        names = _names(stream, file)
        rows = _count_lines(stream)
        columns: dict[str, tuple[int, ...]] = dict.fromkeys(names, (rows,))
        if len(names) > 1:
            columns[WHOLE] = rows, len(names)
        return columns

    def read(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return numbers without a unit."""
        return self.numbers(stream, data, 0)

    def numbers(self, stream: BufferedReader, data: DataRef, power: int) -> FloatArray:
        """Return numbers in SI, each rounded once from its decimal."""
        suffix = f"e{power}".encode()

        def convert(fields: Row) -> list[float]:
            try:
                return [float(each + suffix) for each in fields]
            except ValueError:  # exponents, or no numbers
                return [shifted(each, power) for each in _texts(fields, _NUMBER)]

        values = np.empty(data.shape)
        _fill(values, stream, data, convert, _NUMBER)
        values += 0.0  # turns -0 into +0
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            message = f"a number at {self.place(data, int(bad[0]))} is out of range"
            raise DataError("bad-data-file", message)
        return values

    def integers(self, stream: BufferedReader, data: DataRef) -> Array:
        """Return whole numbers."""

        def convert(fields: Row) -> list[int]:
            return [int(each) for each in fields]

        values = np.empty(data.shape, dtype=np.int64)
        _fill(values, stream, data, convert, _INTEGER)
        return values

    def write_edges(self, stream: IO[bytes], columns: Mapping[str, Array], population: str) -> None:
        """Write a table; numbers are written so that they are read as the same doubles."""
        stream.write(f"{','.join(columns)}\n".encode())
        arrays = list(columns.values())
        for start in range(0, len(arrays[0]), _LINES):
            block = [map(repr, each[start : start + _LINES].tolist()) for each in arrays]
            lines = map(",".join, zip(*block, strict=True))
            stream.write(("\n".join(lines) + "\n").encode())

    def place(self, data: DataRef, number: int) -> str:
        """Return the line of a number."""
        return f"line {_row(data, number) + 2} of '{data.file}'"


def _row(data: DataRef, number: int) -> int:
    return number // int(np.prod(data.shape[1:], dtype=np.int64))


def _texts(fields: Row, pattern: re.Pattern[str]) -> list[str]:
    """Return fields as text.

    Raises:
        ValueError: One does not match the pattern.
    """
    texts = [each.decode("ascii") for each in fields]
    if not all(map(pattern.fullmatch, texts)):
        raise ValueError
    return texts


def _names(stream: BufferedReader, file: str) -> list[str]:
    """Return the names of the columns, and leave the stream behind them."""
    line = stream.readline(MAX_LINE).removeprefix(_BYTE_ORDER_MARK)
    names = [each.strip() for each in line.decode("ascii", "replace").split(",")]
    if len(names) > MAX_COLUMNS or not all(_NAME.fullmatch(each) for each in names):
        raise DataError(
            "bad-data-file",
            f"the first line of '{file}' does not name the columns",
            hints=("write a first line such as 'source,target', without quotes",),
        )
    if len(set(names)) < len(names):
        twice = next(each for each in names if names.count(each) > 1)
        raise DataError("bad-data-file", f"'{file}' has two columns '{twice}'")
    return names


def _count_lines(stream: BufferedReader) -> int:
    """Return the lines that are left; empty ones at the end do not count."""
    ends = lines = 0
    while block := stream.read(_BLOCK):
        written = block.rstrip(b"\r\n")
        if written:
            lines = ends + written.count(b"\n") + 1
        ends += block.count(b"\n")
    return lines


def _fill(
    values: Array,
    stream: BufferedReader,
    data: DataRef,
    convert: Callable[[Row], list[Any]],
    pattern: re.Pattern[str],
) -> None:
    """Read a column, or all columns, of a table into an array."""
    names = _names(stream, data.file)
    columns = [names.index(data.column)] if data.column else list(range(len(names)))
    table, done = values.reshape(len(values), len(columns)), 0
    for lines in _blocks_of_lines(stream, data.file):
        fields = _fields(lines, len(names))
        if fields is None:
            raise _first_problem(lines, done, data, names, columns, pattern)
        try:
            for number, column in enumerate(columns):
                own = convert(fields[column :: len(names)])
                table[done : done + len(lines), number] = own
        except (ValueError, OverflowError):
            raise _first_problem(lines, done, data, names, columns, pattern) from None
        done += len(lines)


def _blocks_of_lines(stream: BufferedReader, file: str) -> Iterator[list[bytes]]:
    """Yield lists of whole lines; empty ones at the end are left out."""
    rest, empty = b"", 0
    while block := stream.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        if len(rest) > MAX_LINE:
            raise DataError("bad-data-file", f"a line of '{file}' is longer than {MAX_LINE}")
        lines = [b""] * empty + lines
        empty = 0
        while lines and not lines[-1].strip(b"\r"):
            lines.pop()
            empty += 1
        if lines:
            yield lines
    if rest.strip(b"\r"):
        yield [*[b""] * empty, rest]


def _fields(lines: list[bytes], columns: int) -> Row | None:
    """Return all fields of some lines in a row, or `None` if they are no table of numbers."""
    text = b"\n".join(lines)
    letters = np.frombuffer(text + b"\n", dtype=np.uint8)
    separators = letters[(letters == _COMMA) | (letters == _END)]
    if text.translate(None, _IN_NUMBERS) or separators.size != len(lines) * columns:
        return None
    by_line = separators.reshape(len(lines), columns) == _END
    if not by_line[:, -1].all() or by_line[:, :-1].any():
        return None
    fields = text.replace(b"\n", b",").split(b",")
    if b" " in text or b"\t" in text or b"\r" in text:
        fields = [each.strip() for each in fields]
    return fields


def _first_problem(
    lines: list[bytes],
    done: int,
    data: DataRef,
    names: list[str],
    columns: list[int],
    pattern: re.Pattern[str],
) -> DataError:
    """Return what is wrong with the first bad line of some, with line and column."""
    expected = "a whole number" if pattern is _INTEGER else "a number"
    for number, line in enumerate(lines, done + 2):
        fields = line.decode("utf-8", "replace").rstrip("\r").split(",")
        if len(fields) != len(names):
            message = f"line {number} of '{data.file}' has {len(fields)} fields, not {len(names)}"
            return DataError("bad-data-file", message)
        position = 1
        for column, text in enumerate(fields):
            own = pattern if column in columns else _NUMBER
            if not own.fullmatch(text.strip(_BLANKS)):
                wanted = expected if column in columns else "a number"
                place = f"line {number}, column {position} of '{data.file}' ('{names[column]}')"
                message = f"expected {wanted} at {place}, got {_shown(text)}"
                return DataError("bad-data-file", message)
            position += len(text) + 1
    raise AssertionError("a block of lines was refused without a reason")


def _shown(text: str) -> str:
    printable = "".join(each if each.isprintable() else "?" for each in text.strip(_BLANKS)[:40])
    return f"'{printable}'" if printable else "nothing"
