"""Realisation at the speed of machine code: the same draws and functions as NumPy's, to the bit."""

from __future__ import annotations

import ctypes
from functools import cache

import numpy as np

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.environment import render
from netspec.codegen.math_text import c_functions
from netspec.realise.kernels import DrawArray, FloatArray, IndexArray, Indices, WordArray
from netspec.realise.philox import Key
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
        self._words_at.argtypes = (pointer, pointer, pointer, integer, word, word, word)
        self._words_at.restype = None
        self._numbers_of_edges = library.netspec_numbers_of_edges
        self._numbers_of_edges.argtypes = (
            *(pointer, pointer, pointer, integer),
            *(ctypes.c_uint64, ctypes.c_uint64, word, word),
        )
        self._numbers_of_edges.restype = None
        self._maps = {name: getattr(library, _map_name(name)) for name in _FUNCTIONS}
        for each in self._maps.values():
            each.argtypes, each.restype = (pointer, pointer, integer), None

    def draws_at(self, key: Key, rows: DrawArray, indices: DrawArray) -> DrawArray:
        """Return the draws at (row, index) addresses; shape (n,) all."""
        rows, indices = np.ascontiguousarray(rows), np.ascontiguousarray(indices)
        draws = np.empty(rows.size, dtype=np.uint64)
        self._draws_at(draws.ctypes.data, rows.ctypes.data, indices.ctypes.data, rows.size, *key)
        return draws

    def words_at(self, key: Key, rows: DrawArray, indices: DrawArray, lane: int) -> WordArray:
        """Return one half of the draws at (row, index) addresses; shape (n,) all."""
        rows, indices = np.ascontiguousarray(rows), np.ascontiguousarray(indices)
        words = np.empty(rows.size, dtype=np.uint32)
        pointers = words.ctypes.data, rows.ctypes.data, indices.ctypes.data
        self._words_at(*pointers, rows.size, lane, *key)
        return words

    def numbers_of_edges(
        self, key: Key, sources: IndexArray, edges: Indices, row: int, index: int
    ) -> FloatArray:
        """Return a number between 0 and 1 for each of some edges; see `Kernels`."""
        sources, edges = np.ascontiguousarray(sources), np.ascontiguousarray(edges)
        numbers = np.empty(edges.size)
        self._numbers_of_edges(
            *(numbers.ctypes.data, sources.ctypes.data, edges.ctypes.data, edges.size),
            *(row, index, *key),
        )
        return numbers

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
