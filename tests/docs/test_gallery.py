"""Every example has its place on the page of examples, and a picture that its script draws."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from docs.fences import CHECKOUT, fences
from gallery.scripts import NAMES

PAGE = (CHECKOUT / "docs" / "examples.md").read_text(encoding="utf-8")
IMAGES = CHECKOUT / "docs" / "images"
LARGEST = 150_000
"""Bytes of a picture, so that the page loads quickly."""

SLOW = ("brunel_alpha", "brunel_delta", "potjans_diesmann", "wang_2002")
"""Examples that run for minutes; tests of the gallery have them drawn from smaller networks."""

QUICK_OR_LONG = [
    pytest.param(name, marks=[pytest.mark.long, pytest.mark.timeout(1200)])
    if name in SLOW
    else name
    for name in NAMES
]


def section(name: str) -> str:
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_a_section_with_its_picture_and_its_command(name: str) -> None:
    assert f"](images/{name}.png)" in section(name)
    assert f"](../examples/{name}.json)" in section(name)
    commands = [fence.text for fence in fences(section(name)) if fence.tag == "sh"]
    assert f"python examples/{name}.py\n" in commands
    assert f"[`{name}`](#{name})" in PAGE


def test_pictures_are_those_of_the_examples_and_small() -> None:
    assert sorted(path.stem for path in IMAGES.iterdir()) == NAMES
    assert {path.name for path in IMAGES.iterdir() if path.stat().st_size > LARGEST} == set()


@pytest.mark.parametrize("name", QUICK_OR_LONG)
def test_a_script_draws_its_picture(name: str, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("draw", CHECKOUT / "docs" / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    picture = module.draw(name, tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")
