"""`netspec schema`: the JSON Schema of descriptions, for editors and other tools."""

from __future__ import annotations

import argparse

from netspec.cli.status import FINE
from netspec.cli.tables import say

SUMMARY = "print the JSON Schema of descriptions"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: it has none."""


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from netspec.schema import schema_text

    say(schema_text().rstrip("\n"))
    return FINE
