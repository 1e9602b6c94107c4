"""`netspec COMMAND …`: find the command, run it, turn every error into a message and a status."""

from __future__ import annotations

import argparse
import os
import re
import sys
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn, TextIO

from netspec.cli import (
    backends,
    check,
    compare,
    compile as compile_,
    diff,
    golden,
    run,
    schema,
    verify,
)
from netspec.cli.process import (
    give_up_streams,
    leave_memory_to_the_system,
    open_streams,
    unwinding_signals,
)
from netspec.cli.status import FINE, WRONG_INPUT, complain, explain

COMMANDS = (run, check, compile_, compare, diff, golden, verify, backends, schema)
"""In the order of `netspec --help`; each has SUMMARY, add_arguments and execute."""

_NEAR = 0.8
"""How much an option is like one that exists, for which it may have been meant."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status.

    Returns:
        0 if all is well, 1 if a run differs, fails or is not supported or a file cannot be
        written, 2 if the description or the command line is wrong, 130 after Ctrl-C, 129 or 143
        after SIGHUP or SIGTERM.
    """
    leave_memory_to_the_system()
    open_streams()
    status = FINE
    try:
        with unwinding_signals():
            status = _execute(arguments)
            sys.stdout.flush()
    except BaseException as error:
        status = status or explain(error, trace=_wants_trace())
    give_up_streams()
    return status


def _execute(arguments: Sequence[str] | None) -> int:
    try:
        options, unknown = _parser().parse_known_args(arguments)
        if unknown:
            _refuse(unknown, options.parser)
    except SystemExit as stop:  # after --help, --version or a usage message
        return stop.code if isinstance(stop.code, int) else WRONG_INPUT
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            warnings.filterwarnings("always", message=r"warning\[")  # a rendered diagnostic
            status: int = options.execute(options)
            return status
    except BaseException as error:
        return explain(error, trace=options.traceback or _wants_trace())


def _refuse(unknown: Sequence[str], command: argparse.ArgumentParser) -> NoReturn:
    """Leave with the usage of the command whose arguments are unknown, and the nearest option."""
    known = re.findall(r"--[a-z-]+", command.format_usage())
    close = get_close_matches(unknown[0].partition("=")[0], known, n=1, cutoff=_NEAR)
    meant = f"; did you mean '{close[0]}'?" if close else ""
    command.error(f"unrecognized arguments: {' '.join(unknown)}{meant}")


def _wants_trace() -> bool:
    return bool(os.environ.get("NETSPEC_TRACEBACK"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="netspec",
        allow_abbrev=False,
        description="One description of a spiking network; the same spikes from every simulator.",
        epilog="exit status: 0 fine, 1 a run differs or fails, 2 wrong description or command "
        "line, 130 interrupted, 129 or 143 ended by SIGHUP or SIGTERM",
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
        subparser.register("action", None, _Once)
        command.add_arguments(subparser)
        subparser.set_defaults(execute=command.execute, parser=subparser)
    return parser


class _Once(argparse.Action):
    """Store a value; the second of two would silently take the place of the first."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        _option: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "may be given only once")
        setattr(namespace, self.dest, values)


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


if __name__ == "__main__":
    sys.exit(main())
