"""Hypothesis strategies for whole documents: small networks that use everything at once."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]

LEAKY = {"C_m": "200 pF", "g_L": "10 nS", "E_L": "-70 mV", "V_th": "-60 mV", "V_reset": "-66 mV"}

RECEPTORS: dict[str, tuple[Document, str]] = {
    "cond": ({"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2 ms"}, "nS"),
    "curr": ({"model": "curr_exp", "tau_decay": "3 ms"}, "pA"),
    "jump": ({"model": "delta"}, "mV"),
    "kick": ({"model": "delta_at_once"}, "mV"),
    "satur": (
        {
            "model": {
                "equations": {
                    "parameters": {"alpha": {"unit": "1", "default": 0.3}},
                    "state": {"s": {"unit": "1", "initial": "0"}},
                    "derivatives": {"s": "-s/(5*ms)"},
                    "current": "s*300*pA",
                    "weight": "1",
                    "on_event": "s = 1 - (1 - s)*exp(n_events*log(1 - alpha))",
                }
            }
        },
        "",
    ),
}
SCALES = {"nS": 3.0, "pA": 300.0, "mV": 6.0, "": 1.0}
LINEAR = ("curr", "jump", "kick")

tenths = st.integers(0, 30)


def duration(steps: int) -> str:
    return f"{steps}e-1 ms"


@st.composite
def cells(draw: st.DrawFn) -> Document:
    """Leaky cells under both integrators, with any receptors, and Izhikevich's."""
    integrator = draw(st.sampled_from(["euler", "exact"]))
    known = LINEAR if integrator == "exact" else tuple(RECEPTORS)
    names = draw(st.sets(st.sampled_from(known), max_size=3))
    if integrator == "euler" and draw(st.integers(0, 3)) == 0:
        kinds = names & {"jump", "kick"}
        cell = {"model": "izhikevich", "I_e": draw(st.sampled_from(["0 mV/ms", "12 mV/ms"]))}
    else:
        kinds = names
        cell = {"model": "leaky_if", **LEAKY, "t_ref": duration(draw(st.integers(0, 4)))}
        cell["I_e"] = draw(st.sampled_from(["0 pA", "90 pA", "150 pA"]))
        if draw(st.booleans()):
            cell["spike"] = {"when": draw(st.sampled_from(["V >= V_th", "V > -58*mV"]))}
    receptors = {name: RECEPTORS[name][0] for name in sorted(kinds)}
    return {**cell, "integrator": integrator, "receptors": receptors}


@st.composite
def courses(draw: st.DrawFn, unit: str, most: float, *, alike: bool = False) -> Any:
    """What may stand for a rate or a current: a value, or any time course, of at least 0."""

    def values(*shares: float) -> list[str]:
        return [f"{share * most:.6g} {unit}" for share in shares]

    none, low, half, high = values(0, 0.1, 0.4, 1)
    factor = "hertz" if unit == "Hz" else unit
    interval = duration(draw(st.integers(1, 12)))
    noise = {"mean": half, "sd": low, "interval": interval, "clip": [none, high], "shared": alike}
    array = {"values": [0, most, most / 3], "unit": unit, "interval": interval}
    ramp = {"first": low, "last": high, "start": duration(draw(tenths)), "stop": "4 ms"}
    return draw(
        st.sampled_from(
            [
                half,
                f"{0.4 * most:.6g}*{factor}*(1 + sin(t/ms))",
                {"piecewise": {"times": ["0.3 ms", "1 ms"], "values": [high, low]}},
                {"ramp": ramp},
                {"sine": {"amplitude": low, "frequency": "300 Hz", "offset": half}},
                {"noise": noise},
                {"array": array},
            ]
        )
    )


@st.composite
def effects(draw: st.DrawFn, network: Document) -> Document | None:
    """A drive or a current onto a population; `None` if it has no place for one."""
    name = draw(st.sampled_from(sorted(network["populations"])))
    population = network["populations"][name]
    cell = network["cells"][population["cell"]]
    target, _ = draw(views(name, population["size"]))
    found: Document = {"target": target}
    if draw(st.booleans()):
        found["start"] = duration(draw(tenths))
    if draw(st.booleans()):
        found["stop"] = duration(31 + draw(tenths))
    if cell["model"] == "leaky_if" and draw(st.booleans()):
        return {"model": "current", "amplitude": draw(courses("pA", 200)), **found}
    if not cell["receptors"]:
        return None
    receptor = draw(st.sampled_from(sorted(cell["receptors"])))
    unit = RECEPTORS[receptor][1]
    return {
        "model": "poisson_drive",
        "receptor": receptor,
        "rate": draw(courses("Hz", 20_000)),
        "weight": f"{0.3 * SCALES[unit]:.6g} {unit}",
        **found,
    }


