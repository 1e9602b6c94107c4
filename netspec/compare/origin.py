"""Where in a step two sides part: the first term whose parts are alike and whose value is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import frexp, log2

from netspec.compare.arrivals import Arrival, total
from netspec.compare.fused import fused_values
from netspec.compare.step import Number, Pair, Step
from netspec.compare.terms import Line, Term
from netspec.expr.nodes import Binary, Expression, Name, children, with_children
from netspec.expr.text import write
from netspec.ir import nodes as ir
from netspec.realise.evaluate import evaluate
from netspec.results.first import ulps

_MOST_BITS = 32
"""Of the grid of a projection's weights."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where two sides part.

    Attributes:
        place: In words: `stage 2, V`, `port AMPA, g`, `condition of spike`.
        term: That differs first; `None` if a neuron fires on one side from equal values, or if no
            term differs.
        notes: What else is known of it.
    """

    place: str
    term: Term | None
    notes: tuple[str, ...]


def origin_of(step: Step, names: tuple[str, str], dt: float) -> Origin:
    """Return where two sides part in a step.

    Args:
        step: It begins with equal state.
        names: Of the sides.
        dt: Seconds.
    """
    ended = [name for side, name in enumerate(names) if step.ended(side)]
    if ended:
        whose = " and ".join(f"'{name}'" for name in ended)
        note = f"the state of {whose} becomes non-finite in this step, so no term of it is known"
        return Origin("", None, (note,))
    fired_first = False
    for line in step.lines:
        if line.event and not line.is_condition and not fired_first:
            fired_first = True
            if found := _unlike_spike(step, names):
                return found
        for term in line.terms:
            if unlike(step.values[term.variable], step, line):
                return Origin(_place(line), term, tuple(_notes(step, line, term, names, dt)))
    if not fired_first and (found := _unlike_spike(step, names)):
        return found
    return _unseen(step)


def _unseen(step: Step) -> Origin:
    """Return what is known where no term differs."""
    unlike = [name for name, pair in step.after.items() if not same(*pair)]
    if not unlike:
        note = (
            "where terms are kept, the sides do not differ: a compiler that makes something else "
            "of parts that it sees together could be the reason"
        )
        return Origin("", None, (note,))
    notes = []
    for name in unlike:
        places = [
            _place(line)
            for line in step.lines
            if line.target == name and any(step.happened(line, side) for side in (0, 1))
        ]
        last = places[-1] if places else "nothing in the cell"
        notes.append(f"'{name}' differs after the step; {last} is the last to assign it")
    return Origin("", None, ("all terms are alike", *notes))


def alike(step: Step) -> bool:
    """Tell whether a step went the same way on both sides, as far as both are known."""
    if step.ended(0) != step.ended(1):
        return False
    pairs = (*step.values.values(), *step.after.values(), *step.fired.values())
    return all(same(*pair) for pair in pairs)


def unlike(pair: Pair, step: Step, line: Line) -> bool:
    """Tell whether a line was carried out on both sides with different values of a term."""
    return all(step.happened(line, side) for side in (0, 1)) and not same(*pair)


def same(one: Number | None, other: Number | None) -> bool:
    """Tell whether two values are alike in every bit; two NaN are, and what is not known is."""
    if one is None or other is None:
        return True
    if isinstance(one, float) and isinstance(other, float):
        return ulps(one, other) == 0 or (one != one and other != other)
    return one == other


def follows(step: Step, line: Line, term: Term, side: int, dt: float) -> bool:
    """Tell whether what a side has for a term is what its own parts make by the contract."""
    got = step.values[term.variable][side]
    expected = _computed(step, line, term.value, side, dt)
    return got is None or expected is None or same(expected, got)


def _computed(step: Step, line: Line, value: Expression, side: int, dt: float) -> Number | None:
    """Return what a side's parts of a value make; `None` of a name, and if one is not known."""
    made = None if isinstance(value, Name) else _from_parts(step, line, value, side, dt)
    if made is None:
        return None
    found: Number = evaluate(*made).item()
    return found


def _from_parts(
    step: Step, line: Line, value: Expression, side: int, dt: float, *, products: bool = False
) -> tuple[Expression, dict[str, Number]] | None:
    """Return a value with names for the parts of it that are kept, and what a side has for them.

    Args:
        step: What happened.
        line: That the value is a part of.
        value: Of which parts are named.
        side: Whose values are returned.
        dt: Seconds.
        products: Whether products that the value is a sum of stay as they are, with names for
            their own parts.

    Returns:
        `None` if a part is not known.
    """
    known: dict[str, Number | None] = {ir.TIME_STEP: dt}

    def opened(node: Expression) -> Expression:
        return with_children(node, tuple(map(named, children(node))))

    def named(node: Expression) -> Expression:
        term = line.scope.get(node)
        if term is None:
            return opened(node)
        name = node.name if isinstance(node, Name) else term.label
        known[name] = step.value(node, line)[side]
        return Name(name)

    top = [
        opened(each)
        if products and isinstance(each, Binary) and each.operator == "*"
        else named(each)
        for each in children(value)
    ]
    values = {name: each for name, each in known.items() if each is not None}
    return (with_children(value, tuple(top)), values) if len(values) == len(known) else None


