"""Two descriptions, from the documents to everything that is to be said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from netspec.diff.changes import Change, changes
from netspec.diff.names import Names, renamed_objects
from netspec.diff.realised import RealisedDiff, compared, guessed, realised
from netspec.diff.writing import Writing, writing
from netspec.errors import Diagnostic, SpecError
from netspec.passes.fingerprint import fingerprint
from netspec.passes.pipeline import Prepared, prepare
from netspec.spec.network import Network

GivenT = TypeVar("GivenT")
MadeT = TypeVar("MadeT")


@dataclass(frozen=True, slots=True)
class DescriptionDiff:
    """How two descriptions differ.

    Attributes:
        fingerprints: Of both.
        changes: In meaning; none if and only if the fingerprints agree.
        names: What is called otherwise.
        writing: What changes no spike.
        other_seed: The seeds differ, so everything random is drawn anew.
        realised: How the arrays differ; `None` for the same meaning, whose arrays are the same.
        drawn: The arrays were made and compared, not only what they are made from.
    """

    fingerprints: tuple[str, str]
    changes: tuple[Change, ...]
    names: Names
    writing: Writing
    other_seed: bool
    realised: RealisedDiff | None
    drawn: bool

    @property
    def same_meaning(self) -> bool:
        """Whether both descriptions mean the same."""
        return self.fingerprints[0] == self.fingerprints[1]


def difference(old: Network, new: Network, *, max_memory: int | None = None) -> DescriptionDiff:
    """Say how two descriptions differ in meaning, in their arrays and in their writing.

    Args:
        old: As it was.
        new: As it is.
        max_memory: Bytes that a network may take to be drawn; default 80 % of what is free.

    Raises:
        SpecError: A description has problems; carries all of its.
    """
    one, other = both(prepare, old, new)
    fingerprints = fingerprint(one.resolved), fingerprint(other.resolved)
    same = fingerprints[0] == fingerprints[1]
    names = Names() if same else renamed_objects(one.resolved, other.resolved)
    comparison, drawn = (None, False) if same else _compared(one, other, names, max_memory)
    return DescriptionDiff(
        fingerprints,
        () if same else changes(one.resolved, other.resolved, names),
        names,
        writing(one, other, same_meaning=same),
        one.resolved.seed != other.resolved.seed,
        comparison,
        drawn,
    )


def both(function: Callable[[GivenT], MadeT], old: GivenT, new: GivenT) -> tuple[MadeT, MadeT]:
    """Return what a function makes of both descriptions.

    Raises:
        SpecError: It fails for one or both; carries the problems of both.
    """
    made: list[MadeT] = []
    problems: list[Diagnostic] = []
    for each in (old, new):
        try:
            made.append(function(each))
        except SpecError as error:
            problems += error.diagnostics
    if problems:
        raise SpecError(problems)
    return made[0], made[1]


def _compared(
    old: Prepared, new: Prepared, names: Names, max_memory: int | None
) -> tuple[RealisedDiff, bool]:
    """Return how arrays differ, and whether they were made for that."""
    made = both(lambda each: realised(each, max_memory), old, new)
    if made[0] is None or made[1] is None:
        return guessed(old.resolved, new.resolved, names), False
    return compared(made[0], made[1], names), True
