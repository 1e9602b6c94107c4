"""Spikes that something else than netspec recorded, from a `.csv` or `.npz` file.

A table has a first line with the names of its columns, an `.npz` file has arrays of these names:
`i`, the index of the neuron, counted from 0, and `t_ms` or `t_s`, the time of the spike. Where
there are several populations, a table has a column `object`, and arrays are called `exc/i` and
`exc/t_ms`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from netspec.errors import NetspecError
from netspec.files import open_file
from netspec.results.archive import REFUSALS, members_of
from netspec.results.text import counted

FloatArray = npt.NDArray[np.float64]
IntegerArray = npt.NDArray[np.int64]

NumberT = TypeVar("NumberT", int, float)

_TIMES = {"t_ms": 1.0, "t_s": 1000.0}
"""Names of times, and how many ms their unit is."""

_INFLATION = 100
"""How many times as long as their file compressed arrays may be; those of spikes are ten times."""


class Lines(Protocol):
    """What knows how many lines it has read."""

    @property
    def line_num(self) -> int:
        """Their number."""
        ...


class RecordingError(NetspecError, ValueError):
    """A file holds no spikes that can be compared; the message says what it lacks."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Spikes of one population.

    Attributes:
        i: int64, shape (spikes,); indices of neurons.
        t: Times in ms, shape (spikes,).
    """

    i: IntegerArray
    t: FloatArray


def read_recordings(
    path: Path, name: str | None = None, *, default: str | None = None
) -> dict[str, Recording]:
    """Return the spikes of a file by population.

    Args:
        path: Ends in `.csv` or `.npz`.
        name: Of the population of a file that does not say.
        default: Of the population if neither the file nor `name` says.

    Raises:
        RecordingError: The file has no spikes, or does not say of which population, or says what
            `name` says too.
        OSError: The file cannot be read.
    """
    columns: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]]
    match path.suffix.lower():
        case ".csv":
            columns = _columns_of_table(path)
        case ".npz":
            columns = _arrays(path)
        case _:
            raise RecordingError(f"spikes are read from .csv and .npz, not from '{path}'")
    if name is not None and columns and "" not in columns:
        raise says_itself(path)
    default = default if name is None else name
    found = {}
    for own, (indices, times) in columns.items():
        recording = _recording(path, indices, times)
        if not own and default is None:
            raise RecordingError(f"'{path}' does not say of which population its spikes are")
        found[own or str(default)] = recording
    return found


def says_itself(path: Path) -> RecordingError:
    """Return the refusal of a name for spikes whose file has one."""
    return RecordingError(f"'{path}' says itself of which population its spikes are")


def _recording(path: Path, indices: npt.ArrayLike, times: npt.ArrayLike) -> Recording:
    i, t = np.asarray(indices), np.asarray(times, dtype=np.float64)
    i = i if i.size else i.astype(np.int64)
    if i.ndim != 1 or i.shape != t.shape:
        raise RecordingError(f"'{path}' has neurons and times of different number")
    if i.dtype.kind not in "iu" or not 0 <= int(i.min(initial=0)) <= int(i.max(initial=0)) < 2**63:
        raise RecordingError(f"'{path}' has neurons that are no whole numbers from 0")
    if not np.isfinite(t).all():
        raise RecordingError(f"'{path}' has times that are not finite")
    order = np.lexsort((i, t))
    return Recording(i[order].astype(np.int64), t[order])


def _columns_of_table(path: Path) -> Mapping[str, tuple[list[int], list[float]]]:
    found: dict[str, tuple[list[int], list[float]]] = {}
    with TextIOWrapper(open_file(path), encoding="utf-8-sig", newline="") as stream:
        table = csv.reader(stream)
        try:
            names = [each.strip() for each in next(table, [])]
            time = _time_among(path, names)
            for row in filter(None, table):
                if len(row) != len(names):
                    raise _wrong_line(
                        path, table, f"{counted(len(row), 'field')}, expected {len(names)}"
                    )
                fields = dict(zip(names, row, strict=True))
                indices, times = found.setdefault(fields.get("object", "").strip(), ([], []))
                indices.append(_read(int, fields["i"], "index of a neuron", path, table))
                times.append(_read(float, fields[time], "time", path, table) * _TIMES[time])
        except csv.Error as error:
            raise _wrong_line(path, table, str(error)) from None
        except UnicodeDecodeError:
            raise RecordingError(f"'{path}' is no table of spikes: it is not UTF-8") from None
    return found


def _read(
    kind: Callable[[str], NumberT], text: str, what: str, path: Path, table: Lines
) -> NumberT:
    try:
        return kind(text)
    except ValueError:
        raise _wrong_line(path, table, f"'{text[:40]}' is no {what}") from None


def _wrong_line(path: Path, table: Lines, reason: str) -> RecordingError:
    return RecordingError(f"line {table.line_num} of '{path}': {reason}")


def _arrays(path: Path) -> dict[str, tuple[npt.ArrayLike, npt.ArrayLike]]:
    try:
        with open_file(path) as stream:
            members_of(stream, most=_INFLATION)
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as archive:
                return dict(_pairs(path, archive))  # no other arrays are read
    except RecordingError:
        raise
    except REFUSALS as error:
        raise RecordingError(f"'{path}' is no .npz file of arrays: {error}") from None


def _pairs(
    path: Path, arrays: Mapping[str, npt.NDArray[np.generic]]
) -> Iterator[tuple[str, tuple[npt.ArrayLike, npt.ArrayLike]]]:
    owners = [each.removesuffix("i").removesuffix("/") for each in arrays if _is_index(each)]
    if not owners:
        _time_among(path, arrays)
    for own in owners:
        prefix = f"{own}/" if own else ""
        inside = [each.removeprefix(prefix) for each in arrays if each.startswith(prefix)]
        time = _time_among(path, inside)
        yield own, (arrays[f"{prefix}i"], np.asarray(arrays[f"{prefix}{time}"]) * _TIMES[time])


def _is_index(name: str) -> bool:
    return name == "i" or name.endswith("/i")


def _time_among(path: Path, names: Iterable[str]) -> str:
    """Return what times are called; refuse names without neurons or times."""
    known = list(names)
    time = next((each for each in _TIMES if each in known), None)
    if "i" not in known or time is None:
        shown = ", ".join(f"'{each[:40]}'" for each in known[:10]) or "nothing"
        raise RecordingError(
            f"'{path}' has {shown}; expected 'i', the index of the neuron, and 't_ms' or 't_s'"
        )
    return time
