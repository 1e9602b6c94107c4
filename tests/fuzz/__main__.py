"""Search for faults for as long as one likes: `python -m tests.fuzz texts` and `... backends`.

The tests do the same for a short time. Exit status 1 says that something was found.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz import agreement, corpora, guided, subjects

_FOUND = Path("fuzz-findings")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    commands = parser.add_subparsers(required=True)

    texts = commands.add_parser("texts", help="what reads texts, by atheris")
    texts.add_argument("target", choices=corpora.TARGETS)
    texts.add_argument("--seconds", type=int, default=60)
    texts.add_argument("--kept", type=Path, help="file for the texts that did something new")
    texts.set_defaults(search=_search_texts)

    backends = commands.add_parser("backends", help="networks on which backends must agree")
    backends.add_argument("--seconds", type=float, default=120)
    backends.add_argument("--start", type=int, default=subjects.FIRST_NEW, help="first number")
    backends.add_argument("--kind", choices=subjects.KINDS, action="append", help="default: all")
    backends.add_argument("--into", type=Path, default=_FOUND, help="folder for what is found")
    backends.set_defaults(search=_search_backends)

    arguments = parser.parse_args()
    status: int = arguments.search(arguments)
    return status


def _search_texts(arguments: argparse.Namespace) -> int:
    return guided.search(arguments.target, arguments.seconds, arguments.kept)


def _search_backends(arguments: argparse.Namespace) -> int:
    sides, left_out = agreement.installed_sides()
    for name, reason in left_out.items():
        print(f"'{name}' is left out: {reason}", file=sys.stderr)
    figures = agreement.Figures(left_out)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache  # programs of networks that nobody runs again
        finding = agreement.search(
            arguments.seconds,
            arguments.start,
            sides,
            arguments.kind or subjects.KINDS,
            figures,
            lambda name: print(f"  {name}    ", end="\r", file=sys.stderr, flush=True),
        )
    print(figures)
    if finding is None:
        return 0
    print(f"\n{finding.text}\n\nwritten to {finding.write(arguments.into)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
