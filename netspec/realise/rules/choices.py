"""Choices among equally likely ones, by the draws of a row.

With `n` choices, draw `m` of a row stands for choice `c_m = floor(u_m * n / 2**64)`, in integers.
A row takes the first `k` of this sequence or, where it takes none twice, the first `k` different
ones. Of more than half of all, `2 * k > n`, it leaves out the first `n - k` different ones and
takes the others: so no row makes more than about 1.4 draws per choice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.philox import Key
from netspec.realise.streams import DrawArray, draws_in_spans

ChoiceArray = npt.NDArray[np.uint64]
RowArray = npt.NDArray[np.int64]

# Draws held at a time: some eighty bytes each, small enough for the cache, large enough to hide
# the cost of a NumPy call.
_BATCH = 2**16

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio less 1, of 2**64: its multiples are spread evenly, and like nothing else."""

_HALF = np.uint64(32)
_MASK = np.uint64(2**32 - 1)


def choose_in_rows(
    key: Key, rows: range, choices: int, count: int, *, repeats: bool
) -> Iterator[tuple[RowArray, ChoiceArray]]:
    """Yield the choices of all rows, some rows at a time; see `choose`."""
    size = max(1, _BATCH // max(count, 1))
    for start in range(rows.start, rows.stop, size):
        part = np.arange(start, min(start + size, rows.stop), dtype=np.int64)
        yield part, choose(key, part, choices, count, repeats=repeats)


def choose(key: Key, rows: RowArray, choices: int, count: int, *, repeats: bool) -> ChoiceArray:
    """Return the choices of some rows.

    Args:
        key: Of the stream.
        rows: Numbers of the rows.
        choices: How many there are to choose from; times the number of rows at most 2**64.
        count: How many a row takes.
        repeats: Whether it may take one twice.

    Returns:
        uint64, shape (rows, count), ascending in a row.
    """
    # All rows are one line: choice c of row number k is the number k * choices + c.
    starts = np.arange(len(rows), dtype=np.uint64) * np.uint64(choices)
    if repeats:
        counts = np.full(len(rows), count, dtype=np.int64)
        taken = _numbers(key, rows, np.zeros_like(counts), counts, choices, starts)
        taken.sort()
    elif 2 * count <= choices:
        taken = _first_different(key, rows, choices, count, starts)
    else:
        is_taken = np.ones(len(rows) * choices, dtype=np.bool_)
        is_taken[_first_different(key, rows, choices, choices - count, starts)] = False
        taken = np.flatnonzero(is_taken).view(np.uint64)
    table = taken.reshape(len(rows), count)
    table -= starts[:, np.newaxis]
    return table


def too_many(rule: Rule, field: str, choices: int, what: str, *, has_self: bool) -> Diagnostic:
    """Return what to say where a rule asks for more than there is.

    Args:
        rule: It.
        field: Its field that says how many.
        choices: How many there are to choose from.
        what: The same in words, e.g. `"a source has 9 targets"`.
        has_self: Whether a neuron would be among its own choices, were it allowed.
    """
    notes = []
    if has_self and not rule.allows("autapses"):
        notes.append("'allow_autapses' is false, so that no neuron is its own choice")
    hints: tuple[str, ...] = ()
    if choices:
        notes.append("'allow_multapses' is false, so that nothing is chosen twice")
        hints = ('with "allow_multapses": true the same may be chosen again',)
    given = rule.parameter(field)
    message = f"{what} to choose from, got '{field}': {int(rule.number(field))}"
    return Diagnostic("too-many-connections", given.path, message, tuple(notes), hints)


def scaled(u: DrawArray, choices: int) -> ChoiceArray:
    """Return floor(u * choices / 2**64), exactly, for less than 2**64 choices."""
    high, low = u >> _HALF, u & _MASK
    n_high, n_low = np.uint64(choices >> 32), np.uint64(choices & 0xFFFFFFFF)
    # Long multiplication by halves. No sum overflows: (2**32 - 1)**2 + 2 * (2**32 - 1) < 2**64.
    middle = high * n_low + ((low * n_low) >> _HALF)
    if not n_high:
        return np.asarray(middle >> _HALF)
    other = low * n_high + (middle & _MASK)
    return np.asarray(high * n_high + (middle >> _HALF) + (other >> _HALF))


def spread(count: int, choices: int, first: int = 0) -> ChoiceArray:
    """Return some of many choices that are spread evenly and without a pattern.

    Args:
        count: How many; choices may come twice.
        choices: How many there are to choose from, less than 2**64.
        first: Where to go on in the sequence.
    """
    return scaled(np.arange(first, first + count, dtype=np.uint64) * _GOLDEN, choices)


def _first_different(
    key: Key, rows: RowArray, choices: int, count: int, starts: ChoiceArray
) -> ChoiceArray:
    """Return the first different choices of every row, as ascending numbers of the line.

    Every round draws for each row as many as it lacks. So none can get too many, and what comes
    out does not depend on how many rows there are.
    """
    pieces: list[ChoiceArray] = []
    made = np.zeros(len(rows), dtype=np.int64)
    lacking = np.full(len(rows), count, dtype=np.int64)
    while lacking.any():
        is_open = lacking > 0
        counts = lacking[is_open]
        new = _numbers(key, rows[is_open], made[is_open], counts, choices, starts[is_open])
        new.sort()
        new = new[np.concatenate(([True], new[1:] != new[:-1]))]
        for piece in pieces:
            new = new[~_is_in(new, piece)]
        pieces.append(new)
        made += lacking
        lacking -= np.diff(np.searchsorted(new, starts), append=new.size)
    if len(pieces) < 2:
        return pieces[0] if pieces else np.zeros(0, dtype=np.uint64)
    taken = np.concatenate(pieces)
    del pieces
    taken.sort(kind="stable")  # merges the pieces
    return taken


def _numbers(
    key: Key,
    rows: RowArray,
    firsts: RowArray,
    counts: RowArray,
    choices: int,
    starts: ChoiceArray,
) -> ChoiceArray:
    """Return the choices that some draws of each row stand for, as numbers of the line.

    Their order is no use: it depends on the size of a batch.
    """
    numbers = np.empty(counts.sum(), dtype=np.uint64)
    depth = max(4, _BATCH // max(len(rows), 1))
    end = 0
    for done in range(0, int(counts.max(initial=0)), depth):
        part = np.clip(counts - done, 0, depth)
        chosen = scaled(draws_in_spans(key, rows, firsts + done, part), choices)
        chosen += np.repeat(starts, part)
        numbers[end : end + chosen.size] = chosen
        end += chosen.size
    return numbers


def _is_in(values: ChoiceArray, piece: ChoiceArray) -> npt.NDArray[np.bool_]:
    """Tell which values are in a piece; both are ascending."""
    if not piece.size:
        return np.zeros(values.size, dtype=np.bool_)
    places = np.searchsorted(piece, values)
    return np.asarray(piece[np.minimum(places, piece.size - 1)] == values)