@st.composite
def inputs(draw: st.DrawFn) -> Document:
    """Poisson sources of all rates, correlated ones, and lists of spikes, also none."""
    kind = draw(st.sampled_from(["poisson", "moving", "correlated", "spike_times", "spike_times"]))
    if kind == "correlated":
        return {
            "model": "correlated_poisson",
            "size": draw(st.integers(1, 9)),
            "rate": draw(courses("Hz", 900, alike=True)),
            "correlation": draw(st.sampled_from([0.2, 1])),
            "method": draw(st.sampled_from(["common_source", "multiple_interaction"])),
        }
    if kind == "moving":
        rate = draw(courses("Hz", 3000))
        return {"model": "poisson", "size": draw(st.integers(1, 9)), "rate": rate}
    if kind == "poisson":
        rate = draw(st.sampled_from(["0 Hz", "200 Hz", "(300 + 500*i)*hertz", "10 kHz"]))
        return {"model": "poisson", "size": draw(st.integers(1, 9)), "rate": rate}
    neuron = st.sets(st.integers(0, 60), max_size=8)
    trains = draw(st.lists(neuron, max_size=4))
    times = [[duration(step) for step in sorted(train)] for train in trains]
    return {"model": "spike_times", "times": times}


@st.composite
def rules(draw: st.DrawFn, sources: int, targets: int) -> Document:
    """Every rule that suits the sizes."""
    names = ["all_to_all", "pairwise_bernoulli", "explicit", "pairwise_poisson"]
    names += ["fixed_outdegree", "fixed_indegree", "fixed_total_number"]
    names += ["one_to_one"] if sources == targets else []
    name = draw(st.sampled_from(names))
    if name == "one_to_one":
        return {name: {}}
    if name == "explicit":
        pair = st.tuples(st.integers(0, max(sources - 1, 0)), st.integers(0, max(targets - 1, 0)))
        pairs = draw(st.lists(pair, max_size=12 if sources and targets else 0))
        return {name: {"pairs": [list(each) for each in pairs]}}
    options: Document = {"allow_autapses": draw(st.booleans())}
    if name == "pairwise_bernoulli":
        options["p"] = draw(st.sampled_from([0.0, 0.3, 0.8, 1.0]))
    if name == "pairwise_poisson":
        options["mean"] = draw(st.sampled_from([0.0, 0.4, 2.0]))
    if name.startswith("fixed_"):
        # As many as there are whatever the switches say, also within one population.
        field, most = {
            "fixed_outdegree": ("outdegree", targets - 1),
            "fixed_indegree": ("indegree", sources - 1),
            "fixed_total_number": ("number", sources * targets - min(sources, targets)),
        }[name]
        options[field] = draw(st.integers(0, max(0, min(most, 20))))
        options["allow_multapses"] = draw(st.booleans())
    return {name: options}


def sizes_of(network: Document) -> dict[str, int]:
    """Return the number of neurons of every population and input that emits spikes."""
    given_sizes = {name: each["size"] for name, each in network["populations"].items()}
    for name, each in network["inputs"].items():
        if "target" in each:
            continue
        given_sizes[name] = each["size"] if "size" in each else len(each["times"])
    return given_sizes


@st.composite
def views(draw: st.DrawFn, name: str, size: int) -> tuple[str, int]:
    """A whole object or part of it, also an empty part; the text and how many it addresses."""
    if draw(st.booleans()):
        return name, size
    start, stop = sorted((draw(st.integers(0, size)), draw(st.integers(0, size))))
    return f"{name}[{start}:{stop}]", stop - start


