"""Emission: a realised network becomes one Brian2 script and its arrays; no file is touched."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from netspec.codegen.environment import render
from netspec.realise.network import RealisedNetwork
from netspec_brian2.context import Context
from netspec_brian2.models import Gathering, Nothing, WatchedTable
from netspec_brian2.options import Brian2Options
from netspec_brian2.program import Brian2Program
from netspec_brian2.units import UNIT_NAMES

ENTRY = "simulate.py"
_PACKAGE = "netspec_brian2"

_BRIAN2 = frozenset(
    {
        "DEFAULT_FUNCTIONS",
        "EventMonitor",
        "Function",
        "Network",
        "NetworkOperation",
        "NeuronGroup",
        "SpikeGeneratorGroup",
        "SpikeMonitor",
        "StateMonitor",
        "Synapses",
        "TimedArray",
        "defaultclock",
        "device",
        "linked_var",
        "prefs",
        "second",
        "set_device",
        *UNIT_NAMES,
    }
)


def emit(network: RealisedNetwork, options: Brian2Options) -> Brian2Program:
    """Return the program that simulates `network`; it does not need netspec."""
    context = Context(network, options)
    body = _joined(_body(context))
    imported = tuple(sorted(_read_names(body) & _BRIAN2))
    text = render(_PACKAGE, "header.jinja", context.header(imported)) + "\n" + body
    arrays = dict(context.arrays.stored)
    return Brian2Program("brian2", ENTRY, {ENTRY: text}, arrays, network)


def _body(context: Context) -> Iterator[str]:
    """Yield the parts of the file after its head."""
    yield render(_PACKAGE, "preferences.jinja", context.preferences())
    if context.draws is not None:
        yield render(_PACKAGE, "draws.jinja", context.draws)
    yield context.python_functions
    yield render(_PACKAGE, "functions.jinja", context.definitions())
    for group in context.group_models():
        yield render(_PACKAGE, "group.jinja", group)
    for source in context.listed:
        yield render(_PACKAGE, "listed.jinja", source)
    for projection in context.projection_models():
        yield render(_PACKAGE, "projection.jinja", projection)
    if gathers := context.gather_models():
        yield render(_PACKAGE, "gathering.jinja", Gathering(any(pool for pool, _ in gathers)))
    for pool, edges in gathers:
        if pool is not None:
            yield render(_PACKAGE, "pool.jinja", pool)
        yield render(_PACKAGE, "projection.jinja", edges)
    monitors = context.monitors()
    yield render(_PACKAGE, "monitors.jinja", monitors)
    yield render(_PACKAGE, "watched.jinja", WatchedTable(monitors.watched))
    yield render(_PACKAGE, "results.jinja", Nothing())
    if context.options.state_digest:
        yield render(_PACKAGE, "state_digest.jinja", Nothing())
    if context.ir.count_recordings:
        yield render(_PACKAGE, "counts.jinja", Nothing())
    yield render(_PACKAGE, "records.jinja", context.records())
    yield render(_PACKAGE, "simulate.jinja", context.simulate())
    yield render(_PACKAGE, "main.jinja", Nothing())


def _joined(parts: Iterator[str]) -> str:
    stripped = (part.strip("\n") for part in parts)
    return "\n\n\n".join(part for part in stripped if part) + "\n"


def _read_names(text: str) -> set[str]:
    """Return the names that a program reads outside of texts."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
