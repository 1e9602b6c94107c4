"""The spike of a cell and its other events."""

from __future__ import annotations

from netspec.expr.fold import fold, real_indices
from netspec.expr.types import require_dimension
from netspec.ir.nodes import SPIKE
from netspec.passes.compose.composer import STATEMENT, Composer
from netspec.passes.resolved import Assigned, DelayedAction, EventRule, Refractoriness
from netspec.passes.special import refuse_special
from netspec.passes.values import refuse_drawn, resolve_value
from netspec.spec.data import FromFile
from netspec.spec.equations import EventDeclaration, SilentWhile, SpikeDeclaration
from netspec.spec.formulas import Formula
from netspec.spec.problems import nearest
from netspec.spec.values import QuantityList
from netspec.units import TIME


def events_of(composer: Composer) -> tuple[EventRule, ...]:
    """Return the rules of all events, `spike` first, then by name."""
    declaration = composer.parts.main.declaration
    found = [_spike(composer, declaration.spike)]
    found += [
        _event(composer, name, each, "events", name)
        for name, each in sorted(declaration.events.items())
    ]
    return tuple(each for each in found if each is not None)


def _event(
    composer: Composer, name: str, declared: EventDeclaration, *steps: str
) -> EventRule | None:
    main = composer.parts.main
    if name == SPIKE:
        composer.problems.error(
            "reserved-name",
            main.place(*steps),
            "the event 'spike' has a field of its own",
            hints=('write it as "spike" beside "events"',),
        )
        return None
    condition = composer.condition(
        declared.when, main.place(*steps, "when"), main.role(*steps, "when")
    )
    statements = composer.statements(declared.then, main, *steps, "then")
    later = _later(composer, declared, *steps)
    return EventRule(name, condition, statements, later) if condition else None


def _spike(composer: Composer, declared: SpikeDeclaration | None) -> EventRule | None:
    main, override = composer.parts.main, composer.cell.spike
    if declared is None:
        if override is not None:
            composer.problems.error(
                "no-spike", f"{main.path}.spike", "the model has no spike that could be changed"
            )
        _refuse_on_spike(composer)
        return None
    given = f"{main.path}.spike"
    when, place = declared.when, main.place(SPIKE, "when")
    if override is not None and override.when is not None:
        when, place = override.when, f"{given}.when"
    condition = composer.condition(when, place, main.role(SPIKE, "when"))
    if override is None or override.then is None:
        statements = composer.statements(declared.then, main, SPIKE, "then")
    else:
        statements = composer.statements(override.then, main, SPIKE, "then", place=f"{given}.then")
    added: list[Assigned] = []
    for part in composer.parts.mechanisms:
        added += composer.statements(part.declaration.on_spike, part, "on_spike")
    later = _later(composer, declared, SPIKE)
    return EventRule(SPIKE, condition, (*statements, *added), later) if condition else None


def _refuse_on_spike(composer: Composer) -> None:
    for part in composer.parts.mechanisms:
        if part.declaration.on_spike:
            composer.problems.error(
                "no-spike",
                part.place("on_spike"),
                f"the mechanism '{part.name}' does something on spikes, but the cell never spikes",
            )


def _later(
    composer: Composer, declared: EventDeclaration, *steps: str
) -> tuple[DelayedAction, ...]:
    main, found = composer.parts.main, []
    for number, each in enumerate(declared.later):
        path = main.place(*steps, "later", number, "after")
        after = None
        if isinstance(each.after, QuantityList | FromFile):
            composer.problems.error(
                "wrong-length",
                path,
                "an action comes after one time",
                hints=("name a parameter here, and give it one value per neuron",),
            )
        elif not refuse_drawn(each.after, "the time of an action", path, composer.problems):
            written = main.renamed(each.after, replacing=True)
            assert written is not None
            readable = composer.before_run
            after = resolve_value(written, TIME, readable, path, composer.problems, count=0)
        statements = composer.statements(each.do, main, *steps, "later", number, "do")
        if after is not None:
            found.append(DelayedAction(after, statements, path))
    return tuple(found)


def refractoriness_of(composer: Composer) -> Refractoriness | None:
    """Return what follows a spike."""
    main = composer.parts.main
    declared = main.declaration.spike
    if declared is None:
        return None
    if declared.refractory is None:
        if declared.holds is not None:
            _refuse_holds(composer, "there is no 'refractory'")
        return None
    if isinstance(declared.refractory, SilentWhile):
        place = main.place(SPIKE, "refractory", "while")
        silent = composer.condition(
            declared.refractory.condition, place, main.role(SPIKE, "refractory", "while")
        )
        if declared.holds:
            _refuse_holds(composer, "'while' gives none")
        return Refractoriness(None, silent, (), place) if silent else None
    return _period(composer, declared.refractory, declared.holds)


def _refuse_holds(composer: Composer, why: str) -> None:
    place = composer.parts.main.place(SPIKE, "holds")
    message = f"variables are held for a period, and {why}"
    composer.problems.error("holds-without-period", place, message)


def _period(
    composer: Composer, formula: Formula, holds: tuple[str, ...] | None
) -> Refractoriness | None:
    main = composer.parts.main
    place = main.place(SPIKE, "refractory")
    with composer.problems.expressions_at(place):
        written = main.written(formula.expression)
        refuse_special(written, STATEMENT, composer.table.state)
        require_dimension(written, TIME, composer.symbols)
        drawn = composer.with_draws(written, main.role(SPIKE, "refractory"))
        period = fold(real_indices(drawn, composer.table.integers))
        return Refractoriness(period, None, _holds(composer, holds), place)
    return None


def _holds(composer: Composer, declared: tuple[str, ...] | None) -> tuple[str, ...]:
    state = composer.table.state
    if declared is None:
        return ("V",) if "V" in state and not state["V"].shared else ()
    for number, name in enumerate(declared):
        place = composer.parts.main.place(SPIKE, "holds", number)
        if name not in state:
            composer.problems.error(
                "unknown-state",
                place,
                f"'holds' names '{name}', which is not a state variable",
                hints=nearest(name, state),
            )
        elif name in declared[:number]:
            composer.problems.error("listed-twice", place, f"'holds' names '{name}' twice")
        elif state[name].shared:
            composer.problems.error(
                "shared-state",
                place,
                f"'{name}' is shared by the population, so one neuron cannot hold it",
            )
    return tuple(sorted(declared))
