"""The command line: `python -m benchmarks [run] …` and `python -m benchmarks table FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from benchmarks import limits, machine, runner, table
from benchmarks.engines import ENGINES
from benchmarks.networks import NETWORKS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write a file, or show one; return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["table"]:
        parser = argparse.ArgumentParser(prog="python -m benchmarks table")
        parser.add_argument("results", type=Path, help="what a run has written")
        results = parser.parse_args(given[1:]).results
        if not results.is_file():
            parser.error(f"there is no file '{results}'")
        try:
            shown = json.loads(results.read_text(encoding="utf-8"))
        except ValueError as error:  # no JSON, or no text
            parser.error(f"'{results}' holds no results: {error}")
        stated = shown.get("format") if isinstance(shown, dict) else None
        if stated != table.FORMAT:
            parser.error(f"expected format {table.FORMAT}, got {stated}: measure again")
        sys.stdout.write(table.markdown(shown))
        return 0
    parser = _options()
    options = parser.parse_args(given)
    if options.repeats < 1:
        parser.error(f"expected at least one turn, got {options.repeats}")
    if not options.timeout > 0:
        parser.error(f"expected a timeout above 0 s, got {options.timeout:g}")
    # What is wrong would else be known after the first network.
    if not options.out.parent.is_dir():
        parser.error(f"there is no folder '{options.out.parent}'")
    if options.out.is_dir():
        parser.error(f"'{options.out}' is a folder")
    networks = _chosen(parser, options.networks, NETWORKS)
    engines = _chosen(parser, options.engines, ENGINES)
    found: dict[str, Any] = {
        "format": table.FORMAT,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine.described(),
        "limits": limits.measured(options.scale),
    }
    for known in runner.measured(
        networks,
        engines,
        size=options.scale,
        repeats=options.repeats,
        timeout=options.timeout,
        tell=lambda text: print(text, file=sys.stderr, flush=True),
    ):
        found |= known
        options.out.write_text(_text(found), encoding="utf-8")
        print(f"wrote {options.out}", file=sys.stderr)
    return int(any("failed" in run for run in found["runs"]))


def _text(found: Mapping[str, Any]) -> str:
    """Return results as JSON, a line for each field and for each run."""
    fields = [f"{json.dumps(key)}: {json.dumps(found[key])}" for key in found if key != "runs"]
    runs = ",\n".join(map(json.dumps, found["runs"]))
    return "{\n" + ",\n".join([*fields, f'"runs": [\n{runs}\n]']) + "\n}\n"


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure networks side by side; `python -m benchmarks table FILE` shows them.",
    )
    parser.add_argument(
        "--networks", nargs="+", default=["*"], metavar="NAME", help=f"of {', '.join(NETWORKS)}"
    )
    parser.add_argument(
        "--engines", nargs="+", default=["*"], metavar="NAME", help=f"of {', '.join(ENGINES)}"
    )
    parser.add_argument("--repeats", type=int, default=5, help="turns; medians are shown")
    parser.add_argument("--scale", choices=("small", "full"), default="full")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one process")
    parser.add_argument("--out", type=Path, default=Path("results.json"))
    return parser


def _chosen(
    parser: argparse.ArgumentParser, patterns: Iterable[str], known: Iterable[str]
) -> list[str]:
    """Return the names that a pattern fits, in their order.

    Raises:
        SystemExit: A pattern fits none.
    """
    names = list(known)
    for pattern in patterns:
        if not any(fnmatch(name, pattern) for name in names):
            parser.error(f"nothing is called '{pattern}'; there are {', '.join(names)}")
    return [name for name in names if any(fnmatch(name, each) for each in patterns)]


if __name__ == "__main__":
    sys.exit(main())
