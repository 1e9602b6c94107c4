"""The networks that are measured: documents of `examples/`, at full size or small."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal

import netspec
from netspec.units import parse_quantity

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

Size = Literal["full", "small"]
"""What the published table has, or as little as shows that everything works."""


@dataclass(frozen=True)
class Setting:
    """A network, and what its run costs at least.

    Attributes:
        key: Its name on the command line.
        model: The example it is made of, `examples/MODEL.py`.
        milliseconds: How long the model runs at each size.
        scale: Number of neurons relative to that of the publication.
        is_scalable: Whether the example's script builds it at any scale; `small` then has a tenth
            of the neurons.
        exponentials: How many a neuron needs in each step.
        exprels: Likewise `exprel`, of which there are polynomials only: arguments are near 0.
        draws: Random words of 32 bits that a neuron needs in each step.
        event_bytes: What the native backend reads for an event: a target, and a weight of its own
            where a projection has several.
    """

    key: str
    model: str
    milliseconds: Mapping[Size, int]
    scale: float = 1.0
    is_scalable: bool = False
    exponentials: int = 0
    exprels: int = 0
    draws: int = 0
    event_bytes: int = 2

    def network(self, size: Size) -> netspec.Network:
        """Return the network; nothing but spikes is recorded."""
        milliseconds = self.milliseconds[size]
        changes: dict[str, object] = {"duration": f"{milliseconds} ms", "monitors.states": []}
        if self.model == "lif_inhibition":
            changes["timeline.0.at"] = f"{milliseconds // 2} ms"
        if self.is_scalable:
            built: netspec.Network = _script(self.model).build(scale=self.scale_at(size))
            return built.replace(changes)
        return netspec.load(EXAMPLES / f"{self.model}.json").replace(changes)

    def scale_at(self, size: Size) -> float:
        """Return the number of neurons relative to that of the publication."""
        return self.scale / 10 if self.is_scalable and size == "small" else self.scale


SETTINGS = (
    Setting("lif_inhibition", "lif_inhibition", {"full": 500, "small": 20}),
    Setting("coba", "coba", {"full": 1000, "small": 20}, exprels=1),
    Setting("cobahh", "cobahh", {"full": 1000, "small": 5}, exponentials=6, exprels=4),
    Setting("brunel", "brunel_delta", {"full": 1000, "small": 20}, is_scalable=True, draws=1),
    *(
        Setting(
            f"microcircuit_{scale:g}",
            "potjans_diesmann",
            {"full": 1000, "small": 50},
            scale=scale,
            is_scalable=True,
            draws=1,
            event_bytes=6,
        )
        for scale in (0.1, 0.3, 1.0)
    ),
)

NETWORKS: Mapping[str, Setting] = MappingProxyType({each.key: each for each in SETTINGS})


def facts(setting: Setting, size: Size) -> dict[str, Any]:
    """Return what the table needs to know of a network, as plain data."""
    document = setting.network(size).to_document()
    sizes = {name: each["size"] for name, each in document["populations"].items()}
    inputs = document.get("inputs", {})
    sources = {name: each["size"] for name, each in inputs.items() if each["model"] == "poisson"}
    seconds = setting.milliseconds[size] / 1000
    edges = _edges(document, sizes | sources, late=0.5)
    return {
        "model": setting.model,
        "scale": setting.scale_at(size),
        "seconds": seconds,
        "steps": round(seconds / _in_si(document["dt"])),
        "populations": sizes,
        "projections": _projections(document),
        "synapses": round(sum(_edges(document, sizes | sources, late=1.0).values())),
        "fan_out": {name: number / (sizes | sources)[name] for name, number in edges.items()},
        "expected": {
            name: _in_si(inputs[name]["rate"]) * count * seconds for name, count in sources.items()
        },
        "exponentials": setting.exponentials,
        "exprels": setting.exprels,
        "draws": setting.draws,
        "event_bytes": setting.event_bytes,
    }


def _edges(
    document: Mapping[str, Any], sizes: Mapping[str, int], *, late: float
) -> dict[str, float]:
    """Return the expected number of edges by source.

    Args:
        document: The network.
        sizes: Neurons by population and input.
        late: What an edge counts that is connected only from half of the run on.
    """
    edges: dict[str, float] = defaultdict(float)
    for each in document.get("projections", {}).values():
        (rule, values), *_ = each["rule"].items()
        if rule == "pairwise_bernoulli":
            number = values["p"] * sizes[each["source"]] * sizes[each["target"]]
        else:
            number = values["indegree"] * sizes[each["target"]]
        edges[each["source"]] += number * (1.0 if each.get("connected", True) else late)
    for table in document.get("tables", {}).values():
        for row in table["rule"]["fixed_total_number"]["number"]["table"]:
            for source, number in zip(table["sources"], row, strict=True):
                edges[source] += number
    return dict(edges)


def _projections(document: Mapping[str, Any]) -> int:
    """Return the number of projections, those of tables included."""
    tables = document.get("tables", {}).values()
    numbers = [each["rule"]["fixed_total_number"]["number"]["table"] for each in tables]
    in_tables = [number for table in numbers for row in table for number in row if number]
    return len(document.get("projections", {})) + len(in_tables)


def _in_si(text: str) -> float:
    return float(parse_quantity(text))


def _script(name: str) -> ModuleType:
    """Import the script of an example."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
