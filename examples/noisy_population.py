"""Noise and heterogeneity in populations: the network of `noisy_population.json`.

Identical neurons answer a common input in one voice. Noise of their own (`noisy`), or thresholds
and currents that are drawn for each (`diverse`), spread their spikes out, and the rate of the
population follows the input. Knight, "Dynamics of encoding in a population of neurons", J. General
Physiology 59 (1972); Mejias and Longtin, "Optimal heterogeneity for coding in spiking neural
networks", Physical Review Letters 108 (2012).

Start it with `python examples/noisy_population.py`; it writes `noisy_population.png`.
"""

import netspec

NEURON = {
    "model": "leaky_if",
    "C_m": "200 pF",
    "g_L": "10 nS",
    "E_L": "-70 mV",
    "V_reset": "-60 mV",
    "t_ref": "2 ms",
    "receptors": {"exc": netspec.Receptor(model="curr_exp", tau_decay="5 ms")},
}
POPULATIONS = ("identical", "noisy", "diverse")

network = netspec.Network(
    netspec="1",
    name="noisy_population",
    seed=5,
    dt="0.2 ms",
    duration="400 ms",
    cells={
        "identical": netspec.Cell(**NEURON, V_th="-50 mV", I_e="150 pA"),
        "noisy": netspec.Cell(
            **NEURON,
            V_th="-50 mV",
            I_e="150 pA",
            integrator="euler_maruyama",
            mechanisms={"noise": netspec.Mechanism(model="ou_current", tau="5 ms", sigma="150 pA")},
        ),
        "diverse": netspec.Cell(
            **NEURON,
            V_th=netspec.Normal(mean="-50 mV", sd="3 mV", redraw=["-58 mV", None]),
            I_e=netspec.Lognormal(median="150 pA", sigma=0.3),
        ),
    },
    populations={name: netspec.Population(size=30, cell=name) for name in POPULATIONS},
    inputs={"ext": netspec.Poisson(size=50, rate="10 Hz")},
    projections={
        f"ext_{name}": netspec.Projection(
            source="ext",
            target=name,
            receptor="exc",
            rule={"all_to_all": {}},
            weight="25 pA",
            delay="1 ms",
        )
        for name in POPULATIONS
    },
    timeline=[netspec.TimelineEntry(at="200 ms", set={"ext.rate": "30 Hz"})],
    monitors=netspec.Monitors(spikes=list(POPULATIONS)),
)

if __name__ == "__main__":
    results = network.run()
    print(results)
    figure = results.plot_raster()
    for axes in figure.axes:
        axes.axvline(200, color="black", linestyle=":", linewidth=1)
    figure.savefig("noisy_population.png", dpi=100)
