"""What a function of netspec is: a straight-line program in netspec's own expression trees.

From this one form every target's text is printed and the compiler's own arithmetic is
interpreted, so all of them compute the same bits.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from netspec.errors import InternalError
from netspec.expr.functions import FUNCTIONS
from netspec.expr.nodes import (
    ArithmeticOperator,
    Binary,
    Call,
    Compare,
    ComparisonOperator,
    Constant,
    Expression,
    Logical,
    Name,
    Negate,
)

_ARITHMETIC: dict[type[ast.operator], ArithmeticOperator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISONS: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value`, once; later lines may read it."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Definition:
    """A function of doubles that gives a double.

    Attributes:
        summary: One line for readers of generated code.
        assignments: The locals, in order.
    """

    name: str
    summary: str
    parameters: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    result: Expression

    @property
    def trees(self) -> tuple[Expression, ...]:
        """Every expression of the program, in order."""
        return (*(assignment.value for assignment in self.assignments), self.result)


def define(text: str, **constants: float) -> Definition:
    """Read a definition written as a Python function of one docstring line.

    The text is netspec's own and is never run. It may use numbers, parameters, locals, the given
    constants, + - * /, comparisons, `or` and functions of the table.
    """
    match ast.parse(text).body:
        case [ast.FunctionDef(name=name, args=ast.arguments(args=arguments), body=body)]:
            parameters = tuple(argument.arg for argument in arguments)
        case _:
            raise InternalError("a definition is one function")
    match body:
        case [ast.Expr(ast.Constant(str(summary))), *lines, ast.Return(ast.expr() as result)]:
            reader = _Reader(set(parameters), constants)
        case _:
            raise InternalError(f"{name}: a summary, assignments and a result are needed")
    assignments = tuple(reader.assignment(line) for line in lines)
    return Definition(name, summary, parameters, assignments, reader.expression(result))


def polynomial(name: str, variable: str, letter: str, count: int) -> str:
    """Return lines that assign `name` the sum of C0 + C1*x + … by Horner's rule.

    Args:
        name: Also of the partial sums, with a number behind it.
        variable: The x.
        letter: The C; the coefficients are constants such as `S0`.
        count: Number of coefficients, at least 3.
    """
    lines = []
    inner, index = f"{letter}{count - 1}", count - 1
    while index > 0:
        step = min(2, index)
        index -= step
        target = name if index == 0 else f"{name}_{index}"
        sums = f"{letter}{index} + {variable}*"
        if step == 2:
            inner = f"({letter}{index + 1} + {variable}*{inner})"
        lines.append(f"    {target} = {sums}{inner}\n")
        inner = target
    return "".join(lines)


def by_fours(name: str, variable: str, coefficients: Sequence[str]) -> str:
    """Return lines that assign `name` the sum of C0 + C1*x + …, each four terms by themselves.

    `square` and `fourth` become powers of the variable. Parts of the sum wait less for one another
    than those of Horner's rule, which then adds up the fours (after Estrin, 1960).

    Args:
        name: As for `polynomial`.
        variable: The x.
        coefficients: Names of the C.
    """
    lines = [f"square = {variable}*{variable}", "fourth = square*square"]
    fours = []
    for start in range(0, len(coefficients), 4):
        pairs = []
        for index in range(start, min(start + 4, len(coefficients)), 2):
            pair = coefficients[index]
            if index + 1 < len(coefficients):
                lines.append(f"{name}_{index} = {pair} + {variable}*{coefficients[index + 1]}")
                pair = f"{name}_{index}"
            pairs.append(pair)
        fours.append(" + square*".join(pairs))
    total = fours.pop()
    while fours:
        if " " in total:
            lines.append(f"{name}_from_{4 * len(fours)} = {total}")
            total = f"{name}_from_{4 * len(fours)}"
        total = f"({fours.pop()}) + fourth*{total}"
    return "".join(f"    {line}\n" for line in (*lines, f"{name} = {total}"))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns Python's syntax trees into netspec's; grows the set of known names as it goes on."""

    known: set[str]
    constants: dict[str, float]

    def assignment(self, line: ast.stmt) -> Assignment:
        match line:
            case ast.Assign([ast.Name(name)], value) if name not in self.known:
                tree = self.expression(value)
                self.known.add(name)
                return Assignment(name, tree)
            case _:
                raise InternalError(f"not an assignment to a new name: {ast.unparse(line)}")

    def expression(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(float(value)):
                return Constant(value)
            case ast.UnaryOp(ast.USub(), ast.Constant(float(value))):
                return Constant(-value)
            case ast.UnaryOp(ast.USub(), operand):
                return Negate(self.expression(operand))
            case ast.Name(name) if name in self.constants:
                return Constant(self.constants[name])
            case ast.Name(name) if name in self.known:
                return Name(name)
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                symbol = _ARITHMETIC[type(operator)]
                return Binary(symbol, self.expression(left), self.expression(right))
            case ast.Compare(left, [comparison], [right]):
                relation = _COMPARISONS[type(comparison)]
                return Compare(relation, self.expression(left), self.expression(right))
            case ast.BoolOp(ast.Or(), [first, second]):
                return Logical("or", self.expression(first), self.expression(second))
            case ast.Call(ast.Name(function), arguments):
                if FUNCTIONS[function].arity != len(arguments):
                    raise InternalError(f"wrong number of arguments: {ast.unparse(node)}")
                return Call(function, tuple(self.expression(each) for each in arguments))
            case _:
                raise InternalError(f"not part of a definition: {ast.unparse(node)}")
