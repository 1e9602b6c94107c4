"""Which parameters are to blame where the exact solution over one step is not finite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from netspec.expr.nodes import Expression, names
from netspec.ir.nodes import Propagator
from netspec.realise.evaluate import evaluate
from netspec.realise.values import Known


@dataclass(frozen=True, slots=True)
class Suspects:
    """Parameters that may have made a propagator infinite or NaN.

    Attributes:
        names: The likeliest first.
        zeros: Those of them that something is divided by although they are 0.
    """

    names: tuple[str, ...]
    zeros: tuple[str, ...]

    def __str__(self) -> str:
        if self.zeros:
            are = "is" if len(self.zeros) == 1 else "are"
            return f"{' and '.join(map(repr, self.zeros))} {are} 0"
        return f"it depends on {', '.join(map(repr, self.names)) or 'numbers alone'}"


def suspects(derived: Propagator, known: Known) -> Suspects:
    """Return who is to blame.

    If entries of the system are not finite, it is what all of them read; else what the largest rate
    reads.

    Args:
        derived: The propagator, which is not finite.
        known: Values of what it is computed from.
    """
    broken = [each for each in derived.expressions if not _is_finite(each, known)]
    if broken:
        read = frozenset.intersection(*map(names, broken)) or frozenset.union(*map(names, broken))
        zeros = [each for each in sorted(read) if _is_zero_divisor(each, broken, known)]
    else:
        rates = (row[number] for number, row in enumerate(derived.matrix))
        read = names(max(rates, key=lambda rate: float(np.abs(evaluate(rate, known)).max())))
        zeros = []
    return Suspects((*zeros, *sorted(read - set(zeros))), tuple(zeros))


def _is_zero_divisor(name: str, broken: Iterable[Expression], known: Known) -> bool:
    """Tell whether a parameter is 0, and something would be finite if it were 1."""
    values = known[name]
    if np.all(values):
        return False
    otherwise = {**known, name: np.where(values, values, 1.0)}
    return any(name in names(each) and _is_finite(each, otherwise) for each in broken)


def _is_finite(expression: Expression, known: Known) -> bool:
    return bool(np.isfinite(evaluate(expression, known)).all())
