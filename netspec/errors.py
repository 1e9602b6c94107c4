"""Diagnostics and exceptions: what a user is told, where, and what to do about it.

A `Diagnostic` is data. One renderer (`Diagnostic.render`) turns it into text, so every message of
netspec looks the same whether it comes from a file, from Python or from the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]

_MAX_PATH = 200
"""Characters of a path that are shown; a path holds keys of the document, however long."""


@dataclass(frozen=True, slots=True)
class Location:
    """Place in a text file, both counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem of a description.

    Attributes:
        code: Kebab-case slug of the kind of problem, e.g. `unknown-population`.
        path: Place in the document, e.g. `projections.inh_exc.target`; empty for the whole.
        message: One sentence, names in single quotes, expected before got.
        notes: Facts that help to understand the message.
        hints: What to do about it.
        severity: Errors stop the compiler, warnings do not.
        location: Line and column, where the document came from a text.
    """

    code: str
    path: str
    message: str
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    severity: Severity = "error"
    location: Location | None = None

    def at(self, location: Location | None) -> Diagnostic:
        """Return the same diagnostic with its place in a text."""
        return replace(self, location=location)

    def render(self) -> str:
        """Return the diagnostic as text for a person."""
        path = self.path if len(self.path) <= _MAX_PATH else f"{self.path[:_MAX_PATH]}…"
        place = "   ".join(part for part in (str(self.location or ""), path) if part)
        lines = [f"{self.severity}[{self.code}]: {self.message}"]
        if place:
            lines.append(f"  --> {place}")
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  hint: {hint}" for hint in self.hints]
        return "\n".join(lines)


class NetspecError(Exception):
    """Base class of every error that netspec raises on purpose."""


class SpecError(NetspecError, ValueError):
    """A description is wrong; carries every problem that was found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(diagnostic.render() for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.diagnostics,)


class OutOfRangeError(SpecError):
    """A probability, rate or weight leaves its range at some step: a legal outcome of a run."""


class InternalError(NetspecError, AssertionError):
    """A pass produced something illegal: a fault of netspec, never of the description."""


class UnsupportedFeature(NetspecError):  # noqa: N818 - the name of a legal outcome
    """A backend cannot express what a description needs; raised before anything is built."""

    def __init__(self, backend: str, diagnostics: Iterable[Diagnostic]) -> None:
        self.backend = backend
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(diagnostic.render() for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.backend, self.diagnostics)


class BackendError(NetspecError, RuntimeError):
    """A backend is missing, cannot start or died; the message says what to do."""
