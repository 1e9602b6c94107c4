"""Values that read each other in a circle and so have no value."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.ir.recipe import Computed, Drawn, names_in
from netspec.passes.problems import Problems
from netspec.passes.resolved import Symbol


def report_circle(symbols: Iterable[Symbol], problems: Problems) -> None:
    """Report symbols whose formulas read each other in a circle, once per place."""
    paths = {symbol.name: symbol.path for symbol in symbols}
    reads = {
        symbol.name: names_in(symbol.value) & paths.keys()
        for symbol in symbols
        if isinstance(symbol.value, Computed | Drawn)
    }
    in_circle = _without_ends(reads)
    if not in_circle or any(problems.is_excused(paths[name]) for name in in_circle):
        return
    first = min(in_circle, key=lambda name: paths[name])
    if len(in_circle) == 1:
        message = f"the value of '{first}' reads itself"
    else:
        listed = ", ".join(f"'{name}'" for name in sorted(in_circle))
        message = f"the values of {listed} read each other in a circle"
    problems.error("circular-values", paths[first], message)


def _without_ends(reads: dict[str, frozenset[str]]) -> set[str]:
    """Return the names that read such names and are read by such names, again and again."""
    left = set(reads)
    while True:
        read = frozenset().union(*(reads[name] for name in left))
        kept = {name for name in left if reads[name] & left and name in read}
        if kept == left:
            return left
        left = kept
