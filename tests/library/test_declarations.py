"""Declarations of the library say what everything is and where it comes from."""

from __future__ import annotations

import pytest
from library.networks import declared, models


@pytest.mark.parametrize(("kind", "name"), list(models()))
def test_a_model_is_described_as_are_its_parameters_and_state(kind: str, name: str) -> None:
    model = declared(kind, name)
    assert model.description
    assert model.source
    symbols = {**model.declared_parameters, **model.state}
    assert [each for each, own in symbols.items() if not own.description] == []
    given = model.declared_parameters.values()
    assert all(each.default is not None or each.typical is not None for each in given)
