"""From an exception to a message on stderr and an exit status."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Final

from netspec.columns import printable_lines
from netspec.errors import (
    Diagnostic,
    InternalError,
    NetspecError,
    SpecError,
)

FINE: Final = 0
FAILED: Final = 1
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130

_REPORT_HINT = "this is a fault of netspec; please report it, with the output of --traceback"


class UsageError(NetspecError):
    """The command line is wrong; the message says what to write."""


class OutputError(NetspecError):
    """A file or folder that was asked for cannot be written."""

    def __init__(self, path: Path, reason: OSError | str) -> None:
        if isinstance(reason, OSError):
            reason = reason.strerror or file_problem(reason)
        self.diagnostic = Diagnostic("file-error", "", f"cannot write '{path}': {reason}")
        super().__init__(self.diagnostic.message)


def complain(text: str) -> None:
    """Write a line to stderr; if nobody can read it there, nobody needs it."""
    try:
        sys.stderr.write(printable_lines(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def explain(error: BaseException, *, trace: bool) -> int:
    """Say on stderr what went wrong and return the exit status."""
    if trace:
        complain("".join(traceback.format_exception(error)).rstrip())
    match error:
        case KeyboardInterrupt():
            complain("interrupted")
            return INTERRUPTED
        case BrokenPipeError():
            return FAILED  # whoever read the output has left; there is nobody to tell
        case InternalError():
            complain(_rendered("internal-error", str(error), _REPORT_HINT))
        case NetspecError():
            complain(_known(error))
        case OSError():
            complain(_rendered("file-error", file_problem(error)))
        case MemoryError():
            complain(_rendered("out-of-memory", "the memory is used up"))
        case SystemExit():
            return error.code if isinstance(error.code, int) else FAILED
        case _:
            text = " ".join(f"unexpected {type(error).__name__}: {error}".split())
            complain(_rendered("internal-error", text[:500], _REPORT_HINT))
    return WRONG_INPUT if _is_wrong_input(error) else FAILED


def file_problem(error: OSError) -> str:
    """Return one line about a file that cannot be read or written."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{reason}: '{error.filename}'" if error.filename else reason


def _known(error: NetspecError) -> str:
    diagnostics = getattr(error, "diagnostics", None) or (getattr(error, "diagnostic", None),)
    texts = [each.render() for each in diagnostics if isinstance(each, Diagnostic)]
    return "\n".join(texts) if texts else f"error: {error}"


def _rendered(code: str, message: str, *hints: str) -> str:
    return Diagnostic(code, "", message, hints=hints).render()


def _is_wrong_input(error: BaseException) -> bool:
    if isinstance(error, (SpecError, UsageError)):
        return True
    if not isinstance(error, NetspecError):
        return False
    from netspec.backend.registry import BackendChoiceError
    from netspec.results.archive import ResultsFileError
    from netspec.results.elsewhere import RecordingError
    from netspec.results.replay import ReplayError

    files = (ResultsFileError, RecordingError, ReplayError)
    return isinstance(error, (BackendChoiceError, *files))
