"""`netspec compare`: run a description on several backends and look for a difference.

With two files of results, or `--with`, it compares these instead.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from netspec.cli.arguments import (
    add_network_arguments,
    add_replay_argument,
    add_threads_argument,
    read_network,
    read_replay,
)
from netspec.cli.compare_files import (
    add_file_arguments,
    compare_files,
    refuse_file_arguments,
    second_file,
)
from netspec.cli.progress import progress_bar
from netspec.cli.status import FAILED, FINE, INTERRUPTED, UsageError, complain
from netspec.cli.tables import say

if TYPE_CHECKING:
    from netspec.api import Choice
    from netspec.backend.compiled import Compiled
    from netspec.results.record import RunRecord

SUMMARY = "run a description on several backends, or take two files, and say where they differ"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_network_arguments(parser)
    parser.add_argument(
        "--backend",
        dest="backends",
        metavar="NAME",
        action="append",
        default=[],
        help="NAME or NAME:option=value,…; given at least twice, the first is the reference",
    )
    add_threads_argument(parser)
    add_replay_argument(parser)
    parser.add_argument(
        "--quick", action="store_true", help="do not run again to look at where runs part"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    add_file_arguments(parser)


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    other = second_file(options)
    if other is not None:
        return compare_files(options, other)
    refuse_file_arguments(options)
    if len(options.backends) < 2:
        raise UsageError(
            "compare needs --backend at least twice, or two files of results: "
            "netspec compare A.npz B.npz"
        )
    choices = _with_equal_digests(_choices(options.backends, options.threads))
    network = read_network(options)
    replay = read_replay(options)
    from netspec.api import compile_all
    from netspec.compare import explain_divergence, known_to_differ, record_differences

    reference: RunRecord | None = None
    first: Compiled | None = None
    status = FINE
    every = compile_all(network, choices, max_memory=options.max_memory, replay=replay)
    for name, compiled in zip(options.backends, every, strict=True):
        with progress_bar(name, quiet=options.quiet) as progress:
            record, wall_times = compiled.simulate(progress)
        if record.outcome is None and record.steps < compiled.network.ir.steps:
            complain(f"interrupted in the run of '{name}'; nothing more is compared")
            return INTERRUPTED
        seconds = wall_times["simulate"]
        if reference is None or first is None:
            reference, first = record, compiled
            say(f"{name}: {_summary(record, compiled)}, {seconds:.3f} s")
            continue
        found = record_differences(reference, record, compiled.network)
        if found:
            status = FAILED
            say(f"{name}: differs from {options.backends[0]}, {seconds:.3f} s")
            say("\n".join(f"  {each}" for each in found))
            if not options.quick:
                runs = first.record_of, compiled.record_of
                names = (options.backends[0], name)
                until = known_to_differ(found)
                say()
                say(explain_divergence(first.network, *runs, names, until=until))
                say()
        else:
            say(f"{name}: identical, {seconds:.3f} s")
    left_out = "" if choices[0][1].state_digest else ", without state digests"
    say(f"{'identical' if status == FINE else 'not identical'}{left_out}")
    return status


def _choices(names: list[str], threads: int | None) -> list[Choice]:
    """Return the backends; `threads` goes to those that have several."""
    from netspec.backend.choice import parse_backend, with_threads

    choices = [parse_backend(name) for name in names]
    if threads is None:
        return choices
    threaded = [backend for backend, _ in choices if "threads" in backend.options.model_fields]
    if not threaded and threads != 1:
        raise UsageError(f"none of these backends has several threads, got --threads {threads}")
    return [
        (backend, with_threads(backend, options, threads) if backend in threaded else options)
        for backend, options in choices
    ]


def _with_equal_digests(choices: list[Choice]) -> list[Choice]:
    """Return the choices; what one run leaves out cannot be compared, so all leave it out."""
    if all(options.state_digest for _, options in choices):
        return choices
    without = {"state_digest": False}
    return [(backend, options.model_copy(update=without)) for backend, options in choices]


def _summary(record: RunRecord, compiled: Compiled) -> str:
    from netspec.results.results import Results
    from netspec.results.text import all_spikes, counted

    results = Results.from_record(record, compiled.schedule, {})
    text = f"{counted(record.steps, 'step')}, {all_spikes(results)}"
    end = record.outcome
    if end is None:
        return text
    return f"{text}, then {end.variable} of {end.population}[{end.index}] became non-finite"
