"""The canary in Python: twin of canary.json, with the same fingerprint.

A net that is chaotic in its own arithmetic, so that the smallest fault of a backend shows in its
spikes. It has no meaning beyond that.
"""

import netspec
from netspec import Cell, Monitors, Poisson, Population, Projection, Receptor, SpikeTimes
from netspec.units import ms, mV, nS, pA, pF

HINDMARSH_ROSE = {
    "equations": {
        "source": "Hindmarsh and Rose, Proc. R. Soc. Lond. B 221 (1984).",
        "parameters": {"r": "1", "s": "1", "x_R": "1", "I": "1", "tau": "ms", "t_ref": "ms"},
        "state": {
            "x": {"unit": "1", "initial": "-1.6 + 0.01*i"},
            "y": {"unit": "1", "initial": "-11"},
            "z": {"unit": "1", "initial": "2"},
        },
        "derivatives": {
            "x": "(y - x**3 + 3*x**2 - z + I)/tau",
            "y": "(1 - 5*x**2 - y)/tau",
            "z": "r*(s*(x - x_R) - z)/tau",
        },
        "spike": {"when": "x > 1", "refractory": "t_ref", "holds": []},
    }
}

EXPONENTIAL_IF = {
    "equations": {
        "source": "Fourcaud-Trocme et al., J. Neurosci. 23 (2003).",
        "parameters": {
            "C_m": "pF",
            "g_L": "nS",
            "E_L": "mV",
            "V_T": "mV",
            "Delta_T": "mV",
            "V_peak": "mV",
            "V_reset": "mV",
            "t_ref": "ms",
            "I_e": "pA",
        },
        "inputs": {"I_syn": "pA"},
        "state": {"V": {"unit": "mV", "initial": "E_L"}},
        "derivatives": {
            "V": (
                "(g_L*(E_L - V) + g_L*Delta_T*exp((min(V, V_peak) - V_T)/Delta_T)"
                " + I_syn + I_e)/C_m"
            ),
        },
        "spike": {"when": "V > V_peak", "then": ["V = V_reset"], "refractory": "t_ref"},
    }
}

RICKER_MAP = {
    "equations": {
        "source": (
            "Ricker, J. Fisheries Res. Board Can. 11 (1954); with tau = dt an Euler step is his "
            "map, here with a growth that drifts, and log(1 + expm1(x)) is x but for rounding."
        ),
        "parameters": {"growth": "1", "drift": "1/ms", "tau": "ms"},
        "state": {
            "x": {"unit": "1", "initial": "0.4 + 0.1*i"},
            "y": {"unit": "1", "initial": "0.45 + 0.1*i"},
        },
        "derivatives": {
            "x": "(x*exp((growth + drift*t)*(1 - log(1 + expm1(x)))) - x)/tau",
            "y": "(y*exp((growth + drift*t)*(1 - log1p(expm1(y)))) - y)/tau",
        },
        "spike": {"when": "x > 2.2"},
    }
}

COUNTER = {
    "equations": {
        "state": {"n": {"unit": "1", "initial": "0"}},
        "spike": {"when": "n >= 3", "then": ["n = n - 3"]},
    }
}

ADD_ARRIVALS = {"equations": {"weight": "1", "on_event": "n = n + n_events"}}

ADD_TO_X = {"equations": {"weight": "1", "on_event": "x = x + acc"}}

LIF = {"C_m": 200 * pF, "g_L": 10 * nS, "E_L": -70 * mV, "V_th": -52 * mV, "V_reset": -62 * mV}

# Irregular spiking of Naud et al., Biol. Cybern. 99 (2008), ten times as fast and with twice the
# adaptation, so that an error grows quickly; refractory while w moves on.
IRREGULAR = {
    "C_m": 10 * pF,
    "g_L": 12 * nS,
    "E_L": -60 * mV,
    "Delta_T": 2 * mV,
    "V_th": -50 * mV,
    "V_peak": 0 * mV,
    "V_reset": -48 * mV,
    "t_ref": 0.5 * ms,
    "a": -22 * nS,
    "b": 60 * pA,
    "tau_w": 13 * ms,
}


