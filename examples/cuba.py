"""Irregular activity with synaptic currents: the network of `cuba.json`.

Benchmark 2 of Brette et al., "Simulation of networks of spiking neurons: a review of tools and
strategies", J. Computational Neuroscience 23 (2007), as in Brian2's script `CUBA.py`. The neurons
rest above their threshold, and inhibition alone keeps them from firing all the time.

Start it with `python examples/cuba.py`; it writes `cuba.png`.
"""

import numpy as np

import netspec
from netspec import Cell, PairwiseBernoulli, Population, Projection, Receptor, Uniform

SIZES = {"exc": 3200, "inh": 800}
WEIGHTS = {"exc": "16.2 pA", "inh": "-90 pA"}

START = {"V": Uniform(low="V_reset", high="V_th")}

network = netspec.Network(
    netspec="1",
    name="cuba",
    seed=2,
    dt="0.1 ms",
    duration="1 s",
    cells={
        "neuron": Cell(
            model="leaky_if",
            integrator="exact",
            C_m="200 pF",
            g_L="10 nS",
            E_L="-49 mV",
            V_th="-50 mV",
            V_reset="-60 mV",
            t_ref="5 ms",
            receptors={
                "exc": Receptor(model="curr_exp", tau_decay="5 ms"),
                "inh": Receptor(model="curr_exp", tau_decay="10 ms"),
            },
        )
    },
    populations={
        name: Population(size=size, cell="neuron", initial=START) for name, size in SIZES.items()
    },
    projections={
        f"{source}_{target}": Projection(
            source=source,
            target=target,
            receptor=source,
            rule={"pairwise_bernoulli": PairwiseBernoulli(p=0.02)},
            weight=WEIGHTS[source],
            delay="0 ms",
        )
        for source in SIZES
        for target in SIZES
    },
    monitors=netspec.Monitors(
        spikes=list(SIZES),
        states=[netspec.StateMonitor(of="exc[0:1]", variables=["V", "current_exc", "current_inh"])],
    ),
)


def variation(results, name):
    """Return the CV of the intervals of each neuron that has at least three."""
    intervals = [np.diff(times) for times in results.spikes[name].trains().values()]
    return np.array([each.std() / each.mean() for each in intervals if len(each) >= 3])


def draw(results):
    """Draw spikes, the rate of the populations, one neuron, and how regular all are."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [
            ["rows", "rates"],
            ["rows", "rates"],
            ["rate", "rates"],
            ["V", "variation"],
            ["I", "variation"],
        ],
        figsize=(10, 6.5),
        width_ratios=[2.4, 1],
        layout="constrained",
    )
    colours = {"exc": "#0072B2", "inh": "#D55E00"}
    shown = {"exc": (80, 0), "inh": (20, 80)}
    edges = np.arange(0, 1001, 5)
    for name, size in SIZES.items():
        spikes = results.spikes[name]
        first, bottom = shown[name]
        some = spikes.i < first
        style = {"color": colours[name], "markersize": 2.5, "markeredgewidth": 0.8}
        panels["rows"].plot(spikes.t[some], spikes.i[some] + bottom, "|", **style)
        rate = np.histogram(spikes.t, edges)[0] / size / 0.005
        panels["rate"].plot(edges[:-1] + 2.5, rate, color=colours[name], linewidth=0.8, label=name)
        style = {"histtype": "step", "color": colours[name], "density": True, "label": name}
        panels["rates"].hist(spikes.count, np.arange(0, 31, 1), **style)
        panels["variation"].hist(variation(results, name), np.arange(0, 1.6, 0.05), **style)
    panels["rows"].set(xlim=(0, 1000), ylim=(-1, 100), yticks=[40, 90])
    panels["rows"].set_yticklabels(["exc", "inh"])
    panels["rows"].set_title("80 and 20 of the neurons", loc="left", fontsize=10)
    panels["rows"].tick_params(axis="y", length=0)
    panels["rate"].set(ylim=(0, 20), ylabel="rate (Hz)")
    panels["rate"].legend(frameon=False, ncols=2, loc="upper right", fontsize=8)
    states = results.states["exc"]
    V = states["V"].to("mV")[:, 0]
    own = results.spikes["exc"]
    V[own.step[own.i == 0]] = 0
    panels["V"].plot(states["V"].t, V, color="black", linewidth=0.7)
    panels["V"].set(ylim=(-72, 2), yticks=[-70, -50, 0], ylabel="V (mV)")
    panels["V"].set_title("one neuron", loc="left", fontsize=10)
    for name in SIZES:
        current = states[f"current_{name}"].to("pA")[:, 0]
        panels["I"].plot(states["V"].t, current, color=colours[name], linewidth=0.8)
    panels["I"].set(ylim=(-420, 220), ylabel="current (pA)", xlabel="time (ms)")
    panels["rates"].set(xlabel="rate of a neuron (Hz)", ylabel="density (1/Hz)", xlim=(0, 30))
    panels["variation"].set(xlabel="CV of its intervals", ylabel="density", xlim=(0, 1.5))
    for name in ("rate", "V", "I"):
        panels[name].sharex(panels["rows"])
    for name in ("rows", "rate", "V"):
        panels[name].tick_params(labelbottom=False)
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("cuba.png", dpi=100)
