"""Against NEST: rates, irregularity and synchrony of three tenths of the microcircuit."""

from __future__ import annotations

import numpy as np
import pytest
from truth import larger_column
from truth.means import differ, show, welch


def test_welch_finds_the_published_p_value() -> None:
    """Student's soporific drugs, as R documents them: t.test(extra ~ group, data = sleep)."""
    one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    other = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    assert welch(one, other) == pytest.approx(0.07939, abs=5e-6)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_means_of_a_larger_column_are_those_of_nest() -> None:
    recorded = larger_column.recorded()
    assert sorted(recorded) == list(larger_column.NEST_SEEDS), "python -m tests.truth.larger_column"
    nest = np.stack([recorded[seed] for seed in larger_column.NEST_SEEDS])
    own = np.stack([larger_column.own(seed) for seed in larger_column.OWN_SEEDS])
    p = welch(own, nest)
    show(own, nest, p)
    assert p.size == 24
    assert not differ(p)
