"""The error that ends a run whose state became NaN or infinite."""

from __future__ import annotations

from netspec.errors import Diagnostic, NetspecError
from netspec.results.clock import step_in_milliseconds
from netspec.results.record import NonFinite
from netspec.results.results import Results


class NonFiniteError(NetspecError, ArithmeticError):
    """A state variable became NaN or infinite.

    Attributes:
        results: What was recorded until then, as usable as any other results.
        outcome: Where it happened.
        diagnostic: The message.
    """

    def __init__(self, outcome: NonFinite, results: Results) -> None:
        self.outcome = outcome
        self.results = results
        milliseconds = float(outcome.step * step_in_milliseconds(results.dt))
        place = f"population '{outcome.population}', neuron {outcome.index}"
        when = f"step {outcome.step} ({milliseconds:.15g} ms)"
        self.diagnostic = Diagnostic(
            "non-finite",
            f"populations.{outcome.population}",
            f"{place}, {when}: {outcome.variable} became non-finite; "
            "dt too large for this integrator?",
            notes=(f"spikes of earlier steps and samples up to step {outcome.step} are kept",),
        )
        super().__init__(self.diagnostic.message)

    def __reduce__(self) -> tuple[type[NonFiniteError], tuple[NonFinite, Results]]:
        return NonFiniteError, (self.outcome, self.results)
