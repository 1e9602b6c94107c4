"""The codes of diagnostics that the front of the compiler can give, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import netspec
from netspec.spec import problems

_ROOT = Path(netspec.__file__).parent
_FOLDERS = ("expr", "spec", "passes", "realise")
_REPORTERS = {
    "Diagnostic",
    "ExpressionError",
    "PydanticCustomError",
    "_file_problem",
    "error",
    "problem",
    "refusal",
    "require_one",
    "unit_problem",
    "warning",
    "_unsupported",
}


def codes_in_source() -> set[str]:
    """Return the first literal arguments of calls that report problems, and the table's codes."""
    own = problems._MESSAGES
    found = {code for code, _ in own.values()}
    for folder in _FOLDERS:
        for path in (_ROOT / folder).rglob("*.py"):
            found.update(_codes(ast.parse(path.read_text(encoding="utf-8"))))
    return {code for code in found if code not in own}


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _REPORTERS:
            arguments = [*node.args, *(each.value for each in node.keywords if each.arg == "code")]
            for argument in arguments:
                if isinstance(argument, ast.Constant) and _is_code(argument.value):
                    yield argument.value


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_code(value: object) -> bool:
    return isinstance(value, str) and "-" in value and value.replace("-", "").isalnum()
