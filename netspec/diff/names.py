"""Objects that have another name and are otherwise the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from netspec.passes.fingerprint import canonical
from netspec.passes.resolved import ResolvedEntry, ResolvedNetwork, Switch

Renamed = Mapping[str, str]
"""The new name of an object by its old one."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is called otherwise in a new description.

    Attributes:
        neurons: Populations and inputs.
        projections: Projections.
    """

    neurons: Renamed = field(default_factory=dict)
    projections: Renamed = field(default_factory=dict)


def renamed_objects(old: ResolvedNetwork, new: ResolvedNetwork) -> Names:
    """Return which objects are in both networks under different names.

    Only what has one counterpart is taken for it: of two equal populations nobody knows which is
    which.
    """
    neurons: dict[str, str] = {}
    for section in ("populations", "inputs"):
        neurons |= _matched(_forms(old, section), _forms(new, section))
    known = with_names(old, Names(neurons))
    return Names(neurons, _matched(_forms(known, "projections"), _forms(new, "projections")))


def _forms(network: ResolvedNetwork, section: str) -> dict[str, str]:
    """Return by name what each object of a section is, without its name."""
    positions = {each.owner: canonical(each.coordinates) for each in network.positions}
    return {
        each.name: json.dumps([canonical(replace(each, name="")), positions.get(each.name)])
        for each in getattr(network, section)
    }


def _matched(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    gone = _by_form((name, form) for name, form in old.items() if name not in new)
    come = _by_form((name, form) for name, form in new.items() if name not in old)
    return {
        names[0]: come[form][0]
        for form, names in gone.items()
        if len(names) == len(come.get(form, ())) == 1
    }


def _by_form(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, form in named:
        found[form].append(name)
    return found


def with_names(network: ResolvedNetwork, names: Names) -> ResolvedNetwork:
    """Return a network whose objects have their new names, wherever these are read."""
    neurons, projections = names.neurons, names.projections

    def called(each: Any) -> Any:
        return replace(each, name=neurons.get(each.name, each.name))

    def entry(each: ResolvedEntry) -> ResolvedEntry:
        if isinstance(each, Switch):
            return replace(each, projection=projections.get(each.projection, each.projection))
        known = projections if each.kind == "weight" else neurons
        return replace(each, target=known.get(each.target, each.target))

    return replace(
        network,
        populations=tuple(map(called, network.populations)),
        inputs=tuple(map(called, network.inputs)),
        projections=tuple(
            replace(
                each,
                name=projections.get(each.name, each.name),
                source=neurons.get(each.source, each.source),
                target=neurons.get(each.target, each.target),
            )
            for each in network.projections
        ),
        timeline=tuple(map(entry, network.timeline)),
        positions=tuple(
            replace(each, owner=neurons.get(each.owner, each.owner)) for each in network.positions
        ),
    )
