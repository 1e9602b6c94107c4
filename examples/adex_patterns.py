"""Eight firing patterns of the AdEx neuron: the network of `adex_patterns.json`.

One model, eight sets of parameters, a constant current from the start. Naud, Marcille, Clopath and
Gerstner, "Firing patterns in the adaptive exponential integrate-and-fire model", Biological
Cybernetics 99 (2008), table 1, with the changes by which P. Müller matched the figures.

Start it with `python examples/adex_patterns.py`; it writes `adex_patterns.png`.
"""

import netspec

PATTERNS = {
    "tonic spiking": (200, 10, -70, 2, 30, 0, -58, 500),
    "adaptation": (200, 12, -70, 2, 300, 60, -58, 500),
    "initial burst": (130, 18, -58, 4, 150, 120, -50, 400),
    "regular bursting": (200, 10, -58, 2, 120, 100, -46, 210),
    "delayed accelerating": (200, 12, -70, -10, 300, 0, -58, 300),
    "delayed regular bursting": (100, 10, -65, -10, 90, 30, -47, 110),
    "transient spiking": (100, 10, -65, 10, 90, 100, -47, 180),
    "irregular spiking": (100, 12, -60, -11, 130, 30, -48, 160),
}
UNITS = {
    "C_m": "pF",
    "g_L": "nS",
    "E_L": "mV",
    "a": "nS",
    "tau_w": "ms",
    "b": "pA",
    "V_reset": "mV",
    "I_e": "pA",
}

network = netspec.Network(
    netspec="1",
    name="adex_patterns",
    seed=2008,
    dt="0.1 ms",
    duration="600 ms",
    cells={
        "adex": netspec.Cell(
            model="adex", integrator="rk4", Delta_T="2 mV", V_th="-50 mV", V_peak="0 mV"
        )
    },
    populations={
        "patterns": netspec.Population(
            size=len(PATTERNS),
            cell="adex",
            parameters={
                name: {"values": list(values), "unit": unit}
                for (name, unit), values in zip(
                    UNITS.items(), zip(*PATTERNS.values(), strict=True), strict=True
                )
            },
        )
    },
    monitors=netspec.Monitors(
        spikes=["patterns"], states=[netspec.StateMonitor(of="patterns", variables=["V"])]
    ),
)


def draw(results):
    """Draw V of each neuron; spikes are cut at the peak."""
    from matplotlib import pyplot as plt

    trace, spikes = results.states["patterns"]["V"], results.spikes["patterns"]
    V = trace.to("mV")
    V[spikes.step, spikes.i] = 0
    figure, panels = plt.subplots(
        4, 2, figsize=(10, 7), sharex=True, sharey=True, layout="constrained"
    )
    for neuron, (axes, (name, values)) in enumerate(
        zip(panels.flat, PATTERNS.items(), strict=True)
    ):
        axes.plot(trace.t, V[:, neuron], color="#0072B2", linewidth=0.8)
        axes.set_title(f"{name}, {values[-1]} pA", loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
    axes.set(xlim=(0, 600), ylim=(-75, 3), yticks=[-60, -30, 0])
    for axes in panels[:, 0]:
        axes.set_ylabel("V (mV)")
    for axes in panels[-1]:
        axes.set_xlabel("time (ms)")
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("adex_patterns.png", dpi=100)
