"""Philox4x32-10: a keyed bijection of 128-bit counters, the only source of randomness.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011);
known answers come with the authors' Random123 distribution. One round maps the counter words
`(c0, c1, c2, c3)` under the key words `(k0, k1)` to

    (high(M1 * c2) ^ c1 ^ k0,  low(M1 * c2),  high(M0 * c0) ^ c3 ^ k1,  low(M0 * c0))

with the upper and lower halves of 64-bit products; the key grows by `(W0, W1)` from round to round.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

WordArray = npt.NDArray[np.uint32]
Word = int | WordArray
Counter = tuple[Word, Word, Word, Word]
Key = tuple[int, int]
Block = tuple[WordArray, WordArray, WordArray, WordArray]

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
WORD_MASK = 0xFFFFFFFF

_INPUT: tuple[Literal["readonly"]] = ("readonly",)
_OUTPUT: tuple[Literal["writeonly"], Literal["allocate"]] = ("writeonly", "allocate")

# Blocks computed at a time: four state words and their products then stay in the cache.
_BATCH = 8192


def philox4x32(counter: Counter, key: Key) -> Block:
    """Compute one 128-bit block per counter.

    Args:
        counter: Four words c0 ... c3, integers below 2**32 or uint32 arrays of shapes that
            broadcast against each other.
        key: Two integers below 2**32.

    Returns:
        The words 0 ... 3 of every block: four uint32 arrays of the broadcast shape.
    """
    round_keys = _round_keys(key)
    words = [np.asarray(word, dtype=np.uint32) for word in counter]
    iterator = np.nditer(
        [*words, None, None, None, None],
        flags=["buffered", "external_loop", "zerosize_ok"],
        op_flags=[*(_INPUT for _ in range(4)), *(_OUTPUT for _ in range(4))],
        op_dtypes=[np.uint64] * 4 + [np.uint32] * 4,
        order="C",
        buffersize=_BATCH,
    )
    multiplier0, multiplier1 = (np.uint64(multiplier) for multiplier in MULTIPLIERS)
    mask, half = np.uint64(WORD_MASK), np.uint64(32)
    with iterator:
        for c0, c1, c2, c3, *out in iterator:
            for k0, k1 in round_keys:
                product0 = c0 * multiplier0
                product1 = c2 * multiplier1
                c0 = (product1 >> half) ^ c1 ^ k0
                c1 = product1 & mask
                c2 = (product0 >> half) ^ c3 ^ k1
                c3 = product0 & mask
            for word, value in zip(out, (c0, c1, c2, c3), strict=True):
                word[...] = value
        first, second, third, fourth = iterator.operands[4:]
    return first, second, third, fourth


def _round_keys(key: Key) -> list[tuple[np.uint64, np.uint64]]:
    """Return the key words of every round, in the width of the products."""
    k0, k1 = (int(np.uint32(word)) for word in key)
    return [
        (
            np.uint64((k0 + number * WEYL[0]) & WORD_MASK),
            np.uint64((k1 + number * WEYL[1]) & WORD_MASK),
        )
        for number in range(ROUNDS)
    ]
