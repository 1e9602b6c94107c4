"""What is wrong with a data file."""

from __future__ import annotations

from netspec.errors import Diagnostic, SpecError


class DataError(Exception):
    """A data file cannot be used; whoever reads it knows the place in the document.

    Attributes:
        code, message, notes, hints: As of a diagnostic.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        notes: tuple[str, ...] = (),
        hints: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.notes, self.hints = code, message, notes, hints

    def at(self, path: str) -> SpecError:
        """Return the error of a description that refers to the file at a place."""
        return SpecError([Diagnostic(self.code, path, self.message, self.notes, self.hints)])
