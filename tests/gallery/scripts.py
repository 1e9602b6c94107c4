"""The examples as their scripts have them, and what comes out of their documents."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import netspec

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLES = CHECKOUT / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py"))


@cache
def script(name: str) -> Any:
    """Import the script of an example, which must not run the network."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def document(name: str) -> netspec.Network:
    """Return the network of an example's document."""
    return netspec.load(EXAMPLES / f"{name}.json")


@cache
def results(name: str) -> netspec.Results:
    """Return what comes out of an example, on the backend that starts fastest."""
    return document(name).run(backend="numpy")


def changed(name: str, changes: dict[str, Any]) -> netspec.Results:
    """Return what comes out of an example that has been changed."""
    return document(name).replace(changes).run(backend="numpy")
