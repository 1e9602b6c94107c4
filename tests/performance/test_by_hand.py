"""What is written by hand for the benchmarks are the same networks: they fire at the same rates."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.engines import ENGINES
from benchmarks.job import Job
from benchmarks.networks import NETWORKS
from benchmarks.runner import environment, in_a_process


def rate(engine: str, key: str, milliseconds: int, folder: Path) -> float:
    """Return the number of spikes of all populations per second."""
    setting = NETWORKS[key]
    changes: dict[str, object] = {"duration": f"{milliseconds} ms"}
    if key == "lif_inhibition":
        changes["timeline.0.at"] = f"{milliseconds // 2} ms"
    document = folder / f"{key}.json"
    network = setting.network("small").replace(changes)
    network.save(document)
    seconds, scale = milliseconds / 1000, setting.scale_at("small")
    job = Job(engine, setting.model, str(document), seconds, scale)
    run = in_a_process(job, environment(folder, folder / "cache"), folder, 900)
    assert "failed" not in run
    spikes: dict[str, int] = run["spikes"]
    return sum(spikes[name] for name in network.populations) / seconds


@pytest.mark.long
@pytest.mark.parametrize(
    ("engine", "key", "milliseconds", "tolerance"),
    [
        ("brian2-numpy", "lif_inhibition", 2000, 0.2),
        ("brian2-cpp", "lif_inhibition", 2000, 0.2),
        ("brian2-cython", "coba", 300, 0.15),
        ("brian2-numpy", "cobahh", 100, 0.1),
        ("brian2-numpy", "brunel", 300, 0.15),
        ("nest-1", "coba", 300, 0.2),
        ("nest-2", "brunel", 300, 0.15),
        ("nest-1", "microcircuit_1", 300, 0.1),
    ],
)
def test_rates(engine: str, key: str, milliseconds: int, tolerance: float, tmp_path: Path) -> None:
    if not ENGINES[engine].is_installed():
        pytest.skip(f"{engine} is not installed")
    other = rate(engine, key, milliseconds, tmp_path)
    assert other == pytest.approx(rate("numpy", key, milliseconds, tmp_path), rel=tolerance)
