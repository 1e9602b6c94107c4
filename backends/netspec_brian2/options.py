"""Options of the Brian2 backend."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from netspec.backend.protocol import BackendOptions

Target = Literal["numpy", "cython", "cpp_standalone"]
"""How Brian2 runs a network: as Python, as compiled extensions, or as one C++ program."""

MAX_THREADS = 1024
"""More than machines have; OpenMP starts what it is told to, until the system gives out."""

_EXACT = ("-w", "-ffp-contract=off", "-fwrapv", "-std=c++17")

COMPILER_FLAGS: Mapping[Target, tuple[str, ...]] = MappingProxyType(
    {"cython": ("-O1", "-g0", *_EXACT), "cpp_standalone": ("-O3", *_EXACT)}
)
"""Arithmetic as it is written, of integers modulo 2^64. Cython takes seconds whatever it does."""


class Brian2Options(BackendOptions):
    """How Brian2 runs the network; every choice gives the same spikes."""

    target: Target = Field(
        default="numpy",
        description="numpy needs no compiler; cpp_standalone runs fastest, but compiles each time",
    )
    threads: int = Field(
        default=1, ge=1, le=MAX_THREADS, description="OpenMP threads; only with cpp_standalone"
    )

    @model_validator(mode="after")
    def _threads_need_openmp(self) -> Self:
        if self.threads > 1 and self.target != "cpp_standalone":
            raise ValueError(f"several threads need target=cpp_standalone, got {self.target}")
        return self
