"""A ring of spikes that spreads over a sheet: the network of `travelling_wave.json`.

Golomb and Ermentrout, "Continuous and lurching traveling pulses in neuronal networks with delay
and spatially decaying connectivity", PNAS 96 (1999), on a sheet in place of a line. As there,
neurons are integrate-and-fire and excitatory, and each fires once: a slice without inhibition.

Start it with `python examples/travelling_wave.py`; it writes `travelling_wave.png`.
"""

import numpy as np

import netspec
from netspec import Cell, Grid, Population, Positions, Projection, Receptor

PLANE_WAVE = 0.080
"""Speed of a straight front, in mm/ms: at it, what has arrived from all behind the front lifts V
from rest to threshold just as the front comes."""

network = netspec.Network(
    netspec="1",
    name="travelling_wave",
    seed=1,
    dt="0.1 ms",
    duration="25 ms",
    cells={
        "neuron": Cell(
            model="leaky_if",
            integrator="exact",
            C_m="200 pF",
            g_L="10 nS",
            E_L="-70 mV",
            V_th="-50 mV",
            V_reset="-70 mV",
            t_ref="1 s",
            receptors={"exc": Receptor(model="curr_exp", tau_decay="5 ms")},
        )
    },
    space=netspec.Space(period=["2.4 mm", "2.4 mm"]),
    populations={
        "sheet": Population(
            size=2304,
            cell="neuron",
            positions=Positions(grid=Grid(shape=[48, 48], spacing=["50 um", "50 um"])),
            initial={
                "V": "where((pos_x - 1.2*mm)**2 + (pos_y - 1.2*mm)**2 < (0.3*mm)**2,"
                " V_th + 1*mV, E_L)"
            },
        )
    },
    projections={
        "lateral": Projection(
            source="sheet",
            target="sheet",
            receptor="exc",
            rule=netspec.Rule(
                pairwise_bernoulli=netspec.PairwiseBernoulli(
                    p="0.8*exp(-0.5*(distance/(0.2*mm))**2)", p_max=0.8, allow_autapses=False
                )
            ),
            weight="150 pA",
            delay="0.5*ms + distance/(0.3*mm/ms)",
            rounding="nearest",
        )
    },
    monitors=netspec.Monitors(
        spikes=["sheet"],
        states=[netspec.StateMonitor(of="sheet", variables=["V"], every=100)],
    ),
)


def distances(neurons):
    """Return how far neurons lie from the middle, in mm."""
    x, y = np.divmod(np.asarray(neurons, int), 48)
    return 0.05 * np.hypot(x - 24, y - 24)


def draw(results):
    """Draw V at one moment, the time of each neuron's spike, and that time over distance."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    spikes = results.spikes["sheet"]
    where = {"extent": (-0.025, 2.375, -0.025, 2.375), "origin": "lower"}
    V = results.states["sheet"]["V"].to("mV")[1].reshape(48, 48)
    image = panels[0].imshow(V.T, cmap="cividis", vmin=-70, vmax=-50, **where)
    figure.colorbar(image, ax=panels[0], label="V (mV)", shrink=0.8)
    panels[0].set_title("V at 10 ms", loc="left", fontsize=10)
    times = np.full(2304, np.nan)
    times[spikes.i] = spikes.t
    grid = times.reshape(48, 48)
    image = panels[1].imshow(grid.T, cmap="viridis", vmin=0, **where)
    figure.colorbar(image, ax=panels[1], label="time of the spike (ms)", shrink=0.8)
    axis = np.arange(48) * 0.05
    panels[1].contour(axis, axis, grid.T, range(3, 24, 3), colors="white", linewidths=0.7)
    panels[1].set_title("time of the spike, a line every 3 ms", loc="left", fontsize=10)
    for axes in panels[:2]:
        axes.set(xlabel="x (mm)", ylabel="y (mm)", xticks=[0, 1, 2], yticks=[0, 1, 2])
    panels[2].plot(distances(range(2304)), times, ".", color="#0072B2", markersize=1.5)
    radius = np.array([0.3, 1.2])
    panels[2].plot(radius, 1.5 + (radius - 0.3) / PLANE_WAVE, color="#D55E00")
    panels[2].set(xlabel="distance from the middle (mm)", ylabel="time of the spike (ms)")
    panels[2].set(xlim=(0, 1.8), ylim=(0, None))
    panels[2].set_title(f"line: {PLANE_WAVE:.3f} mm/ms, a straight front", loc="left", fontsize=10)
    panels[2].spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("travelling_wave.png", dpi=100)
