"""The networks as a NEST user writes them, with NEST's own models and random numbers.

Each function returns the recorders of the spikes of populations. `iaf_cond_exp` has the equations
of COBA, but chooses its own steps, and NEST cannot do without a delay: that network is an
approximation. `hh_cond_exp_traub` has those of COBAHH, but its conductances cannot be given the
values that start the network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nest

from benchmarks.job import Job

Recorders = Mapping[str, Any]


def recorded(populations: Mapping[str, Any]) -> Recorders:
    """Return a recorder of the spikes of each population."""
    recorders = {name: nest.Create("spike_recorder") for name in populations}
    for name, neurons in populations.items():
        nest.Connect(neurons, recorders[name])
    return recorders


def coba(job: Job) -> Recorders:
    """Benchmark 1 of Brette et al. (2007)."""
    parameters = {"C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "E_ex": 0.0, "E_in": -80.0}
    parameters |= {"tau_syn_ex": 5.0, "tau_syn_in": 10.0}
    parameters |= {"V_th": -50.0, "V_reset": -60.0, "t_ref": 5.0}
    neurons = nest.Create("iaf_cond_exp", 4000, parameters)
    neurons.V_m = nest.random.normal(-65.0, 5.0)
    neurons.g_ex = nest.random.normal(40.0, 15.0)
    neurons.g_in = nest.random.normal(200.0, 120.0)
    exc, inh = neurons[:3200], neurons[3200:]
    rule = {"rule": "pairwise_bernoulli", "p": 0.02}
    nest.Connect(exc, neurons, rule, {"weight": 6.0, "delay": 0.1})
    nest.Connect(inh, neurons, rule, {"weight": -67.0, "delay": 0.1})
    return recorded({"exc": exc, "inh": inh})


def brunel_delta(job: Job) -> Recorders:
    """Model A of Brunel (2000) with g = 5 and eta = 2."""
    parameters = {"C_m": 250.0, "tau_m": 20.0, "t_ref": 2.0}
    parameters |= {"E_L": 0.0, "V_reset": 10.0, "V_th": 20.0, "V_m": 0.0}
    n_exc, n_inh = round(10_000 * job.scale), round(2_500 * job.scale)
    neurons = nest.Create("iaf_psc_delta", n_exc + n_inh, parameters)
    exc, inh = neurons[:n_exc], neurons[n_exc:]
    drive = nest.Create("poisson_generator", params={"rate": 20_000.0})
    nest.Connect(drive, neurons, syn_spec={"weight": 0.1, "delay": 1.5})
    for source, indegree, weight in ((exc, 1000, 0.1), (inh, 250, -0.5)):
        rule = {"rule": "fixed_indegree", "indegree": indegree}
        nest.Connect(source, neurons, rule, {"weight": weight, "delay": 1.5})
    return recorded({"exc": exc, "inh": inh})


def potjans_diesmann(job: Job) -> Recorders:
    """The microcircuit, with the numbers of netspec's document, whose units are NEST's."""
    document = json.loads(Path(job.document).read_text(encoding="utf-8"))
    parameters = {"C_m": 250.0, "tau_m": 10.0, "E_L": -65.0, "V_th": -50.0, "V_reset": -65.0}
    parameters |= {"t_ref": 2.0, "tau_syn_ex": 0.5, "tau_syn_in": 0.5}
    populations = {}
    for name, each in document["populations"].items():
        current = number(each["parameters"]["I_e"])
        populations[name] = nest.Create("iaf_psc_exp", each["size"], {**parameters, "I_e": current})
        populations[name].V_m = drawn(each["initial"]["V"])
    for each in document["inputs"].values():
        drive = nest.Create("poisson_generator", params={"rate": number(each["rate"])})
        synapse = {"weight": number(each["weight"]), "delay": 1.5}
        nest.Connect(drive, populations[each["target"]], syn_spec=synapse)
    table = document["tables"]["recurrent"]
    exceptions = {(each["source"], each["target"]): each for each in table["exceptions"]}
    numbers = table["rule"]["fixed_total_number"]["number"]["table"]
    for target, row in zip(table["targets"], numbers, strict=True):
        for column, (source, edges) in enumerate(zip(table["sources"], row, strict=True)):
            if not edges:
                continue
            given = table["weight"]["by_source"][column]
            weight = exceptions.get((source, target), {"weight": given})["weight"]
            synapse = {"weight": drawn(weight), "delay": drawn(table["delay"]["by_source"][column])}
            rule = {"rule": "fixed_total_number", "N": edges}
            nest.Connect(populations[source], populations[target], rule, synapse)
    return recorded(populations)


def number(text: str) -> float:
    """Return the number of a quantity."""
    return float(text.split()[0])


def drawn(distribution: Mapping[str, Any]) -> Any:
    """Return a normal distribution of the document for NEST."""
    normal = distribution["normal"]
    value = nest.random.normal(number(normal["mean"]), number(normal["sd"]))
    if "redraw" not in normal:
        return value
    low, high = normal["redraw"]
    inf = float("inf")
    return nest.math.redraw(
        value, -inf if low is None else number(low), inf if high is None else number(high)
    )


NETWORKS = {each.__name__: each for each in (coba, brunel_delta, potjans_diesmann)}
