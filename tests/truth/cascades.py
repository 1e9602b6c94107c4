"""The analytic response of a membrane to a current through stages, with 120 digits.

Each stage decays at its own rate and follows the next: dx_0/dt = -r_0 x_0 + c_1 x_1,
dx_1/dt = -r_1 x_1 + c_2 x_2, … What x_k starts with is felt in x_i as the divided difference of
exp(-r t) over the rates r_i … r_k. Equal rates are moved apart by 1e-25 of themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mpf

DIGITS = 120


@dataclass(frozen=True)
class Cascade:
    """Stages that follow one another, times in ms.

    Attributes:
        rates: Of decay, by stage.
        couplings: What a stage does to the one before it, from the second stage on.
    """

    rates: Sequence[Any]
    couplings: Sequence[Any]

    def after(self, t: Any, state: Sequence[Any]) -> list[Any]:
        """Return the state after a time."""
        stages = range(len(self.rates))
        rates = [rate * (1 + number * mpf("1e-25")) for number, rate in enumerate(self.rates)]
        return [
            mpmath.fsum(
                state[last]
                * mpmath.fprod(-coupling for coupling in self.couplings[first:last])
                * divided_difference(rates[first : last + 1], t)
                for last in stages[first:]
            )
            for first in stages
        ]


def divided_difference(rates: Sequence[Any], t: Any) -> Any:
    """Return that of exp(-r t) over rates that differ."""
    return mpmath.fsum(
        mpmath.exp(-rate * t) / mpmath.fprod(rate - each for each in rates if each != rate)
        for rate in rates
    )
