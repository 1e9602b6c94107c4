"""`netspec run`: simulate a description, print a summary, write files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netspec.cli.arguments import (
    add_network_arguments,
    add_replay_argument,
    add_threads_argument,
    read_network,
    read_replay,
)
from netspec.cli.output import Output, planned_outputs, refuse_empty
from netspec.cli.progress import progress_bar
from netspec.cli.status import FAILED, FINE, INTERRUPTED, OutputError, complain
from netspec.cli.tables import say
from netspec.columns import table

if TYPE_CHECKING:
    from netspec.results.results import Results

SUMMARY = "simulate a description"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_network_arguments(parser)
    parser.add_argument(
        "--backend", metavar="NAME", help="NAME or NAME:option=value,…; default: the fastest"
    )
    add_threads_argument(parser)
    add_replay_argument(parser)
    parser.add_argument("--out", metavar="FILE", help="write the results: .npz, or .csv (spikes)")
    parser.add_argument("--plot", metavar="FILE", help="draw the spikes: .png, .pdf or .svg")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    outputs = planned_outputs(options.out, options.plot)
    network = read_network(options)
    refuse_empty(outputs, network)
    replay = read_replay(options)
    from netspec.api import compile as compile_network
    from netspec.results.nonfinite import NonFiniteError
    from netspec.results.text import counted

    compiled = compile_network(
        network,
        backend=options.backend,
        threads=options.threads,
        max_memory=options.max_memory,
        replay=replay,
    )
    failure: NonFiniteError | None = None
    try:
        with progress_bar(compiled.schedule.name, quiet=options.quiet) as progress:
            results = compiled.run(progress)
    except NonFiniteError as error:
        failure, results = error, error.results
    written = _write(outputs, results)
    _print_summary(results)
    if failure:
        complain(failure.diagnostic.render())
    elif not results.complete:
        asked = counted(results.metadata["steps_asked"], "step")
        complain(f"interrupted after {results.steps} of {asked}; the results are incomplete")
    if not results.complete:
        for output in written:
            if output.holds_spikes_alone:
                complain(f"  note: '{output.path}' does not say that it ends early")
    if failure or len(written) < len(outputs):
        return FAILED
    return FINE if results.complete else INTERRUPTED


def _write(outputs: tuple[Output, ...], results: Results) -> list[Output]:
    """Return the files that were written; one that cannot be does not keep the others."""
    written = []
    for output in outputs:
        try:
            output.write(results)
            written.append(output)
        except OSError as error:
            complain(OutputError(output.path, error).diagnostic.render())
        except OutputError as error:
            complain(error.diagnostic.render())
    return written


_REPLAYED = ("replayed", "spikes", "own spikes", "own spikes and those replayed")


def _rows_of_replay(results: Results) -> Iterator[tuple[str, str, str, str]]:
    for name, each in results.own_spikes.items():
        yield name, str(each.replayed), str(each.own), str(each)


def _print_summary(results: Results) -> None:
    from netspec.results.text import headline, rows

    say(headline(results))
    say()
    titles = ("object", "neurons", "spikes", "rate (Hz)", "digest")
    say(table([titles, *rows(results)], right=frozenset({1, 2, 3})))
    if results.own_spikes:
        say()
        say(table([_REPLAYED, *_rows_of_replay(results)], right=frozenset({1, 2})))
    if results.phases:
        say()
        numbers = results.counts_by_phase
        rows_of_phases = [(name, *map(str, numbers[name])) for name in numbers]
        titles_of_phases = ("spikes in", *results.phases)
        columns = frozenset(range(1, len(titles_of_phases)))
        say(table([titles_of_phases, *rows_of_phases], right=columns))
    say()
    say(f"spike digest  {results.digest()}")
    if results.state_digests:
        say(f"state digest  {results.state_digest()}")
    times = results.metadata["wall_times"]
    say("wall times    " + ", ".join(f"{phase} {times[phase]:.3f} s" for phase in times))
