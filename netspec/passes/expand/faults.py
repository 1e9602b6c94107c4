"""What makes no sense in tables, found before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.expr.parse import shorten
from netspec.passes.expand.pairs import Exceptions, Pair, different
from netspec.passes.problems import Problems
from netspec.spec.connectivity import Table
from netspec.spec.network import Network
from netspec.spec.reader import format_path, location_path
from netspec.spec.varied import varied_in

MAX_PROJECTIONS = 10_000
"""Pairs in all tables of a description, each of which may be a projection."""

MAX_NAME = 64
"""Characters of a name."""


class Names:
    """The names of a network, to which tables and their projections add.

    Raises:
        SpecError: There are too many pairs.
    """

    def __init__(self, network: Network, problems: Problems) -> None:
        self.problems = problems
        self.owners = {
            name: section
            for section in ("populations", "inputs", "projections")
            for name in getattr(network, section)
        }
        count = sum(len(each.sources) * len(each.targets) for each in network.tables.values())
        if count > MAX_PROJECTIONS:
            message = f"the tables have {count} pairs, which is more than {MAX_PROJECTIONS}"
            problems.error("too-many-projections", "tables", message)
            problems.raise_errors()

    def take(self, name: str, path: str) -> None:
        """Note a name; one that is taken or too long is reported."""
        if name in self.owners:
            message = f"the name '{name}' is also used in '{self.owners[name]}'"
            self.problems.error("duplicate-name", path, message)
        elif len(name) > MAX_NAME and not self.problems.is_excused(path):
            message = f"'{shorten(name)}', the name of a projection, is longer than {MAX_NAME}"
            hints = ("give the table a shorter name",)
            self.problems.error("bad-name", path, message, hints=hints)
        self.owners.setdefault(name, path)


def has_faults(table: Table, path: str, problems: Problems) -> bool:
    """Report what is listed twice, and values that are not as many as the pairs; tell if any."""
    before = len(problems.diagnostics)
    for field, texts in (("sources", table.sources), ("targets", table.targets)):
        first = {text: number for number, text in reversed(list(enumerate(texts)))}
        for number, text in enumerate(texts):
            if first[text] != number:
                message = f"'{shorten(text)}' is listed twice"
                problems.error("duplicate-name", f"{path}.{field}[{number}]", message)
    for place, varied in varied_in(table):
        for within, message in varied.misfits(len(table.targets), len(table.sources)):
            where = format_path((*location_path(path), *place, *within))
            problems.error("wrong-length", where, message)
    return len(problems.diagnostics) > before


def exceptions_of(table: Table, path: str, problems: Problems) -> Exceptions:
    """Return the exceptions of a table; those that cannot be are reported."""
    found: dict[tuple[str, str], int] = {}
    sources, targets = set(table.sources), set(table.targets)
    for number, each in enumerate(table.exceptions):
        pair = f"'{shorten(each.source)}' and '{shorten(each.target)}'"
        if each.source not in sources or each.target not in targets:
            message = f"{pair} are no source and target of the table"
        elif (each.source, each.target) in found:
            message = f"there is another exception for {pair}"
        elif not different(each):
            message = f"for {pair} nothing is different"
        else:
            found[each.source, each.target] = number
            continue
        problems.error("bad-exception", f"{path}.exceptions[{number}]", message)
    return found


def report_idle(
    exceptions: Exceptions, connected: Iterable[Pair], path: str, problems: Problems
) -> None:
    """Report exceptions for pairs that are not connected."""
    used = {each.exception for each in connected}
    for (source, target), number in exceptions.items():
        if number not in used:
            message = f"'{shorten(source)}' and '{shorten(target)}' are not connected"
            problems.error("bad-exception", f"{path}.exceptions[{number}]", message)
