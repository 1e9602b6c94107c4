"""Metadata: what a run was, so that it can be understood and repeated."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from netspec.ir import nodes as ir
from netspec.ir.contract import SEMANTICS
from netspec.results.record import RunRecord

DISTRIBUTION = "netspec-snn"


def run_metadata(
    record: RunRecord,
    network: ir.Network,
    *,
    fingerprint: str,
    model_fingerprint: str,
    backend: str,
    backend_version: str | None,
    backend_options: Mapping[str, Any],
    wall_times: Mapping[str, float],
) -> dict[str, Any]:
    """Return the metadata of a run as plain data; `wall_times` are seconds by phase."""
    return {
        "name": network.name,
        "fingerprint": fingerprint,
        "model_fingerprint": model_fingerprint,
        "seed": network.seed,
        "dt": network.dt,
        "steps_asked": network.steps,
        "steps_completed": record.steps,
        "complete": record.steps == network.steps and record.outcome is None,
        "semantics": SEMANTICS,
        "netspec": netspec_version(),
        "backend": backend,
        "backend_version": backend_version,
        "backend_options": dict(backend_options),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "wall_times": dict(wall_times),
    }


def netspec_version() -> str:
    """Return netspec's version, or `unknown` in a tree that was never installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
