"""Feed-forward inhibition: the network of `lif_inhibition.json`, written in Python.

Poisson input drives an excitatory population throughout and an inhibitory one from 250 ms on;
from then on inhibition lowers the excitatory rate. Model: Dendrify's example "LIF network +
inhibition" (Pagkalos, Chavlis and Poirazi, Nature Communications 14, 2023).

Start it with `python examples/lif_inhibition.py`; it writes `lif_inhibition.png`.
"""

import netspec

neuron = netspec.Cell(
    model="leaky_if",
    integrator="euler",
    C_m="281 pF",
    g_L="30 nS",
    E_L="-70.6 mV",
    V_th="-40.4 mV",
    V_reset="-65.6 mV",
    receptors={
        "AMPA": netspec.Receptor(model="cond_exp", E_rev="0 mV", tau_decay="2.5 ms"),
        "GABA": netspec.Receptor(model="cond_exp", E_rev="-80 mV", tau_decay="7.5 ms"),
    },
)


def connect(source, target, receptor, p, *, connected=True):
    """Return a projection of 2 nS without delay that connects each pair with probability p."""
    return netspec.Projection(
        source=source,
        target=target,
        receptor=receptor,
        rule={"pairwise_bernoulli": {"p": p}},
        weight="2 nS",
        delay="0 ms",
        connected=connected,
    )


network = netspec.Network(
    netspec="1",
    name="lif_inhibition",
    seed=123,
    dt="0.1 ms",
    duration="500 ms",
    cells={"lif": neuron},
    populations={
        "inh": netspec.Population(size=300, cell="lif"),
        "exc": netspec.Population(size=700, cell="lif"),
    },
    inputs={"ext": netspec.Poisson(model="poisson", size=200, rate="90 Hz")},
    projections={
        "ext_exc": connect("ext", "exc", "AMPA", 0.2),
        "ext_inh": connect("ext", "inh", "AMPA", 0.2, connected=False),
        "inh_exc": connect("inh", "exc", "GABA", 0.15),
    },
    timeline=[netspec.TimelineEntry(at="250 ms", connect="ext_inh")],
    monitors=netspec.Monitors(spikes=["exc", "inh"]),
)

if __name__ == "__main__":
    results = network.run()
    print(results)
    results.plot_raster().savefig("lif_inhibition.png", dpi=150)
