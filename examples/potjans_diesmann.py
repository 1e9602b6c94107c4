"""A column of cortex: `build(scale)`, and the network of `potjans_diesmann.json` at a tenth.

Potjans and Diesmann, "The cell-type specific cortical microcircuit", Cerebral Cortex 24 (2014), as
in the repository INM-6/microcircuit-PD14-model: Poisson background, optimised initial potentials.
At full scale it has 77,169 neurons and 298,880,968 synapses. Where a smaller one gives each neuron
fewer synapses, they are stronger, and a current makes up for the mean of what is missing: van
Albada, Helias and Diesmann, PLoS Computational Biology 11 (2015).

Start it with `python examples/potjans_diesmann.py`; it writes `potjans_diesmann.png`.
"""

from math import sqrt

import numpy as np

import netspec
from netspec import Cell, Normal, PoissonDrive, Population, Receptor, Table, TableException

SIZES = {
    "L23E": 20683,
    "L23I": 5834,
    "L4E": 21915,
    "L4I": 5479,
    "L5E": 4850,
    "L5I": 1065,
    "L6E": 14395,
    "L6I": 2948,
}
SYNAPSES = [
    [45499805, 22323577, 20253647, 9670918, 3293578, 0, 2271404, 0],
    [17443694, 5018763, 4105338, 1690074, 2221213, 0, 353461, 0],
    [3503670, 756561, 24482849, 17413576, 714524, 7003, 14624432, 0],
    [8114254, 92832, 9933538, 5223272, 87836, 0, 8810905, 0],
    [10613575, 1817058, 5507804, 151900, 2040738, 2407889, 1438969, 0],
    [1241436, 169424, 607667, 12851, 319602, 430444, 132414, 0],
    [4681225, 556108, 6727570, 1320234, 4112225, 305029, 8372649, 10827677],
    [2260836, 17207, 220033, 8078, 401638, 25218, 2888426, 1354320],
]
"""At full scale: a row for each target, a column for each source."""

EXTERNAL = {
    "L23E": 1600,
    "L23I": 1500,
    "L4E": 2100,
    "L4I": 1900,
    "L5E": 2000,
    "L5I": 1900,
    "L6E": 2900,
    "L6I": 2100,
}
"""External synapses of a neuron."""

BACKGROUND = 8
"""Rate of each external synapse, in Hz."""

RATES = {
    "L23E": 0.903,
    "L23I": 2.965,
    "L4E": 4.414,
    "L4I": 5.876,
    "L5E": 7.569,
    "L5I": 8.633,
    "L6E": 1.105,
    "L6I": 7.829,
}
"""Published rates at full scale, in Hz."""

START = {
    "L23E": (-68.28, 5.36),
    "L23I": (-63.16, 4.57),
    "L4E": (-63.33, 4.74),
    "L4I": (-63.45, 4.94),
    "L5E": (-63.11, 4.94),
    "L5I": (-61.66, 4.55),
    "L6E": (-66.72, 5.46),
    "L6I": (-61.43, 4.48),
}
"""Mean and standard deviation of V before the first step, in mV."""

WEIGHT = 87.80849352920843
"""Of an excitatory synapse, in pA: a postsynaptic potential of 0.15 mV."""

INHIBITION = -4
"""Weight of an inhibitory synapse relative to that of an excitatory one."""

TAU_SYN = 0.5
"""Time constant of synaptic currents, in ms: of both signs, so they add up to one current."""

TRANSIENT = 200
"""What is measured begins here, in ms."""


def is_excitatory(name):
    return name.endswith("E")


def weight(source, target="L4E"):
    """Return the mean weight at full scale, in pA."""
    if (source, target) == ("L4E", "L23E"):
        return 2 * WEIGHT
    return WEIGHT if is_excitatory(source) else INHIBITION * WEIGHT


def missing(target, indegrees):
    """Return the mean current that a neuron lacks with a share of its synapses, in pA."""
    row = SYNAPSES[list(SIZES).index(target)]
    recurrent = sum(
        weight(source, target) * number / SIZES[target] * RATES[source]
        for source, number in zip(SIZES, row, strict=True)
    )
    external = WEIGHT * EXTERNAL[target] * BACKGROUND
    return 0.001 * TAU_SYN * (1 - sqrt(indegrees)) * (recurrent + external)


def drawn(mean):
    """Return normal weights with a standard deviation of a tenth that keep their sign."""
    bounds = ["0 pA", None] if mean > 0 else [None, "0 pA"]
    return Normal(mean=f"{mean:.12g} pA", sd=f"{abs(mean) / 10:.12g} pA", redraw=bounds)


