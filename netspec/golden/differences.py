"""What is not as the golden file says, in words: of what a run is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.golden.file import Golden, GoldenOutcome
from netspec.ir import nodes as ir
from netspec.results.record import NonFinite
from netspec.results.text import unlike_ends


def digest_differences(expected: Golden, got: Golden) -> tuple[str, ...]:
    """Return what differs between two runs of one description; nothing if they are identical."""
    return tuple(_differences(expected, got))


def header_differences(
    golden: Golden, other: Golden | ir.Network
) -> Iterator[tuple[str, str, str]]:
    """Yield what is not as a golden file says of its run itself, with units: it, and both values.

    Args:
        golden: What is said.
        other: The description as it is now, or what is said of it now.
    """
    name = other.network if isinstance(other, Golden) else other.name
    for what, said, now in (
        ("name", golden.network, name),
        ("seed", str(golden.seed), str(other.seed)),
        ("dt", f"{golden.dt} s", f"{other.dt} s"),
    ):
        if said != now:
            yield what, said, now


def _differences(expected: Golden, got: Golden) -> Iterator[str]:
    outcomes = _non_finite(expected.outcome), _non_finite(got.outcome)
    if text := unlike_ends(outcomes, (expected.steps, got.steps)):
        yield text
    yield from _of_objects(expected, got)
    yield from _first_second(expected, got)
    yield from _of_states(expected, got)


def _of_objects(expected: Golden, got: Golden) -> Iterator[str]:
    for name in sorted(expected.objects.keys() | got.objects.keys()):
        wanted, found = expected.objects.get(name), got.objects.get(name)
        if wanted is None or found is None:
            which = "run" if wanted is None else "golden file"
            yield f"spikes of '{name}': only in the {which}"
        elif wanted.count != found.count:
            yield f"spikes of '{name}': expected {wanted.count}, got {found.count}"
        elif wanted != found:
            yield f"spikes of '{name}': as many as expected, {found.count}, but not the same ones"


def _first_second(expected: Golden, got: Golden) -> Iterator[str]:
    """Yield when spikes begin to differ, where a run is long enough for that to be news."""
    length = got.steps_per_second
    if max(len(expected.seconds), len(got.seconds)) < 2:
        return
    pairs = zip(expected.seconds, got.seconds, strict=False)  # one of them may end early
    first = next((number for number, (a, b) in enumerate(pairs) if a != b), None)
    if first is not None:
        start = first * length
        stop = min(start + length, got.steps)
        yield f"spikes differ first in second {first}: steps {start} to {stop - 1}"


def _of_states(expected: Golden, got: Golden) -> Iterator[str]:
    if expected.outcome != got.outcome:
        return  # a run that becomes non-finite has no digests
    names = sorted(expected.states.keys() | got.states.keys())
    unlike = [f"'{name}'" for name in names if expected.states.get(name) != got.states.get(name)]
    if unlike:
        yield f"state of {', '.join(unlike)}: not as expected"


def _non_finite(outcome: GoldenOutcome | None) -> NonFinite | None:
    return None if outcome is None else NonFinite(**outcome.model_dump())
