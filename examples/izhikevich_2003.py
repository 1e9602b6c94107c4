"""1000 neurons that fall into rhythms: the network of `izhikevich_2003.json`.

The program `net.m` of Izhikevich, "Simple model of spiking neurons", IEEE Transactions on Neural
Networks 14 (2003), millisecond by millisecond: V moves by two half steps and U by one, and what
spikes send is felt in the millisecond in which the program finds them.

Start it with `python examples/izhikevich_2003.py`; it writes `izhikevich_2003.png`.
"""

import numpy as np

import netspec
from netspec import Cell, Population, Projection, Receptor, Uniform

SIMPLE_MODEL = {
    "equations": {
        "parameters": {
            "r": "1",
            "a": "1/ms",
            "b": "1/ms",
            "c": "mV",
            "d": "mV/ms",
            "sd": "mV/ms",
        },
        "inputs": {"I": "mV/ms"},
        "definitions": {"dV": "0.04/(ms*mV)*V**2 + 5/ms*V + 140*mV/ms - U + (noise + I)"},
        "state": {
            "V": {"unit": "mV", "initial": "-65 mV"},
            "U": {"unit": "mV/ms", "initial": "b*V"},
            "noise": {"unit": "mV/ms", "initial": "0 mV/ms"},
        },
        "update": [
            ["noise = sd*normal()"],
            ["V = V + 0.5*ms*dV"],
            ["V = V + 0.5*ms*dV"],
            ["U = U + 1*ms*a*(b*V - U)"],
        ],
        "spike": {"when": "V >= 30*mV", "then": ["V = c", "U = U + d"]},
    }
}

FOR_ONE_STEP = {
    "equations": {
        "state": {"I": {"unit": "mV/ms", "initial": "0 mV/ms"}},
        "current": "I",
        "into": "I",
        "weight": "mV/ms",
        "on_event": "I = acc",
    }
}

WEIGHTS = {
    "exc": Uniform(low="0 mV/ms", high="0.5 mV/ms"),
    "inh": Uniform(low="-1 mV/ms", high="0 mV/ms"),
}

network = netspec.Network(
    netspec="1",
    name="izhikevich_2003",
    seed=1,
    dt="1 ms",
    duration="1 s",
    cells={"neuron": Cell(model=SIMPLE_MODEL, receptors={"synapse": Receptor(model=FOR_ONE_STEP)})},
    populations={
        "exc": Population(
            size=800,
            cell="neuron",
            parameters={
                "r": Uniform(low=0, high=1),
                "a": "0.02/ms",
                "b": "0.2/ms",
                "c": "-65*mV + 15*mV*r**2",
                "d": "8*mV/ms - 6*mV/ms*r**2",
                "sd": "5 mV/ms",
            },
        ),
        "inh": Population(
            size=200,
            cell="neuron",
            parameters={
                "r": Uniform(low=0, high=1),
                "a": "0.02/ms + 0.08/ms*r",
                "b": "0.25/ms - 0.05/ms*r",
                "c": "-65 mV",
                "d": "2 mV/ms",
                "sd": "2 mV/ms",
            },
        ),
    },
    projections={
        f"{source}_{target}": Projection(
            source=source,
            target=target,
            receptor="synapse",
            rule={"all_to_all": {}},
            weight=WEIGHTS[source],
            delay="0 ms",
        )
        for source in WEIGHTS
        for target in WEIGHTS
    },
    monitors=netspec.Monitors(
        spikes=["exc", "inh"], states=[netspec.StateMonitor(of="exc[0:1]", variables=["V"])]
    ),
)


def spectrum(results):
    """Return frequencies in Hz and the power of the excitatory population's rate at each.

    Periodograms of half a second, of which neighbours share a half, are averaged (Welch); power is
    in units of what independent Poisson neurons of the same rate would have.
    """
    counts = np.bincount(results.spikes["exc"].step, minlength=1000).astype(float)
    window = np.hanning(500)
    pieces = [counts[start : start + 500] for start in (0, 250, 500)]
    power = [abs(np.fft.rfft((each - each.mean()) * window)) ** 2 for each in pieces]
    return np.fft.rfftfreq(500, 1e-3), np.mean(power, 0) / (counts.mean() * (window**2).sum())


def draw(results):
    """Draw the spikes of all neurons, the rate, one neuron, and the spectrum of the rate."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [["rows", "spectrum"], ["rate", "spectrum"], ["V", "spectrum"]],
        figsize=(9, 5.2),
        width_ratios=[2.4, 1],
        height_ratios=[3, 1, 1],
        layout="constrained",
    )
    colours = {"exc": "#0072B2", "inh": "#D55E00"}
    for name, bottom in (("exc", 0), ("inh", 800)):
        spikes = results.spikes[name]
        panels["rows"].plot(spikes.t, spikes.i + bottom, ".", color=colours[name], markersize=0.9)
    panels["rows"].set(xlim=(0, 1000), ylim=(0, 1000), ylabel="neuron")
    panels["rows"].set_title("800 excitatory and 200 inhibitory neurons", loc="left", fontsize=10)
    counts = np.bincount(results.spikes["exc"].step, minlength=1000)
    smooth = np.convolve(counts, np.ones(5) / 5, "same") / 800 * 1000
    panels["rate"].plot(np.arange(1000), smooth, color=colours["exc"], linewidth=0.9)
    panels["rate"].set(ylim=(0, None), ylabel="exc rate (Hz)")
    V = results.states["exc"]["V"].to("mV")[:, 0]
    own = results.spikes["exc"]
    V[own.step[own.i == 0]] = 30
    panels["V"].plot(results.states["exc"]["V"].t, V, color="black", linewidth=0.8)
    panels["V"].set(ylim=(-85, 32), yticks=[-65, 30], ylabel="V (mV)", xlabel="time (ms)")
    for name in ("rate", "V"):
        panels[name].sharex(panels["rows"])
    for name in ("rows", "rate"):
        panels[name].tick_params(labelbottom=False)
    frequencies, power = spectrum(results)
    panels["spectrum"].plot(frequencies, power, color=colours["exc"])
    panels["spectrum"].axhline(1, color="grey", linewidth=0.8, linestyle=":")
    panels["spectrum"].set(xlim=(0, 80), ylim=(0, None), xlabel="frequency (Hz)")
    panels["spectrum"].set_ylabel("power of the exc rate (independent spikes: 1)")
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("izhikevich_2003.png", dpi=100)
