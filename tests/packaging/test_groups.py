"""Tests of one group run in one process; some versions of pytest drop groups without a word."""

import pytest


@pytest.mark.xdist_group("kept")
def test_groups_are_kept(request: pytest.FixtureRequest) -> None:
    in_several_processes = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@kept") == in_several_processes
