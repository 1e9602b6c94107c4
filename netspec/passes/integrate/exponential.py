"""Exponential Euler: each equation is solved exactly with all other variables kept constant."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Call, Constant, Expression, Name, names
from netspec.expr.types import type_of
from netspec.ir import nodes as ir
from netspec.passes.integrate.linear import linear_form, over
from netspec.passes.integrate.system import System, Update, step_along
from netspec.units import DIMENSIONLESS, TIME, Dimension


def exponential_euler(system: System) -> Update:
    """Return how each x with the derivative n/d moves, where n = a*x + b.

    It becomes x + exprel(h*a)*(h*n) with h = dt/d. This is x*exp(h*a) + b*(exp(h*a) - 1)/a without
    the division, so a = 0 is no special case. Where a and d are parameters, so is exprel(h*a)*h;
    else both factors are computed in a stage of their own. A variable that its own derivative does
    not read takes an Euler step.

    Raises:
        ExpressionError: A derivative is not linear in its own variable, or contains noise.
    """
    system.refuse_noise("exponential_euler")
    changing = system.derivatives.keys() | system.resting | {ir.TIME}
    prepared, moves = [], []
    local, parameters, derived = [], [], []
    for name, rate in system.derivatives.items():
        if coefficient(name, rate) is None:
            moves.append(system.advance(name, step_along(Name(name), Name(ir.TIME_STEP), rate)))
            continue
        equation = _Equation.of(name, rate)
        if not equation.names_of_step & changing:
            step = f"_step_{name}"
            parameters.append(ir.Parameter(step, TIME / equation.dimension(system)))
            derived.append(equation.step(step))
            value = step_along(Name(name), Name(step), equation.numerator)
        else:
            growth, shift = f"_growth_{name}", f"_shift_{name}"
            local += [ir.Variable(growth, DIMENSIONLESS), system.local(shift, name)]
            prepared.append(ir.Statement(growth, equation.growth()))
            prepared.append(ir.Statement(shift, equation.shift()))
            value = step_along(Name(name), Name(growth), Name(shift))
        moves.append(system.advance(name, value))
    stages = (ir.Stage(tuple(statements)) for statements in (prepared, moves) if statements)
    return Update(tuple(stages), tuple(local), tuple(parameters), tuple(derived))


@dataclass(frozen=True, slots=True)
class _Equation:
    """dx/dt = numerator/d1/d2/…, with the numerator a*x + b."""

    numerator: Expression
    own: Expression
    divisors: tuple[Expression, ...]

    @classmethod
    def of(cls, name: str, rate: Expression) -> _Equation:
        divisors: list[Expression] = []
        while isinstance(rate, Binary) and rate.operator == "/":
            divisors.insert(0, rate.right)
            rate = rate.left
        own = coefficient(name, rate)
        assert own is not None
        return cls(rate, own, tuple(divisors))

    @property
    def names_of_step(self) -> frozenset[str]:
        """What is read to tell how far a step goes."""
        return names(self.own).union(*map(names, self.divisors))

    def dimension(self, system: System) -> Dimension:
        """Return the dimension of d1*d2*…."""
        product = DIMENSIONLESS
        for divisor in self.divisors:
            found = type_of(divisor, system.dimensions)
            assert isinstance(found, Dimension)
            product = product * found
        return product

    def over_divisors(self, dividend: Expression) -> Expression:
        """Return dividend/d1/d2/…."""
        for divisor in self.divisors:
            dividend = over(dividend, divisor)
        return dividend

    def growth(self) -> Expression:
        """Return exprel(h*a)."""
        return Call("exprel", (Binary("*", self._length(), self.own),))

    def shift(self) -> Expression:
        """Return h*n, the length of an Euler step."""
        return Binary("*", self._length(), self.numerator)

    def _length(self) -> Expression:
        return self.over_divisors(Name(ir.TIME_STEP))

    def step(self, target: str) -> ir.Propagator:
        """Return exprel(h*a)*h: what a step adds to 0 under dx/dt = a/d*x + 1/d."""
        rate, unit = self.over_divisors(self.own), self.over_divisors(Constant(1.0))
        return ir.Propagator(((None, target),), ((rate,),), (unit,))


def coefficient(name: str, rate: Expression) -> Expression | None:
    """Return the factor of a variable in its own derivative, `None` if it is not read there.

    Raises:
        ExpressionError: The derivative is not linear in the variable.
    """
    try:
        return linear_form(rate, frozenset({name})).coefficients.get(name)
    except ExpressionError as error:
        raise ExpressionError(
            "not-linear", f"in the derivative of '{name}', {error}", error.excerpt, error.hints
        ) from None
