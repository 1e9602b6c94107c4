"""NMDA, AMPA and GABA receptors at work: the network of `nmda_and_gaba.json`.

Magnesium blocks NMDA receptors at low V and they close slowly, as neurons in voltage clamp show:
Jahr and Stevens, J. Neuroscience 10 (1990). So a cue of 50 ms is remembered: recurrent NMDA
receptors keep excitatory neurons firing until inhibition closes the loop. Wang, "Synaptic basis of
cortical persistent activity", J. Neuroscience 19 (1999).

Start it with `python examples/nmda_and_gaba.py`; it writes `nmda_and_gaba.png`.
"""

import netspec
from netspec import Cell, Poisson, Population, Projection, Receptor, StateMonitor

CLAMP = {
    "equations": {
        "parameters": {"V": "mV"},
        "inputs": {"I_syn": "pA"},
    }
}
NEURON = {
    "model": "leaky_if",
    "integrator": "rk2",
    "C_m": "200 pF",
    "g_L": "10 nS",
    "E_L": "-70 mV",
    "V_th": "-50 mV",
    "V_reset": "-60 mV",
    "t_ref": "2 ms",
}
G_NMDA = 25
"""With all NMDA receptors of a pyramidal neuron open and unblocked, in nS."""

AMPA = Receptor(model="cond_exp", E_rev="0 mV", tau_decay="2 ms")
GABA = Receptor(model="cond_exp", E_rev="-75 mV", tau_decay="8 ms")
NMDA = Receptor(
    model="nmda_saturating",
    g_max=f"{G_NMDA} nS",
    E_rev="0 mV",
    tau_rise="2 ms",
    tau_decay="100 ms",
)


def connect(source, target, receptor, weight, p):
    """Return a projection that connects each pair with probability p, with a delay of 1 ms."""
    rule = {"pairwise_bernoulli": {"p": p}} if p < 1 else {"all_to_all": {}}
    return Projection(
        source=source, target=target, receptor=receptor, rule=rule, weight=weight, delay="1 ms"
    )


def pulse_onto(target):
    """Return a projection of 1 nS without delay."""
    return Projection(
        source="pulse",
        target=target,
        receptor="NMDA",
        rule={"all_to_all": {}},
        weight="1 nS",
        delay="0 ms",
    )


network = netspec.Network(
    netspec="1",
    name="nmda_and_gaba",
    seed=1999,
    dt="0.2 ms",
    duration="500 ms",
    cells={
        "clamp": Cell(
            model=CLAMP,
            receptors={
                "NMDA": Receptor(model="nmda", E_rev="0 mV", tau_rise="2 ms", tau_decay="100 ms")
            },
        ),
        "interneuron": Cell(**NEURON, receptors={"AMPA": AMPA}),
        "pyramidal": Cell(**NEURON, receptors={"AMPA": AMPA, "NMDA": NMDA, "GABA": GABA}),
    },
    populations={
        "clamped": Population(size=14, cell="clamp", parameters={"V": "-90*mV + 10*mV*i"}),
        "without_mg": Population(
            size=14, cell="clamp", parameters={"V": "-90*mV + 10*mV*i", "Mg_NMDA": "0 mM"}
        ),
        "exc": Population(size=32, cell="pyramidal", parameters={"I_e": "120*pA + 1*pA*i"}),
        "inh": Population(size=8, cell="interneuron"),
    },
    inputs={
        "pulse": netspec.SpikeTimes(times=[["20 ms"]]),
        "cue": Poisson(size=40, rate="0 Hz"),
        "stop": Poisson(size=40, rate="0 Hz"),
    },
    projections={
        "pulse_clamped": pulse_onto("clamped"),
        "pulse_without_mg": pulse_onto("without_mg"),
        "cue_exc": connect("cue", "exc", "AMPA", "1.5 nS", 0.3),
        "stop_inh": connect("stop", "inh", "AMPA", "5 nS", 0.3),
        "exc_exc_fast": connect("exc", "exc", "AMPA", "0.3 nS", 0.4),
        "exc_exc_slow": connect("exc", "exc", "NMDA", 0.03, 1),
        "exc_inh": connect("exc", "inh", "AMPA", "3 nS", 0.5),
        "inh_exc": connect("inh", "exc", "GABA", "2 nS", 0.5),
    },
    timeline=[
        {"at": "100 ms", "set": {"cue.rate": "40 Hz"}},
        {"at": "150 ms", "set": {"cue.rate": "0 Hz"}},
        {"at": "350 ms", "set": {"stop.rate": "150 Hz"}},
        {"at": "400 ms", "set": {"stop.rate": "0 Hz"}},
    ],
    monitors=netspec.Monitors(
        spikes=["exc", "inh"],
        states=[
            StateMonitor(of="clamped", variables=["current_NMDA"]),
            StateMonitor(of="without_mg", variables=["current_NMDA"]),
            StateMonitor(
                of="exc[0:1]",
                variables=["V", "g_AMPA", "g_GABA", "s_NMDA", "unblocked_NMDA"],
            ),
        ],
    ),
)


