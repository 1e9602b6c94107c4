"""Emission: a realised network becomes a C file, what runs it, and arrays; no file is touched."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.codegen.environment import render
from netspec.codegen.math_text import c_functions
from netspec.realise.network import RealisedNetwork
from netspec_native import models
from netspec_native.context import Context
from netspec_native.options import NativeOptions
from netspec_native.parts import PartsPrinter
from netspec_native.program import NativeProgram

ENTRY = "simulate.py"
SOURCE = "simulate.c"
_PACKAGE = "netspec_native"


def emit(network: RealisedNetwork, options: NativeOptions) -> NativeProgram:
    """Return the program that simulates `network`."""
    context = Context(network, options)
    driver = "\n\n\n".join(section.strip("\n") for section in _driver(context)) + "\n"
    source = "\n\n".join(section.strip("\n") for section in _source(context)) + "\n"
    files = {ENTRY: driver, SOURCE: source}
    return NativeProgram("native", ENTRY, files, dict(context.arrays.stored), network)


def _source(context: Context) -> Iterator[str]:
    """Yield the sections of the C file."""
    yield render(_PACKAGE, "head.c.jinja", context.head())
    if functions := context.functions:
        yield f"/* --- netspec's own functions {'-' * 66} */\n\n" + c_functions(functions)
    if context.draws.any:
        yield render(_PACKAGE, "random.c.jinja", models.Random(context.draws))
    if context.bundles:
        yield render(_PACKAGE, "edges.c.jinja", context.edges())
    yield _fixed("threads.c")
    parts = PartsPrinter(context)
    yield render(_PACKAGE, "parts.c.jinja", parts.parts())
    if context.sources:
        yield render(_PACKAGE, "sources.c.jinja", context.source_models())
    if context.gathers or context.recordings:
        yield render(_PACKAGE, "looks.c.jinja", context.looks())
    for population in context.populations():
        yield render(_PACKAGE, "population.c.jinja", population)
    if context.bundles:
        yield render(_PACKAGE, "deliver.c.jinja", context.deliveries())
    yield render(_PACKAGE, "run.c.jinja", parts.run())


def _driver(context: Context) -> Iterator[str]:
    """Yield the sections of the Python file."""
    yield render(_PACKAGE, "head.py.jinja", context.driver_head())
    yield _fixed("spikes.py")
    if context.ir.count_recordings:
        yield _fixed("counts.py")
    yield render(_PACKAGE, "simulate.py.jinja", context.driver())
    yield _fixed("main.py")


def _fixed(section: str) -> str:
    return render(_PACKAGE, f"{section}.jinja", models.Nothing())
