"""Recorded spikes as comma-separated text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.files import atomic_writer

if TYPE_CHECKING:
    from netspec.results.results import Results

_CHUNK = 1 << 16


def save_csv(results: Results, path: Path) -> None:
    """Write one line `object,step,i,t_ms` per recorded spike; whole or not at all.

    Raises:
        OSError: The file cannot be written.
    """
    with atomic_writer(path) as stream:
        stream.write(b"object,step,i,t_ms\n")
        for text in _lines(results):
            stream.write(text.encode())


def _lines(results: Results) -> Iterator[str]:
    """Yield the lines of many spikes at a time, so that a long record needs little memory."""
    for name, spikes in results.spikes.items():
        for start in range(0, len(spikes), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            columns = (spikes.step[chunk], spikes.i[chunk], spikes.t[chunk])
            rows = zip(*(column.tolist() for column in columns), strict=True)
            yield "".join(f"{name},{step},{i},{t!r}\n" for step, i, t in rows)
