"""The edges of a projection as arrays, to look at and to write into data files."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.data import FORMATS, DataError, EdgeFormat, format_of
from netspec.errors import NetspecError
from netspec.files import atomic_writer
from netspec.units import parse_unit


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EdgeList:
    """Edges of one projection, by source and then in the order of its rule.

    Attributes:
        sources, targets: Counted from 0 within the parts that the projection addresses.
        weights: In SI, on the grid of the projection.
        delays: In steps; `None` where the receptor gathers, which takes no time.
        dt: Exact duration of a step in seconds.
        unit: Of the weights, as their receptor declares it.
        weight_bits: Of a grid on which the weights stay as they are.
    """

    sources: npt.NDArray[np.uint32]
    targets: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float64]
    delays: npt.NDArray[np.int64] | None
    dt: Fraction
    unit: str
    weight_bits: int

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.sources)

    def __repr__(self) -> str:
        return f"<EdgeList: {len(self)} edges, weights in {parse_unit(self.unit).dimension}>"

    def save(self, path: str | Path, *, population: str = "edges") -> dict[str, Any]:
        """Write the edges as `.csv`, `.npz` or, with h5py, SONATA `.h5`; whole or not at all.

        Args:
            path: The file.
            population: Name of the edge population in a SONATA file.

        Returns:
            The fields `rule`, `weight`, `delay`, where edges have one, and `weight_bits` of a
            projection that reads them from a file of that name beside its document.

        Raises:
            NetspecError: The file's name has another end, or h5py is missing.
            OSError: The file cannot be written.
        """
        file = Path(path)
        form = format_of(file.name)
        if not isinstance(form, EdgeFormat):
            known = ", ".join(end for end, each in FORMATS.items() if isinstance(each, EdgeFormat))
            raise NetspecError(f"expected a file name ending in {known}, got '{path}'")
        names = form.edges
        columns: dict[str, npt.NDArray[Any]] = {
            names.sources: self.sources,
            names.targets: self.targets,
            names.weights: self.weights,
        }
        if self.delays is not None:
            columns[names.delays] = _in_unit(self.delays, self.dt, names.delay_unit)
        try:
            with atomic_writer(file) as stream:
                form.write_edges(stream, columns, population)
        except DataError as error:
            raise NetspecError("; ".join((error.message, *error.hints))) from None
        unit = str(parse_unit(self.unit).dimension)
        values = {"file": file.name, "column": names.weights, "unit": unit}
        fields: dict[str, Any] = {"rule": {"explicit": {"file": file.name}}, "weight": values}
        if self.delays is not None:
            delays = {"column": names.delays, "unit": names.delay_unit}
            fields["delay"] = {"file": file.name, **delays}
        return {**fields, "weight_bits": self.weight_bits}


def _in_unit(delays: npt.NDArray[np.int64], dt: Fraction, unit: str) -> npt.NDArray[np.float64]:
    """Return delays in a unit of time, each the nearest double."""
    step = dt / parse_unit(unit).factor
    different, places = np.unique(delays, return_inverse=True)
    exact = [float(number * step) for number in different.tolist()]
    return np.array(exact, dtype=np.float64)[places]
