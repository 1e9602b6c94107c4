"""The edges of a projection as arrays, to look at and to write into data files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.data import DataError, edge_columns
from netspec.data.writing import write_csv, write_npz, write_sonata
from netspec.errors import NetspecError
from netspec.files import atomic_writer
from netspec.units import parse_unit

_VALUES: Mapping[str, tuple[str, str, str]] = {
    ".csv": ("weight", "delay", "s"),
    ".npz": ("weights", "delays", "s"),
    ".h5": ("syn_weight", "delay", "ms"),
}
"""What a format calls weights and delays, and the unit of its delays."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EdgeList:
    """Edges of one projection, by source and then in the order of its rule.

    Attributes:
        sources, targets: Counted from 0 within the parts that the projection addresses.
        weights: In SI, on the grid of the projection.
        delays: In steps; 0 where the receptor gathers.
        dt: Exact duration of a step in seconds.
        unit: Of the weights, as their receptor declares it.
        weight_bits: Of a grid on which the weights stay as they are.
    """

    sources: npt.NDArray[np.uint32]
    targets: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float64]
    delays: npt.NDArray[np.int64]
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
            The fields `rule`, `weight`, `delay` and `weight_bits` of a projection that reads them
            from a file of that name beside its document.

        Raises:
            NetspecError: The file's name has another end, or h5py is missing.
            OSError: The file cannot be written.
        """
        file = Path(path)
        if file.suffix not in _VALUES:
            known = ", ".join(_VALUES)
            raise NetspecError(f"expected a file name ending in {known}, got '{path}'")
        weight, delay, unit = _VALUES[file.suffix]
        columns: dict[str, npt.NDArray[Any]] = {
            **dict(zip(edge_columns(file.name), (self.sources, self.targets), strict=True)),
            weight: self.weights,
            delay: self._delays_in(unit),
        }
        try:
            with atomic_writer(file) as stream:
                if file.suffix == ".csv":
                    write_csv(stream, columns)
                elif file.suffix == ".npz":
                    write_npz(stream, columns)
                else:
                    write_sonata(stream, population, columns)
        except DataError as error:
            raise NetspecError("; ".join((error.message, *error.hints))) from None
        values = {"file": file.name, "column": weight, "unit": str(parse_unit(self.unit).dimension)}
        fields: dict[str, Any] = {
            "rule": {"explicit": {"file": file.name}},
            "weight": values,
            "delay": {"file": file.name, "column": delay, "unit": unit},
        }
        return {**fields, "weight_bits": self.weight_bits}

    def _delays_in(self, unit: str) -> npt.NDArray[np.float64]:
        """Return the delays in a unit of time, each the nearest double."""
        step = self.dt / parse_unit(unit).factor
        different, places = np.unique(self.delays, return_inverse=True)
        exact = [float(number * step) for number in different.tolist()]
        return np.array(exact, dtype=np.float64)[places]
