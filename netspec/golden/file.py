"""The golden file: what is in it, and how it is read and written.

`NAME.golden.json` stands beside `NAME.json` or `NAME.yaml`. It is read as strictly as a description
is: no unknown fields, no key twice, problems with line and column. What it says twice (a digest of
all objects and one of each, counts and rates) must agree, so that a damaged file is told from a
simulation that went wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil, isnan
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netspec.backend.choice import commands_in
from netspec.errors import Diagnostic, SpecError
from netspec.files import atomic_writer
from netspec.limits import LONGEST_STEP, MAX_NEURONS, MAX_STEPS, SEED_LIMIT, SHORTEST_STEP
from netspec.results.clock import step_in_milliseconds
from netspec.results.digest import combined_digest
from netspec.results.results import ObjectKind
from netspec.spec.problems import diagnostics_of, located
from netspec.spec.reader import read_file

SUFFIX = ".golden.json"
DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")

_HEXADECIMAL = frozenset("0123456789abcdef")


def _sha256(text: str) -> str:
    if len(text) != 64 or not _HEXADECIMAL.issuperset(text):
        raise PydanticCustomError("wrong-digest", "expected a digest of 64 hexadecimal digits")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("not-printable", "expected a text without control characters")
    return text


NO_SPIKES = sha256().hexdigest()
"""The spike digest of what does not spike."""

Digest = Annotated[str, AfterValidator(_sha256)]
Text = Annotated[str, AfterValidator(_printable)]
Count = Annotated[int, Field(ge=0, le=2**63 - 1)]
Step = Annotated[int, Field(ge=0, le=MAX_STEPS)]
Neuron = Annotated[int, Field(ge=0, le=MAX_NEURONS)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class GoldenObject(_Part):
    """Spikes of a population, a source or a named event."""

    kind: ObjectKind
    size: Neuron
    count: Count
    rate: float | None
    """In Hz per neuron; `None` where there is no neuron or no time."""

    digest: Digest


class GoldenOutcome(_Part):
    """Where a state variable became NaN or infinite."""

    step: Step
    population: Text
    index: Neuron
    variable: Text


class Golden(_Part):
    """What a description gave, on every backend."""

    format: Literal["netspec-golden-1"] = "netspec-golden-1"
    network: Text
    """Its name."""

    semantics: int
    """Version of the execution contract."""

    fingerprint: Digest
    backends: Annotated[tuple[Text, ...], Field(min_length=1)]
    """That it is checked on, as they are written after `--backend`."""

    seed: Annotated[int, Field(ge=0, le=SEED_LIMIT - 1)]
    dt: Annotated[float, Field(ge=SHORTEST_STEP, le=LONGEST_STEP)]
    """Duration of a step in seconds."""

    steps: Step
    """Completed."""

    outcome: GoldenOutcome | None
    spike_digest: Digest
    """Of all objects."""

    state_digest: Digest | None
    """Of all populations; `None` if the state became non-finite."""

    objects: dict[Text, GoldenObject]
    states: dict[Text, Digest]
    """State digests by population."""

    steps_per_second: Annotated[int, Field(ge=1, le=MAX_STEPS)]
    seconds: tuple[Digest, ...]
    """One digest of all spikes of each second that was begun; the steps are those of the run."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.spike_digest != combined_digest({n: o.digest for n, o in self.objects.items()}):
            _refuse("the digests of the objects do not give this one", "spike_digest")
        if self.state_digest != (combined_digest(self.states) if self.states else None):
            _refuse("the digests of the populations do not give this one", "state_digest")
        self._check_objects()
        self._check_ending()
        self._check_seconds()
        return self

    def _check_objects(self) -> None:
        for name, each in self.objects.items():
            if each.rate != mean_rate(each.count, each.size, self.steps, self.dt):
                _refuse("count, size and steps do not give this rate", "objects", name, "rate")
            if each.count > each.size * self.steps:
                _refuse("a neuron spikes at most once in a step", "objects", name, "count")
            if (each.count == 0) != (each.digest == NO_SPIKES):
                _refuse("the digest is not that of so many spikes", "objects", name, "digest")

    def _check_ending(self) -> None:
        """Check that a run with finite state, and no other, has a state digest of all neurons."""
        populations = {n: o.size for n, o in self.objects.items() if o.kind == "population"}
        if self.states.keys() != (populations.keys() if self.outcome is None else set()):
            _refuse("these are not the populations whose state stays finite", "states")
        if self.outcome is None:
            return
        if self.outcome.step != self.steps:
            _refuse("the run does not end in this step", "outcome", "step")
        if self.outcome.index >= populations.get(self.outcome.population, 0):
            _refuse("there is no such neuron", "outcome", "index")

    def _check_seconds(self) -> None:
        if self.steps_per_second != steps_per_second(self.dt):
            _refuse("a second has another number of steps", "steps_per_second")
        if len(self.seconds) != -(-self.steps // self.steps_per_second):
            _refuse("the run has another number of seconds", "seconds")
        silence = combined_digest(dict.fromkeys(self.objects, NO_SPIKES))
        busy = [each for each in self.seconds if each != silence]
        count = sum(each.count for each in self.objects.values())
        if not min(count, 1) <= len(busy) <= count:
            _refuse("the objects have another number of spikes than these seconds", "seconds")
        if (len(busy) == 1) != (count > 0 and self.spike_digest in busy):
            _refuse("the digest of all spikes is not that of their only second", "seconds")

    def to_json(self) -> str:
        """Return the text of the file: the same for the same content."""
        data = self.model_dump(mode="json")
        for name in ("objects", "states"):
            data[name] = dict(sorted(data[name].items()))
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_anew(document: str) -> str:
    """Return what to do where a golden file is not what it should be."""
    return f"`netspec golden {document} --update` writes it anew"


def _refuse(problem: str, *place: str) -> NoReturn:
    more = {"problem": problem, "at": place, "hints": (write_anew("SPEC"),)}
    message = "{problem}: the file was edited or damaged"
    raise PydanticCustomError("damaged-golden-file", message, more)


def mean_rate(count: int, size: int, steps: int, dt: float) -> float | None:
    """Return spikes per neuron and second; `None` where there is no neuron or no time."""
    rate = count / (size * (steps * dt)) if size * steps else float("nan")
    return None if isnan(rate) else rate


def steps_per_second(dt: float) -> int:
    """Return the number of steps of a second, rounded up.

    >>> steps_per_second(0.0001), steps_per_second(0.0003), steps_per_second(7.0)
    (10000, 3334, 1)
    """
    return ceil(Fraction(1000) / step_in_milliseconds(dt))


def path_of(document: str | os.PathLike[str]) -> Path:
    """Return where the golden file of a document is.

    >>> path_of("models/column.netspec.yaml").as_posix()
    'models/column.netspec.golden.json'
    """
    path = Path(document)
    stem = path.stem if path.suffix.lower() in DOCUMENT_SUFFIXES else path.name
    return path.with_name(stem + SUFFIX)


def is_golden(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file is a golden file, by its name."""
    return Path(path).name.endswith(SUFFIX)


def read(path: Path) -> Golden:
    """Read a golden file.

    Raises:
        SpecError: There is none, or it is not what was written; problems have line and column.
    """
    document = read_file(path)
    try:
        golden = Golden.model_validate_json(document.text)
    except ValidationError as error:
        found = diagnostics_of(error, document.data, Golden)
        raise SpecError(located(found, document)) from None
    if commands := tuple(command_problems(golden.backends)):
        raise SpecError(located(commands, document))
    return golden


def command_problems(backends: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield the problem of each backend that no golden file may name.

    Who reads a golden file would run the program that an option of it names, unseen.
    """
    for number, text in enumerate(backends):
        for option in sorted(commands_in(text)):
            name = text.partition(":")[0].strip()
            yield Diagnostic(
                "command-in-golden-file",
                f"backends[{number}]",
                f"option '{option}' of backend '{name}' names a program to be run, "
                "which no golden file may do",
                hints=("give it to `netspec verify` with --backends",),
            )


def write(golden: Golden, path: Path) -> None:
    """Write a golden file, whole or not at all.

    Raises:
        OSError: The file cannot be written, or a link stands in its place.
    """
    with atomic_writer(path, follow_link=False) as stream:
        stream.write(golden.to_json().encode())
