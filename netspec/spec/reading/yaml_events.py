"""The parser's events for a YAML text, with its errors put into netspec's form.

The only module that imports a YAML parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from netspec.errors import SpecError
from netspec.spec.reading.source import Source


def parse_events(source: Source) -> Iterator[Any]:
    """Yield the events of a YAML text.

    Raises:
        SpecError: The text is not YAML.
    """
    end = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(source.text):
            yield event
            end = event.end_mark.index
    except MarkedYAMLError as error:
        raise _syntax_error(source, error) from None
    except ReaderError as error:
        message = f"the character U+{ord(source.text[error.position]):04X} is not allowed in YAML"
        raise source.problem("invalid-yaml", error.position, message) from None
    except Exception as error:  # the parser lets its own slips through, such as chr() of nonsense
        message = "the text cannot be read as YAML after this point"
        notes = (f"the parser says: {error}",)
        raise source.problem("invalid-yaml", end, message, notes=notes) from error


def _syntax_error(source: Source, error: Any) -> SpecError:
    mark = error.problem_mark or error.context_mark
    message = error.problem or error.context  # the parser does not always fill both
    notes: tuple[str, ...] = ()
    if error.problem and error.context and error.context_mark:
        notes = (f"{error.context} that starts at {source.location(error.context_mark.index)}",)
    hints = ("YAML is indented with spaces",) if "'\\t'" in message else ()
    return source.problem("invalid-yaml", mark.index, message, notes=notes, hints=hints)
