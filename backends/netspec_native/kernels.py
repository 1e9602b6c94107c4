"""Realisation at the speed of machine code: the same draws and functions as NumPy's, to the bit."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.environment import render
from netspec.codegen.math_text import c_functions
from netspec.realise.kernels import DrawArray, FloatArray, Indices, WordArray
from netspec.realise.philox import Key
from netspec.realise.rows import TargetArray
from netspec_native import models
from netspec_native.build import compiled_library
from netspec_native.options import NativeOptions

_FUNCTIONS = ("exp", "log", "log1p", "normal_quantile", "sigmoid")
"""Functions of one number that distributions are made of."""


class NativeKernels:
    """What realisation does most often, compiled."""

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer, integer, word = ctypes.c_void_p, ctypes.c_int64, ctypes.c_uint32
        self._draws_at = library.netspec_draws_at
        self._draws_at.argtypes = (pointer, pointer, pointer, integer, word, word)
        self._draws_at.restype = None
        self._words_at = library.netspec_words_at
        self._words_at.argtypes = (pointer, pointer, pointer, integer, word, word)
        self._words_at.restype = None
        self._numbers_of_edges = library.netspec_numbers_of_edges
        self._numbers_of_edges.argtypes = (
            *(pointer, pointer, integer, pointer, integer),
            *(ctypes.c_uint64, ctypes.c_uint64, word, word),
        )
        self._numbers_of_edges.restype = None
        pairs = (integer, *[ctypes.c_uint64] * 4, word, word)
        self._count_pairs = library.netspec_count_pairs
        self._count_pairs.argtypes = (pointer, *pairs)
        self._count_pairs.restype = None
        self._place_pairs = {
            np.dtype(np.uint16): library.netspec_place_pairs_uint16_t,
            np.dtype(np.uint32): library.netspec_place_pairs_uint32_t,
        }
        for each in self._place_pairs.values():
            each.argtypes, each.restype = (pointer, pointer, integer, pointer, *pairs), None
        self._maps = {name: getattr(library, _map_name(name)) for name in _FUNCTIONS}
        for each in self._maps.values():
            each.argtypes, each.restype = (pointer, pointer, integer), None

    def draws_at(self, key: Key, rows: DrawArray, indices: DrawArray) -> DrawArray:
        """Return the draws at (row, index) addresses; shape (n,) all."""
        rows, indices = np.ascontiguousarray(rows), np.ascontiguousarray(indices)
        draws = np.empty(rows.size, dtype=np.uint64)
        self._draws_at(draws.ctypes.data, rows.ctypes.data, indices.ctypes.data, rows.size, *key)
        return draws

    def words_at(self, key: Key, rows: DrawArray, indices: DrawArray) -> WordArray:
        """Return the high halves of the draws at (row, index) addresses; shape (n,) all."""
        rows, indices = np.ascontiguousarray(rows), np.ascontiguousarray(indices)
        words = np.empty(rows.size, dtype=np.uint32)
        self._words_at(words.ctypes.data, rows.ctypes.data, indices.ctypes.data, rows.size, *key)
        return words

    def numbers_of_edges(
        self, key: Key, firsts: Indices, edges: Indices, row: int, index: int
    ) -> FloatArray:
        """Return a number between 0 and 1 for each of some edges; see `Kernels`."""
        firsts, edges = np.ascontiguousarray(firsts), np.ascontiguousarray(edges)
        numbers = np.empty(edges.size)
        self._numbers_of_edges(
            *(numbers.ctypes.data, firsts.ctypes.data, firsts.size - 1),
            *(edges.ctypes.data, edges.size),
            *(row, index, *key),
        )
        return numbers

    def chosen_pairs(
        self, key: Key, count: int, sources: int, targets: int, selves: range
    ) -> tuple[Indices, TargetArray]:
        """Return the edges that the first choices among pairs make; see `Kernels`."""
        first_self, choices = selves.start if selves else 0, sources * targets - len(selves)
        chosen = (count, choices, targets, first_self, len(selves), *key)
        counts = np.zeros(sources, dtype=np.int64)
        self._count_pairs(counts.ctypes.data, *chosen)
        firsts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
        kind = np.dtype(np.uint16 if targets <= 2**16 else np.uint32)
        of_edges, spare = np.empty(count, kind), np.empty(counts.max(initial=0), kind)
        following = firsts[:-1].copy()
        pointers = of_edges.ctypes.data, following.ctypes.data, sources, spare.ctypes.data
        self._place_pairs[kind](*pointers, *chosen)
        return firsts, of_edges

    def applied(self, function: str, x: FloatArray) -> FloatArray | None:
        """Return a function of an array, `None` if it is not among those that are compiled."""
        if function not in self._maps:
            return None
        x = np.ascontiguousarray(x)
        results = np.empty_like(x)
        self._maps[function](results.ctypes.data, x.ctypes.data, x.size)
        return results


@cache
def kernels() -> NativeKernels:
    """Return the kernels, compiled once per process or found in the cache.

    Raises:
        BackendError: There is no compiler.
    """
    return NativeKernels(compiled_library(kernels_text(), NativeOptions()))


def kernels_text() -> str:
    """Return the C file."""
    printer = CPrinter()
    maps = tuple(models.Map(_map_name(name), printer.function_name(name)) for name in _FUNCTIONS)
    model = models.KernelsFile(functions=c_functions(_FUNCTIONS), maps=maps)
    return render("netspec_native", "kernels.c.jinja", model)


def _map_name(function: str) -> str:
    return f"netspec_map_{function}"
