"""`netspec check`: problems, synapse counts, memory and which backends can run a description."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from netspec.cli.arguments import add_network_arguments, read_network
from netspec.cli.status import FAILED, FINE, WRONG_INPUT, complain
from netspec.cli.tables import amount, say
from netspec.columns import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netspec.backend.protocol import AnyBackend, BackendOptions
    from netspec.ir import nodes as ir
    from netspec.passes.pipeline import CheckReport
    from netspec.passes.predict import PredictedSpikes

SUMMARY = "show problems, synapse counts, memory and which backends can run a description"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_network_arguments(parser)
    parser.add_argument(
        "--backend",
        metavar="NAME",
        help="NAME or NAME:option=value,…; fail unless it can run it, and show how it stores edges",
    )


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    network = read_network(options)
    from netspec.backend.choice import parse_backend
    from netspec.backend.registry import missing_simulator
    from netspec.backend.require import require
    from netspec.errors import UnsupportedFeature
    from netspec.passes import pipeline

    chosen = parse_backend(options.backend) if options.backend is not None else None
    report = pipeline.check(network, max_memory=options.max_memory)
    for diagnostic in report.diagnostics:
        complain(diagnostic.render())
    if report.ir is None:
        return WRONG_INPUT
    say(f"{network.name}: no errors")
    _print_report(report)
    _print_backends(report.ir, {chosen[0].name: chosen[1]} if chosen else {})
    if chosen is not None:
        try:
            require(report.ir, chosen[0])
        except UnsupportedFeature as error:
            complain(str(error))
            return FAILED
        if missing := missing_simulator(*chosen):
            complain(f"backend '{chosen[0].name}' cannot run here: {missing}")
            return FAILED
        _print_layouts(report, *chosen)
    return FINE


def _print_report(report: CheckReport) -> None:
    if report.projections:
        say()
        rows = [("projection", "synapses", "sd", "memory", "grid of the weights")]
        rows += [
            (
                each.name,
                f"{each.mean:.0f}",
                f"{each.sd:.0f}",
                amount(each.bytes),
                str(report.grids[each.name]),
            )
            for each in report.projections
        ]
        rows.append(
            (
                "all",
                f"{sum(each.mean for each in report.projections):.0f}",
                "",
                amount(sum(each.bytes for each in report.projections)),
                "",
            )
        )
        say(table(rows, right=frozenset({1, 2, 3})))
    _print_grids_of_drives(report)
    if report.trains:
        _print_trains(report.trains)
    if report.undrawn:
        _print_undrawn(report.undrawn, {each.name for each in report.trains})
    if report.drawn:
        say("\ndrawn before step 0:")
        say(table((f"  {path}", words) for path, words in report.drawn))
    if report.defaults:
        say("\ndefaults taken:")
        say(table((f"  {path}", value) for path, value in report.defaults))


def _print_layouts(report: CheckReport, backend: AnyBackend, options: BackendOptions) -> None:
    from netspec.backend.protocol import TellsLayouts

    if report.ir is None or not isinstance(backend, TellsLayouts):
        return
    expected = {each.name: each.expected for each in report.projections}
    rows = backend.layouts(report.ir, expected, report.network, options)
    how = "" if report.network else ", as far as that is known without edges"
    say(f"\nhow '{backend.name}' stores edges{how}:")
    say(table((f"  {name}", words) for name, words in rows))


def _print_grids_of_drives(report: CheckReport) -> None:
    drives = report.grids.keys() - {each.name for each in report.projections}
    if drives:
        say()
        rows = [(name, str(report.grids[name])) for name in sorted(drives)]
        say(table([("drive", "grid of the weights"), *rows]))


def _print_trains(trains: tuple[PredictedSpikes, ...]) -> None:
    say()
    rows = [("input", "spikes", "sd", "memory")]
    rows += [
        (each.name, f"{each.mean:.0f}", f"{each.sd:.0f}", amount(each.bytes)) for each in trains
    ]
    say(table(rows, right=frozenset({1, 2, 3})))


def _print_undrawn(undrawn: tuple[str, ...], inputs: set[str]) -> None:
    from netspec.passes.predict import MAX_CHECKED_EDGES

    trains = [name for name in undrawn if name in inputs]
    edges = [name for name in undrawn if name not in inputs]
    for what, names in (("edges", edges), ("spikes", trains)):
        if names:
            say(f"\n{what} not drawn, since `check` draws no more than {MAX_CHECKED_EDGES} in all:")
            say(f"  {', '.join(names)}")
    if edges:
        say("  `run` also looks at their computed weights and delays, and at sums of their weights")


def _print_backends(network: ir.Network, chosen: Mapping[str, BackendOptions]) -> None:
    """Print what each backend says, by default of its default options."""
    from netspec.backend.registry import available, missing_simulator
    from netspec.backend.require import missing_features
    from netspec.errors import BackendError

    say("\nbackends:")
    rows = []
    installed = available()
    for name in installed:
        try:
            backend = installed[name]
        except BackendError as error:
            rows.append((f"  {name}", str(error)))
            continue
        if features := missing_features(network, backend):
            verdict = f"cannot run it: {', '.join(features)}"
        elif missing := missing_simulator(backend, chosen.get(name)):
            verdict = f"could run it; not installed: {missing}"
        else:
            verdict = "can run it"
        rows.append((f"  {name}", verdict))
    say(table(rows or [("  none is installed",)]))
