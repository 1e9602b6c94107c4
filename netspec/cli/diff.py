"""`netspec diff`: what changed in meaning between two descriptions; or what one of them means."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from netspec.cli.arguments import byte_count, is_given, load_description
from netspec.cli.status import FAILED, FINE, WRONG_INPUT, UsageError, explain
from netspec.cli.tables import say
from netspec.errors import InternalError

if TYPE_CHECKING:
    from netspec.diff import DescriptionDiff

SUMMARY = "say what changed in meaning between two descriptions, or what one of them means"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("old", metavar="A", help="the description as it was, .json or .yaml")
    parser.add_argument(
        "new",
        metavar="B",
        nargs="?",
        help="the description as it is; without it, what A means is shown, a line for each fact",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="write Markdown, as for a pull request"
    )
    parser.add_argument(
        "--max-memory",
        metavar="SIZE",
        type=byte_count,
        help="memory that a network may take to be drawn: 16GB; default: 80 %% of what is free",
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status: 0 same meaning, 1 another, 2 trouble."""
    try:
        if options.new is None:
            return _show(options)
        found = _difference(options)
    except (OSError, MemoryError, InternalError) as error:  # whose status would be 1 elsewhere
        explain(error, trace=options.traceback)
        return WRONG_INPUT
    from netspec.diff import as_markdown, as_text

    write = as_markdown if options.markdown else as_text
    say(write(found, options.old, options.new))
    return FINE if found.same_meaning else FAILED


def _show(options: argparse.Namespace) -> int:
    for name in ("markdown", "max_memory"):
        if is_given(getattr(options, name)):
            raise UsageError(f"--{name.replace('_', '-')} is for two descriptions, got one")
    from netspec.diff import outline
    from netspec.passes.pipeline import resolved

    say(outline(resolved(load_description(options.old))))
    return FINE


def _difference(options: argparse.Namespace) -> DescriptionDiff:
    from netspec.diff import both, difference

    return difference(
        *both(load_description, options.old, options.new), max_memory=options.max_memory
    )
