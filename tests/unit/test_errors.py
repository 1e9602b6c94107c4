"""What a user is told."""

from __future__ import annotations

import pickle

import pytest

from netspec.backend.registry import BackendChoiceError
from netspec.errors import Diagnostic, NetspecError, OutOfRangeError, SpecError, UnsupportedFeature

PROBLEM = Diagnostic("bad-name", "cells.lif", "'1a' is not a name", hints=("use a letter",))


@pytest.mark.parametrize(
    "error",
    [
        SpecError([PROBLEM]),
        OutOfRangeError([PROBLEM]),
        UnsupportedFeature("other", [PROBLEM]),
        BackendChoiceError(PROBLEM),
    ],
)
def test_errors_come_out_of_another_process(error: NetspecError) -> None:
    """Pools hand them on as pickles; one that cannot be read lets the pool wait for ever."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
