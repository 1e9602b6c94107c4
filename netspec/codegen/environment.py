"""Rendering: one Jinja environment per template package, and models that fit their template.

A template holds only layout. It receives one frozen dataclass, its render model, and must use
exactly that model's fields: a field that the template forgets, or a name that the model does not
have, is an internal error before any text is made.

What programs of several backends have in common lies here, in `netspec/codegen/templates`; a
template of a backend includes it as `shared/NAME`, and its model has what that needs.
"""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    meta,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.idtracking import VAR_LOAD_RESOLVE

from netspec.errors import InternalError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SHARED = "shared"

_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]\w*")


class _Generator(CodeGenerator):
    """Notes what a template reads and includes while its code is made.

    Jinja's own way to know what is read, `meta`, makes the code once more and throws it away.
    """

    environment: _Environment

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self.environment.included[self.filename] = tuple(meta.find_referenced_templates(node))
        self.environment.read[self.filename] = set()
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        loads = frame.symbols.loads.values()
        self.environment.read[self.filename] |= {
            name for action, name in loads if name and action == VAR_LOAD_RESOLVE
        }


class _Environment(Environment):
    """Knows of each file that was compiled which variables it reads and what it includes."""

    code_generator_class = _Generator

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.read: dict[str | None, set[str]] = {}
        self.included: dict[str | None, tuple[str | None, ...]] = {}


@cache
def environment(package: str) -> _Environment:
    """Return the environment over the folder `templates` of an installed package."""
    shared = PackageLoader("netspec.codegen", "templates")
    made = _Environment(
        loader=ChoiceLoader([PrefixLoader({SHARED: shared}), PackageLoader(package, "templates")]),
        undefined=StrictUndefined,
        autoescape=False,  # the output is program text, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals.clear()  # what a template uses comes from its model
    return made


@cache
def words(package: str) -> frozenset[str]:
    """Return every word of a package's templates, and of those that all share, outside of tags.

    Among them are the names that programs use themselves, which nobody else may have.
    """
    jinja = environment(package)
    assert jinja.loader is not None
    texts = (jinja.loader.get_source(jinja, name)[0] for name in jinja.list_templates())
    return frozenset(word for text in texts for word in _WORD.findall(_TAG.sub(" ", text)))


@cache
def variables(package: str, template: str) -> frozenset[str]:
    """Return the top-level variables that a template reads, followed through what it includes.

    Raises:
        InternalError: A template is missing or names another one by an expression.
    """
    jinja = environment(package)
    found: set[str] = set()
    visited: set[str] = set()
    pending = [template]
    while pending:
        name = pending.pop()
        if name in visited:
            continue
        visited.add(name)
        try:
            file = jinja.get_template(name).filename
        except TemplateNotFound:
            raise InternalError(f"package {package} has no template '{name}'") from None
        found |= jinja.read[file]
        for included in jinja.included[file]:
            if included is None:
                raise InternalError(f"template {package}/{name} chooses another by an expression")
            pending.append(included)
    return frozenset(found)


def render(package: str, template: str, model: DataclassInstance) -> str:
    """Render a template from its model.

    Args:
        package: Import name of the package whose folder `templates` holds the template.
        template: Its file name, e.g. `header.jinja`.
        model: Frozen dataclass with exactly the variables that the template reads.

    Raises:
        InternalError: Model and template do not fit, or the template does not exist.
    """
    offered = {field.name for field in fields(model)}
    used = variables(package, template)
    if offered != used:
        raise InternalError(
            f"template {package}/{template} and {type(model).__name__} do not fit: "
            f"the template alone has {sorted(used - offered)}, "
            f"the model alone has {sorted(offered - used)}"
        )
    # The values themselves, not `asdict`: nested models keep their properties.
    values = {name: getattr(model, name) for name in offered}
    return environment(package).get_template(template).render(values)
