"""A network that decides: `build(coherence)`, and the network of `wang_2002.json`.

Wang, "Probabilistic decision making by slow reverberation in cortical circuits", Neuron 36 (2002).
Two pools of excitatory neurons compete through shared inhibition; recurrent NMDA receptors, whose
gating is summed once per pool, integrate the noisy evidence for the one or the other.

Start it with `python examples/wang_2002.py`; it runs eight trials and writes `wang_2002.png`.
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

BETWEEN = round(1 - F * (WITHIN - 1) / (1 - F), 15)
"""Relative strength of excitatory synapses onto a pool from outside of it."""

STRENGTHS = [[WITHIN, BETWEEN, BETWEEN], [BETWEEN, WITHIN, BETWEEN], [1, 1, 1], [1, 1, 1]]
"""Relative strengths: a row for each target, a column for each excitatory source."""

MEMBRANE = {
    "model": "leaky_if",
    "integrator": "euler",
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


def rate(results, name, width=50):
    """Return the rate of a population in bins of `width` ms, in Hz."""
    steps = round(width / 1000 / results.dt)
    spikes = results.spikes[name]
    counts = np.bincount(spikes.step, minlength=results.steps)
    counts = counts[: len(counts) // steps * steps].reshape(-1, steps).sum(1)
    return counts / len(spikes.count) / (width / 1000)


def choice(results, stop=1500):
    """Return the pool with more spikes in the last 250 ms before `stop`."""
    end = stop // 50
    return max(("exc_a", "exc_b"), key=lambda name: rate(results, name)[end - 5 : end].sum())


def draw(trials):
    """Draw spikes and rates of one trial, and the rates of the pools in all.

    Args:
        trials: Results of the trials of each coherence.
    """
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [["rows", 0], ["rows", 0], ["rows", 1], ["rates", 1]],
        figsize=(10, 6.5),
        width_ratios=[1.5, 1],
        layout="constrained",
    )
    colours = {"exc_a": "#0072B2", "exc_b": "#E69F00", "exc_rest": "#999999", "inh": "#D55E00"}
    coherence, (first, *_) = next(iter(trials.items()))
    bottom, middles = 0, []
    for name, shown in {"inh": 40, "exc_rest": 40, "exc_b": 80, "exc_a": 80}.items():
        spikes = first.spikes[name]
        some = spikes.i < shown
        style = {"color": colours[name], "markersize": 2}
        panels["rows"].plot(spikes.t[some], spikes.i[some] + bottom, "|", **style)
        middles.append(bottom + shown / 2)
        bottom += shown
    panels["rows"].set(ylim=(-1, bottom), yticks=middles, yticklabels=["inh", "rest", "b", "a"])
    panels["rows"].tick_params(axis="y", length=0)
    title = f"one trial at {coherence} %, some neurons of each population"
    panels["rows"].set_title(title, loc="left", fontsize=10)
    t = 25 + 50 * np.arange(len(rate(first, "inh")))
    for name, colour in colours.items():
        style = {"color": colour, "label": name.removeprefix("exc_")}
        panels["rates"].plot(t, rate(first, name), **style)
    panels["rates"].legend(frameon=False, ncols=2, fontsize=9, loc="upper left")
    for panel, (coherence, each) in enumerate(trials.items()):
        for trial, dashes in zip(each, ("-", "--", "-.", ":"), strict=False):
            for name in ("exc_a", "exc_b"):
                style = {"color": colours[name], "linewidth": 1, "linestyle": dashes}
                panels[panel].plot(t, rate(trial, name), **style)
        won = sum(choice(trial) == "exc_a" for trial in each)
        title = f"{coherence} %: {won} of {len(each)} trials for a"
        panels[panel].set_title(title, loc="left", fontsize=10)
    for name, axes in panels.items():
        axes.axvspan(500, 1500, color="#009E73", alpha=0.1, linewidth=0)
        axes.set_xlim(0, t[-1] + 25)
        axes.spines[["top", "right"]].set_visible(False)
        if name != "rows":
            axes.set(xlabel="time (ms)", ylabel="rate (Hz)", ylim=(0, None))
    return figure


if __name__ == "__main__":
    trials = {}
    for coherence in (12.8, 0):
        trials[coherence] = [build(coherence, seed).run() for seed in range(4)]
        print(coherence, [choice(trial) for trial in trials[coherence]])
    draw(trials).savefig("wang_2002.png", dpi=90)
