"""What a description defines and nothing uses: legal, and probably a slip."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.errors import Diagnostic
from netspec.passes.resolved import ReceptorGather, ResolvedNetwork
from netspec.spec.inputs import PoissonDrive
from netspec.spec.network import Network
from netspec.spec.views import parse_view


def unused(network: Network, resolved: ResolvedNetwork) -> Iterator[Diagnostic]:
    """Yield a warning for each cell, receptor and input without an effect.

    A receptor counts as fed if any projection leads to it, onto any population of its cell: where
    populations share a cell, not each of them needs all of its receptors.

    Args:
        network: As written.
        resolved: The same, without errors.
    """
    cells = {each.name: network.populations[each.name].cell for each in resolved.populations}
    fed = {(cells[each.target], each.receptor) for each in resolved.projections}
    for drive in (each for each in network.inputs.values() if isinstance(each, PoissonDrive)):
        view = parse_view(drive.target)
        assert view is not None
        fed.add((cells[view.name], drive.receptor))
    receptors = {
        (cells[each.name], name): receptor
        for each in resolved.populations
        for name, receptor in each.cell.receptors.items()
    }
    for cell in sorted(network.cells.keys() - set(cells.values())):
        yield _warning("unused-cell", f"cells.{cell}", f"no population is made of cell '{cell}'")
    for cell, name in sorted(receptors.keys() - fed):
        gathers = isinstance(receptors[cell, name], ReceptorGather)
        yield _warning(
            "unfed-receptor",
            f"cells.{cell}.receptors.{name}",
            f"no projection leads to the receptor '{name}' of cell '{cell}', so "
            + ("there is nothing that it gathers" if gathers else "no event ever arrives there"),
            f'add a projection with "receptor": "{name}", or leave the receptor out',
        )
    heard = {each.source for each in resolved.projections}
    heard |= {each.source for each in resolved.spike_recordings}
    heard |= {each.source for each in resolved.counts}
    for each in resolved.inputs:
        if each.name not in heard:
            yield _warning(
                "unused-input",
                f"inputs.{each.name}",
                f"the spikes of input '{each.name}' go nowhere and are not recorded",
                f'add a projection with "source": "{each.name}", or leave the input out',
            )


def _warning(code: str, path: str, message: str, *hints: str) -> Diagnostic:
    return Diagnostic(code, path, message, (), hints, severity="warning")
