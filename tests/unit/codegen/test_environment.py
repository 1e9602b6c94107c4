"""Render models must fit their templates exactly, also through includes and imports."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from netspec.codegen.environment import environment, render, variables
from netspec.errors import InternalError

PACKAGE = "templates_for_a_test"

TEMPLATES = {
    "plain.jinja": "{% for line in lines %}\n  {{ line }}\n{% endfor %}\n{{ name }}\n",
    "outer.jinja": "{{ name }}\n{% include 'inner.jinja' %}\n",
    "inner.jinja": "{{ depth }}\n{% set own = 1 %}{{ own }}\n",
    "importing.jinja": "{% from 'macros.jinja' import twice %}\n{{ twice(name) }}\n",
    "macros.jinja": "{% macro twice(text) %}{{ text }}{{ text }}{% endmacro %}\n",
    "chosen.jinja": "{% include name %}\n",
    "dangling.jinja": "{% include 'nowhere.jinja' %}\n",
    "uses_range.jinja": "{% for each in range(3) %}{{ each }}{% endfor %}\n",
    "attribute.jinja": "{{ name.missing }}\n",
    "markup.jinja": "{{ name }}\n",
    "identity.jinja": "{{ name }}\n{% include 'shared/identity.jinja' %}\n",
}


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Listed:
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Nested:
    name: str
    depth: int


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make an importable package with templates."""
    folder = tmp_path / PACKAGE
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    for name, text in TEMPLATES.items():
        (folder / "templates" / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop(PACKAGE, None)
    environment.cache_clear()
    variables.cache_clear()


def test_blocks_leave_no_trace_and_the_last_newline_stays() -> None:
    assert render(PACKAGE, "plain.jinja", Listed("x", ("a", "b"))) == "  a\n  b\nx\n"


def test_text_is_not_escaped() -> None:
    assert render(PACKAGE, "markup.jinja", Named("a < b && c")) == "a < b && c\n"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain.jinja", {"lines", "name"}),
        ("outer.jinja", {"name", "depth"}),
        ("inner.jinja", {"depth"}),
        ("importing.jinja", {"name"}),
        # One template of a name may include the other.
        ("identity.jinja", {"name", "fingerprint", "semantics", "seed", "dt", "steps"}),
    ],
)
def test_variables_are_followed(template: str, expected: set[str]) -> None:
    assert variables(PACKAGE, template) == expected


def test_included_templates_see_the_model() -> None:
    assert render(PACKAGE, "outer.jinja", Nested("x", 2)) == "x\n2\n1\n"
    assert render(PACKAGE, "importing.jinja", Named("x")) == "xx\n"


@pytest.mark.parametrize(
    ("template", "model", "message"),
    [
        ("plain.jinja", Named("x"), r"the template alone has \['lines'\]"),
        ("markup.jinja", Listed("x", ()), r"the model alone has \['lines'\]"),
        ("inner.jinja", Named("x"), r"alone has \['depth'\], the model alone has \['name'\]"),
        ("outer.jinja", Named("x"), r"the template alone has \['depth'\]"),
        # Nothing is ambient: what Jinja offers everywhere else is not there.
        ("uses_range.jinja", Named("x"), r"the template alone has \['range'\]"),
        ("chosen.jinja", Named("x"), "chooses another by an expression"),
        ("dangling.jinja", Named("x"), "no template 'nowhere.jinja'"),
        ("absent.jinja", Named("x"), "no template 'absent.jinja'"),
    ],
)
def test_what_does_not_fit_is_an_internal_error(
    template: str, model: Named | Listed, message: str
) -> None:
    with pytest.raises(InternalError, match=message):
        render(PACKAGE, template, model)


def test_a_missing_attribute_is_no_empty_text() -> None:
    with pytest.raises(Exception, match="no attribute 'missing'"):
        render(PACKAGE, "attribute.jinja", Named("x"))


def test_environments_are_made_once() -> None:
    assert environment(PACKAGE) is environment(PACKAGE)
    assert isinstance(environment(PACKAGE).globals, Mapping)
    assert not environment(PACKAGE).globals
