"""A divergence in words, for people who have to find the fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netspec.columns import table
from netspec.compare.origin import Origin, follows, origin_of, same
from netspec.compare.step import Number, Pair, Step
from netspec.compare.terms import Line, Term
from netspec.expr.nodes import Name, children, with_children
from netspec.expr.text import write
from netspec.results.clock import step_in_milliseconds
from netspec.results.first import ulps

if TYPE_CHECKING:
    from netspec.compare.divergence import Divergence

_LONG = 24
"""Characters; a longer part stands as its number in what is made of it."""

Row = tuple[str, str, str, str, str]
"""What it is, its value on each side, their distance, a remark."""


def report(found: Divergence) -> str:
    """Return what is known of a divergence, in lines of text."""
    return "\n".join(_lines(found))


def _headline(found: Divergence) -> str:
    """Return which neuron differs in which step."""
    place = f"{found.place.name}[{found.place.index}]"
    sides = f"'{found.names[0]}' (expected) and '{found.names[1]}' (got)"
    if found.step < 0:
        return f"{sides} begin with different state: {place}"
    milliseconds = float(found.step * step_in_milliseconds(found.dt))
    return f"{sides} part in step {found.step}, at {milliseconds:.15g} ms: {place}"


def _lines(found: Divergence) -> Iterator[str]:
    yield _headline(found)
    yield f"  {found.first}"
    if found.step >= 0:
        yield f"  step {found.step} begins with the same state on both sides"
    yield from (f"  {each}" for each in found.setting)
    if found.of_step is None:
        if found.step >= 0:
            yield f"  '{found.place.name}' is an input: it alone decides when it emits"
        return
    step = found.of_step
    spread = ", ".join(f"{count} of '{name}'" for name, count in step.spread.items())
    yield f"  neurons that differ after it: {spread or 'none'}"
    origin = origin_of(step, found.names, found.dt)
    yield from _origin_lines(origin, step.lines)
    if step.is_whole:
        yield "    where every part is kept, they do not differ: a compiler treats parts together"
    yield ""
    yield from _thresholds(step)
    yield from _events(step)
    yield ""
    yield table(list(_rows(step, origin, found)), right=frozenset({3}))


def _origin_lines(origin: Origin, lines: tuple[Line, ...]) -> Iterator[str]:
    where = f"they part in {origin.place}" if origin.place else "where they part is not seen"
    line = next((each for each in lines if origin.term in each.terms), None)
    text = "" if line is None or origin.term is None else f": {_text(origin.term, line)}"
    yield f"  {where}{text}"
    yield from (f"    {note}" for note in origin.notes)


def _thresholds(step: Step) -> Iterator[str]:
    yield "thresholds"
    if not step.margins:
        yield "  none"
    for each in step.margins:
        sides = (_margin(left, right) for left, right in zip(each.left, each.right, strict=True))
        yield f"  {each.event}, {write(each.comparison)}: {' | '.join(sides)}"


def _margin(left: Number | None, right: Number | None) -> str:
    if left is None or right is None:
        return "not known"
    if left == right:
        return "equal"
    away = f" ({ulps(left, right)} ulp)" if isinstance(left, float) else ""
    return f"{abs(left - right)!r} {'above' if left > right else 'below'}{away}"


def _events(step: Step) -> Iterator[str]:
    yield "events that arrive"
    for each in step.arrived:
        yield f"  port {each.port}: {each}"
    if not step.arrived:
        yield "  none"


def _rows(step: Step, origin: Origin, found: Divergence) -> Iterator[Row]:
    yield ("state before", *found.names, "ulp", "")
    yield from (_row(f"  {name}", pair) for name, pair in step.before.items())
    place = ""
    for line in step.lines:
        if any(step.happened(line, side) for side in (0, 1)):
            if line.place != place:
                place = line.place
                yield _title(place)
            yield from _rows_of(line, step, origin, found)
    yield _title("state after")
    yield from (_row(f"  {name}", pair) for name, pair in step.after.items())


def _rows_of(line: Line, step: Step, origin: Origin, found: Divergence) -> Iterator[Row]:
    whole = line.scope.get(line.value)
    value = write(line.value) if whole is None else _text(whole, line)
    yield _title(f"  {line.target} = {value}" if line.target else f"  {value}")
    for term in line.terms:
        pair = step.value(term.value, line)
        remarks = ["they part here"] * (term is origin.term)
        remarks += [
            f"'{name}' does not make this of its parts"
            for side, name in enumerate(found.names)
            if not follows(step, line, term, side, found.dt)
        ]
        yield _row(f"    {term.label} {_text(term, line)}", pair, "; ".join(remarks))
    if line.is_condition:
        one, other = step.fired[line.event]
        remark = "they part here" * (origin.place == line.place and origin.term is None)
        yield f"    emits {line.event}", _shown(one), _shown(other), "", remark


def _title(text: str) -> Row:
    return text, "", "", "", ""


def _row(text: str, pair: Pair, remark: str = "") -> Row:
    return text, _shown(pair[0]), _shown(pair[1]), _distance(*pair), remark


def _shown(value: Number | None) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _distance(one: Number | None, other: Number | None) -> str:
    """Return how far two values are apart, empty if they are not."""
    if same(one, other):
        return ""
    if isinstance(one, float) and isinstance(other, float):
        return str(ulps(one, other))
    return "differs"


def _text(term: Term, line: Line) -> str:
    """Return what a term is, with numbers in the place of long parts."""
    shown = []
    for each in children(term.value):
        known = line.scope.get(each)
        is_long = known is not None and len(write(each)) > _LONG
        shown.append(Name(known.label) if known is not None and is_long else each)
    return write(with_children(term.value, tuple(shown)))
