from __future__ import annotations

import numpy as np
import pytest

from netspec.realise.philox import philox4x32

# counter, key, output: the three `philox4x32 10` lines of Random123's `kat_vectors`.
KNOWN_ANSWERS = [
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def scalar_philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """One block in plain integers, straight from the paper."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 2**32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_known_answers(
    counter: tuple[int, int, int, int], key: tuple[int, int], expected: tuple[int, ...]
) -> None:
    assert tuple(int(word) for word in philox4x32(counter, key)) == expected
    assert scalar_philox(counter, key) == expected


def test_arrays_agree_with_a_scalar_implementation_across_batches() -> None:
    numbers = np.arange(20_001, dtype=np.uint32)
    counter = tuple(numbers * np.uint32(factor) for factor in (1, 2654435761, 40503, 3266489917))
    before = [word.copy() for word in counter]
    key = (0xDEADBEEF, 0x12345678)

    block = philox4x32(counter, key)  # type: ignore[arg-type]

    assert [word.dtype for word in block] == [np.uint32] * 4
    for place in [*range(0, 20_001, 997), 8191, 8192, 16383, 16384, 20_000]:
        expected = scalar_philox(tuple(int(word[place]) for word in counter), key)
        assert tuple(int(word[place]) for word in block) == expected
    for word, untouched in zip(counter, before, strict=True):
        np.testing.assert_array_equal(word, untouched)


def test_counter_words_broadcast() -> None:
    rows = np.arange(5, dtype=np.uint32)[:, np.newaxis]
    columns = np.arange(7, dtype=np.uint32)

    block = philox4x32((columns, rows, 1, 2), (3, 4))

    assert [word.shape for word in block] == [(5, 7)] * 4
    assert all(word.flags.c_contiguous for word in block)
    assert tuple(int(word[3, 6]) for word in block) == scalar_philox((6, 3, 1, 2), (3, 4))


def test_no_counters_give_no_blocks() -> None:
    block = philox4x32((np.zeros((3, 0), dtype=np.uint32), 0, 0, 0), (0, 0))

    assert [word.shape for word in block] == [(3, 0)] * 4
