"""Data files: numbers that lie beside the document, and how a document refers to them."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from netspec.expr.parse import shorten
from netspec.spec.base import SpecModel, UnitText

DATA_SUFFIXES = (".csv", ".npy", ".npz", ".h5")
"""Ends of names of data files; each is one of `netspec.data.FORMATS`."""

MAX_FILE_NAME = 200

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_ENDS = "|".join(each.removeprefix(".") for each in DATA_SUFFIXES)
_FILE_NAME = re.compile(rf"{_PART}(/{_PART})*", re.ASCII)


_HINT = (
    "use letters, digits, '_', '-' and '.', and '/' before a file in a sub-folder; absolute paths "
    "and '..' lead out of the folder"
)


def _check_file_name(name: str) -> str:
    if len(name) > MAX_FILE_NAME or not _FILE_NAME.fullmatch(name):
        raise PydanticCustomError(
            "bad-file-name",
            "'{name}' does not name a file beside the document",
            {
                "name": shorten(name),
                "hints": (_HINT,),
            },
        )
    if not name.endswith(DATA_SUFFIXES):
        raise PydanticCustomError(
            "bad-file-name",
            "expected a file name ending in {suffixes}, got '{name}'",
            {"suffixes": ", ".join(DATA_SUFFIXES), "name": name},
        )
    return name


FileName = Annotated[
    str,
    AfterValidator(_check_file_name),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": MAX_FILE_NAME,
            "pattern": rf"^{_PART}(/{_PART})*\.({_ENDS})$",
            "examples": ["edges.csv", "data/rates.npy"],
        }
    ),
]
"""A data file in the folder of the document or below it."""

ColumnName = Annotated[str, Field(min_length=1, max_length=200)]


class SpikeFile(SpecModel):
    """Spikes of a data file, one per row, e.g. `{"file": "spikes.csv", "unit": "ms"}`.

    A `.csv` has the columns `neuron` and `time`, or `neuron` and `step`; an `.npz` has the arrays
    `neurons` and `times`, or `neurons` and `steps`.
    """

    file: FileName
    """The file, in the folder of the document or below it: `.csv` or `.npz`."""

    recorded: str | None = Field(default=None, max_length=200)
    """Population, input or event in an `.npz` that `Results.save` wrote: its recorded spikes."""

    unit: UnitText | None = None
    """Unit of the times; left out if the file has steps in their place."""

    @model_validator(mode="after")
    def _no_unit_of_steps(self) -> Self:
        if self.recorded is not None and self.unit is not None:
            message = "recorded spikes have steps, which need no 'unit'"
            raise PydanticCustomError("unit-of-steps", "{message}", {"message": message})
        return self


class FromFile(SpecModel):
    """Numbers of a data file, e.g. `{"file": "edges.csv", "column": "weight", "unit": "nS"}`."""

    known_by: ClassVar[str] = "file"
    """The field that tells this form of a value from others."""

    file: FileName
    """The file, in the folder of the document or below it: `.csv`, `.npy`, `.npz` or `.h5`."""

    population: ColumnName | None = None
    """Edge population of a SONATA file; may be left out if there is only one."""

    column: ColumnName | None = None
    """Column of a table, array of an `.npz`, attribute of SONATA edges; may be left out if there
    is only one."""

    unit: UnitText
    """Unit of all numbers; `1` for plain numbers."""
