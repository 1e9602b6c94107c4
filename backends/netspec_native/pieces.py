"""Pieces of a C file, which several compilers work on at the same time.

What a step does is written in sections: first the sources, then each population, and last the run
with what it calls. A piece is some sections that follow each other, and as much of the rest as they
call. Where a piece ends is decided where the file is compiled, as that depends on the machine.
"""

from __future__ import annotations

from netspec.machine import cores

RUN = 3
"""The last section takes a compiler about as long as so many others."""


def sections(populations: int) -> int:
    """Return how many sections there are, the last one counted by how long it takes."""
    return 1 + populations + RUN


def section_of(population: int) -> int:
    """Return the number of the section of a population; the run's follows that of the last one."""
    return 1 + population


def pieces(populations: int) -> int:
    """Return how many pieces this process may compile at once; none of them is empty."""
    return min(cores(), sections(populations) // RUN)
