"""The squid axon under steps of current: the network of `hodgkin_huxley.json`.

One axon stays at rest, one spikes once and one repetitively; a ladder of axons shows that firing
sets in at a frequency far above 0. Hodgkin and Huxley, "A quantitative description of membrane
current and its application to conduction and excitation in nerve", J. Physiology 117 (1952).

Start it with `python examples/hodgkin_huxley.py`; it writes `hodgkin_huxley.png`.
"""

import netspec

CURRENTS = [200, 400, 1000]
"""Of the axons that are traced, in pA; on this patch 100 pA are 1 uA/cm^2."""

LADDER_STEP = 100
"""Between the currents of neighbours in the ladder, in pA."""

network = netspec.Network(
    netspec="1",
    name="hodgkin_huxley",
    seed=1952,
    dt="0.05 ms",
    duration="80 ms",
    cells={"squid": netspec.Cell(model="hodgkin_huxley", integrator="exponential_euler")},
    populations={
        "axon": netspec.Population(size=3, cell="squid"),
        "ladder": netspec.Population(size=16, cell="squid"),
    },
    timeline=[
        netspec.TimelineEntry(
            at="10 ms",
            set={
                "axon.I_e": [f"{current} pA" for current in CURRENTS],
                "ladder.I_e": f"{LADDER_STEP}*pA*i",
            },
        )
    ],
    monitors=netspec.Monitors(
        spikes=["axon", "ladder"],
        states=[netspec.StateMonitor(of="axon", variables=["V", "m", "h", "n"])],
    ),
)


def frequencies(results):
    """Return the frequency of each axon of the ladder in Hz, by its last interval.

    It is 0 for an axon that falls silent after one spike or two.
    """
    trains = results.spikes["ladder"].trains().values()
    return [1000 / (times[-1] - times[-2]) if len(times) > 2 else 0 for times in trains]


def draw(results):
    """Draw V of the traced axons, the gates of the last one, and frequency over current."""
    from matplotlib import pyplot as plt

    states = results.states["axon"]
    t, V = states["V"].t, states["V"].to("mV")
    figure, panels = plt.subplot_mosaic(
        [[0, "gates"], [0, "gates"], [1, "gates"], [1, "ladder"], [2, "ladder"], [2, "ladder"]],
        figsize=(10, 6),
        layout="constrained",
    )
    for neuron, (current, title) in enumerate(
        zip(CURRENTS, ["at rest", "one spike", "repetitive firing"], strict=True)
    ):
        panels[neuron].plot(t, V[:, neuron], color="#0072B2", linewidth=1)
        panels[neuron].set_title(f"{title}, {current} pA from 10 ms on", loc="left", fontsize=10)
        panels[neuron].set(xlim=(0, 80), ylim=(-85, 55), yticks=[-65, 0, 50], ylabel="V (mV)")
        panels[neuron].sharex(panels[0])
    panels[2].set_xlabel("time (ms)")
    for gate, colour in zip("mhn", ["#D55E00", "#009E73", "#CC79A7"], strict=True):
        panels["gates"].plot(t, states[gate][:, 2], color=colour, label=gate)
    panels["gates"].set_title(f"gates at {CURRENTS[2]} pA", loc="left", fontsize=10)
    panels["gates"].set(xlim=(5, 45), ylim=(0, 1), xlabel="time (ms)", ylabel="open fraction")
    panels["gates"].legend(ncols=3, loc="lower right", bbox_to_anchor=(1, 0.98), frameon=False)
    ladder = [LADDER_STEP * neuron for neuron in range(16)]
    panels["ladder"].plot(
        ladder, frequencies(results), "o", color="#0072B2", markersize=4, clip_on=False
    )
    panels["ladder"].set_title("one axon for each current", loc="left", fontsize=10)
    panels["ladder"].set(xlim=(-30, 1530), ylim=(0, 95), xlabel="current (pA)")
    panels["ladder"].set_ylabel("frequency (Hz)")
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("hodgkin_huxley.png", dpi=100)
