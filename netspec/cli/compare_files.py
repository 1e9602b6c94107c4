"""`netspec compare A.npz B` and `A.npz --with B`: results, or also spikes from elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.cli.arguments import is_given, read_results, refuse_no_name
from netspec.cli.output import drawing, planned_plot, save_figure
from netspec.cli.status import FAILED, FINE, UsageError, file_problem
from netspec.cli.tables import say

if TYPE_CHECKING:
    from netspec.results.results import Results

_APPROXIMATE = ("plot", "of", "tau", "bin")
"""Options that go with `--approximately`."""


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is for files instead of backends."""
    group = parser.add_argument_group("files instead of runs", "SPEC is then a file of results")
    group.add_argument("second", metavar="FILE", nargs="?", help="compare with this file")
    group.add_argument("--with", dest="other", metavar="FILE", help="the same, after options")
    group.add_argument(
        "--approximately",
        action="store_true",
        help="show statistics; FILE may be spikes from elsewhere, .npz or .csv",
    )
    group.add_argument("--plot", metavar="FILE", help="draw the statistics: .png, .pdf or .svg")
    group.add_argument("--of", metavar="NAME", help="population of the spikes of FILE")
    group.add_argument("--tau", metavar="T", help="of van Rossum's distance; default: '10 ms'")
    group.add_argument("--bin", metavar="T", help="bins of correlations; default: '5 ms'")


def second_file(options: argparse.Namespace) -> str | None:
    """Return the file to compare with, if one is named.

    Raises:
        UsageError: Two are.
    """
    if None not in (options.second, options.other):
        raise UsageError(f"two files are compared, got a third, --with {options.other}")
    found: str | None = options.second if options.other is None else options.other
    return found


def refuse_file_arguments(options: argparse.Namespace) -> None:
    """Refuse what is for files where backends are compared.

    Raises:
        UsageError: Something of it is there.
    """
    for name in ("approximately", *_APPROXIMATE):
        if is_given(getattr(options, name)):
            raise UsageError(f"--{name} is for two files: netspec compare A.npz B.npz")


def compare_files(options: argparse.Namespace, other: str) -> int:
    """Compare two files and return the exit status."""
    _refuse_run_arguments(options)
    if not options.approximately:
        for name in _APPROXIMATE:
            if is_given(getattr(options, name)):
                raise UsageError(f"--{name} needs --approximately")
        expected, got = _results(options.spec), _results(other)
        found = expected.compare(got)
        say(str(found))
        return FINE if found.identical else FAILED
    plot = None if options.plot is None else planned_plot(options.plot)
    names = Path(options.spec).name, Path(other).name
    results = _results(options.spec)
    refuse_no_name(other)
    try:
        alike = results.resemblance(
            other,
            names=names,
            of=options.of,
            tau="10 ms" if options.tau is None else options.tau,
            width="5 ms" if options.bin is None else options.bin,
        )
    except OSError as error:
        raise UsageError(file_problem(error)) from error
    say(str(alike))
    if plot is not None:
        with drawing(plot.path):
            from matplotlib.figure import Figure

            figure = alike.plot(Figure(figsize=(9.0, 6.0)))
        save_figure(figure, plot.path)
    return FINE


def _results(path: str) -> Results:
    """Read results.

    Raises:
        UsageError: The file is not there or holds no results; says what else may be meant.
    """
    from netspec.results.archive import ResultsFileError

    try:
        return read_results(path)
    except ResultsFileError as error:
        advice = _ADVICE.get(Path(path).suffix.lower(), "")
        raise UsageError(f"{error}{advice}") from error


_DESCRIPTIONS = "; two descriptions are compared by `netspec diff`"
_ADVICE = {
    ".json": _DESCRIPTIONS,
    ".yaml": _DESCRIPTIONS,
    ".yml": _DESCRIPTIONS,
    ".csv": "; with --approximately the second file may be spikes in a table",
}
"""What may be meant by a file that holds no results, by the end of its name."""


def _refuse_run_arguments(options: argparse.Namespace) -> None:
    given = {
        "--backend": options.backends,
        "--set": options.changes,
        "--quick": options.quick,
        "--quiet": options.quiet,
        "--seed": options.seed,
        "--duration": options.duration,
        "--threads": options.threads,
        "--max-memory": options.max_memory,
        "--replay": options.replay,
    }
    for name, value in given.items():
        if is_given(value):
            raise UsageError(f"{name} is for runs, and these are two files")
