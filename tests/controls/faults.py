"""Five faults in a small network, each in one place: what is found of them is pinned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from controls import broken, readings

from netspec.backend.protocol import AnyBackend
from netspec.backend.registry import get
from netspec.compare import Divergence, find_divergence
from netspec.compare.divergence import Run
from netspec.expr.nodes import Binary, Name
from netspec.expr.printer import Printed
from netspec.ir import nodes as ir
from netspec.passes.pipeline import realised
from netspec.realise.network import RealisedNetwork, RealisedProjection
from netspec.spec.network import Network
from netspec.testing.conformance import run
from netspec.testing.documents import AMPA, Document, document, leaky

FOLDER = Path(__file__).parent / "divergences"

COUNTING = {
    "state": {"x": {"unit": "1", "initial": "0.1*i"}},
    "parameters": {"slope": "1/ms"},
    "derivatives": {"x": "slope"},
    "spike": {"when": "x >= 1", "then": ["x = 0"]},
}
DRIFTING = {
    "state": {"v": {"unit": "1", "initial": "1/(3 + i)"}},
    "parameters": {"rate": "1/ms"},
    "derivatives": {"v": "rate*v*(1 - v)"},
    "spike": {"when": "v > 0.99", "then": ["v = 0.1"]},
}
PAIRS = [[n % 6, (5 * n + n // 6) % 6] for n in range(24)]
LATE_EDGE, HEAVY_EDGE = 7, 2
"""In the canonical order of the edges of `exc_exc` and `volley_exc`."""


def whole() -> Document:
    """Return a recurrent network, an input, and two populations for themselves."""
    return document(
        "faults",
        "40 ms",
        cells={
            "lif": leaky({"E": AMPA}, t_ref="2 ms", I_e="700 pA"),
            "counting": {
                "integrator": "euler",
                "model": {"equations": COUNTING},
                "slope": "2.5/ms",
            },
            "drifting": {"integrator": "euler", "model": {"equations": DRIFTING}, "rate": "0.3/ms"},
        },
        populations={
            "exc": {"size": 6, "cell": "lif", "initial": {"V": "-62*mV + i*1.5*mV"}},
            "count": {"size": 3, "cell": "counting"},
            "drift": {"size": 2, "cell": "drifting"},
        },
        inputs={"volley": {"model": "spike_times", "times": [["3 ms", "9 ms"], ["3.2 ms"]]}},
        projections={
            "exc_exc": {
                "source": "exc",
                "target": "exc",
                "receptor": "E",
                "rule": {"explicit": {"pairs": PAIRS}},
                "weight": "1.5*nS + i*0.3*nS",
                "delay": [f"{(3 * n % 11 + 1) / 10} ms" for n in range(24)],
            },
            "volley_exc": {
                "source": "volley",
                "target": "exc",
                "receptor": "E",
                "rule": {"all_to_all": {}},
                "weight": "2*nS + j*0.1*nS",
                "delay": "0.5 ms",
            },
        },
    )


def network() -> RealisedNetwork:
    return realised(Network(**whole()))


# --- the faults ---------------------------------------------------------------------------


def with_edges(
    name: str, change: Callable[[RealisedProjection], RealisedProjection]
) -> broken.Change:
    def changed(given: RealisedNetwork) -> RealisedNetwork:
        return replace(
            given, projections={**given.projections, name: change(given.projections[name])}
        )

    return changed


def _late(edges: RealisedProjection) -> RealisedProjection:
    delays = np.broadcast_to(edges.delays, len(edges)).copy()
    delays[LATE_EDGE] += 1
    return RealisedProjection.of(edges.sources, edges.targets, edges.weights, delays)


def _heavy(edges: RealisedProjection) -> RealisedProjection:
    weights = np.broadcast_to(edges.weights, len(edges)).copy()
    weights[HEAVY_EDGE] += 2.0 ** (np.frexp(weights.max())[1] - 24)
    return RealisedProjection.of(edges.sources, edges.targets, weights, edges.delays)


class FusingInOneKernel(broken.FusingPrinter):
    """Contracts sums with products where `v` is read, which only the update of `drift` does."""

    def binary(self, node: Binary) -> Printed:
        if isinstance(node.left, Name) and node.left.name == "v":
            return super().binary(node)
        return super(broken.FusingPrinter, self).binary(node)


def shorter_rest(given: RealisedNetwork) -> RealisedNetwork:
    """Let one neuron rest for a step less."""
    own = given.populations["exc"]
    period = np.broadcast_to(own.parameters[ir.PERIOD], 6).copy()
    period[4] -= 1
    cell = next(each.cell for each in given.ir.populations if each.name == "exc")
    parameters = tuple(
        replace(each, per_neuron=True) if each.name == ir.PERIOD else each
        for each in cell.parameters
    )
    populations = tuple(
        replace(each, cell=replace(cell, parameters=parameters)) if each.name == "exc" else each
        for each in given.ir.populations
    )
    changed = replace(own, parameters={**own.parameters, ir.PERIOD: period})
    return replace(
        given,
        ir=replace(given.ir, populations=populations),
        populations={**given.populations, "exc": changed},
    )


FAULTS: dict[str, Callable[[], AnyBackend]] = {
    "delay_one_step_longer": lambda: broken.Misreading(get("numpy"), with_edges("exc_exc", _late)),
    "threshold_passed_not_reached": lambda: broken.Misreading(
        get("numpy"), readings.threshold_reached
    ),
    "weight_one_quantum_larger": lambda: broken.Misreading(
        get("numpy"), with_edges("volley_exc", _heavy)
    ),
    "multiplication_and_addition_fused": lambda: broken.Miscompiling(broken.FMA, FusingInOneKernel),
    "rest_one_step_shorter": lambda: broken.Misreading(get("numpy"), shorter_rest),
}


class Report(NamedTuple):
    """Where the pinned text of a fault is, and what it is now."""

    path: Path
    found: Divergence | None

    @property
    def text(self) -> str:
        return f"{self.found}\n"


def side(backend: AnyBackend) -> Run:
    return lambda given: run(backend, backend.options(), given)


def report(fault: str) -> Report:
    sound, faulty = get("oracle"), FAULTS[fault]()
    found = find_divergence(network(), side(sound), side(faulty), ("oracle", "broken"))
    return Report(FOLDER / f"{fault}.txt", found)


def write() -> None:
    """Write the pinned texts anew."""
    FOLDER.mkdir(exist_ok=True)
    for fault in FAULTS:
        pinned = report(fault)
        pinned.path.write_text(pinned.text, encoding="utf-8")
