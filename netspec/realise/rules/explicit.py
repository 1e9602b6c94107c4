"""`explicit`: the listed pairs; edges of one source keep the order of the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from netspec.data import DataError, place_of_item, read_integers
from netspec.errors import Diagnostic, SpecError
from netspec.ir.recipe import DataRef, EdgeTable, Rule
from netspec.realise.network import IndexArray
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends, Streams
from netspec.realise.values import more_in_list

Indices = npt.NDArray[np.integer[Any]]


class Explicit(ConnectionRule):
    """The rule `explicit`."""

    def faults(self, rule: Rule, ends: Ends) -> Iterator[Diagnostic]:
        """Yield what is wrong with a list that is written down."""
        if not isinstance(rule.pairs, EdgeTable):
            pairs = np.array(rule.pairs, dtype=np.int64).reshape(-1, 2)
            yield from _faults(rule, pairs[:, 0], pairs[:, 1], ends)

    def count(self, rule: Rule, ends: Ends) -> Count:
        """Return the length of the list."""
        return Count(len(rule.pairs))

    def connect(self, rule: Rule, ends: Ends, streams: Streams) -> Edges:
        """Return the list.

        Raises:
            SpecError: A data file has pairs that do not exist or are not allowed.
        """
        if not isinstance(rule.pairs, EdgeTable):
            pairs = np.array(rule.pairs, dtype=np.uint32).reshape(-1, 2)
            return pairs[:, 0].copy(), pairs[:, 1].copy()
        sources = _read(rule, rule.pairs.sources, ends.sources, "sources")
        targets = _read(rule, rule.pairs.targets, ends.targets, "targets")
        if faults := tuple(_faults(rule, sources, targets, ends)):
            raise SpecError(faults)
        return sources, targets


def _read(rule: Rule, data: DataRef, count: int, what: str) -> IndexArray:
    """Return the indices that a file lists.

    Raises:
        SpecError: The file is damaged or has changed, or an index leads nowhere.
    """
    path = f"{rule.path}.file"
    try:
        stored = read_integers(data)
    except DataError as error:
        raise error.at(path) from None
    bad = np.flatnonzero((stored < 0) | (stored >= count))
    if bad.size:
        place, index = place_of_item(data, int(bad[0])), stored[bad[0]]
        raise SpecError(
            [
                Diagnostic(
                    "index-out-of-range",
                    path,
                    f"{place}: the index {index} does not exist, there are {count} {what}",
                    more_in_list(bad.size - 1),
                    ("indices are counted from 0 within the part that is addressed",),
                )
            ]
        )
    return stored.astype(np.uint32)


def _faults(rule: Rule, sources: Indices, targets: Indices, ends: Ends) -> Iterator[Diagnostic]:
    """Yield the first pair of each kind that cannot be, and how many others there are."""
    outside = np.flatnonzero((sources >= ends.sources) | (targets >= ends.targets))
    if outside.size:
        number = int(outside[0])
        yield _fault(
            "index-out-of-range",
            rule,
            number,
            f"the pair [{sources[number]}, {targets[number]}] does not exist: there are "
            f"{ends.sources} sources and {ends.targets} targets",
            outside.size - 1,
        )
        return
    if ends.diagonal is not None and not rule.allows("autapses"):
        same = np.flatnonzero(targets.astype(np.int64) - sources == ends.diagonal)
        if same.size:
            number = int(same[0])
            pair = f"the pair [{sources[number]}, {targets[number]}]"
            message = f"{pair} connects a neuron to itself, but 'allow_autapses' is false"
            yield _fault("listed-autapse", rule, number, message, same.size - 1)
    if not rule.allows("multapses"):
        yield from _repeated(rule, sources, targets, ends)


def _repeated(rule: Rule, sources: Indices, targets: Indices, ends: Ends) -> Iterator[Diagnostic]:
    """Yield the first pair that was listed before."""
    pairs = sources.astype(np.uint64) * np.uint64(ends.targets) + targets.astype(np.uint64)
    ordered = np.sort(pairs)
    count = int(np.count_nonzero(ordered[1:] == ordered[:-1]))
    if count:
        order = np.argsort(pairs, kind="stable")
        again = np.flatnonzero(pairs[order[1:]] == pairs[order[:-1]]) + 1
        number = int(order[again].min())
        first = int(np.flatnonzero(pairs == pairs[number])[0])
        pair = f"the pair [{sources[number]}, {targets[number]}]"
        message = f"{pair} is listed twice, but 'allow_multapses' is false"
        notes = (f"first listed as {_place(rule, first)}",)
        yield _fault("listed-multapse", rule, number, message, count - 1, notes)


def _fault(
    code: str, rule: Rule, number: int, message: str, more: int, notes: tuple[str, ...] = ()
) -> Diagnostic:
    notes = (*notes, *more_in_list(more))
    if isinstance(rule.pairs, EdgeTable):
        return Diagnostic(code, f"{rule.path}.file", f"{_place(rule, number)}: {message}", notes)
    return Diagnostic(code, f"{rule.path}.pairs[{number}]", message, notes)


def _place(rule: Rule, number: int) -> str:
    """Return words for the place of a pair."""
    if isinstance(rule.pairs, EdgeTable):
        return place_of_item(rule.pairs.sources, number)
    return f"'pairs[{number}]'"
