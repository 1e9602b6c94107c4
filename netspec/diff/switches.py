"""What rules and trains let one switch on and off, by the name that a document writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from netspec.ir.recipe import Chosen
from netspec.spec.base import SpecModel
from netspec.spec.rules import Rule
from netspec.spec.trains import Trains

_ALLOWED = "allow_"


def switches_of(chosen: Chosen) -> Iterator[tuple[str, bool]]:
    """Yield each switch of a rule or of trains with whether it is on: a default is no absence.

    >>> dict(switches_of(Chosen("all_to_all")))
    {'allow_autapses': False}
    """
    for name in _SWITCHES[chosen.name]:
        yield name, name.removeprefix(_ALLOWED) in chosen.switches


def _switches(models: Iterable[tuple[str, type[SpecModel]]]) -> Mapping[str, tuple[str, ...]]:
    return {
        kind: tuple(name for name, each in model.model_fields.items() if each.annotation is bool)
        for kind, model in models
    }


_SWITCHES = {
    **_switches((name, get_args(each.annotation)[0]) for name, each in Rule.model_fields.items()),
    **_switches((each.model_fields["model"].default, each) for each in get_args(Trains)),
}
"""By the name of a rule or of a kind of trains."""
