"""Data files: opened safely, known by their content, read as arrays.

`look` says what a file holds and hashes it; `read_numbers` and `read_integers` read one array of a
file that was looked at, and refuse it if its content is another one by now.
"""

from __future__ import annotations

from netspec.data.errors import DataError
from netspec.data.files import (
    FORMATS,
    DataFile,
    bytes_to_read,
    edge_names,
    format_of,
    look,
    place_of_item,
    read_integers,
    read_numbers,
)
from netspec.data.format import EdgeFormat

__all__ = [
    "FORMATS",
    "DataError",
    "DataFile",
    "EdgeFormat",
    "bytes_to_read",
    "edge_names",
    "format_of",
    "look",
    "place_of_item",
    "read_integers",
    "read_numbers",
]
