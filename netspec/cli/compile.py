"""`netspec compile`: write a readable program, or print the network after a pass."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from netspec.cli.arguments import add_network_arguments, add_threads_argument, read_network
from netspec.cli.status import FINE, OutputError, UsageError
from netspec.cli.tables import say

SUMMARY = "write a readable program and its arrays"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_network_arguments(parser)
    parser.add_argument("--backend", metavar="NAME", help="NAME or NAME:option=value,…")
    add_threads_argument(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="the folder to write; made if needed, its files replaced"
    )
    parser.add_argument(
        "--print-after", metavar="PASS", help="print the network as it is after a pass instead"
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if options.print_after is not None:
        return _print_after(options)
    if options.backend is None or options.out is None:
        raise UsageError("compile needs --backend NAME and --out DIR, or --print-after PASS")
    if not options.out:
        raise UsageError("--out expects the name of a folder, got ''")
    folder = Path(options.out)
    _require_place(folder)
    network = read_network(options)
    from netspec.api import compile as compile_network

    compiled = compile_network(
        network, backend=options.backend, threads=options.threads, max_memory=options.max_memory
    )
    try:
        compiled.write(folder)
    except OSError as error:
        raise OutputError(folder, error) from None
    program = compiled.program
    start = shlex.join(["python", str(folder / program.entry)])
    say(f"wrote {len(program.files) + 1} files to '{folder}'; start it with: {start}")
    return FINE


def _require_place(folder: Path) -> None:
    """Refuse a folder that cannot be, before work is spent on what would go there."""
    for place in (folder, *folder.parents):
        if place.exists():
            if not place.is_dir():
                raise OutputError(folder, f"'{place}' is not a folder")
            return


def _print_after(options: argparse.Namespace) -> int:
    for name in ("backend", "out", "threads"):
        if getattr(options, name) is not None:
            raise UsageError(f"--print-after writes no program, so it does not go with --{name}")
    network = read_network(options)
    from netspec.passes.pipeline import PASSES

    if options.print_after not in PASSES:
        known = ", ".join(PASSES)
        raise UsageError(f"there is no pass '{options.print_after}'; passes: {known}")
    say(PASSES[options.print_after](network, options.max_memory).rstrip("\n"))
    return FINE
