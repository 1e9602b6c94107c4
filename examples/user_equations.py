"""A model in equations of one's own: the network of `user_equations.json`.

Thalamic relay neurons that burst while a modulating current keeps them hyperpolarized, and answer
with single spikes when it depolarizes them: Smith, Cox, Sherman and Rinzel, "Fourier analysis of
sinusoidally driven thalamocortical relay neurons and a minimal integrate-and-fire-or-burst model",
J. Neurophysiology 83 (2000). Their input from the retina opens kinetic receptors: Destexhe, Mainen
and Sejnowski, Neural Computation 6 (1994). A detector in the cortex hears nothing but bursts.

Start it with `python examples/user_equations.py`; it writes `user_equations.png`.
"""

import netspec
from netspec import Cell, Monitors, Poisson, Population, Projection, Receptor, StateMonitor

RELAY = {
    "equations": {
        "parameters": {
            "C_m": {"unit": "pF", "default": "200 pF"},
            "g_L": {"unit": "nS", "default": "3.5 nS"},
            "E_L": {"unit": "mV", "default": "-65 mV"},
            "g_T": {"unit": "nS", "default": "7 nS"},
            "E_Ca": {"unit": "mV", "default": "120 mV"},
            "V_h": {"unit": "mV", "default": "-60 mV"},
            "tau_falls": {"unit": "ms", "default": "20 ms"},
            "tau_rises": {"unit": "ms", "default": "100 ms"},
            "V_th": {"unit": "mV", "default": "-35 mV"},
            "V_reset": {"unit": "mV", "default": "-50 mV"},
            "t_ref": {"unit": "ms", "default": "4 ms"},
            "pause": {"unit": "ms", "default": "50 ms"},
            "gap": {"unit": "ms", "default": "15 ms"},
            "I_e": {"unit": "pA", "default": "0 pA"},
        },
        "inputs": {"I_syn": "pA"},
        "definitions": {
            "is_open": "where(V >= V_h, 1, 0)",
            "I_T": "g_T*is_open*h*(E_Ca - V)",
        },
        "state": {
            "V": {"unit": "mV", "initial": "E_L"},
            "h": {"unit": "1", "initial": "0"},
            "silent": {"unit": "ms", "initial": "1 second"},
            "in_burst": {"unit": "1", "kind": "integer", "initial": "0"},
        },
        "derivatives": {
            "V": "(g_L*(E_L - V) + I_T + I_syn + I_e)/C_m",
            "h": "where(V >= V_h, -h/tau_falls, (1 - h)/tau_rises)",
            "silent": "1",
        },
        "spike": {
            "when": "V >= V_th",
            "then": [
                "V = V_reset",
                (
                    "in_burst = where(silent > pause, 1,"
                    " where(in_burst > 0 and silent < gap, in_burst + 1, 0))"
                ),
                "silent = 0*ms",
            ],
            "refractory": "t_ref",
        },
        "events": {"burst": {"when": "crosses_up(in_burst - 1)"}},
    }
}

KINETIC_AMPA = {
    "equations": {
        "parameters": {
            "g_max": "nS",
            "E_rev": {"unit": "mV", "default": "0 mV"},
            "binding": {"unit": "1/(mM*ms)", "default": "1.1/(mM*ms)"},
            "unbinding": {"unit": "1/ms", "default": "0.19/ms"},
            "peak": {"unit": "mM", "default": "1 mM"},
            "pulse": {"unit": "ms", "default": "1 ms"},
        },
        "definitions": {"transmitter": "where(since < pulse, peak, 0*mM)"},
        "state": {
            "r": {"unit": "1", "initial": "0"},
            "since": {"unit": "ms", "initial": "1 second"},
        },
        "derivatives": {
            "r": "binding*transmitter*(1 - r) - unbinding*r",
            "since": "1",
        },
        "current": "g_max*r*(E_rev - V)",
        "weight": "1",
        "on_event": "since = where(n_events > 0, 0*ms, since)",
    }
}

DETECTOR = {
    "equations": {
        "parameters": {"tau": "ms", "V_th": "mV"},
        "state": {"V": {"unit": "mV", "initial": "0 mV"}},
        "derivatives": {"V": "-V/tau"},
        "spike": {"when": "V > V_th", "refractory": {"while": "V > V_th"}},
    }
}

