"""Emission: a realised network becomes one program and its arrays; no file is touched."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.backend.program import Program
from netspec.codegen.environment import render
from netspec.codegen.math_text import numpy_functions
from netspec.realise.network import RealisedNetwork
from netspec_numpy.context import Context
from netspec_numpy.models import Nothing
from netspec_numpy.options import NumpyOptions

ENTRY = "simulate.py"
_PACKAGE = "netspec_numpy"


def emit(network: RealisedNetwork, options: NumpyOptions) -> Program:
    """Return the program that simulates `network`."""
    context = Context(network, options)
    text = "\n\n\n".join(section.strip("\n") for section in _sections(context)) + "\n"
    return Program(
        backend="numpy", entry=ENTRY, files={ENTRY: text}, arrays=dict(context.arrays.stored)
    )


def _sections(context: Context) -> Iterator[str]:
    """Yield the parts of the file, from its docstring to its last line."""
    header = render(_PACKAGE, "header.jinja", context.header())
    yield header + render(_PACKAGE, "constants.jinja", context.constants())
    if functions := context.functions:
        yield numpy_functions(functions)
    if context.has_poisson or context.distributions:
        yield _static("philox")
    if context.distributions & {"bernoulli", "poisson"}:
        yield _static("integers")
    for distribution in sorted(context.distributions):
        yield _static(distribution)
    if context.has_poisson:
        yield _static("poisson_spikes")
    if context.has_listed:
        yield _static("listed")
    if context.has_pools:
        yield _static("lanes")
    if context.projections:
        yield _static("delivery")
    if context.has_schedule:
        yield _static("schedule")
    yield _static("checks")
    if context.ir.count_recordings:
        yield _static("counts")
    yield _simulate(context)
    yield _static("main")


def _static(section: str) -> str:
    return render(_PACKAGE, f"{section}.jinja", Nothing())


def _simulate(context: Context) -> str:
    """Return the function `simulate`, its loop in the order of a step."""
    parts = (
        ("setup.jinja", context.setup()),
        ("begin.jinja", context.begin()),
        ("update.jinja", context.update()),
        ("events.jinja", context.events()),
        ("deliver.jinja", context.deliver()),
        ("reset.jinja", context.resets()),
        ("result.jinja", context.result()),
    )
    return "".join(render(_PACKAGE, template, model) for template, model in parts)
