"""The timeline: what happens at which step, to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from netspec.expr.parse import shorten
from netspec.passes.resolved import Addition, Assign, RecordingSwitch, ResolvedEntry, Switch
from netspec.passes.scope import Scope
from netspec.passes.settings import resolve_setting
from netspec.passes.values import steps_of
from netspec.spec.experiment import TimelineEntry
from netspec.spec.reader import format_path, location_path

MAX_ENTRIES = 100_000
"""Of a timeline, each time that one happens and each place that it sets counted."""

Entry = ResolvedEntry | RecordingSwitch | Addition


def resolve_timeline(scope: Scope, changes: Iterable[Assign]) -> tuple[Entry, ...]:
    """Return the entries sorted by step; those of one step keep the document's order.

    One that is repeated becomes as many entries as there are times.

    Args:
        scope: Objects by name.
        changes: What time courses change, before the entries of the document.
    """
    moving = list(changes)
    if len(moving) > MAX_ENTRIES:
        message = f"time courses change values more than {MAX_ENTRIES} times"
        scope.problems.error("too-many-entries", moving[MAX_ENTRIES].path, message)
        return ()
    found: list[Entry] = [*moving]
    for number, entry in enumerate(scope.network.timeline):
        path = f"timeline[{number}]"
        due = _steps(entry, path, scope)
        written = _entries(entry, due.start, path, scope)
        if len(found) + len(due) * len(written) > MAX_ENTRIES:
            message = f"with this one the timeline has more than {MAX_ENTRIES} entries"
            scope.problems.error("too-many-entries", path, message)
            break
        found += [replace(each, step=step) for step in due for each in written]
    return tuple(sorted(found, key=lambda each: each.step))


def _steps(entry: TimelineEntry, path: str, scope: Scope) -> range:
    """Return when an entry happens; once if there is a problem with its times."""
    times = {"at": entry.at, "every": entry.every, "until": entry.until}
    found = {
        field: steps_of(time.value, scope.dt, time.text, f"{path}.{field}", scope.problems)
        for field, time in times.items()
        if time is not None
    }
    at, every, until = found["at"], found.get("every"), found.get("until")
    if at is None:
        return range(1)
    if every is None or until is None:
        return range(at, at + 1)
    return range(at, max(until, at + 1), every)


def _entries(entry: TimelineEntry, step: int, path: str, scope: Scope) -> Sequence[Entry]:
    for field, name, connected in (
        ("connect", entry.connect, True),
        ("disconnect", entry.disconnect, False),
    ):
        if name is not None:
            if name in scope.network.projections:
                return [Switch(step, name, connected)]
            scope.unknown_projection(name, f"{path}.{field}")
    if entry.add_edges is not None:
        return [Addition(step, entry.add_edges.projection, entry.add_edges, f"{path}.add_edges")]
    for field, name, is_on in (
        ("start_recording", entry.start_recording, True),
        ("stop_recording", entry.stop_recording, False),
    ):
        if name is not None:
            known = {**scope.network.populations, **scope.network.inputs}
            if name in known:
                return [RecordingSwitch(step, name, is_on, f"{path}.{field}")]
            scope.unknown("population or input", shorten(name), known, f"{path}.{field}")
    assigned = []
    for place, value in sorted((entry.set or {}).items()):
        where = format_path((*location_path(path), "set", place))
        result = resolve_setting(place, value, step, where, scope)
        if result is not None:
            assigned.append(result)
    return assigned
