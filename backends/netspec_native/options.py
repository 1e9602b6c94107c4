"""Options of the native backend."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from netspec.backend.protocol import BackendOptions
from netspec.machine import cores


class NativeOptions(BackendOptions):
    """How the program is compiled, and on how many threads it runs; neither changes a bit."""

    commands: ClassVar[frozenset[str]] = frozenset({"compiler"})

    threads: int | None = Field(
        default=None, ge=1, le=256, description="by default as many as pay for this network"
    )
    compiler: str | None = Field(
        default=None, description="a command; by default $CC, cc, gcc, clang or zig"
    )
    optimize: Literal[0, 3] = Field(default=3, description="the compiler's -O")
    vectors: Literal["native", "common"] = Field(
        default="native",
        description="common: only instructions that all processors of the kind have",
    )

    @field_validator("optimize", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        """Read the number of a command line."""
        return int(value) if isinstance(value, str) and value.isdecimal() else value

    def n_threads(self, *, pays: bool) -> int:
        """Return the number of threads: what is asked for, else one for each core if it pays.

        Args:
            pays: Whether a step is long enough for several.
        """
        return self.threads or (cores() if pays else 1)


def flags(options: NativeOptions) -> tuple[str, ...]:
    """Return what a compiler is told; nothing in it may change a bit of a result."""
    vectors = ("-march=native",) if options.vectors == "native" else ()
    return (
        "-std=gnu11",
        f"-O{options.optimize}",
        *vectors,
        "-fno-fast-math",  # that a compiler may have been told before
        "-ffp-contract=off",  # no fused multiply-add
        "-fno-math-errno",
        "-fno-trapping-math",  # both sides of a choice may be computed; no value changes
        "-fwrapv",
        "-fPIC",
        "-shared",
        "-pthread",
    )
