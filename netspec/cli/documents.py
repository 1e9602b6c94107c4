"""What commands share that take several descriptions and run them at a time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from netspec.cli.arguments import byte_count, positive
from netspec.cli.progress import progress_bar
from netspec.cli.status import UsageError

if TYPE_CHECKING:
    from netspec.errors import Diagnostic
    from netspec.golden.subject import Job

ResultT = TypeVar("ResultT")
Plan = list[tuple["Job", int]]
"""Descriptions to be run, each with the bytes that its arrays will take."""


def add_document_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the descriptions, and how they are run."""
    parser.add_argument(
        "specs",
        metavar="SPEC",
        nargs="+",
        help="descriptions, .json or .yaml files; golden files among them are passed over",
    )
    parser.add_argument(
        "--backends",
        metavar="A,B",
        help="backends instead of those that golden files name: NAME or NAME:option=value,…",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=positive,
        help="descriptions that are run at a time, as far as memory goes; default: one for each "
        "core",
    )
    parser.add_argument(
        "--max-memory",
        metavar="SIZE",
        type=byte_count,
        help="memory that all runs may take together: 16GB; default: 80 %% of what is free",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def planned(options: argparse.Namespace, look_at_golden: Callable[[str], object]) -> Plan:
    """Look at all descriptions before the first of them runs.

    Args:
        options: The command line.
        look_at_golden: Refuses a description whose golden file is not as it must be.

    Raises:
        SpecError: Some of them are wrong, or have no golden file where there must be one.
        UsageError: No description is named.
        BackendChoiceError: A backend or one of its options does not exist.
    """
    from netspec.backend.choice import split_backends
    from netspec.errors import SpecError
    from netspec.golden.file import is_golden
    from netspec.golden.subject import Job, Subject, choice_of

    documents = list(dict.fromkeys(each for each in options.specs if not is_golden(each)))
    if not documents:
        raise UsageError(f"expected descriptions, got golden files alone: '{options.specs[0]}'")
    backends = () if options.backends is None else split_backends(options.backends)
    for backend in backends:
        choice_of(backend)
    plan: Plan = []
    problems: list[Diagnostic] = []
    for document in documents:
        try:
            subject = Subject(document, backends, options.max_memory)
            look_at_golden(document)
            plan.append((Job(document, backends, options.max_memory), subject.expected_bytes()))
        except SpecError as error:
            problems += error.diagnostics
    if problems:
        raise SpecError(problems)
    return plan


def carried_out(
    function: Callable[[Job], ResultT], plan: Plan, options: argparse.Namespace
) -> Iterator[ResultT]:
    """Yield what a function makes of each description, in order."""
    from netspec.golden.parallel import in_parallel
    from netspec.machine import cores, free_memory
    from netspec.passes.predict import FREE_SHARE

    processes = options.jobs or cores()
    limit = options.max_memory
    if limit is None:
        limit = int(FREE_SHARE * free_memory())
    found = in_parallel(function, plan, processes=processes, max_memory=limit)
    with progress_bar("done", quiet=options.quiet, unit="descriptions") as progress:
        show = progress or (lambda _done, _all: None)
        show(0, len(plan))
        for number, result in enumerate(found, 1):
            show(number, len(plan))
            yield result