def draw(results):
    """Draw the clamped currents on the left, the network and one of its neurons on the right."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [["peaks", "spikes"], ["peaks", "g"], ["decay", "g"], ["decay", "V"]],
        figsize=(10, 6.5),
        width_ratios=[1, 1.6],
        layout="constrained",
    )
    draw_clamp(results, panels["peaks"], panels["decay"])
    draw_network(results, panels["spikes"], panels["g"], panels["V"])
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_clamp(results, peaks, decay):
    """Draw the peak of the current over the potential, and the current over time; inward is < 0."""
    potentials = [-90 + 10 * i for i in range(14)]
    currents = {name: results.states[name]["current_NMDA"] for name in ("without_mg", "clamped")}
    for name, label, colour in (
        ("without_mg", "without magnesium", "#999999"),
        ("clamped", "1 mM magnesium", "#009E73"),
    ):
        current = -currents[name].to("pA")
        at_peak = abs(current[:, 0]).argmax()
        peaks.plot(potentials, current[at_peak], "o-", color=colour, markersize=3, label=label)
    peaks.axhline(0, color="black", linewidth=0.5)
    peaks.set(xlabel="V (mV)", ylabel="peak current (pA)")
    peaks.set_title("NMDA receptors, voltage clamp", loc="left", fontsize=10)
    peaks.legend(frameon=False, fontsize=9)
    t, current = currents["clamped"].t, -currents["clamped"].to("pA")
    for potential, colour in ((-80, "#56B4E9"), (-30, "#0072B2"), (40, "#D55E00")):
        decay.plot(
            t,
            current[:, potentials.index(potential)],
            color=colour,
            label=f"{potential} mV".replace("-", "−"),
        )
    decay.axhline(0, color="black", linewidth=0.5)
    decay.set(xlim=(0, 400), xlabel="time (ms)", ylabel="current (pA)")
    decay.legend(title="1 mM magnesium", frameon=False, fontsize=9)


def draw_network(results, rows, conductances, potential):
    """Draw the spikes of all neurons, and conductances and V of neuron 0."""
    states = results.states["exc"]
    t = states["V"].t
    for name, bottom, colour in (("inh", 32, "#D55E00"), ("exc", 0, "#0072B2")):
        spikes = results.spikes[name]
        rows.plot(spikes.t, spikes.i + bottom, "|", color=colour, markersize=3)
    rows.set(yticks=[16, 36], yticklabels=["exc", "inh"], ylim=(-1, 40))
    rows.tick_params(axis="y", length=0)
    for axes in (rows, conductances, potential):
        axes.axvspan(100, 150, color="#E69F00", alpha=0.2, linewidth=0)
        axes.axvspan(350, 400, color="#CC79A7", alpha=0.2, linewidth=0)
        axes.set_xlim(0, 500)
    rows.set_title("network", loc="left", fontsize=10)
    rows.text(125, 41, "cue", ha="center")
    rows.text(375, 41, "stop", ha="center")
    nmda = G_NMDA * states["s_NMDA"][:, 0] * states["unblocked_NMDA"][:, 0]
    conductances.plot(
        t, states["g_GABA"].to("nS")[:, 0], color="#D55E00", linewidth=1, label="GABA"
    )
    conductances.plot(
        t, states["g_AMPA"].to("nS")[:, 0], color="#0072B2", linewidth=1, label="AMPA"
    )
    conductances.plot(t, nmda, color="#009E73", linewidth=1, label="NMDA")
    conductances.set(ylim=(0, None), ylabel="conductance (nS)")
    conductances.set_title("one neuron of exc", loc="left", fontsize=10)
    conductances.legend(frameon=False, fontsize=9, loc="upper left")
    V = states["V"].to("mV")[:, 0]
    V[results.spikes["exc"].step[results.spikes["exc"].i == 0]] = 0
    potential.plot(t, V, color="black", linewidth=0.8)
    potential.set(yticks=[-70, -50, 0], ylabel="V (mV)", xlabel="time (ms)")


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("nmda_and_gaba.png", dpi=100)
