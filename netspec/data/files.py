"""What a data file holds, and reading one array of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath

from netspec.data.csv import Csv
from netspec.data.errors import DataError
from netspec.data.folder import changed, opened
from netspec.data.format import WHOLE, Array, EdgeFormat, EdgeNames, FloatArray, Format
from netspec.data.npy import Npy, Npz
from netspec.data.sonata import Sonata
from netspec.ir.recipe import DataRef

FORMATS: Mapping[str, Format] = {each.suffix: each for each in (Csv(), Npy(), Npz(), Sonata())}
"""By the end of the name of a file."""

_SHOWN = 20
"""Names that a message lists."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was looked at.

    Attributes:
        folder: Where it lies.
        name: Relative to the folder.
        sha256: Of its content, in hexadecimal.
        arrays: Shapes by name; what is all of the file has an empty name.
        texts: What it says about itself, by name.
    """

    folder: Path
    name: str
    sha256: str
    arrays: Mapping[str, tuple[int, ...]]
    texts: Mapping[str, str]

    @property
    def suffix(self) -> str:
        """The end of the name, which says the format."""
        return PurePosixPath(self.name).suffix

    def array(
        self,
        column: str | None,
        *,
        population: str | None = None,
        dimensions: tuple[int, ...] = (1,),
    ) -> DataRef:
        """Return one of its arrays.

        Args:
            column: Its name; may be left out if there is only one that fits.
            population: Of SONATA edges; may be left out if there is only one.
            dimensions: How many the array may have.

        Raises:
            DataError: There is no such array.
        """
        prefix = self._prefix(population)
        fitting = [
            name
            for name, shape in self.arrays.items()
            if name.startswith(prefix) and len(shape) in dimensions
        ]
        name = f"{prefix}{column}" if column is not None else WHOLE
        if column is None and name not in fitting and len(fitting) == 1:
            name = fitting[0]
        if name not in fitting:
            raise self._no_such(column, [each.removeprefix(prefix) for each in fitting])
        return DataRef(self.sha256, name, self.arrays[name], self.name, str(self.folder))

    def _prefix(self, population: str | None) -> str:
        """Return what the names of the arrays of a population begin with."""
        if self.suffix != Sonata.suffix:
            if population is not None:
                message = f"'{self.name}' has no populations: only SONATA files have"
                raise DataError("unknown-column", message)
            return ""
        known = sorted({name.partition("/")[0] for name in self.arrays})
        if population is None and len(known) == 1:
            return f"{known[0]}/"
        if population not in known:
            several = "has several populations" if known else "has no populations of edges"
            what = "has no such population" if population else several
            raise DataError(
                "unknown-column",
                f"'{self.name}' {what}",
                notes=(f"its populations: {_listed(known)}",),
                hints=("name one: 'population'",) if known and not population else (),
            )
        return f"{population}/"

    def _no_such(self, column: str | None, fitting: list[str]) -> DataError:
        named = [each for each in fitting if each]
        if column is not None:
            shown = column if len(column) <= 40 and column.isprintable() else "…"
            what = f"'{self.name}' has no column '{shown}' of numbers"
        elif len(named) > 1:
            what = f"'{self.name}' has several columns: 'column' says which one is meant"
        else:
            shapes = [" x ".join(map(str, each)) or "a number" for each in self.arrays.values()]
            held = ", ".join(each[:60] for each in shapes[:_SHOWN]) or "nothing"
            what = f"expected a list of numbers, but '{self.name}' holds {held}"
        return DataError("unknown-column", what, notes=(f"its columns: {_listed(named)}",))


def format_of(name: str) -> Format | None:
    """Return the format of a file, or `None` if its name has none of their ends."""
    return FORMATS.get(PurePosixPath(name).suffix)


def edge_names(name: str) -> EdgeNames:
    """Return what a data file of that name calls the arrays of edges.

    Raises:
        DataError: Its format has no names.
    """
    form = FORMATS[PurePosixPath(name).suffix]
    if not isinstance(form, EdgeFormat):
        message = f"'{name}' holds one array; a list of pairs has two, sources and targets"
        raise DataError("unknown-column", message)
    return form.edges


def _listed(names: list[str]) -> str:
    shown = [f"'{each[:60]}'" for each in names[:_SHOWN] if each.isprintable()]
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join(shown + more) or "none"


def look(folder: Path, name: str) -> DataFile:
    """Return what a file beside the document holds, without reading its numbers.

    Args:
        folder: Of the document.
        name: Of the file, as `netspec.spec.data` has checked it.

    Raises:
        DataError: There is no such file, or it is not what its name says.
    """
    kind = FORMATS[PurePosixPath(name).suffix]
    with opened(folder, name, kind.max_bytes) as stream:
        sha256 = _hash(stream)
        arrays = kind.contents(stream, name)
        return DataFile(folder, name, sha256, arrays, kind.texts(stream, name))


def read_numbers(data: DataRef, power: int) -> FloatArray:
    """Return an array of a file in SI: all its numbers times 10**power, each rounded once.

    Raises:
        DataError: The file is damaged or has changed, or something in it is no finite number.
    """
    kind = _format_of(data)
    with opened(Path(data.folder), data.file, kind.max_bytes) as stream:
        _require_same(stream, data)
        return kind.numbers(stream, data, power)


def read_integers(data: DataRef) -> Array:
    """Return an array of integers of a file, of any integer type.

    Raises:
        DataError: The file is damaged or has changed, or something in it is no integer.
    """
    kind = _format_of(data)
    with opened(Path(data.folder), data.file, kind.max_bytes) as stream:
        _require_same(stream, data)
        return kind.integers(stream, data)


def bytes_to_read(data: DataRef) -> int:
    """Return the memory that a number of an array takes while the array is read."""
    return 8 + _format_of(data).bytes_beside


def place_of_item(data: DataRef, number: int) -> str:
    """Return words for the place of an item of an array, such as `line 3 of 'edges.csv'`."""
    return _format_of(data).place(data, number)


def _format_of(data: DataRef) -> Format:
    return FORMATS[PurePosixPath(data.file).suffix]


def _require_same(stream: BufferedReader, data: DataRef) -> None:
    """Refuse a file with another content than the one that is in the fingerprint."""
    if _hash(stream) != data.sha256:
        raise changed(data.file)


def _hash(stream: BufferedReader) -> str:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return digest
