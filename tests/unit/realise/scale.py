"""A hundred million edges of every rule, made in a process of its own whose memory is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unit.documents import small

from netspec.passes import pipeline
from netspec.spec.network import Network

NEURONS = 100_000

DISTRIBUTED = {
    "weight": {"normal": {"mean": "1 nS", "sd": "0.1 nS"}},
    "delay": {"normal": {"mean": "1.5 ms", "sd": "0.75 ms"}},
}

CASES: dict[str, tuple[int, dict[str, Any], dict[str, Any]]] = {
    "all_to_all": (10_000, {"all_to_all": {}}, {}),
    "pairwise_bernoulli": (NEURONS, {"pairwise_bernoulli": {"p": 0.01}}, {}),
    "pairwise_bernoulli, an expression": (
        NEURONS,
        {"pairwise_bernoulli": {"p": "0.01*exp(-i/100000) + 0.0037", "p_max": 0.0137}},
        {},
    ),
    "pairwise_bernoulli, drawn weights and delays": (
        NEURONS,
        {"pairwise_bernoulli": {"p": 0.01}},
        DISTRIBUTED,
    ),
    "symmetric_pairwise_bernoulli": (NEURONS, {"symmetric_pairwise_bernoulli": {"p": 0.01}}, {}),
    "pairwise_poisson": (NEURONS, {"pairwise_poisson": {"mean": 0.01}}, {}),
    "fixed_outdegree": (
        NEURONS,
        {"fixed_outdegree": {"outdegree": 1000, "allow_multapses": False}},
        {},
    ),
    "fixed_indegree": (
        NEURONS,
        {"fixed_indegree": {"indegree": 1000, "allow_multapses": False}},
        {},
    ),
    "fixed_total_number": (
        NEURONS,
        {"fixed_total_number": {"number": 10**8, "allow_multapses": False}},
        {},
    ),
    "distance_dependent": (
        NEURONS,
        {"distance_dependent": {"p_max": 0.0423, "profile": {"gaussian": {"sd": "0.24 mm"}}}},
        {},
    ),
    "distance_dependent, with a cut-off": (
        NEURONS,
        {
            "distance_dependent": {
                "p_max": 0.8,
                "profile": {"gaussian": {"sd": "0.046 mm"}},
                "cut_off": "0.13 mm",
            }
        },
        {},
    ),
    "watts_strogatz": (NEURONS, {"watts_strogatz": {"neighbours": 1000, "p_rewire": 0.1}}, {}),
}
"""Neurons, rule and values of a population onto itself on a sheet of 1 mm by 1 mm."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was predicted, and what came out.

    Attributes:
        index_bytes: Of sources and targets together.
        taken: Bytes that were taken beyond those before.
        peak: Bytes of the process, all in all.
    """

    mean: float
    sd: float
    predicted: int
    edges: int
    index_bytes: int
    taken: int
    peak: int


def measured(case: str) -> Measured:
    """Make the edges of a case in this process."""
    prepared = pipeline.prepare(scaled(case))
    (predicted,) = pipeline.check_memory(prepared).edges
    before = _peak()
    made = pipeline.draw(prepared).network.projections["rec"]
    return Measured(
        predicted.mean,
        predicted.sd,
        predicted.bytes,
        made.sources.size,
        made.sources.nbytes + made.targets.nbytes,
        _peak() - before,
        _peak(),
    )


def scaled(case: str, most: int = NEURONS) -> Network:
    """Return a network of one projection, of at most so many neurons."""
    size, rule, values = CASES[case]
    side = {"uniform": {"low": "0 mm", "high": "1 mm"}}
    population = {"size": min(size, most), "cell": "lif", "positions": {"x": side, "y": side}}
    projection = {
        "source": "exc",
        "target": "exc",
        "receptor": "AMPA",
        "rule": rule,
        "weight": "1 nS",
        "delay": "1 ms",
        **values,
    }
    return small(
        {
            "populations": {"exc": population},
            "projections": {"rec": projection},
            "timeline": [],
            "monitors": {},
        }
    )


def _peak() -> int:
    """Return the most memory that this process has taken; `getrusage` counts its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found is not None
    return 1024 * int(found[1])
