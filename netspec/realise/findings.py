"""What is found out about a description while its arrays are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from netspec.errors import Diagnostic, SpecError


class Findings:
    """Gathers problems, so that one realisation reports those of all objects.

    Attributes:
        warnings: What is legal but probably not meant.
    """

    def __init__(self) -> None:
        self._errors: dict[tuple[str, str], Diagnostic] = {}
        self.warnings: list[Diagnostic] = []

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What stops the compiler, each problem once: objects may share a value."""
        return tuple(self._errors.values())

    @contextmanager
    def of_one_object(self) -> Iterator[None]:
        """Keep the problem of an object, which is then left out, and go on with the next."""
        try:
            yield
        except SpecError as error:
            for each in error.diagnostics:
                self.error(each)

    def error(self, diagnostic: Diagnostic) -> None:
        """Note something that stops the compiler."""
        self._errors.setdefault((diagnostic.code, diagnostic.path), diagnostic)

    def warn(self, diagnostic: Diagnostic | None) -> None:
        """Note something that does not stop the compiler, if there is something new."""
        if diagnostic is not None and diagnostic not in self.warnings:
            self.warnings.append(diagnostic)
