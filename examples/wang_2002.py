"""A network that decides: `build(coherence)`, and the network of `wang_2002.json`.

Wang, "Probabilistic decision making by slow reverberation in cortical circuits", Neuron 36 (2002).
Two pools of excitatory neurons compete through shared inhibition; recurrent NMDA receptors, whose
gating is summed once per pool, integrate the noisy evidence for the one or the other.

Start it with `python examples/wang_2002.py`; it runs six trials and writes `wang_2002.png`.
"""

import numpy as np

import netspec
from netspec import Cell, Noise, PoissonDrive, Population, Projection, Receptor, Table

SIZES = {"exc_a": 240, "exc_b": 240, "exc_rest": 1120, "inh": 400}
EXCITATORY = ["exc_a", "exc_b", "exc_rest"]
F = 0.15
"""Share of the excitatory neurons that a pool has."""

WITHIN = 1.7
"""Relative strength of synapses within a pool."""

BETWEEN = 1 - F * (WITHIN - 1) / (1 - F)
"""Relative strength of excitatory synapses onto a pool from outside of it."""

STRENGTHS = [[WITHIN, BETWEEN, BETWEEN], [BETWEEN, WITHIN, BETWEEN], [1, 1, 1], [1, 1, 1]]
"""Relative strengths: a row for each target, a column for each excitatory source."""

MEMBRANE = {
    "model": "leaky_if",
    "integrator": "rk2",
    "E_L": "-70 mV",
    "V_th": "-50 mV",
    "V_reset": "-55 mV",
}


def receptors(g_nmda):
    """Return the receptors of a neuron, with the conductance of a recurrent NMDA synapse."""
    return {
        "AMPA": Receptor(model="cond_exp", E_rev="0 mV", tau_decay="2 ms"),
        "GABA": Receptor(model="cond_exp", E_rev="-70 mV", tau_decay="5 ms"),
        "NMDA": Receptor(model="nmda_pooled", E_rev="0 mV", g=g_nmda),
    }


CELLS = {
    "pyramidal": Cell(
        **MEMBRANE,
        C_m="500 pF",
        g_L="25 nS",
        t_ref="2 ms",
        receptors={"gating": Receptor(model="nmda_gating"), **receptors("0.165 nS")},
    ),
    "interneuron": Cell(
        **MEMBRANE, C_m="200 pF", g_L="20 nS", t_ref="1 ms", receptors=receptors("0.13 nS")
    ),
}


def drive(target, rate, **window):
    """Return Poisson input at AMPA receptors, with the weight of external synapses."""
    weight = "1.62 nS" if target == "inh" else "2.1 nS"
    return PoissonDrive(target=target, receptor="AMPA", rate=rate, weight=weight, **window)


def evidence(target, mean, start, stop):
    """Return the stimulus of a pool: its neurons share a rate that is drawn every 50 ms."""
    rate = Noise(mean=mean, sd="4 Hz", interval="50 ms", shared=True, clip=["0 Hz", None])
    return drive(target, {"noise": rate}, start=start, stop=stop)


def build(coherence=12.8, seed=2002, start="500 ms", stop="1500 ms", duration="2 s"):
    """Return the network of one trial.

    Args:
        coherence: Of the evidence for pool a, in per cent; negative where it is for pool b.
        seed: Of the trial.
        start: When the stimulus begins.
        stop: When it ends.
        duration: How long to run.
    """
    means = {"exc_a": 40 + 0.4 * coherence, "exc_b": 40 - 0.4 * coherence}
    return netspec.Network(
        netspec="1",
        name="wang_2002",
        seed=seed,
        dt="0.1 ms",
        duration=duration,
        cells=CELLS,
        populations={
            name: Population(
                size=size,
                cell="interneuron" if name == "inh" else "pyramidal",
                initial={"V": "-52 mV"},
            )
            for name, size in SIZES.items()
        },
        inputs={
            **{f"ext_{name}": drive(name, "2400 Hz") for name in SIZES},
            **{
                f"stimulus_{name}": evidence(name, f"{mean:.15g} Hz", start, stop)
                for name, mean in means.items()
            },
        },
        projections={
            f"own_spikes_{name}": Projection(
                source=name,
                target=name,
                receptor="gating",
                rule={"one_to_one": {}},
                weight=1,
                delay="0.5 ms",
            )
            for name in EXCITATORY
        },
        tables={
            "ampa": Table(
                sources=EXCITATORY,
                targets=list(SIZES),
                receptor="AMPA",
                rule={"all_to_all": {}},
                weight={
                    "table": [
                        [f"{g * strength:.15g} nS" for strength in row]
                        for g, row in zip((0.05, 0.05, 0.05, 0.04), STRENGTHS, strict=True)
                    ]
                },
                delay="0.5 ms",
            ),
            "nmda": Table(
                sources=EXCITATORY,
                targets=list(SIZES),
                receptor="NMDA",
                rule={"all_to_all": {}},
                weight={"table": STRENGTHS},
            ),
            "gaba": Table(
                sources=["inh"],
                targets=list(SIZES),
                receptor="GABA",
                rule={"all_to_all": {}},
                weight={"by_target": ["1.3 nS", "1.3 nS", "1.3 nS", "1 nS"]},
                delay="0.5 ms",
            ),
        },
        monitors=netspec.Monitors(spikes=list(SIZES)),
    )


network = build()