def _place(line: Line) -> str:
    return f"{line.place}, {line.target}" if line.target else line.place


def _unlike_spike(step: Step, names: tuple[str, str]) -> Origin | None:
    """Return the first event that only one side has, though all terms of its condition agree."""
    for event, fired in step.fired.items():
        if fired[0] != fired[1]:
            holds = _holds(step, event)
            wrong = [name for name, each in zip(names, fired, strict=True) if each != holds]
            notes = [f"the values that it reads are alike, and it {_IS[holds]}"]
            notes += [f"'{name}' has {_DID[not holds]} {event}" for name in wrong]
            for margin in step.margins:
                if margin.event == event and margin.left[0] == margin.right[0]:
                    notes.append("both sides of the comparison are equal: > and >= differ here")
            return Origin(f"condition of {event}", None, tuple(notes))
    return None


_IS = {True: "holds", False: "does not hold"}
_DID = {True: "emitted", False: "not emitted"}


def _holds(step: Step, event: str) -> bool:
    line = next(each for each in step.lines if each.is_condition and each.event == event)
    return bool(step.value(line.value, line)[0])


def _notes(step: Step, line: Line, term: Term, names: tuple[str, str], dt: float) -> Iterator[str]:
    match term.value:
        case Name(ir.ACCUMULATOR | ir.N_EVENTS):
            for side, name in enumerate(names):
                yield from _about_arrivals(step, line.port, side, name)
        case Name(name):
            yield f"'{name}' is read, and is not the same"
        case _:
            for side, side_name in enumerate(names):
                if not follows(step, line, term, side, dt):
                    yield f"its parts are alike, and '{side_name}' makes something else of them"
                    yield from _about_fusing(step, line, term, side, side_name, dt)


def _about_fusing(
    step: Step, line: Line, term: Term, side: int, name: str, dt: float
) -> Iterator[str]:
    """Yield which sums with products would give what a side has if they were rounded once."""
    got = step.values[term.variable][side]
    made = _from_parts(step, line, term.value, side, dt, products=True)
    if got is None or made is None:
        return
    for fused, value in fused_values(*made):
        if same(value, got):
            sums = " and ".join(map(write, fused))
            yield f"a fused multiply-add makes what '{name}' has: {sums}"
            return


def _about_arrivals(step: Step, port: str, side: int, name: str) -> Iterator[str]:
    """Yield how what a side adds up differs from the events that arrive."""
    events = _at(step.arrived, port)
    acc, n_events = total(events)
    line = next(each for each in step.lines if each.port == port)
    own_acc = step.value(Name(ir.ACCUMULATOR), line)[side]
    own_n = step.value(Name(ir.N_EVENTS), line)[side]
    if own_acc in (None, acc) and own_n in (None, n_events):
        return
    if own_n not in (None, n_events):
        yield f"'{name}' counts {own_n} events where {n_events} arrive"
    if own_acc is not None and own_acc != acc:
        yield f"'{name}' adds weights up to {own_acc!r} where {acc!r} arrive"
        yield from _moved_events(step, port, side, float(own_acc), own_n)
        yield from _quanta(events, Fraction(float(own_acc)) - Fraction(acc))


def _at(events: tuple[Arrival, ...], port: str) -> tuple[Arrival, ...]:
    return tuple(each for each in events if each.port == port)


def _moved_events(
    step: Step, port: str, side: int, own: float, own_n: Number | None
) -> Iterator[str]:
    """Yield which events would explain a sum if they were missing, or came early.

    That may be a single event, or all those of one projection.
    """
    events, later = _at(step.arrived, port), _at(step.next_arrived, port)
    after = step.next_sums.get((port, ir.ACCUMULATOR), (None, None))[side]
    for words, group in _groups(events):
        others = tuple(each for each in events if each not in group)
        moved = {each.projection for each in group}
        rest = tuple(each for each in later if each.projection not in moved)
        if own_n in (None, len(others)) and total(others)[0] == own:
            is_late = after in (total((*later, *group))[0], total((*rest, *group))[0])
            yield f"as if {words} {'came one step late' if is_late else 'did not come'}"
    for words, group in _groups(later):
        if own_n in (None, len(events) + len(group)) and total((*events, *group))[0] == own:
            yield f"as if {words} came in this step already, instead of the next"


def _groups(events: tuple[Arrival, ...]) -> Iterator[tuple[str, tuple[Arrival, ...]]]:
    """Yield single events, and all those of one projection if they are several, in words."""
    for each in events:
        yield f"one event, {each},", (each,)
    for projection in dict.fromkeys(each.projection for each in events):
        group = tuple(each for each in events if each.projection == projection)
        if len(group) > 1:
            yield f"all {len(group)} events of '{projection}'", group


def _quanta(events: tuple[Arrival, ...], difference: Fraction) -> Iterator[str]:
    """Yield of which projection a difference could be one quantum."""
    size = abs(float(difference))
    if size == 0.0 or frexp(size)[0] != 0.5:
        return
    for projection, largest in {each.projection: each.largest for each in events}.items():
        bits = frexp(largest)[1] - log2(size)
        if 0 < bits <= _MOST_BITS:
            yield (
                f"{size!r} more or less is one quantum of weights of '{projection}' "
                f"with 'weight_bits' {bits:.0f}"
            )
