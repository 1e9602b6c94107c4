"""What receptors sum over other neurons."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.expr.errors import ExpressionError
from netspec.expr.nodes import names
from netspec.expr.types import Hidden, Symbols, require_known
from netspec.ir.nodes import TIME as TIME_NAME, TIME_STEP, WEIGHT, name_in_source
from netspec.passes.compose.composer import Composer
from netspec.passes.compose.parts import GATHERED, NOISE, Part
from netspec.passes.resolved import ReceptorGather
from netspec.passes.special import refuse_special, with_source_names
from netspec.spec.equations import GatherDeclaration, ReceptorEquations
from netspec.units import TIME, Dimension, parse_unit


def gathers_of(composer: Composer) -> tuple[ReceptorGather, ...]:
    """Return what is summed, by receptor; wrong ones are reported and left out.

    What the neurons at the other ends have is known where a projection is, so dimensions are
    checked there.
    """
    return tuple(
        found
        for part in composer.parts.receptors
        if part.declaration.gather is not None
        for found in _gather(composer, part, part.declaration.gather)
    )


def _gather(
    composer: Composer, part: Part[ReceptorEquations], declared: GatherDeclaration
) -> Iterator[ReceptorGather]:
    path, unit = part.place("gather", "value"), part.declaration.weight
    weight = parse_unit(unit).dimension
    over_population = declared.over == "population"
    readable = _of_source_alone(composer) if over_population else _of_both_ends(composer, weight)
    with composer.problems.expressions_at(path):
        _refuse_noise(declared)
        value = part.written(with_source_names(declared.value.expression))
        refuse_special(value)
        require_known((each for each in sorted(names(value)) if not name_in_source(each)), readable)
        target = part.rename(GATHERED)
        dimension = composer.table.gathered[target]
        yield ReceptorGather(
            part.name, unit, weight, target, dimension, value, over_population, path
        )


def _refuse_noise(declared: GatherDeclaration) -> None:
    for name in sorted(names(declared.value.expression)):
        if NOISE.fullmatch(name):
            reason = "white noise stands in derivatives, and what is gathered is not random"
            raise ExpressionError("not-here", f"'{name}' cannot stand here: {reason}", name)


def _of_both_ends(composer: Composer, weight: Dimension) -> Symbols:
    late = Hidden("what is gathered cannot be gathered from")
    return {**composer.symbols, **dict.fromkeys(composer.table.gathered, late), WEIGHT: weight}


def _of_source_alone(composer: Composer) -> Symbols:
    hidden = Hidden("one sum for all targets reads the source alone: 'source(x)'")
    known = {TIME_NAME: TIME, TIME_STEP: TIME}
    return {**dict.fromkeys((*composer.symbols, WEIGHT), hidden), **known}
