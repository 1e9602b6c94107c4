"""Random tables of projections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from property.cells import RECEPTORS, SCALES, open_to
from property.chance import Chance, Document
from property.wiring import ends_of, sizes_of

FORMS = {
    "one": ("one", "by_source", "by_target", "table"),
    "by_source": ("by_source", "table"),
    "by_target": ("by_target", "table"),
    "table": ("table",),
}
"""In which forms values may be written, by the form of what they depend on."""


class _Pairs:
    """The pairs of some sources and targets."""

    def __init__(self, chance: Chance, sources: list[str], targets: list[str]) -> None:
        self.chance, self.sources, self.targets = chance, sources, targets

    def varied(self, form: str, value: Callable[[int, int], Any]) -> Any:
        """Return values for a row and a column in a form."""
        rows, columns = range(len(self.targets)), range(len(self.sources))
        match form:
            case "by_source":
                return {form: [value(0, column) for column in columns]}
            case "by_target":
                return {form: [value(row, 0) for row in rows]}
            case "table":
                return {form: [[value(row, column) for column in columns] for row in rows]}
        return value(0, 0)

    def numbers(self, *choices: Any) -> Any:
        """Return a number for all pairs, or numbers in some form."""
        form = self.chance.one(*FORMS)
        return self.varied(form, lambda row, column: self.chance.one(*choices))


def table(chance: Chance, made: Document) -> Document | None:
    """Return a table of projections between what there is; `None` if nobody has a receptor."""
    receptors = open_to(made)
    if not receptors:
        return None
    emitting = [name for name, size in sizes_of(made).items() if size]
    pairs = _Pairs(chance, chance.some(emitting, 3, 1), chance.some(receptors, 2, 1))
    known = [receptors[name] for name in pairs.targets]
    form, receptor = _receptors(pairs, known)
    has_exceptions = chance.one(True, False)
    ends = [ends_of(made, source, target) for source in pairs.sources for target in pairs.targets]
    found = {
        "sources": pairs.sources,
        "targets": pairs.targets,
        "receptor": receptor,
        "rule": _rule(
            pairs, placed=all(each.placed for each in ends), some_are_empty=not has_exceptions
        ),
        "weight": pairs.varied(
            chance.one(*FORMS[form]),
            lambda row, column: _weight(chance, _picked(receptor, row, column)),
        ),
        "connected": chance.often(),
        **chance.one({}, {"weight_bits": 12}),
    }
    if has_exceptions:
        exception = _exception(pairs, receptor, known)
        return found | {"delay": "0.2 ms", "exceptions": [exception]}
    delay = {"delay": pairs.numbers("0 ms", "0.3 ms", "1.2 ms")}
    drawn = {"delay": {"uniform": {"low": "0 ms", "high": "1 ms"}}, "min_delay": "0.2 ms"}
    late = chance.one(delay, {**delay, "rounding": "nearest"}, drawn, drawn)
    return found | late | _bound(receptor)


def _receptors(pairs: _Pairs, known: list[list[str]]) -> tuple[str, Any]:
    """Return receptors that the targets have, and their form."""
    common = sorted(set.intersection(*map(set, known)))
    form = pairs.chance.one(*(FORMS if common else FORMS["by_target"]))
    shared = form in ("one", "by_source")
    return form, pairs.varied(
        form, lambda row, column: pairs.chance.one(*(common if shared else known[row]))
    )


def _picked(given: Any, row: int, column: int) -> str:
    match given:
        case {"by_source": values}:
            return values[column]
        case {"by_target": values}:
            return values[row]
        case {"table": rows}:
            return rows[row][column]
    return given


def _weight(chance: Chance, receptor: str) -> str:
    unit = RECEPTORS[receptor][1]
    return f"{chance.one(0.5, 1) * SCALES[unit]} {unit}".strip()


def _bound(receptor: Any) -> Document:
    """Return a largest weight, if it can have one unit."""
    if isinstance(receptor, dict):
        return {}
    unit = RECEPTORS[receptor][1]
    return {"w_max": f"{2 * SCALES[unit]} {unit}".strip()}


def _rule(pairs: _Pairs, *, placed: bool, some_are_empty: bool) -> Document:
    nothing = (0,) if some_are_empty else ()
    found: list[Callable[[], Document]] = [
        lambda: {"all_to_all": {}},
        lambda: {"pairwise_bernoulli": {"p": pairs.numbers(*nothing, 0.4, 0.9)}},
        lambda: {"pairwise_poisson": {"mean": pairs.numbers(*nothing, 0.3, 1.5)}},
        lambda: {"fixed_total_number": {"number": pairs.numbers(*nothing, 3, 8)}},
        lambda: {"fixed_indegree": {"indegree": pairs.numbers(*nothing, 1, 2)}},
    ]
    if placed:
        found += [lambda: _near(pairs, *nothing)] * 5
    chosen: Document = pairs.chance.rng.choice(found)()
    if some_are_empty:
        _leave_out(pairs.chance, chosen)
    return chosen


def _near(pairs: _Pairs, *nothing: int) -> Document:
    length = pairs.numbers("0.2 mm", "0.6 mm")
    profile = pairs.chance.one(
        {"box": {"radius": length}}, {"gaussian": {"sd": length}}, {"linear": {"reach": length}}
    )
    within = pairs.chance.one({}, {"cut_off": pairs.numbers("0.3 mm", "0.5 mm")})
    p_max = pairs.numbers(*nothing, 0.6, 1)
    return {"distance_dependent": {"p_max": p_max, "profile": profile, **within}}


def _leave_out(chance: Chance, rule: Document) -> None:
    """Leave out what one of the pairs of a table would be."""
    for fields in rule.values():
        for given in fields.values():
            if isinstance(given, dict) and "table" in given and chance.one(True, False):
                chance.one(*given["table"])[0] = None


def _exception(pairs: _Pairs, receptor: Any, known: list[list[str]]) -> Document:
    """Return what is different for a pair."""
    chance = pairs.chance
    row, column = (chance.rng.randrange(len(each)) for each in (pairs.targets, pairs.sources))
    other = chance.one(*known[row])
    own = {
        "rule": chance.one({"all_to_all": {}}, {"pairwise_bernoulli": {"p": 0.6}}),
        "weight": _weight(chance, _picked(receptor, row, column)),
        "delay": "0.7 ms",
    }
    fields = chance.some(own, 3, 1)
    elsewhere = {"receptor": other, "weight": _weight(chance, other)}
    different = {field: own[field] for field in fields} | chance.one({}, elsewhere)
    return {"source": pairs.sources[column], "target": pairs.targets[row], **different}
