"""A text with its name: turns offsets into lines and columns, and problems into errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netspec.errors import Diagnostic, Location, SpecError
from netspec.spec.reading.limits import MAX_DEPTH, MAX_NUMBER_LENGTH
from netspec.spec.reading.paths import Step, format_path

_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the file it came from, as the user named it."""

    file: str
    text: str

    def location(self, offset: int) -> Location:
        r"""Return line and column of a character; lines end with `\n`, `\r\n` or `\r`."""
        feeds, returns, pairs = (self.text.count(end, 0, offset) for end in ("\n", "\r", "\r\n"))
        before = max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset))
        return Location(self.file, feeds + returns - pairs + 1, offset - before)

    def problem(
        self,
        code: str,
        offset: int,
        message: str,
        *,
        path: Sequence[Step] = (),
        notes: tuple[str, ...] = (),
        hints: tuple[str, ...] = (),
    ) -> SpecError:
        """Return the error that says what is wrong at a character."""
        where = self.location(offset)
        return SpecError(
            [Diagnostic(code, format_path(path), message, notes, hints, location=where)]
        )

    def duplicate_key(self, path: Sequence[Step], offset: int, first: int) -> SpecError:
        """Return the error for a key that its object already has."""
        message = f"key {quoted(str(path[-1]))} is given twice"
        notes = (f"first given at {self.location(first)}",)
        return self.problem("duplicate-key", offset, message, path=path, notes=notes)

    def non_finite_number(self, path: Sequence[Step], offset: int, word: str) -> SpecError:
        """Return the error for NaN, an infinity or a number too large for a double."""
        message = f"expected a finite number, got {quoted(word)}"
        return self.problem("non-finite-number", offset, message, path=path)

    def number_too_long(self, path: Sequence[Step], offset: int, length: int) -> SpecError:
        """Return the error for a number with absurdly many digits."""
        message = f"a number has {length} characters; the limit is {MAX_NUMBER_LENGTH}"
        return self.problem("number-too-long", offset, message, path=path)

    def surrogate(self, path: Sequence[Step], offset: int) -> SpecError:
        """Return the error for half of a UTF-16 pair, which is not a character."""
        message = "a text contains a lone surrogate, which is not a character"
        hints = (r"write both halves, as in \ud83d\ude00, or the character itself",)
        return self.problem("lone-surrogate", offset, message, path=path, hints=hints)

    def too_deep(self, offset: int) -> SpecError:
        """Return the error for lists and objects nested past the limit."""
        message = f"lists and objects are nested more than {MAX_DEPTH} deep"
        return self.problem("nesting-too-deep", offset, message)


def quoted(text: str) -> str:
    """Return user text for a message: in single quotes, printable, not too long."""
    if len(text) > _SHOWN_CHARACTERS:
        text = text[: _SHOWN_CHARACTERS - 1] + "…"
    return repr(text).replace("\\\\", "\\")


def has_surrogate(text: str) -> bool:
    """Return whether a text holds half of a UTF-16 pair."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
