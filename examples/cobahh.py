"""Irregular activity of Hodgkin-Huxley neurons: the network of `cobahh.json`.

Benchmark 3 of Brette et al., "Simulation of networks of spiking neurons: a review of tools and
strategies", J. Computational Neuroscience 23 (2007), as in Brian2's script `COBAHH.py`: the network
of `coba.json` with the currents of Traub and Miles in place of a threshold and a reset.

Start it with `python examples/cobahh.py`; it writes `cobahh.png`.
"""

import numpy as np

import netspec
from netspec import Cell, Normal, PairwiseBernoulli, Population, Projection, Receptor

TRAUB_MILES = {
    "equations": {
        "parameters": {
            "C_m": {"unit": "pF", "default": "200 pF"},
            "g_L": {"unit": "nS", "default": "10 nS"},
            "E_L": {"unit": "mV", "default": "-60 mV"},
            "g_Na": {"unit": "nS", "default": "20000 nS"},
            "E_Na": {"unit": "mV", "default": "50 mV"},
            "g_K": {"unit": "nS", "default": "6000 nS"},
            "E_K": {"unit": "mV", "default": "-90 mV"},
            "V_T": {"unit": "mV", "default": "-63 mV"},
            "V_th": {"unit": "mV", "default": "-20 mV"},
            "t_ref": {"unit": "ms", "default": "3 ms"},
        },
        "inputs": {"I_syn": "pA"},
        "definitions": {
            "alpha_m": "0.32*4/ms/exprel((13*mV - V + V_T)/(4*mV))",
            "beta_m": "0.28*5/ms/exprel((V - V_T - 40*mV)/(5*mV))",
            "alpha_h": "0.128/ms*exp((17*mV - V + V_T)/(18*mV))",
            "beta_h": "4/ms/(1 + exp((40*mV - V + V_T)/(5*mV)))",
            "alpha_n": "0.032*5/ms/exprel((15*mV - V + V_T)/(5*mV))",
            "beta_n": "0.5/ms*exp((10*mV - V + V_T)/(40*mV))",
        },
        "state": {
            "V": {"unit": "mV", "initial": "E_L"},
            "m": {"unit": "1", "initial": "0"},
            "h": {"unit": "1", "initial": "0"},
            "n": {"unit": "1", "initial": "0"},
        },
        "derivatives": {
            "V": "(g_L*(E_L - V) + g_Na*m**3*h*(E_Na - V) + g_K*n**4*(E_K - V) + I_syn)/C_m",
            "m": "alpha_m*(1 - m) - beta_m*m",
            "h": "alpha_h*(1 - h) - beta_h*h",
            "n": "alpha_n*(1 - n) - beta_n*n",
        },
        "spike": {"when": "V > V_th", "refractory": "t_ref", "holds": []},
    }
}

SIZES = {"exc": 3200, "inh": 800}
WEIGHTS = {"exc": "6 nS", "inh": "67 nS"}

START = {
    "V": Normal(mean="-65 mV", sd="5 mV"),
    "g_exc": Normal(mean="40 nS", sd="15 nS"),
    "g_inh": Normal(mean="200 nS", sd="120 nS"),
}

network = netspec.Network(
    netspec="1",
    name="cobahh",
    seed=3,
    dt="0.1 ms",
    duration="150 ms",
    cells={
        "neuron": Cell(
            model=TRAUB_MILES,
            integrator="exponential_euler",
            receptors={
                "exc": Receptor(model="cond_exp", E_rev="0 mV", tau_decay="5 ms"),
                "inh": Receptor(model="cond_exp", E_rev="-80 mV", tau_decay="10 ms"),
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
        spikes=list(SIZES), states=[netspec.StateMonitor(of="exc[7:10]", variables=["V"])]
    ),
)


def draw(results):
    """Draw spikes, the rate of the populations, and V of three neurons."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        5, 1, figsize=(10, 7.5), sharex=True, height_ratios=[4, 2, 1.4, 1.4, 1.4],
        layout="constrained",
    )  # fmt: skip
    rows, rate, *potentials = axes
    colours = {"exc": "#0072B2", "inh": "#D55E00"}
    shown = {"exc": (80, 0), "inh": (20, 80)}
    edges = np.arange(0, 151, 1)
    for name, size in SIZES.items():
        spikes = results.spikes[name]
        first, bottom = shown[name]
        some = spikes.i < first
        style = {"color": colours[name], "markersize": 3.5, "markeredgewidth": 0.9}
        rows.plot(spikes.t[some], spikes.i[some] + bottom, "|", **style)
        counts = np.histogram(spikes.t, edges)[0]
        rate.plot(edges[:-1] + 0.5, counts / size / 0.001, color=colours[name], label=name)
    rows.set(xlim=(0, 150), ylim=(-1, 100), yticks=[40, 90])
    rows.set_yticklabels(["exc", "inh"])
    rows.tick_params(axis="y", length=0)
    rows.set_title("80 and 20 of the neurons", loc="left", fontsize=10)
    rate.set(ylim=(0, 120), ylabel="rate (Hz)")
    rate.legend(frameon=False, ncols=2, loc="upper right", fontsize=8)
    states, spikes = results.states["exc"], results.spikes["exc"]
    for neuron, panel in enumerate(potentials):
        panel.plot(states["V"].t, states["V"].to("mV")[:, neuron], color="black", linewidth=0.8)
        panel.axhline(-20, color="grey", linewidth=0.8, linestyle=":")
        own = spikes.t[spikes.i == 7 + neuron]
        panel.plot(own, [62] * len(own), "v", color=colours["exc"], markersize=4)
        panel.set(ylim=(-95, 72), yticks=[-80, -20, 40], ylabel="V (mV)")
    potentials[0].set_title(
        "three neurons, with the spikes that are noticed", loc="left", fontsize=10
    )
    potentials[-1].set_xlabel("time (ms)")
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("cobahh.png", dpi=100)
