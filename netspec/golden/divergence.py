"""Where a backend leaves the way that another one goes: the report that failures show."""

from __future__ import annotations

from netspec.backend.compiled import Compiled
from netspec.compare import divergence


def first_divergence(reference: Compiled, other: Compiled, steps: int) -> tuple[str, ...]:
    """Run a network on both backends again, and return the lines that explain what differs first.

    Args:
        reference: The network on a backend that is right.
        other: The same network on a backend that is not.
        steps: After which they differ.
    """
    names = (reference.backend.name, other.backend.name)
    found = divergence.first_divergence(
        reference.network, reference.record_of, other.record_of, names, until=steps
    )
    if found is None:
        return ("run once more, the two agree: what differs comes and goes",)
    return tuple(str(found).splitlines())
