"""Gathering problems, so that one run of the compiler reports them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from netspec.data import DataError, DataFile, look
from netspec.errors import Diagnostic, SpecError
from netspec.expr.errors import ExpressionError
from netspec.spec.problems import first_of


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
        for each in (error, *error.more):
            self.problems.error(each.code, self.path, str(each), hints=each.hints)
        return True


@dataclass(frozen=True, slots=True)
class _DataAt:
    """The context of `Problems.data_at`."""

    problems: Problems
    path: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, DataError):
            return False
        self.problems.diagnostics += error.at(self.path).diagnostics
        return True


class Problems:
    """Collects diagnostics; passes go on after a problem with whatever does not depend on it.

    Args:
        folder: Where data files lie, which may be missing or damaged; `None` if that is not known.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._folder = folder
        self._files: dict[str, DataFile] = {}
        self._repeated: dict[tuple[str, str], int] = {}
        self._excused: set[str] = set()

    def error(
        self,
        code: str,
        path: str,
        message: str,
        *,
        notes: tuple[str, ...] = (),
        hints: tuple[str, ...] = (),
        within: str | None = None,
    ) -> None:
        """Report an error.

        Args:
            code: Kind of the problem.
            path: Its place.
            message: One sentence.
            notes: Facts.
            hints: What to do.
            within: The list that the place lies in; of each kind of error in a list the first is
                shown and the others are counted.
        """
        self._report(Diagnostic(code, path, message, notes, hints), within)

    def _report(self, new: Diagnostic, within: str | None) -> None:
        code = new.code
        if within is None:
            self.diagnostics.append(new)
            return
        before = self._repeated.get((code, within), 0)
        self._repeated[code, within] = before + 1
        if not before:
            self.diagnostics.append(new)
            return
        number, first = next(
            (number, each)
            for number, each in enumerate(self.diagnostics)
            if each.code == code and each.path.startswith(within)
        )
        more = f"{before} more in the same list"
        kept = tuple(note for note in first.notes if not note.endswith("more in the same list"))
        self.diagnostics[number] = replace(first, notes=(*kept, more))

    def data_file(self, name: str) -> DataFile:
        """Return a data file beside the document; each is looked at once.

        Raises:
            DataError: There is none, or it is not what its name says.
        """
        if self._folder is None:
            raise DataError(
                "no-folder",
                f"it is not known where '{name}' lies: the network was not read from a file",
                hints=("`network.in_folder(…)` says in which folder its data files are",),
            )
        if name not in self._files:
            self._files[name] = look(self._folder, name)
        return self._files[name]

    def excuse(self, path: str) -> None:
        """Note that what is missing at a place was misspelt or wrong, which is reported."""
        self._excused.add(path)

    def is_excused(self, path: str) -> bool:
        """Tell whether something else was reported that explains what is missing at a place."""
        return path in self._excused or any(
            each.path == path or each.path.startswith((f"{path}.", f"{path}["))
            for each in self.diagnostics
        )

    def warning(self, code: str, path: str, message: str, *, within: str | None = None) -> None:
        """Report something that does not stop the compiler; see `error`."""
        self._report(Diagnostic(code, path, message, severity="warning"), within)

    def data_at(self, path: str) -> _DataAt:
        """Turn a `DataError` from within into a diagnostic at a place and go on after."""
        return _DataAt(self, path)

    def expressions_at(self, path: str) -> _ExpressionsAt:
        """Turn an `ExpressionError` from within into diagnostics at a place and go on after."""
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
            raise SpecError(first_of(e for e in self.diagnostics if e.severity == "error"))
