"""Steps that are large for how fast a state variable goes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isnan, nan

import numpy as np

from netspec.errors import Diagnostic
from netspec.expr.nodes import names
from netspec.ir.nodes import TIME_STEP
from netspec.ir.recipe import Pacing
from netspec.realise.durations import format_time
from netspec.realise.evaluate import evaluate, evaluate_function
from netspec.realise.values import Known
from netspec.realise.weights import in_unit

TOLERANCE = 0.125
"""Share by which a step may change a time constant, or what others get of a variable."""

_ALWAYS_FINE = 0.125
"""Share of a time constant that is no large step for any integrator."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A variable that a step is large for: per step it goes by the factor exp(share)."""

    variable: str
    share: float
    time_constant: float
    reads: frozenset[str]

    def __str__(self) -> str:
        return f"'{self.variable}' ({in_unit(self.time_constant, 'ms')})"


def step_warning(
    pacing: Pacing,
    parameters: Known,
    initial: Known,
    dt: Fraction,
    paths: Mapping[str, str],
    model_path: str,
) -> Diagnostic | None:
    """Return a warning if a step is too large for a variable; the fastest one is shown.

    Args:
        pacing: What is looked at.
        parameters: Their values.
        initial: Values of the state, if they are known; a rate that reads anything else is left
            out.
        dt: Seconds.
        paths: Places of the parameters that may be to blame.
        model_path: Place of the model, which is to blame if none of them is.
    """
    found = sorted(
        _findings(pacing, parameters, initial, float(dt)), key=lambda each: -abs(each.share)
    )
    if not found:
        return None
    fastest, *others = found
    goes = "decays" if fastest.share < 0 else "grows"
    goes += " at first" if fastest.reads & initial.keys() else ""
    constant, step = in_unit(fastest.time_constant, "ms"), format_time(dt)
    places = (paths[name] for name in sorted(fastest.reads) if name in paths)
    return Diagnostic(
        "large-time-step",
        next(places, model_path),
        f"'{fastest.variable}' {goes} with a time constant of {constant}, and "
        f"'{pacing.integrator}' with a dt of {step} {_consequence(pacing, fastest)}",
        notes=(f"likewise {', '.join(map(str, others))}",) if others else (),
        hints=(_hint(pacing, found),),
        severity="warning",
    )


def _findings(pacing: Pacing, parameters: Known, initial: Known, dt: float) -> Iterator[_Finding]:
    values = {**parameters, **initial, TIME_STEP: np.asarray(dt)}
    for variable, rate in pacing.rates:
        if not names(rate) <= values.keys():
            continue
        shares = np.atleast_1d(np.asarray(evaluate(rate, values), dtype=np.float64)) * dt
        sizes = np.where(np.isnan(shares), 0.0, np.abs(shares))
        share = float(shares[np.argmax(sizes)])
        follows = pacing.order is None and bool(names(rate) & initial.keys())
        if _has_settled(share) if follows else _is_large(share, pacing.order):
            yield _Finding(variable, share, dt / abs(share), names(rate))


def _is_large(share: float, order: int | None) -> bool:
    return abs(share) > _ALWAYS_FINE and not abs(_distortion(share, order) - 1.0) <= TOLERANCE


def _has_settled(share: float) -> bool:
    """Tell whether a variable that others see once per step has then little of its way left.

    A gate follows the membrane potential, and its speed depends on it: what counts for others is
    not the area of a decay, as of a conductance, but that they see it move.
    """
    return float(evaluate_function("exp", -abs(share))) < TOLERANCE


def _distortion(share: float, order: int | None) -> float:
    """Return by what a step multiplies the time constant, or what others get of a variable.

    NaN if there is no time constant any more.
    """
    if order is None:
        mean = float(evaluate_function("exprel", share))
        return 1.0 / mean if mean else inf
    factor = _factor(share, order)
    has_ended = share > 0.0 or factor < 1.0
    return share / float(evaluate_function("log", factor)) if factor > 0.0 and has_ended else nan


def _factor(share: float, order: int) -> float:
    """Return what a step multiplies a variable by: 1 + a*dt + (a*dt)**2/2 + … for x' = a*x."""
    term = total = 1.0
    for number in range(1, order + 1):
        term = term * share / number
        total = total + term
    return total


def _consequence(pacing: Pacing, finding: _Finding) -> str:
    distortion = _distortion(finding.share, pacing.order)
    if pacing.order is None:
        excess = 100 * (distortion - 1)
        much = f"{excess:.0f} % too much" if excess > 0 else f"{-excess:.0f} % too little"
        return f"keeps it constant within a step, so that others get {much} of it"
    if not isnan(distortion):
        return f"makes that {in_unit(distortion * finding.time_constant, 'ms')}"
    is_stable = abs(_factor(finding.share, pacing.order)) < 1.0
    return "makes it overshoot" if is_stable else "makes it grow without end"


def _hint(pacing: Pacing, found: list[_Finding]) -> str:
    for name, order in pacing.alternatives:
        if order is None or not any(_is_large(each.share, order) for each in found):
            return f"use a smaller dt, or the integrator '{name}'"
    return "use a smaller dt"
