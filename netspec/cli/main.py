"""`netspec COMMAND …`: find the command, run it, turn every error into a message and a status."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from typing import TextIO

from netspec.cli import backends, check, compare, run, schema
from netspec.cli import compile as compile_
from netspec.cli.status import complain, explain

COMMANDS = (run, check, compile_, compare, backends, schema)
"""In the order of `netspec --help`; each has SUMMARY, add_arguments and execute."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Returns:
        0 if all is well, 1 if a run differs, fails or is not supported, 2 if the description or
        the command line is wrong, 130 after Ctrl-C.
    """
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:  # after --help, --version or a usage message
        return stop.code if isinstance(stop.code, int) else 2
    trace = options.traceback or bool(os.environ.get("NETSPEC_TRACEBACK"))
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            warnings.filterwarnings("always", message=r"warning\[")  # a rendered diagnostic
            status: int = options.execute(options)
            sys.stdout.flush()
    except BaseException as error:
        status = explain(error, trace=trace)
    _close_stdout()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="netspec",
        allow_abbrev=False,
        description="One description of a spiking network; the same spikes from every simulator.",
        epilog="exit status: 0 fine, 1 a run differs or fails, 2 wrong description or command "
        "line, 130 interrupted",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--traceback", action="store_true", help="show where in netspec an error comes from"
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        subparser = subparsers.add_parser(
            name,
            help=command.SUMMARY,
            description=command.SUMMARY,
            parents=[common],
            allow_abbrev=False,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(execute=command.execute)
    return parser


class _Version(argparse.Action):
    """Print the version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"netspec {version('netspec-snn')}\n")
        parser.exit()


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as its text; the line of netspec that gave it means nothing to a user."""
    complain(str(message) if category.__module__.startswith("netspec") else f"warning: {message}")


def _close_stdout() -> None:
    """Keep Python from complaining at its end about output that could not be written."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, sys.stdout.fileno())
        except (OSError, ValueError):
            return
        finally:
            os.close(null)


if __name__ == "__main__":
    sys.exit(main())
