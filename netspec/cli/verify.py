"""`netspec verify`: run descriptions on several backends, against their golden files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from netspec.cli.documents import add_document_arguments, carried_out, planned
from netspec.cli.status import FAILED, FINE, WRONG_INPUT
from netspec.cli.tables import say
from netspec.columns import table

if TYPE_CHECKING:
    from netspec.golden.verify import Finding

SUMMARY = "say whether descriptions still give what their golden files say"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_document_arguments(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from netspec.golden.verify import golden_of_document, verify_document

    plan = planned(options, golden_of_document)
    found = [each for several in carried_out(verify_document, plan, options) for each in several]
    rows = [("document", "backend", "result", "seconds")]
    rows += [(each.document, each.backend, each.verdict, f"{each.seconds:.1f}") for each in found]
    say(table(rows, right=frozenset({3})))
    _explain(found)
    if any(each.verdict == "wrong" for each in found):
        return WRONG_INPUT
    return FINE if all(each.fine for each in found) else FAILED


def _explain(found: Iterable[Finding]) -> None:
    """Say more of each finding; what is the same of several backends once."""
    for what, several in groupby(found, lambda each: (each.document, each.verdict, each.lines)):
        document, verdict, lines = what
        if lines:
            backends = ", ".join(each.backend for each in several)
            where = " on ".join(filter(None, (document, backends)))
            say(f"\n{where}: {verdict}")
            say("\n".join(f"  {line}" for line in lines))
