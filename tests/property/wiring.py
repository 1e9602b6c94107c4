"""Random rules, projections and tables of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from property.cells import RECEPTORS, SCALES, open_to, view
from property.chance import Chance, Document

from netspec.spec.inputs import Current, PoissonDrive


@dataclass(frozen=True)
class Ends:
    """What a projection connects.

    Attributes:
        source, target: As they are written.
        sources, targets: Number of their neurons.
        placed: Whether both have positions.
    """

    source: str
    target: str
    sources: int
    targets: int
    placed: bool

    @property
    def is_ring(self) -> bool:
        """Whether a neuron may have neighbours."""
        return self.source == self.target


def sizes_of(made: Document) -> dict[str, int]:
    """Return the number of neurons of everything that emits spikes."""
    found = {name: each["size"] for name, each in made["populations"].items()}
    silent = {each.model_fields["model"].default for each in (PoissonDrive, Current)}
    for name, each in made["inputs"].items():
        if each["model"] not in silent:
            found[name] = each["size"] if "size" in each else len(each["times"])
    return found


def ends_of(made: Document, source: str, target: str) -> Ends:
    """Return what lies between a source and a target as they are written."""
    sizes, populations = sizes_of(made), made["populations"]
    names = [each.partition("[")[0] for each in (source, target)]
    return Ends(
        source,
        target,
        *(_length(each, sizes[name]) for each, name in zip((source, target), names, strict=True)),
        placed=all("positions" in populations.get(name, {}) for name in names),
    )


def _length(text: str, size: int) -> int:
    bounds = re.findall(r"\d+", text.partition("[")[2])
    return int(bounds[1]) - int(bounds[0]) if bounds else size


def projection(chance: Chance, made: Document) -> Document | None:
    """Return a projection between what there is; `None` if nobody has a receptor."""
    targets = open_to(made)
    if not targets:
        return None
    sizes = sizes_of(made)
    # Inputs count twice: much follows from what they do.
    inputs = sorted(sizes.keys() & made["inputs"].keys())
    target_name = chance.one(*sorted(targets))
    target, _ = view(chance, target_name, sizes[target_name])
    source = target
    if chance.often():
        source_name = chance.one(*sorted(sizes), *inputs)
        source, _ = view(chance, source_name, sizes[source_name])
    receptor = chance.one(*targets[target_name])
    unit = RECEPTORS[receptor][1]
    return {
        "source": source,
        "target": target,
        "receptor": receptor,
        "connected": chance.often(),
        **_edges(chance, ends_of(made, source, target), unit),
        **_grid(chance, unit),
    }


def added(chance: Chance, made: Document, name: str, given: Document) -> Document:
    """Return edges that are added to a projection; what they leave out is as in it."""
    unit = RECEPTORS[given["receptor"]][1]
    ends = ends_of(made, given["source"], given["target"])
    edges = {"rule": rule(chance, ends), "weight": weight(chance, unit, ends), **_late(chance)}
    from_file = "file" in given["weight"]  # so many numbers as there are edges
    left_out = () if from_file else chance.one((), ("weight",), ("delay",), ("weight", "delay"))
    return {
        "projection": name,
        **{field: edges[field] for field in ("rule", "weight", "delay") if field not in left_out},
    }


def _edges(chance: Chance, ends: Ends, unit: str) -> Document:
    """Return rule, weights and delays."""
    pairs = [[i, j] for i in range(ends.sources) for j in range(ends.targets)]
    if pairs and chance.one(True, *[False] * 5):
        return _edge_file(chance, chance.rng.choices(pairs, k=12), unit)
    found: Document = {"rule": rule(chance, ends), "weight": weight(chance, unit, ends)}
    if ends.placed and chance.one(True, False, False, False):
        delay = "0.3*ms + distance/(0.2*metre/second)"
        return found | {"delay": delay, "rounding": "nearest"}
    return found | chance.one(
        lambda: _late(chance),
        {"delay": "(i + 3*j - 4*floor(j/2))*0.1*ms"},
        {"delay": {"uniform": {"low": "0 ms", "high": "1 ms"}}, **_least(chance)},
    )


def _late(chance: Chance) -> Document:
    return {"delay": chance.one("0 ms", "0.1 ms", "1.5 ms")}


def _least(chance: Chance) -> Document:
    return chance.one({}, {"min_delay": "0.3 ms"})


def _grid(chance: Chance, unit: str) -> Document:
    most = {"w_max": f"{4 * SCALES[unit]} {unit}".strip()}
    return {**chance.one({}, {}, {}, {"weight_bits": 12}), **chance.one({}, {}, {}, most)}


def _edge_file(chance: Chance, pairs: list[list[int]], unit: str) -> Document:
    """Return edges that lie in a data file with weights and delays."""
    sources, targets = zip(*pairs, strict=True)
    weights = [chance.number(SCALES[unit]) for _ in pairs]
    delays = [chance.rng.randint(0, 15) / 10 for _ in pairs]
    s, suffix = chance.one(("", ".csv"), ("s", ".npz"))
    columns = {"source": sources, "target": targets, "weight": weights, "delay": delays}
    file = chance.file({f"{name}{s}": each for name, each in columns.items()}, suffix)
    return {
        "rule": {"explicit": {"file": file}},
        "weight": {"file": file, "column": f"weight{s}", "unit": unit or "1"},
        "delay": {"file": file, "column": f"delay{s}", "unit": "ms"},
    }


def weight(chance: Chance, unit: str, ends: Ends) -> Any:
    """Return weights that matter."""
    scale, factor = SCALES[unit], f"*{unit}" if unit else ""
    kinds = [
        f"{scale} {unit}".strip(),
        f"({scale} - {scale}*0.3*i + 0.1*j){factor}",
        {"normal": {"mean": f"{scale}{factor}", "sd": f"{0.2 * scale}{factor}"}},
    ]
    if ends.placed:
        kinds.append(f"{scale}{factor}*exp(-distance/(0.4*mm))")
    return chance.one(*kinds)


# --- rules ------------------------------------------------------------------------------------


def rule(chance: Chance, ends: Ends) -> Document:
    """Return any rule that suits."""
    rules: list[Callable[[Chance, Ends], Document]] = [
        *(_all, _bernoulli, _poisson_numbers, _explicit, _degrees, _degrees)
    ]
    # What few ends suit comes more often there.
    rules += [_one_to_one] * 2 if ends.sources == ends.targets else []
    rules += [_symmetric, _small_world, _small_world] * 2 if ends.is_ring else []
    rules += [_distance] * 5 if ends.placed else []
    return chance.rng.choice(rules)(chance, ends)


def _autapses(chance: Chance) -> Document:
    return {"allow_autapses": chance.one(True, False)}


def _multapses(chance: Chance) -> Document:
    return {"allow_multapses": chance.one(True, False)}


def _all(chance: Chance, ends: Ends) -> Document:
    return {"all_to_all": _autapses(chance)}


def _one_to_one(chance: Chance, ends: Ends) -> Document:
    return {"one_to_one": {}}


def _bernoulli(chance: Chance, ends: Ends) -> Document:
    p = chance.one(
        {"p": chance.one(0.0, 1.0)},
        {"p": chance.one(0.5, 0.8)},
        {"p": "(1 + i)/(2 + i + j)"},
        {"p": "(1 + i)/(2 + i + j)", "p_max": 1},
    )
    return {"pairwise_bernoulli": {**p, **_autapses(chance)}}


def _symmetric(chance: Chance, ends: Ends) -> Document:
    return {"symmetric_pairwise_bernoulli": {"p": 0.6, **_autapses(chance)}}


def _small_world(chance: Chance, ends: Ends) -> Document:
    neighbours = chance.rng.randint(0, max(0, ends.sources - 1) // 2) * 2
    p = chance.one(0, 0.3, 1)
    switches = {**_autapses(chance), **_multapses(chance)}
    return {"watts_strogatz": {"neighbours": neighbours, "p_rewire": p, **switches}}


def _distance(chance: Chance, ends: Ends) -> Document:
    profile = chance.one(
        {"gaussian": {"sd": "0.2 mm"}},
        {"exponential": {"scale": "0.3 mm"}},
        {"linear": {"reach": "0.5 mm"}},
        {"box": {"radius": "0.15 mm"}},
        {"difference_of_gaussians": {"sd": "0.3 mm", "surround_sd": "0.1 mm", "surround": 0.6}},
    )
    within = chance.one({}, {"cut_off": "0.25 mm"})
    p_max = chance.one(0.7, 1)
    return {
        "distance_dependent": {"p_max": p_max, "profile": profile, **within, **_autapses(chance)}
    }


def _poisson_numbers(chance: Chance, ends: Ends) -> Document:
    return {"pairwise_poisson": {"mean": chance.one(0.0, 0.4, 2.0), **_autapses(chance)}}


def _explicit(chance: Chance, ends: Ends) -> Document:
    pairs = [[i, j] for i in range(ends.sources) for j in range(ends.targets)]
    switches = chance.one({}, {"allow_autapses": True, "allow_multapses": True})
    return {"explicit": {"pairs": chance.rng.choices(pairs, k=12) if pairs else [], **switches}}


def _degrees(chance: Chance, ends: Ends) -> Document:
    """Return a rule of numbers: as many as there are whatever its switches say."""
    pairs = ends.sources * ends.targets - min(ends.sources, ends.targets)
    name, field, most = chance.rng.choice(
        [
            ("fixed_outdegree", "outdegree", ends.targets - 1),
            ("fixed_indegree", "indegree", ends.sources - 1),
            ("fixed_total_number", "number", pairs),
        ]
    )
    number = max(0, min(most, chance.one(0, 3, 20)))
    return {name: {field: number, **_multapses(chance), **_autapses(chance)}}
