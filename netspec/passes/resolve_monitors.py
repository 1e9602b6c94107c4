"""Monitors: whose spikes and state are kept, counted or sampled, and in which parts of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from netspec.expr.nodes import names
from netspec.expr.parse import shorten
from netspec.ir.nodes import (
    CountRecording,
    Phase,
    SpikeRecording,
    View,
    WeightRecording,
    Window,
)
from netspec.passes.problems import Problems
from netspec.passes.resolved import (
    ComposedCell,
    RecordingSwitch,
    ResolvedProjection,
    ResolvedSamples,
)
from netspec.passes.scope import Scope
from netspec.passes.values import steps_of
from netspec.passes.windows import common, merged, switched
from netspec.spec.network import Network
from netspec.spec.problems import listed, nearest
from netspec.units import Quantity, UnitError, parse_quantity

Windows = tuple[Window, ...] | None


def resolve_phases(network: Network, scope: Scope) -> tuple[Phase, ...]:
    """Return the phases in the order of the document."""
    found = []
    for name, interval in network.phases.items():
        path = f"phases.{name}"
        window = _window(interval, path, scope)
        if window is None:
            continue
        found.append(Phase(name, window))
    return tuple(found)


def _window(interval: Sequence[Quantity], path: str, scope: Scope) -> Window | None:
    steps = [
        steps_of(time.value, scope.dt, time.text, f"{path}[{number}]", scope.problems)
        for number, time in enumerate(interval)
    ]
    start, stop = steps
    if start is None or stop is None or stop <= start:  # as was reported
        return None
    return Window(start, stop)


class MonitorResolver:
    """Resolves monitors; each reports its own problems.

    Args:
        scope: Of names.
        phases: That monitors may name.
        switches: What the timeline says about recording, sorted by step.
    """

    def __init__(
        self, scope: Scope, phases: Iterable[Phase], switches: Sequence[RecordingSwitch]
    ) -> None:
        self._scope = scope
        self._monitors = scope.network.monitors
        self._phases = {each.name: each.window for each in phases}
        self._switches: dict[str, list[RecordingSwitch]] = {}
        for switch in switches:
            self._switches.setdefault(switch.target, []).append(switch)

    def spikes(self) -> tuple[SpikeRecording, ...]:
        """Return whose spikes are kept; each object once."""
        views: dict[tuple[str, str], list[View]] = {}
        windows: dict[tuple[str, str], Windows] = {}
        for number, monitor in enumerate(self._monitors.spikes):
            path = f"monitors.spikes[{number}]"
            where, during = path, None
            if isinstance(monitor, str):
                text = monitor
            else:
                text, during, where = monitor.of, monitor.during, f"{path}.of"
            place = self._scope.emitting(text, where)
            own = self._windows(during, place[0] if place else "", path)
            if place is None:
                continue
            owner, event, view = place
            known = views.setdefault((owner, event), [])
            if known and windows[owner, event] != own:
                message = f"'{text}' is recorded at other times than the rest of '{owner}'"
                hints = ("give all monitors of its spikes the same 'during'",)
                self._scope.problems.error("other-times", path, message, hints=hints)
            windows[owner, event] = own
            _check_recorded_once(text, view, known, path, self._scope.problems)
            known.append(view)
        return tuple(SpikeRecording(*each, tuple(views[each]), windows[each]) for each in views)

    def samples(self) -> tuple[ResolvedSamples, ...]:
        """Return what is sampled, sorted by population and variable."""
        found: dict[tuple[str, str], ResolvedSamples] = {}
        for number, monitor in enumerate(self._monitors.states):
            path = f"monitors.states[{number}]"
            place = self._scope.population(monitor.of, f"{path}.of")
            windows = self._windows(monitor.during, place[0].name if place else "", path)
            if place is None:
                continue
            population, view = place
            cell = population.cell
            known = {each.name for each in (*cell.state, *cell.own_parameters)}
            known |= {each.name for each in cell.definitions}
            known |= {each.target for each in cell.gathers}
            noisy = _with_noise(cell)
            for position, variable in enumerate(monitor.variables):
                where = f"{path}.variables[{position}]"
                key = (population.name, variable)
                if variable not in known:
                    self._scope.problems.error(
                        "unknown-state",
                        where,
                        f"population '{population.name}' has no variable '{shorten(variable)}'",
                        notes=(f"its variables: {listed(known)}",),
                        hints=nearest(variable, known),
                    )
                elif variable in noisy:
                    self._scope.problems.error(
                        "noise-recorded",
                        where,
                        f"'{variable}' contains random numbers of the step to come, which are not "
                        "drawn yet when it is recorded",
                        hints=("record the state that it acts on",),
                    )
                elif key in found:
                    message = f"'{variable}' of '{population.name}' is recorded twice"
                    self._scope.problems.error("duplicate-monitor", where, message)
                else:
                    found[key] = ResolvedSamples(*key, view, monitor.every, windows)
        return tuple(found[key] for key in sorted(found))

    def counts(self) -> tuple[CountRecording, ...]:
        """Return what is counted: of each neuron, then over time."""
        return (*self._spike_counts(), *self._rates())

    def _spike_counts(self) -> Iterator[CountRecording]:
        steps = self._scope.steps
        windows = (Window(0, steps), *(each.until(steps) for each in self._phases.values()))
        for number, text in enumerate(self._monitors.counts):
            path = f"monitors.counts[{number}]"
            if text in self._monitors.counts[:number]:
                self._scope.problems.error("duplicate-monitor", path, f"'{text}' is counted twice")
                continue
            place = self._scope.emitting(text, path)
            if place is not None:
                yield CountRecording(text, *place, windows, None, per_neuron=True)

    def _rates(self) -> Iterator[CountRecording]:
        run, labels = (Window(0, self._scope.steps),), set[str]()
        for number, monitor in enumerate(self._monitors.rates):
            path, width, label = f"monitors.rates[{number}]", monitor.bin, monitor.label
            if label in labels:
                self._scope.problems.error(
                    "duplicate-monitor",
                    path,
                    f"two monitors of rates are called '{label}'",
                    hints=("give one of them another 'name', by which results know it",),
                )
                continue
            labels.add(label)
            every = steps_of(
                width.value, self._scope.dt, width.text, f"{path}.bin", self._scope.problems
            )
            place = self._scope.emitting(monitor.of, f"{path}.of")
            if place is not None and every is not None:
                yield CountRecording(label, *place, run, every)

    def weights(
        self,
        projections: Mapping[str, ResolvedProjection],
        added: Mapping[str, Sequence[str]],
    ) -> tuple[WeightRecording, ...]:
        """Return what is sampled of the weights of edges.

        Args:
            projections: Of the document.
            added: Names of projections of added edges, by the one that they are added to.
        """
        found: dict[str, WeightRecording] = {}
        for number, monitor in enumerate(self._monitors.weights):
            path = f"monitors.weights[{number}]"
            own = self._windows(monitor.during, "", path)
            known = self._scope.network.projections
            if monitor.of not in known:
                self._scope.unknown_projection(monitor.of, f"{path}.of")
            elif monitor.of in found:
                message = f"the weights of '{monitor.of}' are recorded twice"
                self._scope.problems.error("duplicate-monitor", path, message)
            elif monitor.of in projections:  # else its own problems were reported
                edges = None if monitor.edges is None else View(*monitor.edges)
                found[monitor.of] = WeightRecording(
                    monitor.of, edges, monitor.every, own, tuple(added.get(monitor.of, ()))
                )
        return tuple(found.values())

    def check_switches(
        self, spikes: Iterable[SpikeRecording], samples: Iterable[ResolvedSamples]
    ) -> None:
        """Report entries of the timeline that switch what nobody records."""
        recorded = {each.source for each in spikes} | {each.population for each in samples}
        for target in self._switches.keys() - recorded:
            message = f"no monitor of spikes or states looks at '{target}'"
            self._scope.problems.error("not-monitored", self._switches[target][0].path, message)

    def _windows(
        self, during: Sequence[str | Sequence[Quantity]] | None, owner: str, path: str
    ) -> Windows:
        """Return when a monitor of an object records; `None` if always."""
        own: Windows = None
        if during is not None:
            parts = [
                self._part(part, f"{path}.during[{number}]") for number, part in enumerate(during)
            ]
            own = merged(part for part in parts if part is not None)
        switches = self._switches.get(owner)
        if switches is None:
            return own
        turned = switched([(each.step, each.is_on) for each in switches])
        return turned if own is None else common(own, turned)

    def _part(self, part: str | Sequence[Quantity], path: str) -> Window | None:
        if not isinstance(part, str):
            return _window(part, path, self._scope)
        if part not in self._phases and part not in self._scope.network.phases:
            self._scope.problems.error(
                "unknown-phase",
                path,
                f"'{shorten(part)}' is not a phase of this network",
                notes=(f"defined phases: {listed(self._phases)}",),
                hints=_interval_hints(part) or nearest(part, self._phases),
            )
        return self._phases.get(part)


def _interval_hints(text: str) -> tuple[str, ...]:
    """Return the hint for a time where a phase or an interval belongs."""
    try:
        parse_quantity(text)
    except UnitError:
        return ()
    return ("an interval is a list of its own: [['0 ms', '250 ms']]",)


def _check_recorded_once(
    text: str, view: View, known: Sequence[View], path: str, problems: Problems
) -> None:
    """Report neurons whose spikes another entry of the list has too."""
    for other in known:
        start, stop = max(view.start, other.start), min(view.stop, other.stop)
        if start >= stop:
            continue
        whole = View(start, stop) == view
        which = "" if whole else f", in neurons {start} to {stop - 1}"
        problems.error("duplicate-monitor", path, f"'{text}' is recorded twice{which}")
        return


def _with_noise(cell: ComposedCell) -> set[str]:
    """Return the abbreviations that read random numbers."""
    noisy = {draw.name for draw in cell.draws}
    for each in cell.definitions:
        if names(each.value) & noisy:
            noisy.add(each.name)
    return noisy
