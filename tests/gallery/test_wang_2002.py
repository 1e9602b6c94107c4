"""What `examples/wang_2002` shows: two pools compete, and one of them wins.

The quick form has a stronger stimulus, which decides sooner. With steps of 0.25 ms and 1.5 s of
stimulus, 19 of 20 trials at 12.8 % were for the favoured pool, and 10 of 20 at 0 %.
"""

from __future__ import annotations

from functools import cache

import pytest
from gallery.scripts import results, script

import netspec

EXAMPLE = script("wang_2002")


@cache
def quick() -> netspec.Results:
    built: netspec.Network = EXAMPLE.build(51.2, start="200 ms", stop="900 ms", duration="900 ms")
    return built.replace({"dt": "0.25 ms"}).run(backend="numpy", state_digest=False)


def at_the_end(trial: netspec.Results, stop: int) -> dict[str, float]:
    """Return the rate of each population in the last 250 ms of the stimulus."""
    end = stop // 50
    return {name: EXAMPLE.rate(trial, name)[end - 5 : end].mean() for name in EXAMPLE.SIZES}


def test_the_favoured_pool_wins_and_suppresses_the_other() -> None:
    rates = at_the_end(quick(), 900)
    assert EXAMPLE.choice(quick(), 900) == "exc_a"
    assert rates["exc_a"] > 15
    assert rates["exc_b"] < 5
    assert rates["exc_rest"] < 6
    assert 8 < rates["inh"] < 20


def test_activity_is_low_before_the_stimulus() -> None:
    before = {name: EXAMPLE.rate(quick(), name)[2:4].mean() for name in ("exc_a", "exc_b")}
    assert max(before.values()) < 4


def test_trials_are_drawn() -> None:
    assert len(EXAMPLE.draw({51.2: [quick()], 0: [quick()]}).axes) == 4


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_document_decides_and_remembers() -> None:
    trial = results("wang_2002")
    assert EXAMPLE.choice(trial) == "exc_a"
    rates = at_the_end(trial, 1500)
    assert rates["exc_a"] > 15
    assert rates["exc_b"] < 8
    assert EXAMPLE.rate(trial, "exc_a")[-5:].mean() > 2 * EXAMPLE.rate(trial, "exc_b")[-5:].mean()


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("coherence", "least", "most"), [(12.8, 16, 20), (0, 4, 16)])
def test_the_favoured_pool_wins_most_trials(coherence: float, least: int, most: int) -> None:
    won = 0
    for seed in range(20):
        built = EXAMPLE.build(coherence, seed=seed, stop="2 s").replace({"dt": "0.25 ms"})
        trial = built.run(backend="numpy", state_digest=False)
        won += EXAMPLE.choice(trial, 2000) == "exc_a"
    assert least <= won <= most
