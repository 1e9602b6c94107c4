"""What programs of several backends have in common stands once, in `netspec.codegen`."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from netspec.ir.contract import DIGEST_PERIOD, SEMANTICS

ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "netspec" / "codegen", *sorted((ROOT / "backends").glob("netspec_*")))
LONGEST_IN_COMMON = 4
"""Lines of a program that two templates may share, as the frame of a function does."""


def templates() -> Iterator[Path]:
    return chain.from_iterable(folder.glob("templates/*.jinja") for folder in FOLDERS)


def modules() -> Iterator[Path]:
    return chain.from_iterable(folder.glob("*.py") for folder in FOLDERS)


def runs(template: Path) -> Iterator[tuple[str, ...]]:
    lines = [line.strip() for line in template.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("{%")]
    length = LONGEST_IN_COMMON + 1
    for start in range(len(lines) - length + 1):
        yield tuple(lines[start : start + length])


def functions(module: ast.Module) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """Yield functions, and whether they are of a class."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield node, False
        elif isinstance(node, ast.ClassDef):
            yield from ((each, True) for each in node.body if isinstance(each, ast.FunctionDef))


def test_no_text_of_programs_stands_twice() -> None:
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for template in templates():
        for run in runs(template):
            found[run].add(str(template.relative_to(ROOT)))
    twice = {run: sorted(files) for run, files in found.items() if len(files) > 1}
    assert twice == {}


def test_no_function_stands_twice() -> None:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module in modules():
        for node, of_class in functions(ast.parse(module.read_text(encoding="utf-8"))):
            body = node.body[ast.get_docstring(node) is not None :]
            if len(body) > of_class:  # a method of one statement says what else a class has
                text = "".join(map(ast.dump, body))
                found[f"{node.name}: {text}"].add(str(module.relative_to(ROOT)))
    twice = [sorted(files) for files in found.values() if len(files) > 1]
    assert twice == []


def test_numbers_of_the_contract_are_written_once() -> None:
    period = rf"\b{DIGEST_PERIOD // 1000}[_,]?{DIGEST_PERIOD % 1000:03}\b"
    literal = re.compile(rf"{period}|semantics +{SEMANTICS}\b")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in chain(templates(), modules(), (ROOT / "netspec" / "testing").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if literal.search(line)
    ]
    assert found == []
