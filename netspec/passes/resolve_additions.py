"""Edges that the timeline adds: projections of their own, which are connected from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netspec.ir.recipe import PerItem
from netspec.passes.resolve_projections import resolve_projection
from netspec.passes.resolved import (
    Addition,
    Assign,
    RecordingSwitch,
    ResolvedEntry,
    ResolvedProjection,
    Switch,
)
from netspec.passes.scope import Scope
from netspec.spec.connectivity import Projection
from netspec.spec.experiment import AddedEdges

MAX_ADDITIONS = 100
"""Each is a projection, with a part of its own in every program."""

Entry = ResolvedEntry | RecordingSwitch


@dataclass(frozen=True, slots=True)
class Additions:
    """What a timeline is after its additions were made.

    Attributes:
        timeline: With the entries that concern added edges, which follow those of their projection.
        projections: Of added edges, by name.
        parts: Their names by the projection that they are added to, in the order of their steps.
    """

    timeline: tuple[Entry, ...]
    projections: Mapping[str, ResolvedProjection]
    parts: Mapping[str, Sequence[str]]


def resolve_additions(
    entries: Iterable[Entry | Addition],
    projections: Mapping[str, ResolvedProjection],
    scope: Scope,
) -> Additions:
    """Make a projection of each addition, not connected before its step.

    Args:
        entries: Of the timeline, sorted.
        projections: Of the document.
        scope: Of names.
    """
    known: dict[str, ResolvedProjection | None] = {}
    added: dict[str, ResolvedProjection] = {}
    parts: dict[str, list[str]] = {}
    connected = {name: each.connected for name, each in projections.items()}
    timeline: list[Entry] = []
    for entry in entries:
        match entry:
            case Addition(step, parent, edges, path):
                if path not in known:
                    known[path] = _resolve(parent, edges, path, scope)
                made = known[path]
                own = parts.setdefault(parent, [])
                if made is None or _too_many(added, path, scope):
                    continue
                name = _name(parent, step, own)
                added[name] = replace(made, name=name)
                own.append(name)
                if connected.get(parent):
                    timeline.append(Switch(step, name, connected=True))
            case Switch(_, parent, state):
                connected[parent] = state
                timeline.append(entry)
                timeline += [replace(entry, projection=each) for each in parts.get(parent, ())]
            case Assign(kind="weight", target=parent):
                timeline.append(entry)
                own = parts.get(parent, [])
                if own and isinstance(entry.value, PerItem):
                    message = (
                        f"edges were added to '{parent}', so its weights are not set by a list"
                    )
                    hints = ("write an expression over 'i' and 'j'",)
                    scope.problems.error("list-for-added", entry.path, message, hints=hints)
                timeline += [replace(entry, target=each) for each in own]
            case _:
                timeline.append(entry)
    return Additions(tuple(timeline), added, parts)


def _resolve(parent: str, edges: AddedEdges, path: str, scope: Scope) -> ResolvedProjection | None:
    """Return the projection of added edges, as yet under the name of the one they are added to."""
    if parent not in scope.network.projections:
        scope.unknown_projection(parent, f"{path}.projection")
        return None
    if parent not in scope.projections:  # its own problems were reported
        return None
    if scope.projections[parent].over_population:
        message = f"'{parent}' sums over a whole population and has no edges"
        scope.problems.error("no-rule", f"{path}.projection", message)
        return None
    written = scope.network.projections[parent]
    # What `add_edges` leaves out is as in the projection.
    changes: dict[str, object] = {"rule": edges.rule, "connected": False}
    if edges.weight is not None:
        changes["weight"] = edges.weight
    if edges.delay is not None:
        changes |= {"delay": edges.delay, "min_delay": None}
    changed: Projection = written.model_copy(update=changes)
    return resolve_projection(parent, changed, scope, path)


def _name(parent: str, step: int, others: list[str]) -> str:
    """Return the name of added edges, which is the path of their streams too."""
    name = f"_{parent}_added_{step}"
    number = sum(each == name or each.startswith(f"{name}_") for each in others)
    return f"{name}_{number}" if number else name


def _too_many(added: Mapping[str, ResolvedProjection], path: str, scope: Scope) -> bool:
    if len(added) < MAX_ADDITIONS:
        return False
    message = f"with this entry edges are added more than {MAX_ADDITIONS} times"
    if not scope.problems.is_excused(path):
        scope.problems.error("too-many-entries", path, message)
    return True