network = netspec.Network(
    netspec="1",
    name="user_equations",
    seed=12,
    dt="0.1 ms",
    duration="1 s",
    cells={
        "relay": Cell(
            model=RELAY,
            integrator="rk4",
            receptors={"AMPA": Receptor(model=KINETIC_AMPA, g_max="25 nS")},
        ),
        "detector": Cell(
            model=DETECTOR,
            tau="20 ms",
            V_th="5 mV",
            receptors={"EPSP": Receptor(model="delta")},
        ),
    },
    populations={
        "relay": Population(
            size=6,
            cell="relay",
            parameters={"I_e": "-50 pA"},
            initial={"V": "E_L + I_e/g_L", "h": 1},
        ),
        "cortex": Population(size=1, cell="detector"),
    },
    inputs={"retina": Poisson(size=6, rate="7 Hz")},
    projections={
        "retina_relay": Projection(
            source="retina",
            target="relay",
            receptor="AMPA",
            rule={"one_to_one": {}},
            weight=1,
            delay="1 ms",
        ),
        "relay_cortex": Projection(
            source="relay.burst",
            target="cortex",
            receptor="EPSP",
            rule={"all_to_all": {}},
            weight="6 mV",
            delay="2 ms",
        ),
    },
    timeline=[{"at": "500 ms", "set": {"relay.I_e": "75 pA"}}],
    monitors=Monitors(
        spikes=["retina", "relay", "relay.burst", "cortex"],
        states=[
            StateMonitor(of="relay[2:3]", variables=["V", "h", "I_T", "r_AMPA", "in_burst"]),
            StateMonitor(of="cortex", variables=["V"]),
        ],
    ),
)


def draw(results):
    """Draw V and the gates of one relay neuron, and the spikes of all."""
    from matplotlib import pyplot as plt

    figure, (potential, gates, rows) = plt.subplots(
        3, 1, figsize=(10, 6.5), sharex=True, height_ratios=[2, 1.2, 2], layout="constrained"
    )
    states, spikes = results.states["relay"], results.spikes["relay"]
    bursts = results.spikes["relay.burst"]
    V = states["V"].to("mV")[:, 0]
    V[spikes.step[spikes.i == 2]] = 20
    potential.plot(states["V"].t, V, color="#0072B2", linewidth=0.9)
    own = bursts.t[bursts.i == 2]
    potential.plot(own, [30] * len(own), "v", color="#D55E00", markersize=6, label="burst")
    potential.set(ylim=(-85, 38), yticks=[-80, -60, -40, 20], ylabel="V (mV)")
    potential.set_title("one relay neuron", loc="left", fontsize=10)
    potential.legend(frameon=False, loc="upper right", fontsize=9)
    gates.plot(states["h"].t, states["h"][:, 0], color="#D55E00", label="h, calcium current")
    gates.plot(states["h"].t, states["r_AMPA"][:, 0], color="#009E73", label="r, receptors")
    gates.set(ylim=(0, 1), ylabel="open share")
    gates.legend(frameon=False, loc="upper right", ncols=2, fontsize=9)
    groups = (
        ("retina", results.spikes["retina"], 12, "#009E73"),
        ("relay", spikes, 5, "#0072B2"),
        ("cortex", results.spikes["cortex"], 1, "#000000"),
    )
    for _, each, bottom, colour in groups:
        rows.plot(each.t, each.i + bottom, "|", color=colour, markersize=7)
    rows.plot(bursts.t, bursts.i + 5, "v", color="#D55E00", markersize=4)
    rows.set(xlim=(0, 1000), ylim=(0, 18.5), yticks=[14.5, 7.5, 1], xlabel="time (ms)")
    rows.set_yticklabels([name for name, *_ in groups])
    rows.tick_params(axis="y", length=0)
    rows.set_title("all spikes and bursts", loc="left", fontsize=10)
    for axes in (potential, gates, rows):
        axes.axvspan(0, 500, color="#56B4E9", alpha=0.12, linewidth=0)
        axes.spines[["top", "right"]].set_visible(False)
    potential.text(300, 42, "hyperpolarized: burst mode", ha="center")
    potential.text(750, 42, "depolarized: tonic mode", ha="center")
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("user_equations.png", dpi=100)
