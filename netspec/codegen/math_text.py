"""Source text of netspec's own functions, for programs that run without netspec.

The text of a function that has a definition is printed from it; the few primitives, which move
bits in a way of their own in each language, are written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netspec.codegen.c_printer import CPrinter
from netspec.codegen.numpy_printer import NumpyPrinter
from netspec.expr.math import DEFINITIONS, Definition, with_dependencies

C_INCLUDES = "#include <math.h>\n#include <stdint.h>\n#include <string.h>\n"
"""What the C text needs before it."""

_NUMPY_PRIMITIVES: Mapping[str, str] = {
    "exponent": '''\
def {name}(x):
    """The whole e of x = m * 2**e with 1 <= m < 2, for positive normal x."""
    return (np.asarray(x).view(np.int64) >> np.int64(52)) - np.float64(1023.0)
''',
    "mantissa": '''\
def {name}(x):
    """The m of x = m * 2**e with 1 <= m < 2, for positive normal x."""
    fraction = np.asarray(x).view(np.uint64) & np.uint64(0x000FFFFFFFFFFFFF)
    return (fraction | np.uint64(0x3FF0000000000000)).view(np.float64)
''',
    "pow2": '''\
def {name}(k):
    """2**k for whole k from -1022 to 1023, infinity for 1024."""
    # In this sum, k + 1023 is what the low bits hold: the exponent field of the result.
    bits = np.asarray(k + np.float64(6755399441056767.0)).view(np.uint64)
    return (bits << np.uint64(52)).view(np.float64)
''',
}

_C_PRIMITIVES: Mapping[str, str] = {
    "exponent": """\
/* The whole e of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double {name}(double x) {{
    uint64_t bits;
    double shifted;
    memcpy(&bits, &x, sizeof bits);
    /* As the low bits of 2**52 + e + 1023: no conversion, so it vectorises everywhere. */
    bits = (bits >> 52) | UINT64_C(0x4330000000000000);
    memcpy(&shifted, &bits, sizeof shifted);
    return shifted - 4503599627371519.0;
}}
""",
    "mantissa": """\
/* The m of x = m * 2**e with 1 <= m < 2, for positive normal x. */
static inline double {name}(double x) {{
    uint64_t bits;
    double fraction;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    memcpy(&fraction, &bits, sizeof fraction);
    return fraction;
}}
""",
    "pow2": """\
/* 2**k for whole k from -1022 to 1023, infinity for 1024. */
static inline double {name}(double k) {{
    /* In this sum, k + 1023 is what the low bits hold: the exponent field of the result. */
    double shifted = k + 6755399441056767.0;
    double power;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = bits << 52;
    memcpy(&power, &bits, sizeof power);
    return power;
}}
""",
}


def numpy_functions(names: Iterable[str]) -> str:
    """Return Python functions over NumPy arrays and scalars, each after those it calls.

    Args:
        names: Functions of the table that a program calls; those NumPy has are left out.
    """
    printer = NumpyPrinter()
    return "\n\n".join(
        _NUMPY_PRIMITIVES[name].format(name=printer.function_name(name))
        if name in _NUMPY_PRIMITIVES
        else _numpy_function(DEFINITIONS[name], printer)
        for name in with_dependencies(names)
        if name in _NUMPY_PRIMITIVES or name in DEFINITIONS
    )


def c_functions(names: Iterable[str], printer: CPrinter | None = None) -> str:
    """Return static inline functions in the common part of C11 and C++17.

    They need `C_INCLUDES` before them and `-ffp-contract=off`.

    Args:
        names: Functions of the table that a program calls; those C has are left out.
        printer: Names the functions; the program's own expressions must be printed by it too.
    """
    printer = printer or CPrinter()
    return "\n".join(
        _C_PRIMITIVES[name].format(name=printer.function_name(name))
        if name in _C_PRIMITIVES
        else _c_function(DEFINITIONS[name], printer)
        for name in with_dependencies(names)
        if name in _C_PRIMITIVES or name in DEFINITIONS
    )


def _numpy_function(definition: Definition, printer: NumpyPrinter) -> str:
    lines = [
        f"def {printer.function_name(definition.name)}({', '.join(definition.parameters)}):",
        f'    """{definition.summary}"""',
        *(f"    {line.name} = {printer.print(line.value)}" for line in definition.assignments),
        f"    return {printer.print(definition.result)}",
    ]
    return "\n".join(lines) + "\n"


def _c_function(definition: Definition, printer: CPrinter) -> str:
    parameters = ", ".join(f"double {parameter}" for parameter in definition.parameters)
    name = printer.function_name(definition.name)
    lines = [
        f"/* {definition.summary} */",
        f"static inline double {name}({parameters}) {{",
        *(
            f"    const double {line.name} = {printer.print(line.value)};"
            for line in definition.assignments
        ),
        f"    return {printer.print(definition.result)};",
        "}",
    ]
    return "\n".join(lines) + "\n"
