"""The printed forms of functions and expressions, made callable for the tests."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterable
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest
from promises import is_promised

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.math_text import C_INCLUDES, c_functions, numpy_functions
from netspec.expr.functions import FUNCTIONS
from netspec.expr.nodes import Binary, Expression, Negate
from netspec.expr.printer import Printed

SPECIAL = np.array(
    [
        *(-np.inf, -1e300, -2.0, -1.0, -0.5, -1e-300, -5e-324, -0.0),
        *(0.0, 5e-324, 1e-300, 0.5, 1.0, 2.0, 1e300, np.inf, np.nan),
    ]
)

LEVELS = ("-O0", "-O1", "-O2", "-O3")
VECTOR_FLAGS = ("-O3",)
NATIVE_FLAGS = ("-O3", "-march=native")
QUIET_FLAGS = (*NATIVE_FLAGS, "-fno-trapping-math", "-fno-math-errno")
FLAGS = (
    *((level,) for level in LEVELS),
    *((level, "-march=native") for level in LEVELS),
    QUIET_FLAGS,
)

COMPILERS = ("gcc", "clang")
"""GCC must be there, which Brian2 needs too; clang must be where it is promised."""


def require_compiler(name: str) -> None:
    """Skip a test whose compiler is missing; fail where it is promised."""
    if which(name) is None:
        missing = f"the compiler {name} is missing"
        if name == "gcc" or is_promised(name):
            pytest.fail(missing)
        pytest.skip(missing)


class FusingPrinter(CPrinter):
    """Breaks the rules on purpose: a product inside a sum is not rounded."""

    def binary(self, node: Binary) -> Printed:
        match node:
            case Binary("+", Binary("*", left, right), other):
                parts = (left, right, other)
            case Binary("+", other, Binary("*", left, right)):
                parts = (left, right, other)
            case Binary("-", Binary("*", left, right), other):
                parts = (left, right, Negate(other))
            case Binary("-", other, Binary("*", left, right)):
                parts = (Negate(left), right, other)
            case _:
                return super().binary(node)
        return Printed(f"fma({', '.join(self.visit(part).text for part in parts)})")


def same_bits(left: Any, right: Any) -> bool:
    """Whether two arrays of doubles agree; every NaN is one value."""
    left, right = np.atleast_1d(left), np.atleast_1d(right)
    both_nan = np.isnan(left) & np.isnan(right)
    return bool(np.all(both_nan | (left.view(np.int64) == right.view(np.int64))))


def numpy_namespace(functions: Iterable[str]) -> dict[str, Any]:
    """The names that the printed NumPy text defines."""
    namespace: dict[str, Any] = {"np": np}
    exec(numpy_functions(functions), namespace)  # noqa: S102  # our own text
    return namespace


def compile_c(
    text: str,
    folder: Path,
    flags: tuple[str, ...],
    language: str = "c11",
    compiler: str = "gcc",
) -> ctypes.CDLL:
    """Compile a shared library from text that follows the includes."""
    drivers = {"gcc": "g++", "clang": "clang++"}
    driver, ending = (drivers[compiler], "cpp") if "++" in language else (compiler, "c")
    source = folder / f"text.{ending}"
    source.write_text(C_INCLUDES + text)
    library = folder / f"{'_'.join((compiler, language, *flags))}.so"
    # A random tree may compare a number with itself; nobody writes that.
    quiet = ("-Wno-tautological-compare",)
    strict = ("-Wall", "-Wextra", "-Wpedantic", "-Werror", *quiet, "-ffp-contract=off", "-fwrapv")
    options = (f"-std={language}", *flags, *strict, "-shared", "-fPIC")
    subprocess.run([driver, *options, "-o", library, source, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def c_loops(functions: Iterable[str], printer: CPrinter, defined: bool = True) -> str:
    """C text: the functions, unless a library has them, and for each a loop `all_NAME`."""
    names = tuple(functions)
    lines = [c_functions(names, printer)] if defined else []
    for name in names:
        letters = "abc"[: FUNCTIONS[name].arity]
        declared = ", ".join(f"const double *{letter}" for letter in letters)
        given = ", ".join(f"{letter}[i]" for letter in letters)
        lines.append(
            f"void all_{name}(long size, {declared}, double *out);\n"
            f"void all_{name}(long size, {declared}, double *out) {{\n"
            f"    for (long i = 0; i < size; i++)\n"
            f"        out[i] = {printer.function_name(name)}({given});\n}}\n"
        )
    text = "\n".join(lines)
    return f'#ifdef __cplusplus\nextern "C" {{\n#endif\n{text}\n#ifdef __cplusplus\n}}\n#endif\n'


def call_c(library: ctypes.CDLL, name: str, *arrays: Any) -> Any:
    """Call a loop made by `c_loops` or by a test that follows its form."""
    out = np.empty(arrays[0].size)
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*arrays, out)]
    library[name](ctypes.c_long(out.size), *pointers)
    return out


def expression_loop(name: str, expression: Expression, printer: CPrinter) -> str:
    """C text: a loop `NAME` over the arrays x, y (doubles) and n, m (integers)."""
    signature = (
        f"void {name}(long size, const double *xs, const double *ys, "
        "const int64_t *ns, const int64_t *ms, double *out)"
    )
    return (
        f"{signature};\n{signature} {{\n    for (long i = 0; i < size; i++) {{\n"
        "        const double x = xs[i], y = ys[i];\n"
        "        const int64_t n = ns[i], m = ms[i];\n"
        "        (void)x; (void)y; (void)n; (void)m;\n"
        f"        out[i] = {printer.print(expression)};\n    }}\n}}\n"
    )
