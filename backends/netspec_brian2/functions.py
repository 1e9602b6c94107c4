"""The functions of a script: netspec's own arithmetic for all of Brian2's targets.

Brian2 calls a `Function` by name and asks it for code in the language of the target. All C text of
a script lies in one constant behind an include guard, so every function can bring all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.math_text import C_INCLUDES, c_functions, numpy_functions
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.expr.functions import FUNCTIONS

WHERE, WHERE_INTEGER = CHOICES = ("where", "where_integer")
QUOTIENT, NUMBER, WHOLE = "netspec_quotient", "netspec_number", "netspec_whole"
REMEMBER = "remember"
POISSON, UNIFORM, NORMAL = "poisson_spikes", "uniform_number", "normal_number"
EVENT, COUNT = "bernoulli_number", "poisson_number"
DRAWN_BY = {"uniform": UNIFORM, "normal": NORMAL, "bernoulli": EVENT, "poisson": COUNT}
"""Function by distribution, of a neuron's index, the step, the key of a stream and, if there is
one, the mean."""


@dataclass(frozen=True, slots=True)
class ScriptFunction:
    """An entry of `FUNCTIONS` in the script; everything is text.

    Attributes:
        name: Brian2's name, which is C's as well.
        python: The function that the numpy target calls.
        units: Of the arguments `a`, `b`, …: 1, the name of another one, or `None` for any.
        types: Brian2's types of the arguments.
        unit: Of the result, or a function of the arguments' units.
        type: Brian2's type of the result.
    """

    name: str
    python: str
    units: tuple[str, ...]
    types: tuple[str, ...]
    unit: str
    type: str

    @property
    def quoted_types(self) -> str:
        """The types as the text of a list."""
        return json.dumps(list(self.types))

    @property
    def declaration(self) -> str:
        """The function as Cython declares it."""
        listed = ", ".join(_CYTHON_TYPES[each] for each in self.types)
        return f"{_CYTHON_TYPES[self.type]} {self.name}({listed})"


_CYTHON_TYPES = {"boolean": "bint", "integer": "int64_t", "float": "double"}

_OWN = {
    entry.name: entry
    for entry in (
        ScriptFunction(
            WHERE,
            "np.where",
            ("1", "None", '"b"'),
            ("boolean", "float", "float"),
            "lambda a, b, c: b",
            "float",
        ),
        ScriptFunction(
            WHERE_INTEGER,
            "np.where",
            ("1",) * 3,
            ("boolean", "integer", "integer"),
            "1",
            "integer",
        ),
        ScriptFunction(
            QUOTIENT,
            "np.divide",
            ("None",) * 2,
            ("float",) * 2,
            "lambda a, b: a / b",
            "float",
        ),
        ScriptFunction(NUMBER, "np.float64", ("None",), ("float",), "lambda a: a", "float"),
        ScriptFunction(WHOLE, "np.int64", ("1",), ("integer",), "1", "integer"),
        ScriptFunction("netspec_real", "np.float64", ("1",), ("integer",), "1", "float"),
        ScriptFunction("netspec_integer", "np.int64", ("1",), ("float",), "1", "integer"),
        ScriptFunction(
            REMEMBER,
            REMEMBER,
            ("1", "None", "1"),
            ("integer", "float", "integer"),
            "1",
            "integer",
        ),
        ScriptFunction(POISSON, POISSON, ("1",) * 5, ("integer",) * 5, "bool", "boolean"),
        ScriptFunction(UNIFORM, UNIFORM, ("1",) * 3, ("integer",) * 3, "1", "float"),
        ScriptFunction(NORMAL, NORMAL, ("1",) * 3, ("integer",) * 3, "1", "float"),
        ScriptFunction(EVENT, EVENT, ("1",) * 4, (*("integer",) * 3, "float"), "1", "float"),
        ScriptFunction(COUNT, COUNT, ("1",) * 4, (*("integer",) * 3, "float"), "1", "float"),
    )
}

_OWN_C_TEXT = {
    WHERE: """\
static inline double where(bool condition, double chosen, double otherwise) {
    return condition ? chosen : otherwise;
}
""",
    WHERE_INTEGER: """\
static inline int64_t where_integer(bool condition, int64_t chosen, int64_t otherwise) {
    return condition ? chosen : otherwise;
}
""",
    QUOTIENT: """\
static inline double netspec_quotient(double a, double b) { return a / b; }
""",
    WHOLE: """\
static inline int64_t netspec_whole(int64_t literal) { return literal; }
""",
    "netspec_real": """\
static inline double netspec_real(int64_t whole) { return (double)whole; }
""",
    "netspec_integer": """\
static inline int64_t netspec_integer(double whole) { return (int64_t)whole; }
""",
    REMEMBER: """\
/* The code of a value that is not finite, unless one is known already. */
static inline int64_t remember(int64_t known, double value, int64_t code) {
    return known < 0 && !(value - value == 0.0) ? code : known;
}
""",
}


def signed_key(words: tuple[int, int]) -> int:
    """Return the key of a stream as the 64-bit integer that Brian2 keeps it in.

    >>> signed_key((1, 2)), signed_key((2**32 - 1, 2**32 - 1))
    (8589934593, -1)
    """
    key = words[1] << 32 | words[0]
    return key - (1 << 64) if key >> 63 else key


def brian2_name(function: str) -> str:
    """Return Brian2's name of a function of netspec's table; Brian2 has an `exp` of its own."""
    return WHERE if function == "where" else f"netspec_{function}"


def script_function(name: str) -> ScriptFunction:
    """Return an entry by Brian2's name."""
    if name in _OWN:
        return _OWN[name]
    function = FUNCTIONS[name.removeprefix("netspec_")]
    match function.dimensions:
        case "same":
            units = ("None", *['"a"'] * (function.arity - 1))
            unit = f"lambda {', '.join('abc'[: function.arity])}: a"
        case "power":
            units, unit = ("None",), f"lambda a: a**{float(function.exponent)!r}"
        case "sign":
            units, unit = ("None",), "1"
        case _:
            units, unit = ("1",) * function.arity, "1"
    python = NumpyPrinter().function_name(function.name)
    return ScriptFunction(name, python, units, ("float",) * function.arity, unit, "float")


def python_text(names: Iterable[str]) -> str:
    """Return NumPy definitions of the functions that netspec defines."""
    return numpy_functions(_of_table(names))


def c_text(names: Iterable[str]) -> str:
    """Return what C needs for all functions, and the definitions of those that do not draw."""
    printer, wanted = CPrinter(), sorted(names)
    parts = [_OWN_C_TEXT[name] for name in wanted if name in _OWN_C_TEXT]
    for function in _of_table(wanted):
        basic = printer.function_name(function)
        if not basic.startswith("netspec_"):
            name = brian2_name(function)
            parts.append(f"static inline double {name}(double x) {{ return {basic}(x); }}\n")
    parts.append(c_functions(_of_table(wanted), printer))
    return "\n".join(part for part in (C_INCLUDES, *parts) if part)


def _of_table(names: Iterable[str]) -> list[str]:
    wanted = set(names)
    found = {name.removeprefix("netspec_") for name in wanted if name not in _OWN}
    found |= {"normal_quantile"} if NORMAL in wanted else set()
    found |= {"exp"} if COUNT in wanted else set()
    return sorted(found)
