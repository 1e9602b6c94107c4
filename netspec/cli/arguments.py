"""Arguments that several commands share, and the network they describe."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from netspec.cli.status import UsageError, file_problem

if TYPE_CHECKING:
    from netspec.results.results import Results
    from netspec.spec.network import Network


def add_network_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the description and everything that changes it."""
    parser.add_argument("spec", metavar="SPEC", help="the description, a .json or .yaml file")
    parser.add_argument("--seed", metavar="N", help="seed instead of the description's")
    parser.add_argument(
        "--duration", metavar="T", help="length of the run instead of the description's: '2 s'"
    )
    parser.add_argument(
        "--set",
        dest="changes",
        metavar="PATH=VALUE",
        action="append",
        default=[],
        help="change a value: populations.exc.size=1400; may be repeated",
    )
    parser.add_argument(
        "--max-memory",
        metavar="SIZE",
        type=byte_count,
        help="memory that synapses, neurons and samples may take: 16GB; default: 80 %% of what is "
        "free",
    )


def add_threads_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--threads`."""
    parser.add_argument("--threads", metavar="N", type=positive, help="number of threads")


def add_replay_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--replay`."""
    parser.add_argument(
        "--replay",
        metavar="FILE",
        help="results (.npz) whose spikes neurons get in place of those of the populations",
    )


def read_replay(options: argparse.Namespace) -> Results | None:
    """Read the results that `--replay` names, if it is there; errors as for `read_results`."""
    return None if options.replay is None else read_results(options.replay)


def read_results(path: str) -> Results:
    """Read a file of results.

    Raises:
        UsageError: The file has no name, is not there or cannot be read.
        ResultsFileError: It holds no results.
    """
    from netspec.results.results import Results

    refuse_no_name(path)
    try:
        return Results.load(path)
    except OSError as error:
        raise UsageError(file_problem(error)) from error


def refuse_no_name(path: str) -> None:
    """Refuse the empty text, which as a path would be the folder that one is in.

    Raises:
        UsageError: That is what was given.
    """
    if not path:
        raise UsageError("expected the name of a file, got ''")


def is_given(value: object) -> bool:
    """Tell whether an option was given, be it as an empty text, as by `--plot "$UNSET"`, or 0."""
    return value is not None and value is not False and value != []


def positive(text: str) -> int:
    """Return a whole number from 1; for argparse."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a number from 1, got '{text}'")
    return int(text)


def byte_count(text: str) -> int:
    """Return a number of bytes from `16GB`, `500 MB` or `4000000`; for argparse."""
    match = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,3})?)\s*(k|M|G|T|)B?", text.strip(), re.ASCII)
    if not match:
        raise argparse.ArgumentTypeError(f"expected a size such as 16GB, got '{text}'")
    return int(float(match[1]) * 1000 ** ("", "k", "M", "G", "T").index(match[2]))


def read_network(options: argparse.Namespace) -> Network:
    """Read the description and make the changes that the command line asks for.

    Raises:
        SpecError: The description is wrong, or becomes so by a change.
        UsageError: A change is not of the form PATH=VALUE, or the file is a golden file.
    """
    network = load_description(options.spec)
    changes: dict[str, object] = {}
    for text in options.changes:
        path, equals, value = text.partition("=")
        if not (path.strip() and equals):
            raise UsageError(f"--set expects PATH=VALUE, got '{text}'")
        if path.strip() in changes:
            raise UsageError(f"--set gives '{path.strip()}' twice")
        changes[path.strip()] = json_or_text(value)
    for name in ("seed", "duration"):
        value = getattr(options, name)
        if value is not None and name in changes:
            raise UsageError(f"--{name} and --set both give the {name}")
        if value is not None:
            changes[name] = json_or_text(value) if name == "seed" else value
    return network.replace(changes) if changes else network


def load_description(path: str) -> Network:
    """Read a description.

    Raises:
        SpecError: It is wrong.
        UsageError: It is a golden file, whose problems as a description tell nothing.
    """
    from netspec.api import load
    from netspec.errors import SpecError

    try:
        return load(path)
    except SpecError:
        from netspec.golden.file import is_golden

        if not is_golden(path):
            raise
        raise UsageError(f"expected a description, got a golden file: '{path}'") from None


def json_or_text(value: str) -> Any:
    """Return JSON data where the text is JSON, else the text: `1400`, `false`, `0.05 ms`.

    Raises:
        UsageError: The text begins like a JSON list, object or text but is none.
    """
    from netspec.errors import SpecError
    from netspec.expr.parse import shorten
    from netspec.spec.reader import read_text

    try:
        # Read as a document is: no duplicate keys, no NaN, limited depth.
        data = read_text(f'{{"value": {value}}}', file="--set", syntax="json").data
    except SpecError as error:
        if value.lstrip().startswith(("{", "[", '"')):
            first = error.diagnostics[0].message
            raise UsageError(f"the value {shorten(value)} is not valid JSON: {first}") from None
        return value
    return data["value"] if data.keys() == {"value"} else value
