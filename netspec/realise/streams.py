"""Streams of random words: which Philox block belongs to which draw.

A stream is named by the seed of the run, the path of an object and a purpose, and by nothing
else: other objects, their order, threads, batches and monitors change no draw. Its key is the
first 8 bytes of

    SHA-256("netspec:1" 00 seed 00 path 00 purpose)

with the seed as decimal ASCII, the names in UTF-8 and `00` a zero byte, read as a little-endian
integer: key word 0 is its low half, key word 1 its high half.

Inside a stream a draw has an address `(row, index)`, both below 2**48, and is a 64-bit integer `u`:

    ====================  ==============================  ============================
    address               while running                   before step 0
    ====================  ==============================  ============================
    row                   the step                        a row of the rule, such as a
                                                          source; 0 where there is none
    index                 the neuron                      number of the draw in the row
    ====================  ==============================  ============================

    ====================  ===========================================================
    part of `u`           where it comes from, with block = index div 4
    ====================  ===========================================================
    high half             word index mod 4 of the output for lane 0
    low half              word index mod 4 of the output for lane 1
    counter word 0        low 32 bits of the block
    counter word 1        low 32 bits of the row
    counter word 2        lane
    counter word 3        bits 32-47 of the row + 2**16 * bits 32-47 of the block
    ====================  ===========================================================

The same table serves before step 0 because purposes, hence keys, keep the two apart. Halves come
from two lanes because most comparisons while running are decided by the high one: they cost 32
bits a draw, a quarter of a block. Rows may be made in any order, in parallel or one at a time.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from netspec.limits import MAX_ADDRESS, SEED_LIMIT
from netspec.realise import kernels
from netspec.realise.philox import WORD_MASK, Counter, Key, WordArray, philox4x32

IntegerLike = int | npt.NDArray[np.integer]
DrawArray = npt.NDArray[np.uint64]
FloatArray = npt.NDArray[np.float64]

_HIGH_LANE = 0
_LOW_LANE = 1
_BOTH_LANES = np.array([[_HIGH_LANE], [_LOW_LANE]], dtype=np.uint32)
WORDS_PER_BLOCK = 4
_HALF = np.uint64(32)
_MASK = np.uint64(WORD_MASK)


def stream_key(seed: int, path: str, purpose: str) -> Key:
    """Return the two key words of a stream.

    Args:
        seed: Of the run, 0 ... 2**64 - 1.
        path: Of the object that draws, such as `inputs.ext`.
        purpose: What the draws are for; one stream per purpose.

    Raises:
        ValueError: If the seed is out of range, or a name holds a zero byte (two different names
            could then be hashed alike).
    """
    if not 0 <= seed < SEED_LIMIT:
        raise ValueError(f"expected a seed of 0 ... 2**64 - 1, got {seed}")
    if "\0" in path or "\0" in purpose:
        raise ValueError(f"expected names without zero bytes, got {path!r} and {purpose!r}")
    digest = hashlib.sha256(f"netspec:1\0{seed}\0{path}\0{purpose}".encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def running_words(key: Key, steps: IntegerLike, neurons: IntegerLike) -> WordArray:
    """Return the high halves of the draws of (step, neuron) pairs.

    A pair costs a whole block, unless it shares that of the pair before it.

    Args:
        key: Of the stream.
        steps: Integer or integer array.
        neurons: Integer or integer array; broadcast against `steps`.

    Returns:
        uint32, of the broadcast shape.

    Raises:
        ValueError: If a step or neuron is not in 0 ... 2**48 - 1.
    """
    faster = kernels.current()
    if faster is None:
        return _words_at(key, steps, neurons, _HIGH_LANE)
    rows, indices = np.broadcast_arrays(_address(steps), _address(neurons))
    words = faster.words_at(key, rows.reshape(-1), indices.reshape(-1))
    return words.reshape(rows.shape)


def draws(key: Key, rows: IntegerLike, first: int, count: int) -> DrawArray:
    """Return the draws `first ... first + count - 1` of every row.

    Args:
        key: Of the stream.
        rows: Shape (n,), any rows in any order.
        first: Number of the first draw, a multiple of 4.
        count: Draws per row.

    Returns:
        uint64, shape (n, count).

    Raises:
        ValueError: If a row or draw is not in 0 ... 2**48 - 1, or `first` splits a block.
    """
    if first % WORDS_PER_BLOCK:
        raise ValueError(f"expected the first draw at a multiple of 4, got {first}")
    addresses = np.atleast_1d(_address(rows))
    if kernels.current() is not None:
        return draws_at(key, addresses[:, np.newaxis], np.arange(first, first + count))
    high, low = _row_words(key, addresses, first, count, _BOTH_LANES[:, np.newaxis])
    return _joined(high, low)[:, :count]


def draws_in_spans(
    key: Key,
    rows: npt.NDArray[np.integer],
    firsts: npt.NDArray[np.integer],
    counts: npt.NDArray[np.integer],
) -> DrawArray:
    """Return some consecutive draws of every row, other ones and another number in each.

    Args:
        key: Of the stream.
        rows: Shape (n,), any rows in any order.
        firsts: Shape (n,), number of the first draw.
        counts: Shape (n,), how many.

    Returns:
        uint64, row after row.

    Raises:
        ValueError: If a row or draw is not in 0 ... 2**48 - 1.
    """
    if kernels.current() is not None:
        shifts = np.cumsum(counts) - counts - firsts
        indices = np.arange(counts.sum(), dtype=np.int64) - np.repeat(shifts, counts)
        return draws_at(key, np.repeat(rows, counts), indices)
    first_blocks = firsts // WORDS_PER_BLOCK
    n_blocks = -(-(firsts + counts) // WORDS_PER_BLOCK) - first_blocks
    shifts = np.cumsum(n_blocks) - n_blocks - first_blocks
    blocks = np.arange(n_blocks.sum(), dtype=np.int64) - np.repeat(shifts, n_blocks)
    rows_of_blocks = _address(np.repeat(rows, n_blocks))
    counter = _counter(rows_of_blocks, _address(blocks), _BOTH_LANES)
    high, low = np.stack(philox4x32(counter, key), axis=-1)
    # What of the first and the last block of a span belongs to it, in numbers within the block.
    starts = np.repeat(firsts, n_blocks) - WORDS_PER_BLOCK * blocks
    ends = starts + np.repeat(counts, n_blocks)
    places = np.arange(WORDS_PER_BLOCK)
    wanted = (places >= starts[:, np.newaxis]) & (places < ends[:, np.newaxis])
    return _joined(high[wanted], low[wanted])


def draws_at(key: Key, rows: IntegerLike, indices: IntegerLike) -> DrawArray:
    """Return the draws at (row, index) addresses, uint64 of the broadcast shape.

    Raises:
        ValueError: If a row or index is not in 0 ... 2**48 - 1.
    """
    faster = kernels.current()
    if faster is None:
        return _joined(*_words_at(key, rows, indices, _BOTH_LANES))
    own, numbers = np.broadcast_arrays(_address(rows), _address(indices))
    return faster.draws_at(key, own.reshape(-1), numbers.reshape(-1)).reshape(own.shape)


def thresholds(probabilities: npt.ArrayLike) -> tuple[DrawArray, WordArray]:
    """Return the smallest draw that does not fire, T = ceil(p * 2**64), in two halves.

    A draw `u < T` fires, in halves: `h < high or (h == high and l < low)`. Both are integers, for
    a comparison with a float would round: T = 2**64, p = 1, is `high` = 2**32 and always fires.

    Args:
        probabilities: Doubles in [0, 1], any shape, each taken as exactly what it is.

    Returns:
        The arrays `high` (uint64, 0 ... 2**32) and `low` (uint32), with T = high * 2**32 + low.

    Raises:
        ValueError: If a probability is NaN or outside [0, 1].
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("expected probabilities in [0, 1]")
    # No operation here rounds: powers of two scale exactly, and a double's integer part and
    # fraction are doubles.
    scaled = p * 2.0**32
    whole = np.floor(scaled)
    high = whole.astype(np.uint64)
    low = np.ceil((scaled - whole) * 2.0**32).astype(np.uint64)
    return np.asarray(high + (low >> _HALF)), np.asarray(low & _MASK).astype(np.uint32)


