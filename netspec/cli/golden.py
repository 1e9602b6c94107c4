"""`netspec golden`: write down what descriptions give, to be checked from then on."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from netspec.cli.documents import add_document_arguments, carried_out, planned
from netspec.cli.status import FAILED, FINE, WRONG_INPUT
from netspec.cli.tables import say
from netspec.columns import table

if TYPE_CHECKING:
    from netspec.golden.make import Made

SUMMARY = "write golden files: what descriptions give on several backends"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_document_arguments(parser)
    parser.add_argument(
        "--update", action="store_true", help="replace golden files that say something else"
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from netspec.backend.choice import split_backends
    from netspec.golden.file import path_of
    from netspec.golden.make import earlier, make_document, refuse_commands, refuse_shared

    refuse_shared(options.specs)
    refuse_commands(split_backends(options.backends or ""))
    plan = planned(options, lambda name: earlier(path_of(name), update=options.update))
    function = partial(make_document, update=options.update)
    found = list(carried_out(function, plan, options))
    say(table([("golden file", "result"), *((str(each.path), each.action) for each in found)]))
    for made in found:
        _explain(made)
    if any(each.action == "wrong" for each in found):
        return WRONG_INPUT
    return FINE if all(each.fine for each in found) else FAILED


def _explain(made: Made) -> None:
    if made.lines:
        say(f"\n{made.path}: {made.action}")
        say("\n".join(f"  {line}" for line in made.lines))
    if made.action == "differs":
        say("  if that is as it should be, add --update")
