"""Generated blocks of the documentation say what the code says."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest
from docs.fences import CHECKOUT


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", CHECKOUT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATE = _generator()


@pytest.mark.parametrize("name", GENERATE.PAGES)
def test_pages_are_up_to_date(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert GENERATE.generated(text) == text, "run `python docs/generate.py`"


def test_every_block_stands_somewhere() -> None:
    pages = "".join((CHECKOUT / name).read_text(encoding="utf-8") for name in GENERATE.PAGES)
    for block in GENERATE.BLOCKS:
        assert pages.count(f"<!-- begin {block} -->") == 1
