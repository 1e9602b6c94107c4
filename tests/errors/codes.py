"""The codes of diagnostics that the front of the compiler can give, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import netspec
from netspec.spec import problems

_ROOT = Path(netspec.__file__).parent
_FOLDERS = ("data", "expr", "spec", "passes", "realise")


def codes_in_source() -> set[str]:
    """Return the codes that are given to what takes one, and those of the table."""
    own = problems._MESSAGES
    paths = (path for folder in _FOLDERS for path in (_ROOT / folder).rglob("*.py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (_ROOT / "errors.py", *paths)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    takers = {getattr(node, "name", "") for node in nodes if _takes_code(node)}
    found = set(_codes(nodes, takers | {"PydanticCustomError"}))
    return {code for code in found if code not in own} | {code for code, _ in own.values()}


def _takes_code(node: ast.AST) -> bool:
    """Tell whether a function has a parameter `code`, or a class a field or such a function."""
    match node:
        case ast.FunctionDef(args=ast.arguments(args=arguments, kwonlyargs=more)):
            return any(each.arg == "code" for each in (*arguments, *more))
        case ast.ClassDef(body=body):
            return any(map(_takes_code, body))
        case ast.AnnAssign(target=ast.Name("code")):
            return True
        case _:
            return False


def _codes(nodes: list[ast.AST], takers: set[str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node.func) in takers:
            named = [each.value for each in node.keywords if each.arg == "code"]
            if any(isinstance(each, ast.JoinedStr) for each in (*node.args[:1], *named)):
                raise AssertionError(f"the code is not written out: {ast.unparse(node)}")
            for each in (*node.args, *named):
                if isinstance(each, ast.Constant) and _is_code(each.value):
                    yield each.value


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_code(value: object) -> bool:
    return isinstance(value, str) and "-" in value and value.replace("-", "").isalnum()
