"""What `fixed_outdegree` and `fixed_indegree` share: the one is the other with ends exchanged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netspec.errors import Diagnostic
from netspec.ir.recipe import Rule
from netspec.realise.philox import Key
from netspec.realise.rules.choices import ChoiceArray, RowArray, choose_in_rows, too_many
from netspec.realise.rules.rule import Ends


def degree_faults(
    rule: Rule, field: str, ends: Ends, one: str, others: str
) -> Iterator[Diagnostic]:
    """Yield a degree that is too high for some sources.

    Args:
        rule: Its field says how many targets a source has.
        field: Name of the field.
        ends: What it connects, exchanged if targets have sources.
        one: A source, in words.
        others: Targets, in words.
    """
    has_self = len(ends.shared) > 0
    choices = ends.targets - (has_self and not rule.allows("autapses"))
    is_unlimited = choices > 0 and rule.allows("multapses")
    if ends.sources and not is_unlimited and rule.number(field) > choices:
        what = f"a {one} has {choices} {others}"
        yield too_many(rule, field, choices, what, has_self=has_self)


def chosen_targets(
    rule: Rule, field: str, ends: Ends, key: Key
) -> Iterator[tuple[RowArray, ChoiceArray]]:
    """Yield the targets of all sources, some sources at a time.

    Args:
        rule: Its field says how many targets a source has.
        field: Name of the field.
        ends: What it connects, exchanged if targets have sources.
        key: Of the stream.

    Yields:
        Sources, and for each the targets: uint64, shape (sources, degree), ascending in a row.
    """
    count, repeats = int(rule.number(field)), rule.allows("multapses")
    lacks_self = range(0) if rule.allows("autapses") else ends.shared
    before, after = range(lacks_self.start), range(lacks_self.stop, ends.sources)
    for rows in (before, lacks_self, after):
        choices = ends.targets - (rows is lacks_self)
        for part, targets in choose_in_rows(key, rows, choices, count, repeats=repeats):
            if rows is lacks_self:
                assert ends.diagonal is not None
                self_of_row = (part + ends.diagonal).astype(np.uint64)
                targets += targets >= self_of_row[:, np.newaxis]
            yield part, targets
