"""Gathering problems, so that one run of the compiler reports them all."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.errors import Diagnostic, SpecError
from netspec.expr.parse import ExpressionError


@dataclass(frozen=True, slots=True)
class _ExpressionsAt:
    """The context of `Problems.expressions_at`."""

    problems: Problems
    path: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, ExpressionError):
            return False
        self.problems.error(error.code, self.path, str(error), hints=error.hints)
        return True


class Problems:
    """Collects diagnostics; passes go on after a problem with whatever does not depend on it."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def error(
        self,
        code: str,
        path: str,
        message: str,
        *,
        notes: tuple[str, ...] = (),
        hints: tuple[str, ...] = (),
    ) -> None:
        """Report an error."""
        self.diagnostics.append(Diagnostic(code, path, message, notes, hints))

    def warning(self, code: str, path: str, message: str, *, hints: tuple[str, ...] = ()) -> None:
        """Report something that does not stop the compiler."""
        self.diagnostics.append(Diagnostic(code, path, message, (), hints, severity="warning"))

    def expressions_at(self, path: str) -> _ExpressionsAt:
        """Turn an `ExpressionError` from within into a diagnostic at a place and go on after."""
        return _ExpressionsAt(self, path)

    @property
    def has_errors(self) -> bool:
        """Whether anything was reported that stops the compiler."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def raise_errors(self) -> None:
        """Stop if there were errors.

        Raises:
            SpecError: There were; carries the errors, without warnings.
        """
        if self.has_errors:
            raise SpecError(each for each in self.diagnostics if each.severity == "error")