def build(
    scale=0.1, indegrees=None, duration="1.2 s", seed=2014, weight_bits=24, background="poisson"
):
    """Return the network.

    Args:
        scale: Of the number of neurons.
        indegrees: Of the number of synapses of a neuron; as `scale` if left out.
        duration: How long to run.
        seed: Of everything random.
        weight_bits: Of the grid of the recurrent weights. With 14 they are moved by less than a
            thousandth of their standard deviation, and a synapse takes 4 bytes in place of 6.
        background: `poisson`, or `current` for the mean of it.
    """
    indegrees = scale if indegrees is None else indegrees
    stronger = 1 / sqrt(indegrees)
    external = {name: round(number * indegrees) * BACKGROUND for name, number in EXTERNAL.items()}
    constant = {name: missing(name, indegrees) for name in SIZES}
    if background == "current":
        for name, rate in external.items():
            constant[name] += 0.001 * TAU_SYN * WEIGHT * stronger * rate
    return netspec.Network(
        netspec="1",
        name="potjans_diesmann",
        seed=seed,
        dt="0.1 ms",
        duration=duration,
        cells={
            "neuron": Cell(
                model="leaky_if",
                integrator="exact",
                C_m="250 pF",
                tau_m="10 ms",
                E_L="-65 mV",
                V_th="-50 mV",
                V_reset="-65 mV",
                t_ref="2 ms",
                receptors={"psc": Receptor(model="curr_exp", tau_decay=f"{TAU_SYN} ms")},
            )
        },
        populations={
            name: Population(
                size=round(size * scale),
                cell="neuron",
                parameters={"I_e": f"{constant[name]:.12g} pA"},
                initial={"V": Normal(mean=f"{START[name][0]} mV", sd=f"{START[name][1]} mV")},
            )
            for name, size in SIZES.items()
        },
        inputs={
            f"ext_{name}": PoissonDrive(
                target=name,
                receptor="psc",
                rate=f"{rate} Hz",
                weight=f"{WEIGHT * stronger:.12g} pA",
            )
            for name, rate in external.items()
            if background == "poisson"
        },
        tables={
            "recurrent": Table(
                sources=list(SIZES),
                targets=list(SIZES),
                receptor="psc",
                rule={
                    "fixed_total_number": {
                        "number": {
                            "table": [
                                [round(number * scale * indegrees) for number in row]
                                for row in SYNAPSES
                            ]
                        }
                    }
                },
                weight={"by_source": [drawn(weight(source) * stronger) for source in SIZES]},
                weight_bits=weight_bits,
                delay={
                    "by_source": [
                        Normal(mean="1.5 ms", sd="0.75 ms", redraw=["0.05 ms", None])
                        if is_excitatory(source)
                        else Normal(mean="0.75 ms", sd="0.375 ms", redraw=["0.05 ms", None])
                        for source in SIZES
                    ]
                },
                exceptions=[
                    TableException(
                        source="L4E",
                        target="L23E",
                        weight=drawn(weight("L4E", "L23E") * stronger),
                    )
                ],
            )
        },
        monitors=netspec.Monitors(spikes=list(SIZES)),
    )


network = build()


def rates(results):
    """Return the mean rate of each population after the transient, in Hz."""
    seconds = results.steps * results.dt - TRANSIENT / 1000
    return {
        name: (spikes.t >= TRANSIENT).sum() / len(spikes.count) / seconds
        for name, spikes in results.spikes.items()
    }


def variations(results, name, least=3):
    """Return the CV of the intervals of each neuron that has at least so many."""
    trains = results.spikes[name].trains().values()
    intervals = [np.diff(times[times >= TRANSIENT]) for times in trains]
    return np.array([each.std() / each.mean() for each in intervals if len(each) >= least])


def draw(results):
    """Draw spikes by layer, and rates and CVs of the populations."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [["rows", "rates"], ["rows", "variations"]],
        figsize=(10, 6.5),
        width_ratios=[1.4, 1],
        layout="constrained",
    )
    colours = {True: "#0072B2", False: "#D55E00"}
    end = min(TRANSIENT + 300, results.steps * results.dt * 1000)
    sizes = {name: len(spikes.count) for name, spikes in results.spikes.items()}
    bottom = sum(sizes.values())
    middles = []
    for name, spikes in results.spikes.items():
        bottom -= sizes[name]
        middles.append(bottom + sizes[name] / 2)
        some = (spikes.t >= TRANSIENT) & (spikes.t < end)
        style = {"color": colours[is_excitatory(name)], "markersize": 1}
        panels["rows"].plot(spikes.t[some], spikes.i[some] + bottom, ".", **style)
    panels["rows"].set(xlim=(TRANSIENT, end), ylim=(0, sum(sizes.values())))
    panels["rows"].set(xlabel="time (ms)", yticks=middles, yticklabels=list(SIZES))
    panels["rows"].tick_params(axis="y", length=0)
    panels["rows"].set_title(f"{sum(sizes.values())} neurons", loc="left", fontsize=10)
    places = np.arange(len(SIZES))
    style = {"color": [colours[is_excitatory(name)] for name in SIZES], "height": 0.6}
    panels["rates"].barh(places, list(rates(results).values()), **style)
    published = list(RATES.values())
    panels["rates"].plot(published, places, "|k", markersize=14)
    panels["rates"].set_title("rates; lines: published, at full scale", loc="left", fontsize=10)
    panels["rates"].set_xlabel("rate (Hz)")
    found = [variations(results, name) for name in SIZES]
    boxes = {"orientation": "horizontal", "widths": 0.6, "showfliers": False}
    panels["variations"].boxplot(found, positions=places, medianprops={"color": "black"}, **boxes)
    seconds = results.steps * results.dt - TRANSIENT / 1000
    title = f"neurons with at least 3 intervals in {seconds:g} s"
    panels["variations"].set_title(title, loc="left", fontsize=10)
    panels["variations"].set(xlabel="CV of the intervals of a neuron", xlim=(0, 1.5))
    for name in ("rates", "variations"):
        panels[name].set(yticks=places, yticklabels=list(SIZES), ylim=(7.6, -0.6))
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("potjans_diesmann.png", dpi=100)
