"""The document: a network and the experiment on it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, PrivateAttr

from netspec.errors import Diagnostic, SpecError
from netspec.expr.parse import shorten as shown
from netspec.files import atomic_writer
from netspec.limits import SEED_LIMIT
from netspec.spec.base import (
    Duration,
    Identifier,
    Interval,
    Items,
    Named,
    SpecModel,
    TimeStep,
)
from netspec.spec.cells import Cell, Population
from netspec.spec.connectivity import Projection, Table
from netspec.spec.experiment import Monitors, TimelineEntry
from netspec.spec.inputs import Input
from netspec.spec.problems import first_of, located, no_such_place, nulls_in
from netspec.spec.reader import Document, Syntax, location_path, read_file, read_text
from netspec.spec.space import Space

if TYPE_CHECKING:
    from netspec.results.results import Results

SCHEMA_ID = "urn:netspec:schema:1"


class Network(SpecModel):
    """A network of spiking neurons and an experiment on it.

    Fields mirror the JSON document one for one. Nothing in a description is ever executed.

    Raises:
        SpecError: A field is missing, unknown or wrong; carries all problems.
    """

    schema_id: str | None = Field(default=None, alias="$schema", max_length=500)
    """Address or file of the JSON Schema, for editors."""

    netspec: Literal["1"]
    """Version of the language."""

    name: Identifier
    """Name of the network."""

    description: str | None = None
    """Free text."""

    seed: int = Field(ge=0, le=SEED_LIMIT - 1)
    """Seed of everything random."""

    dt: TimeStep
    """Duration of a step."""

    duration: Duration
    """Length of the run, a multiple of dt."""

    space: Space | None = None
    """What the space is like in which populations and inputs have positions."""

    cells: Named[Cell] = {}
    """Neuron models by name."""

    populations: Named[Population] = {}
    """Populations by name."""

    inputs: Named[Input] = {}
    """Sources of spikes by name."""

    projections: Named[Projection] = {}
    """Connections by name."""

    tables: Named[Table] = {}
    """Tables of projections by name."""

    timeline: Items[TimelineEntry] = ()
    """Changes while the network runs; entries of one step are carried out in this order."""

    phases: Named[Interval] = {}
    """Parts of the run by name, as `["0 ms", "250 ms"]`: from a time to before another."""

    monitors: Monitors = Monitors()
    """What is recorded."""

    _document: Document | None = PrivateAttr(default=None)
    _folder: Path | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Two networks are equal if their documents are, wherever they were read from."""
        if not isinstance(other, Network):
            return NotImplemented
        return self.to_document() == other.to_document()

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a network from a JSON or YAML file.

        Raises:
            SpecError: The file cannot be read or is wrong; problems have line and column.
        """
        return cls._from_document(read_file(path)).in_folder(Path(path).parent)

    @classmethod
    def loads(cls, text: str, *, syntax: Syntax = "json", file: str = "<text>") -> Self:
        """Read a network from a text.

        Raises:
            SpecError: The text is wrong; problems have line and column.
        """
        return cls._from_document(read_text(text, file=file, syntax=syntax))

    @classmethod
    def _from_document(cls, document: Document) -> Self:
        data: dict[str, Any] = document.data
        try:
            network = cls(**data)
        except SpecError as error:
            raise SpecError(located(error.diagnostics, document)) from None
        if nulls := first_of(nulls_in(document.data)):
            raise SpecError(located(nulls, document))
        network._document = document
        return network

    @property
    def document(self) -> Document | None:
        """The text that the network was read from, for places in messages."""
        return self._document

    @property
    def folder(self) -> Path | None:
        """Where data files lie; `None` if the network was not read from a file."""
        return self._folder

    def in_folder(self, folder: str | os.PathLike[str]) -> Self:
        """Return the same network with its data files in a folder.

        A network that was read from a file has that file's folder.
        """
        same = self.model_copy()
        same._folder = Path(folder).absolute()
        return same

    def to_document(self) -> dict[str, Any]:
        """Return the document as plain JSON data, values as they were written."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

    def to_json(self) -> str:
        """Return the document as JSON text."""
        return json.dumps(self.to_document(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document as JSON; whole or not at all. Data files stay where they are.

        Raises:
            SpecError: The file's name does not end in `.json`.
            OSError: The file cannot be written.
        """
        if Path(path).suffix.lower() != ".json":  # what is read from it would be taken for YAML
            message = f"expected a file name ending in .json, got {os.fspath(path)!r}"
            raise SpecError([Diagnostic("unknown-file-type", "", message)])
        with atomic_writer(Path(path)) as stream:
            stream.write(self.to_json().encode())

    def replace(self, changes: Mapping[str, object]) -> Self:
        """Return a new, validated network with some values changed.

        Args:
            changes: Values by place, e.g. `{"populations.exc.size": 1400, "dt": "0.05 ms"}`; a
                place may be new where the language has such a field. `None` takes away what is
                there, a field or an object with a name.

        Raises:
            SpecError: A place does not exist or lies in another one that is changed, or a value is
                wrong there.
        """
        data = self.to_document()
        places = {_steps(path): path for path in changes}
        for steps, path in places.items():
            _refuse_nested(steps, places)
            _set_at(data, steps, path, changes[path])
        changed = type(self)(**data)
        changed._folder = self._folder
        return changed

    def fingerprint(self) -> str:
        """Return the SHA-256 of the meaning: spelling, order, monitors and free text left out.

        Raises:
            SpecError: The description has problems.
        """
        from netspec import api

        return api.fingerprint(self)

    def check(self, *, max_memory: int | None = None) -> tuple[Diagnostic, ...]:
        """Look for everything that `run` would refuse or warn of, and return the warnings.

        Args:
            max_memory: Bytes that synapses, neurons, listed spikes and samples may take; default
                80 % of what is free.

        Raises:
            SpecError: The description has problems; carries all of them.
        """
        from netspec import api

        return api.check(self, max_memory=max_memory)

    def run(self, **options: Any) -> Results:
        """Run the network; see `netspec.run`."""
        from netspec import api

        return api.run(self, **options)


def _steps(path: str) -> tuple[str | int, ...]:
    try:
        return tuple(location_path(path))
    except (ValueError, TypeError):
        raise SpecError([no_such_place(path)]) from None


def _refuse_nested(
    steps: tuple[str | int, ...], places: Mapping[tuple[str | int, ...], str]
) -> None:
    """Refuse a change of a place within another one that is changed: one would undo the other."""
    for length in range(1, len(steps)):
        if outer := places.get(steps[:length]):
            message = f"'{shown(outer)}', which this place lies in, is changed as well"
            raise SpecError([Diagnostic("changed-twice", shown(places[steps]), message)])


def _set_at(data: dict[str, Any], steps: tuple[str | int, ...], path: str, value: object) -> None:
    """Put a value at a place of plain data; missing objects on the way are made."""
    try:
        place: Any = data
        for step in steps[:-1]:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        if value is None and isinstance(place, dict) and steps[-1] in place:
            del place[steps[-1]]
        else:  # `None` where nothing was is for the models to judge: the name may be misspelt
            place[steps[-1]] = value
    except (ValueError, TypeError, IndexError, KeyError):
        raise SpecError([no_such_place(path)]) from None
