"""Exact integration: the solution of a linear system over one step, by its propagators.

For dx/dt = A x + b with constant A and b, x(t + dt) = P x(t) + q. The entries of P and q are
parameters that `realise` computes (Rotter and Diesmann 1999). While a neuron is held, its held
variables have derivative 0, which gives a second set of propagators.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import Binary, Call, Constant, Expression, Name, names
from netspec.ir import nodes as ir
from netspec.passes.integrate.linear import LinearForm, linear_form
from netspec.passes.integrate.system import System, Update
from netspec.units import TIME, Dimension

Rows = Mapping[str, LinearForm]

MAX_VARIABLES = 30
"""A propagator has an entry for each pair, and computing it takes the cube of the number."""


def exact(system: System) -> Update:
    """Return one stage of sums of products with propagators.

    Raises:
        ExpressionError: The equations are not linear in the state, depend on time or are too many.
    """
    system.refuse_noise("exact")
    moving = frozenset(system.derivatives)
    variables = moving | system.resting
    _refuse_time(system)
    found = {name: linear_form(value, variables) for name, value in system.derivatives.items()}
    read = frozenset().union(*(form.coefficients for form in found.values()))
    found |= dict.fromkeys(read - moving, LinearForm({}, None))
    free = {name: found[name] for name in sorted(found)}
    if len(free) > MAX_VARIABLES:
        raise ExpressionError(
            "too-many-variables",
            f"'exact' takes systems of up to {MAX_VARIABLES} variables, these equations have "
            f"{len(free)}",
            hints=("use another integrator, e.g. 'rk4'",),
        )
    update = _Propagation(free, moving, system.dimensions, "_propagator")
    held = system.held & moving
    driven = [name for name in sorted(moving - held) if _reached(name, free) & held]
    propagations = [update]
    values = {name: update.sum_of(name) for name in system.derivatives}
    if driven:
        rows = {name: LinearForm({}, None) if name in held else free[name] for name in free}
        other = _Propagation(rows, frozenset(driven), system.dimensions, "_held_propagator")
        propagations.append(other)
        for name in driven:
            values[name] = Call("where", (Name(ir.HELD), other.sum_of(name), values[name]))
    return Update(
        (ir.Stage(tuple(system.advance(name, value) for name, value in values.items())),),
        (),
        tuple(parameter for each in propagations for parameter in each.parameters),
        tuple(each.derived for each in propagations),
    )


def _refuse_time(system: System) -> None:
    for name, value in system.derivatives.items():
        if ir.TIME in names(value):
            raise ExpressionError(
                "not-linear",
                f"the derivative of '{name}' depends on 't', which 'exact' cannot integrate",
                hints=("use another integrator, e.g. 'euler'",),
            )


def _reached(name: str, rows: Rows) -> frozenset[str]:
    """Return every variable that a variable's solution depends on, itself included."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += sorted(rows[current].coefficients)
    return frozenset(found)


class _Propagation:
    """The propagator of one set of rows: names of its entries and how they are used.

    Only the `wanted` rows have entries; the others only act on them.
    """

    def __init__(
        self,
        rows: Rows,
        wanted: Set[str],
        dimensions: Mapping[str, Dimension],
        prefix: str,
    ) -> None:
        self.variables = tuple(rows)
        self.entries: dict[str, dict[str, str]] = {}
        self.offsets: dict[str, str] = {}
        parameters = []
        for number, name in enumerate(self.variables):
            if name not in wanted:
                self.entries[name] = {}
                continue
            reached = _reached(name, rows)
            self.entries[name] = {
                source: f"{prefix}_{number}_{position}"
                for position, source in enumerate(self.variables)
                if source in reached
            }
            parameters += [
                ir.Parameter(entry, dimensions[name] / dimensions[source])
                for source, entry in self.entries[name].items()
            ]
            if any(rows[each].offset is not None for each in reached):
                self.offsets[name] = f"{prefix}_{number}"
                parameters.append(ir.Parameter(self.offsets[name], dimensions[name]))
        self.parameters = tuple(parameters)
        self.derived = ir.Propagator(
            targets=tuple(
                (
                    *(self.entries[name].get(source) for source in self.variables),
                    self.offsets.get(name),
                )
                for name in self.variables
            ),
            matrix=tuple(
                tuple(
                    rows[name].coefficients.get(source)
                    or Constant(0.0, dimensions[name] / dimensions[source] / TIME)
                    for source in self.variables
                )
                for name in self.variables
            ),
            offset=tuple(
                rows[name].offset or Constant(0.0, dimensions[name] / TIME)
                for name in self.variables
            ),
        )

    def sum_of(self, name: str) -> Expression:
        """Return the new value of a variable: products in code-point order, then the offset."""
        terms: list[Expression] = [
            Binary("*", Name(entry), Name(source)) for source, entry in self.entries[name].items()
        ]
        if name in self.offsets:
            terms.append(Name(self.offsets[name]))
        total = terms[0]
        for term in terms[1:]:
            total = Binary("+", total, term)
        return total