def spread(formula: str) -> str:
    """Return delays of 0 to 15 steps that differ from edge to edge."""
    return f"(({formula}) - 16*floor(({formula})/16))*0.1*ms"


def bernoulli(p: float) -> dict[str, object]:
    return {"pairwise_bernoulli": {"p": p}}


network = netspec.Network(
    netspec="1",
    name="canary",
    seed=2003,
    dt=0.1 * ms,
    duration=300 * ms,
    cells={
        "izhikevich": Cell(
            model="izhikevich",
            integrator="euler",
            receptors={"kick": Receptor(model="delta_at_once")},
        ),
        "hindmarsh_rose": Cell(
            model=HINDMARSH_ROSE,
            integrator="euler",
            receptors={
                "gating": Receptor(model="nmda_gating"),
                "kick": Receptor(model=ADD_TO_X),
            },
            r=0.006,
            s=4,
            x_R=-1.6,
            I=3.25,
            tau=1 * ms,
            t_ref=1 * ms,
        ),
        "irregular_adex": Cell(
            model="adex",
            integrator="rk2",
            receptors={
                "exc": Receptor(model="cond_exp", E_rev=0 * mV, tau_decay=2 * ms),
                "gap": Receptor(model="gap_junction"),
                "nmda": Receptor(model="nmda_pooled", E_rev=0 * mV, g=1 * nS),
            },
            **IRREGULAR,
        ),
        "conductance_lif": Cell(
            model="leaky_if",
            integrator="euler",
            receptors={
                "AMPA": Receptor(model="cond_exp", E_rev=0 * mV, tau_decay=2.5 * ms),
                "jump": Receptor(model="delta"),
            },
            I_e=185 * pA,
            **LIF,
        ),
        "held_lif": Cell(
            model="leaky_if",
            integrator="euler",
            receptors={"kick": Receptor(model="delta_at_once")},
            t_ref=2 * ms,
            I_e=190 * pA,
            **LIF,
        ),
        "current_lif": Cell(
            model="leaky_if",
            integrator="exact",
            C_m=250 * pF,
            g_L=25 * nS,
            E_L=-65 * mV,
            V_th=-50 * mV,
            V_reset=-65 * mV,
            t_ref=1.5 * ms,
            I_e=380 * pA,
            spike={"when": "V >= V_th"},
            receptors={
                "exc": Receptor(model="curr_exp", tau_decay=0.5 * ms),
                "jump": Receptor(model="delta"),
            },
        ),
        "exponential_if": Cell(
            model=EXPONENTIAL_IF,
            integrator="euler",
            C_m=281 * pF,
            g_L=30 * nS,
            E_L=-70.6 * mV,
            V_T=-50.4 * mV,
            Delta_T=2 * mV,
            V_peak=0 * mV,
            V_reset=-60 * mV,
            t_ref=0.5 * ms,
            I_e=620 * pA,
            receptors={"exc": Receptor(model="curr_exp", tau_decay=3 * ms)},
        ),
        "ricker_map": Cell(
            model=RICKER_MAP, integrator="euler", growth=2.85, drift="1e-4/ms", tau=0.1 * ms
        ),
        "counter": Cell(
            model=COUNTER,
            receptors={"arrivals": Receptor(model=ADD_ARRIVALS)},
        ),
    },
    populations={
        "izh": Population(
            size=60,
            cell="izhikevich",
            parameters={"I_e": "(8 + 0.1*i)*mV/ms", "c": "-65*mV + 0.25*mV*i"},
        ),
        "hr": Population(size=20, cell="hindmarsh_rose"),
        "adex": Population(
            size=8,
            cell="irregular_adex",
            parameters={"I_e": "100*pA + 2*pA*i"},
            initial={"V": "-50*mV + 0.5*mV*i"},
        ),
        "lif": Population(
            size=40,
            cell="conductance_lif",
            parameters={"t_ref": "(i - 12*floor(i/12))*0.1*ms"},
            initial={"V": "-70*mV + 0.4*mV*i"},
        ),
        "held": Population(size=12, cell="held_lif", initial={"V": "-70*mV + 1.4*mV*i"}),
        "psc": Population(size=16, cell="current_lif", initial={"V": "-65*mV + 0.9*mV*i"}),
        "eif": Population(size=10, cell="exponential_if", parameters={"I_e": "600*pA + 10*pA*i"}),
        "map": Population(size=8, cell="ricker_map"),
        "count": Population(size=5, cell="counter"),
    },
    inputs={
        "noise": Poisson(model="poisson", size=50, rate="(100 + 4*i)*hertz"),
        "beat": SpikeTimes(
            model="spike_times",
            times=[
                [0 * ms, 10 * ms, 20.3 * ms, 100 * ms, 299.9 * ms],
                [],
                [0.1 * ms, 50 * ms, 150 * ms],
            ],
        ),
    },
    projections={
        "izh_izh": Projection(
            source="izh",
            target="izh",
            receptor="kick",
            rule=bernoulli(0.2),
            weight="(1.5 - 0.05*i)*mV",
            delay=spread("7*i + 3*j"),
        ),
        "hr_hr": Projection(
            source="hr",
            target="hr",
            receptor="kick",
            rule={"all_to_all": {"allow_autapses": False}},
            weight="0.01*(1 + 0.1*(j - i))",
            delay=spread("i + 5*j"),
        ),
        "hr_gates": Projection(
            source="hr",
            target="hr",
            receptor="gating",
            rule={"one_to_one": {}},
            weight=1,
            delay=0.5 * ms,
        ),
        "hr_adex": Projection(
            source="hr",
            target="adex",
            receptor="nmda",
            rule={"all_to_all": {}},
            weight=1,
        ),
        "adex_adex": Projection(
            source="adex",
            target="adex",
            receptor="exc",
            rule=bernoulli(0.3),
            weight=0.5 * nS,
            delay=spread("5*i + 3*j"),
        ),
        "adex_gap": Projection(
            source="adex",
            target="adex",
            receptor="gap",
            rule={
                "explicit": {"pairs": [[i, (i + step) % 8] for i in range(8) for step in (1, 4, 7)]}
            },
            weight="(3 + 0.2*(i + j))*nS",
        ),
        "izh_lif": Projection(
            source="izh",
            target="lif",
            receptor="AMPA",
            rule=bernoulli(0.3),
            weight=2 * nS,
            delay=1.5 * ms,
        ),
        "lif_lif": Projection(
            source="lif",
            target="lif",
            receptor="jump",
            rule=bernoulli(0.2),
            weight="(0.7 - 0.03*i)*mV",
            delay=spread("3*i + j"),
        ),
        "lif_izh": Projection(
            source="lif[0:20]",
            target="izh[10:60]",
            receptor="kick",
            rule=bernoulli(0.1),
            weight=-0.8 * mV,
            delay=0 * ms,
        ),
        "held_held": Projection(
            source="held",
            target="held",
            receptor="kick",
            rule={
                "explicit": {
                    "pairs": [
                        *([0, 0], [0, 1], [0, 1], [5, 5], [3, 4], [2, 9]),
                        *([9, 2], [9, 2], [11, 0], [4, 7], [7, 8], [8, 3]),
                    ]
                }
            },
            weight={
                "values": [1.1, 0.6, 0.35, 0.9, 1.3, 0.7, -0.4, 1.9, 2.3, 0.5, 0.8, 1.7],
                "unit": "mV",
            },
            delay={
                "values": [0, 0.1, 1.5, 0.4, 0, 0.2, 2, 1.9, 2.1, 0.7, 0.3, 1],
                "unit": "ms",
            },
        ),
        "noise_held": Projection(
            source="noise",
            target="held",
            receptor="kick",
            rule={"all_to_all": {}},
            weight=0.9 * mV,
            delay=0 * ms,
        ),
        "noise_lif": Projection(
            source="noise",
            target="lif",
            receptor="AMPA",
            rule=bernoulli(0.5),
            weight=0.6 * nS,
            delay=1.2 * ms,
            connected=False,
        ),
        "noise_psc": Projection(
            source="noise",
            target="psc",
            receptor="exc",
            rule=bernoulli(0.4),
            weight="(80 + i)*pA",
            delay=0.3 * ms,
        ),
        "psc_psc": Projection(
            source="psc",
            target="psc",
            receptor="jump",
            rule=bernoulli(0.3),
            weight=-0.45 * mV,
            delay=1.5 * ms,
        ),
        "izh_eif": Projection(
            source="izh",
            target="eif",
            receptor="exc",
            rule=bernoulli(0.3),
            weight=35 * pA,
            delay=0.8 * ms,
        ),
        "map_eif": Projection(
            source="map",
            target="eif",
            receptor="exc",
            rule={"all_to_all": {}},
            weight=2 * pA,
            delay=0.2 * ms,
        ),
        "noise_count": Projection(
            source="noise",
            target="count",
            receptor="arrivals",
            rule=bernoulli(0.3),
            weight=1,
            delay=0.5 * ms,
        ),
        "count_lif": Projection(
            source="count",
            target="lif[0:5]",
            receptor="AMPA",
            rule={"one_to_one": {}},
            weight=1.5 * nS,
            delay=0.1 * ms,
        ),
        "beat_izh": Projection(
            source="beat",
            target="izh[0:3]",
            receptor="kick",
            rule={"one_to_one": {}},
            weight=4 * mV,
            delay=0 * ms,
        ),
    },
    timeline=[
        {"at": 0 * ms, "set": {"held[0:2].V": -53 * mV}},
        {"at": 12 * ms, "set": {"adex.V": "-52*mV + 0.1*mV*i"}},
        {"at": 70.1 * ms, "connect": "noise_lif"},
        {"at": 90 * ms, "set": {"izh_lif.weight": "(3 - 0.02*i + 0.01*j)*nS"}},
        {"at": 110.2 * ms, "disconnect": "lif_izh"},
        {"at": 120 * ms, "set": {"izh[0:30].I_e": 6 * mV / ms, "izh[5:9].V": -70 * mV}},
        {
            "at": 150 * ms,
            "set": {"noise.rate": "(300 - 2*i)*hertz", "lif[0:20].t_ref": 0.9 * ms},
        },
        {"at": 160 * ms, "connect": "lif_izh"},
        {"at": 200 * ms, "set": {"psc.I_e": 350 * pA, "psc[3:8].t_ref": 0.2 * ms}},
        {"at": 210 * ms, "disconnect": "noise_held"},
    ],
    monitors=Monitors(
        spikes=["izh", "hr", "adex", "lif", "held", "psc", "eif", "map", "count", "noise", "beat"],
        states=[
            {"of": "izh[0:5]", "variables": ["V", "U"]},
            {"of": "hr[3:6]", "variables": ["x"], "every": 7},
            {"of": "adex[2:5]", "variables": ["V", "w"], "every": 9},
            {"of": "lif[0:13]", "variables": ["V", "g_AMPA"], "every": 10},
            {"of": "held", "variables": ["V"]},
            {"of": "psc[2:4]", "variables": ["I_exc"]},
            {"of": "eif", "variables": ["V"], "every": 25},
            {"of": "map[0:4]", "variables": ["x", "y"], "every": 11},
        ],
    ),
)

if __name__ == "__main__":
    results = network.run()
    print(results)
    results.plot_raster().savefig("canary.png")
