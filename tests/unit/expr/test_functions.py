from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from unit.expr.targets import SPECIAL, numpy_namespace, same_bits

from netspec.expr.functions import AUTHOR_FUNCTIONS, FUNCTIONS
from netspec.expr.math import DEFINITIONS, with_dependencies
from netspec.realise.evaluate import evaluate_function

NAN = math.nan


def test_authors_cannot_call_inner_functions() -> None:
    inner = set(FUNCTIONS) - set(AUTHOR_FUNCTIONS)
    assert {"real", "pow2", "exponent", "mantissa", "power", "power_2", "copysign"} <= inner
    assert {"exp", "log10", "sin", "tanh", "sqrt", "where", "clip"} <= set(AUTHOR_FUNCTIONS)


def test_every_pinned_function_and_selection_has_a_definition() -> None:
    defined = {name for name, entry in FUNCTIONS.items() if entry.kind in ("pinned", "selection")}
    assert set(DEFINITIONS) == defined - {"where"}
    for name, definition in DEFINITIONS.items():
        assert len(definition.parameters) == FUNCTIONS[name].arity


def test_dependencies_come_first_and_in_one_order() -> None:
    order = with_dependencies(["clip", "log1p", "exp"])
    assert order == with_dependencies(["exp", "clip", "log1p"])
    assert order.index("exp_tail") < order.index("exp")
    assert order.index("log_sum") < order.index("log1p")
    assert order.index("min") < order.index("clip")
    assert "expm1" not in order


@pytest.mark.parametrize("form", ["evaluated", "printed"])
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("min", (1.0, 2.0), 1.0),
        ("min", (0.0, -0.0), -0.0),
        ("min", (-0.0, 0.0), 0.0),
        ("min", (NAN, 1.0), NAN),
        ("min", (1.0, NAN), NAN),
        ("max", (1.0, 2.0), 2.0),
        ("max", (0.0, -0.0), -0.0),
        ("max", (-0.0, 0.0), 0.0),
        ("max", (NAN, 1.0), NAN),
        ("max", (1.0, NAN), NAN),
        ("clip", (5.0, 0.0, 1.0), 1.0),
        ("clip", (-5.0, 0.0, 1.0), 0.0),
        ("clip", (0.5, 0.0, 1.0), 0.5),
        ("clip", (0.5, 1.0, 0.0), 0.0),
        ("clip", (NAN, 0.0, 1.0), NAN),
        ("clip", (0.5, NAN, 1.0), NAN),
        ("clip", (0.5, 0.0, NAN), NAN),
        ("sign", (-0.0,), 0.0),
        ("sign", (0.0,), 0.0),
        ("sign", (-5e-324,), -1.0),
        ("sign", (math.inf,), 1.0),
        ("sign", (NAN,), NAN),
    ],
)
def test_selections(form: str, name: str, arguments: tuple[float, ...], expected: float) -> None:
    scalars = tuple(np.float64(argument) for argument in arguments)
    if form == "evaluated":
        result = evaluate_function(name, *scalars)
    else:
        printed = numpy_namespace([name])
        result = printed[{"min": "minimum", "max": "maximum"}.get(name, name)](*scalars)
    assert same_bits(result, np.float64(expected))


def test_operations_of_every_target() -> None:
    assert same_bits(evaluate_function("abs", SPECIAL), np.abs(SPECIAL))
    assert same_bits(evaluate_function("abs", -0.0), np.float64(0.0))
    assert same_bits(evaluate_function("sqrt", -0.0), np.float64(-0.0))
    assert same_bits(evaluate_function("ceil", -0.5), np.float64(-0.0))
    assert evaluate_function("real", np.int64(2**53 + 1)) == 2.0**53


def test_expressions_need_no_numpy() -> None:
    code = "import sys, netspec.expr.math, netspec.expr.printer; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
