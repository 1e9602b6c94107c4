"""Values of a recipe as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from netspec.data import DataError, read_numbers
from netspec.errors import Diagnostic, InternalError, SpecError
from netspec.ir import nodes as ir
from netspec.ir.recipe import Computed, Drawn, FromFile, Item, PerItem, Scalar, Value, names_in
from netspec.limits import EXACT_INTEGERS
from netspec.realise.distributions import ItemStream, draw
from netspec.realise.evaluate import evaluate
from netspec.realise.network import FloatArray, NumberArray

Known = Mapping[str, NumberArray]


def realise_value(
    value: Value, known: Known, path: str, stream: ItemStream | None = None, *, first: int = 0
) -> FloatArray:
    """Return a value in SI: shape () for one value, else one per item.

    Args:
        value: From the recipe.
        known: What a formula reads: parameters, and int64 indices `i` and `j`.
        path: Its place in the document.
        stream: That it is drawn from, where it is drawn.
        first: Number of the first item, for messages.

    Raises:
        SpecError: A computed or drawn value is NaN or infinite, or cannot be drawn.
    """
    match value:
        case Scalar(exact):
            return np.asarray(float(exact))
        case PerItem(values):
            return np.array([float(exact) for exact in values], dtype=np.float64)
        case FromFile(before=before, after=after):
            numbers = realise_array(value, path)
            return np.pad(numbers, (before, after)) if before or after else numbers
        case Computed(expression):
            result = np.asarray(evaluate(expression, known), dtype=np.float64)
        case Drawn(parameters=items):
            if stream is None:
                raise InternalError(f"{path} is drawn from no stream")
            parameters = {each.name: realise_value(each.value, known, each.path) for each in items}
            result = draw(value, parameters, stream, path)
    check_finite(result, path, first)
    return result


def realise_array(value: FromFile, path: str) -> FloatArray:
    """Return the numbers of a data file in SI, in the shape that they have there.

    Raises:
        SpecError: The file is damaged or has changed, or something in it is no finite number.
    """
    try:
        return read_numbers(value.data, value.power)
    except DataError as error:
        raise error.at(path) from None


def as_kind(values: FloatArray, kind: ir.Kind, path: str) -> NumberArray:
    """Return values as the kind of variable they are for.

    Raises:
        SpecError: An integer variable is given something else.
    """
    if kind != "integer":
        return values
    bad = np.flatnonzero(~((values == np.floor(values)) & (np.abs(values) < EXACT_INTEGERS)))
    if bad.size:
        number = np.atleast_1d(values)[bad[0]]
        if number == np.floor(number):
            message = f"values of integer variables are below 2**53 in size, got {int(number)}"
        else:
            message = f"an integer variable cannot be {number}"
        raise problem("not-an-integer", path, message)
    return values.astype(np.int64)


def check_finite(values: FloatArray, path: str, first: int = 0) -> None:
    """Refuse values that are NaN or infinite.

    Args:
        values: Some or all that a formula gave.
        path: Its place.
        first: Number of the first.

    Raises:
        SpecError: Some are; names the first.
    """
    are_finite = np.isfinite(np.atleast_1d(values))
    if not are_finite.all():
        bad = np.flatnonzero(~are_finite)
        number = np.atleast_1d(values)[bad[0]]
        index = f"the value computed for index {first + bad[0]}"
        what = index if values.ndim else "the computed value"
        raise problem("not-finite", path, f"{what} is {number}")


def realise_items(
    items: Iterable[Item], known: Known, stream_of: Callable[[Item], ItemStream]
) -> dict[str, FloatArray]:
    """Return values by name; formulas may read each other and what is known.

    Args:
        items: The values.
        known: What formulas read beside each other.
        stream_of: Returns what a value is drawn from.

    Raises:
        SpecError: A value is not finite, or cannot be drawn.
        InternalError: Formulas read each other in a circle, which `resolve` reports.
    """
    result: dict[str, FloatArray] = {}
    waiting = {item.name: item for item in items}
    while waiting:
        ready = [item for item in waiting.values() if not names_in(item.value) & waiting.keys()]
        if not ready:
            circle = ", ".join(f"'{name}'" for name in sorted(waiting))
            raise InternalError(f"the values of {circle} read each other")
        for item in ready:
            readable = {**known, **result}
            stream = stream_of(item) if isinstance(item.value, Drawn) else None
            result[item.name] = realise_value(item.value, readable, item.path, stream)
            del waiting[item.name]
    return result


def place_of(item: Item, number: int) -> str:
    """Return the place of one of the numbers that a value stands for."""
    return f"{item.path}[{number}]" if isinstance(item.value, PerItem) else item.path


def more_in_list(count: int) -> tuple[str, ...]:
    """Return the note that there are more problems like the one that is shown."""
    return (f"{count} more in the same list",) if count else ()


def problem(
    code: str, path: str, message: str, *, notes: tuple[str, ...] = (), hints: tuple[str, ...] = ()
) -> SpecError:
    """Return the error for one problem found while realising."""
    return SpecError([Diagnostic(code, path, message, notes, hints)])
