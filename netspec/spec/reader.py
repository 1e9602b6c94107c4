"""Text to plain data with positions, safely.

JSON is canonical; YAML 1.2 gives the same data. Nothing here knows what a description means: the
result is what JSON can hold, and the place of each part of it for those who find fault later.
"""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import Literal, assert_never

from netspec.errors import Diagnostic, SpecError
from netspec.files import open_file
from netspec.spec.reading.document import Document
from netspec.spec.reading.json_text import read_json
from netspec.spec.reading.limits import MAX_JSON_BYTES, MAX_YAML_BYTES
from netspec.spec.reading.paths import format_path, location_path
from netspec.spec.reading.source import Source

__all__ = ["Document", "Syntax", "format_path", "location_path", "read_file", "read_text"]

Syntax = Literal["json", "yaml"]

_SYNTAXES: dict[str, Syntax] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
_MAX_BYTES: dict[Syntax, int] = {"json": MAX_JSON_BYTES, "yaml": MAX_YAML_BYTES}
_NAMES = {str: "a text", list: "a list", bool: "a truth value", type(None): "nothing"}


def read_text(text: str, *, file: str, syntax: Syntax) -> Document:
    """Read a text; `file` is its name in messages.

    Raises:
        SpecError: The text is refused; says why, with line and column.
    """
    source = Source(file, text.removeprefix("\N{BYTE ORDER MARK}"))
    try:
        too_large = len(source.text.encode("utf-8")) > _MAX_BYTES[syntax]
    except UnicodeEncodeError as error:
        raise source.surrogate((), error.start) from None
    if too_large:
        raise _too_large(file, syntax)
    match syntax:
        case "json":
            data, marks = read_json(source)
        case "yaml":
            from netspec.spec.reading.yaml_text import read_yaml  # a YAML parser is slow to import

            data, marks = read_yaml(source)
        case _:
            assert_never(syntax)
    if not isinstance(data, dict):
        message = f"expected an object with named fields, got {_NAMES.get(type(data), 'a number')}"
        raise source.problem("not-an-object", marks.root, message)
    return Document(data, file, source.text, marks)


def read_file(path: str | os.PathLike[str]) -> Document:
    """Read a file whose name ends in `.json`, `.yaml` or `.yml`.

    Raises:
        SpecError: The file cannot be read, or its text is refused.
    """
    file = os.fspath(path)
    syntax = _SYNTAXES.get(Path(file).suffix.lower())
    limit = _MAX_BYTES[syntax] if syntax else 0
    try:
        with open_file(file) as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise _file_problem("file-not-found", f"there is no file {file!r}") from None
    except IsADirectoryError:
        message = f"{file!r} is a directory, not a file"
        raise _file_problem("file-is-directory", message) from None
    except (OSError, ValueError) as error:  # ValueError: the name holds a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise _file_problem("file-unreadable", f"cannot read {file!r}: {reason}") from None
    if syntax is None:
        message = f"expected a file name ending in .json, .yaml or .yml, got {file!r}"
        raise _file_problem("unknown-file-type", message)
    if len(content) > limit:
        raise _too_large(file, syntax)
    return read_text(_decode(content, file), file=file, syntax=syntax)


def _decode(content: bytes, file: str) -> str:
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        good = Source(file, content[: error.start].decode("utf-8"))
        message = f"byte 0x{content[error.start]:02X} is not UTF-8"
        hints = ("save the file with the encoding UTF-8",)
        raise good.problem("not-utf-8", len(good.text), message, hints=hints) from None


def _too_large(file: str, syntax: Syntax) -> SpecError:
    limit = _MAX_BYTES[syntax] // 2**20
    message = f"{file!r} is larger than {limit} MiB, the limit for {syntax.upper()}"
    hints = () if syntax == "json" else ("JSON may be larger and is read faster",)
    return _file_problem("text-too-large", message, hints)


def _file_problem(code: str, message: str, hints: tuple[str, ...] = ()) -> SpecError:
    return SpecError([Diagnostic(code, "", message, hints=hints)])
