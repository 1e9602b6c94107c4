"""A hundred million edges fit into 8 GB, and take what was predicted before anything was made."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from unit.realise.scale import CASES, measured

from netspec.realise.rules import RULES


def test_every_rule_that_makes_many_edges_is_measured() -> None:
    measured_rules = {name for _, rule, _ in CASES.values() for name in rule}
    assert measured_rules == RULES.keys() - {"explicit", "one_to_one"}


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("case", CASES)
def test_a_hundred_million_edges_take_the_memory_that_was_predicted(case: str) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(measured, case).result()
    assert found.edges == pytest.approx(1e8, rel=0.05)
    assert abs(found.edges - found.mean) <= 5 * found.sd
    assert found.index_bytes == 8 * found.edges
    assert found.taken < found.predicted + 2e8  # of blocks, and what does not grow with the edges
    assert found.peak < 8e9
