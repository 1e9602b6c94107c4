"""The benchmarks of NEST work at a small size."""

from __future__ import annotations

import json
from pathlib import Path

from promises import require_nest

from benchmarks.__main__ import main

require_nest()


def test_nest_measures(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    options = ["--scale", "small", "--repeats", "1", "--out", str(out), "--engines", "nest-*"]
    networks = ["lif_inhibition", "coba", "brunel", "microcircuit_0.1"]
    assert main([*options, "--networks", *networks]) == 0
    runs = json.loads(out.read_text())["runs"]
    assert len(runs) == 6
    assert all(sum(run["spikes"].values()) > 0 for run in runs)