@st.composite
def projections(draw: st.DrawFn, network: Document) -> Document | None:
    """A projection between what there is; `None` if no population has a receptor."""
    open_to = {
        name: sorted(network["cells"][each["cell"]]["receptors"])
        for name, each in network["populations"].items()
    }
    targets = sorted(name for name, receptors in open_to.items() if receptors)
    if not targets:
        return None
    sizes = sizes_of(network)
    target_name = draw(st.sampled_from(targets))
    source_name = draw(st.sampled_from(sorted(sizes)))
    source, sources = draw(views(source_name, sizes[source_name]))
    target, count = draw(views(target_name, sizes[target_name]))
    receptor = draw(st.sampled_from(open_to[target_name]))
    unit = RECEPTORS[receptor][1]
    scale = SCALES[unit]
    factor = f"*{unit}" if unit else ""
    return {
        "source": source,
        "target": target,
        "receptor": receptor,
        "rule": draw(rules(sources, count)),
        "weight": draw(
            st.sampled_from([f"{scale} {unit}", f"({scale} - {scale}*0.3*i + 0.1*j){factor}"])
        ),
        "delay": draw(
            st.sampled_from(["0 ms", "0.1 ms", "1.5 ms", "(i + 3*j - 4*floor(j/2))*0.1*ms"])
        ),
        "connected": draw(st.booleans()),
    }


@st.composite
def entries(draw: st.DrawFn, network: Document) -> Document:
    """A timeline entry: a switch, or new values of whatever exists."""
    at = duration(draw(tenths))
    actions: list[Document] = []
    for name, projection in network["projections"].items():
        scale = SCALES[RECEPTORS[projection["receptor"]][1]]
        unit = RECEPTORS[projection["receptor"]][1]
        actions += [
            {"connect": name},
            {"disconnect": name},
            {"set": {f"{name}.weight": f"{0.7 * scale:.6g} {unit}"}},
        ]
    for name, each in network["populations"].items():
        text, _ = draw(views(name, each["size"]))
        if network["cells"][each["cell"]]["model"] == "leaky_if":
            actions += [
                {"set": {f"{text}.t_ref": "0.3 ms"}},
                {"set": {f"{text}.I_e": "(120 + 10*i)*pA"}},
                {"set": {f"{name}.g_L": "12 nS"}},
            ]
        actions.append({"set": {f"{text}.V": "-63 mV"}})
    for name, each in network["inputs"].items():
        if (
            each["model"] == "poisson"
            and isinstance(each["rate"], str)
            and "t/" not in each["rate"]
        ):
            text, _ = draw(views(name, each["size"]))
            actions.append({"set": {f"{text}.rate": "900 Hz"}})
        if each["model"] == "poisson_drive":
            unit = RECEPTORS[each["receptor"]][1]
            weight = f"{0.2 * SCALES[unit]:.6g} {unit}"
            actions.append({"set": {f"{name}.weight": weight}})
    return {"at": at, **draw(st.sampled_from(actions))}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A whole document of at most three populations, four inputs and five projections."""
    network: Document = {
        "netspec": "1",
        "name": "random",
        "seed": draw(st.integers(0, 2**64 - 1)),
        "dt": draw(st.sampled_from(["0.1 ms", "0.05 ms"])),
        "duration": duration(draw(st.sampled_from([1, 20, 45, 120]))),
        "cells": {name: draw(cells()) for name in ("cell_a", "cell_b")},
    }
    names = draw(st.sampled_from([("one",), ("one", "two"), ("one", "two", "three")]))
    network["populations"] = {
        name: {
            "size": draw(st.sampled_from([1, 2, 5, 8])),
            "cell": draw(st.sampled_from(["cell_a", "cell_b"])),
            "initial": {"V": draw(st.sampled_from(["-70 mV", "-70*mV + i*2*mV"]))},
        }
        for name in names
    }
    source_names = draw(st.sampled_from([(), ("in_a",), ("in_a", "in_b")]))
    network["inputs"] = {name: draw(inputs()) for name in source_names}
    for number in range(draw(st.integers(0, 2))):
        effect = draw(effects(network))
        if effect is not None:
            network["inputs"][f"on_cells_{number}"] = effect
    network["projections"] = {}
    for number in range(draw(st.integers(0, 5))):
        projection = draw(projections(network))
        if projection is not None:
            network["projections"][f"edges_{number}"] = projection
    network["timeline"] = draw(st.lists(entries(network), max_size=4))
    network["monitors"] = {
        "spikes": sorted(sizes_of(network)),
        "states": [
            {"of": name, "variables": ["V"], "every": draw(st.sampled_from([1, 3]))}
            for name in sorted(network["populations"])
        ],
    }
    return network
