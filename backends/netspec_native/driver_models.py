"""Render models of the Python file: what each template receives, all of it ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.codegen.kept import Kept as KeptSpikes
from netspec.codegen.timeline import Change
from netspec_native.arrays import Shared


@dataclass(frozen=True, slots=True)
class Logged:
    """An object whose spikes C notes."""

    name: str
    steps: str
    indices: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A population in the driver: its declared state by name, and what its digest covers."""

    name: str
    state: tuple[tuple[str, str], ...]
    hashed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleArray:
    """A recording in the driver: its array, and the text of the number of samples."""

    name: str
    rows: str


@dataclass(frozen=True, slots=True)
class DriverHead:
    """`head.py.jinja`.

    Attributes:
        command: How the C file is compiled.
        slice: Steps after which Python looks whether to go on.
        parallel: Whether more than one thread pays.
        threads: How many are asked for, if so.
        compiler: Text of the compiler that is taken where CC names none.
    """

    network: str
    fingerprint: str
    semantics: int
    seed: int
    dt: str
    steps: int
    command: tuple[str, ...]
    slice: int
    parallel: bool
    changes: str
    threads: int | None
    compiler: str


@dataclass(frozen=True, slots=True)
class Driver:
    """`simulate.py.jinja`.

    Attributes:
        setters: Functions of the library that set weights.
    """

    shared: tuple[Shared, ...]
    setters: tuple[str, ...]
    populations: tuple[Looked, ...]
    logged: tuple[Logged, ...]
    kept: tuple[KeptSpikes, ...]
    digest_period: int
    changes: tuple[Change, ...]
    recorded: tuple[str, ...]
    samples: tuple[SampleArray, ...]
    counts: tuple[str, ...]
    takes_digests: bool
