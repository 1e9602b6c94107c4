"""Projections that gather become sums that are taken before the step."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.expr.fold import short_powers_multiplied_out
from netspec.expr.nodes import Expression, Name, names, substitute
from netspec.ir import nodes as ir
from netspec.passes.lower.definitions import written_out
from netspec.passes.resolved import ResolvedNetwork


def lower_gathers(network: ResolvedNetwork) -> Iterator[ir.Gather]:
    """Yield the sums of a network, by name of projection."""
    cells = {each.name: each.cell for each in network.populations}
    for each in network.projections:
        if each.gather is None:
            continue
        here = written_out(cells[each.target].definitions)
        there = {
            ir.source_name(name): _of_source(value)
            for name, value in written_out(cells[each.source].definitions).items()
        }
        yield ir.Gather(
            name=each.name,
            source=each.source,
            target=each.target,
            local=each.gather.target,
            weight_dimension=each.weight_dimension,
            value=short_powers_multiplied_out(substitute(each.gather.value, {**here, **there})),
            pool=each.source_view if each.gather.over_population else None,
            connected=each.connected,
        )


def _of_source(value: Expression) -> Expression:
    own = names(value) - {ir.TIME, ir.TIME_STEP}
    return substitute(value, {name: Name(ir.source_name(name)) for name in own})