def uniform(u: DrawArray) -> FloatArray:
    """Return (u div 2**11) * 2**-53: 0 <= value < 1, exact."""
    return np.asarray((u >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def open_uniform(u: DrawArray) -> FloatArray:
    """Return ((u div 2**12) + 0.5) * 2**-52: 0 < value < 1, exact; for inverse CDFs."""
    return np.asarray(((u >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def _words_at(
    key: Key, rows: IntegerLike, indices: IntegerLike, lane: int | WordArray
) -> WordArray:
    """Return the words at (row, index) addresses.

    Addresses one behind the other that are in one block share it. Several lanes, of shape (n, 1),
    come as a first dimension of their own.
    """
    own, numbers = np.broadcast_arrays(_address(rows), _address(indices))
    shape, own, numbers = own.shape, own.reshape(-1), numbers.reshape(-1)
    blocks = numbers // np.uint64(WORDS_PER_BLOCK)
    is_other = np.ones(own.size, dtype=np.bool_)
    np.not_equal(blocks[1:], blocks[:-1], out=is_other[1:])
    is_other[1:] |= own[1:] != own[:-1]
    places = WORDS_PER_BLOCK * (np.cumsum(is_other, dtype=np.int64) - 1)
    places += (numbers % np.uint64(WORDS_PER_BLOCK)).astype(np.int64)
    own, blocks = own[is_other], blocks[is_other]
    words = np.stack(philox4x32(_counter(own, blocks, lane), key), axis=-1)
    lanes = words.shape[:-2]
    return np.asarray(words.reshape(*lanes, -1)[..., places].reshape((*lanes, *shape)))


def _joined(high: WordArray, low: WordArray) -> DrawArray:
    """Return draws from their halves."""
    joined = high.astype(np.uint64)
    joined <<= _HALF
    joined |= low
    return joined


def _row_words(
    key: Key, rows: DrawArray, first: int, count: int, lane: int | WordArray
) -> WordArray:
    """Return whole blocks of words, shape (rows, count rounded up to a multiple of 4).

    Several lanes, of shape (n, 1, 1), come as a first dimension of their own.
    """
    first_block = first // WORDS_PER_BLOCK
    n_blocks = -(-count // WORDS_PER_BLOCK)
    blocks = _address(np.arange(first_block, first_block + n_blocks, dtype=np.int64))
    words = philox4x32(_counter(rows[:, np.newaxis], blocks, lane), key)
    return np.stack(words, axis=-1).reshape(*words[0].shape[:-1], WORDS_PER_BLOCK * n_blocks)


def _counter(rows: DrawArray, blocks: DrawArray, lane: int | WordArray) -> Counter:
    """Return the counter words of blocks of rows; see the table of the module."""
    row_high, block_high = rows >> _HALF, blocks >> _HALF
    return (
        (blocks & _MASK).astype(np.uint32),
        (rows & _MASK).astype(np.uint32),
        lane,
        (row_high | (block_high << np.uint64(16))).astype(np.uint32),
    )


def _address(values: IntegerLike) -> DrawArray:
    """Return rows or indices as uint64, refusing what the counter cannot hold."""
    given = np.asarray(values)
    if given.size and (given.min() < 0 or int(given.max()) > MAX_ADDRESS):
        raise ValueError("expected steps, rows and indices of 0 ... 2**48 - 1")
    return given.astype(np.uint64)
