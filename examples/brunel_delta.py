"""Four states of a sparse random network: `build(g, eta)`, and one of them in `brunel_delta.json`.

Brunel, "Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons",
J. Computational Neuroscience 8 (2000): model A, whose excitatory and inhibitory neurons are alike,
in the four states of its figure 8. A spike moves V of its targets by a jump.

Start it with `python examples/brunel_delta.py`; it runs four networks of 12,500 neurons and 15.6
million synapses, which takes two minutes and 2 GB, and writes `brunel_delta.png`.
"""

import numpy as np

import netspec
from netspec import Cell, FixedIndegree, PoissonDrive, Population, Projection, Receptor

SIZES = {"exc": 10_000, "inh": 2_500}
INDEGREES = {"exc": 1_000, "inh": 250}
J = 0.1
"""Jump of V that an excitatory spike causes, in mV."""

THRESHOLD_RATE = 10_000
"""External spikes per second that alone would take V to the threshold: V_th/(J*tau_m), in Hz."""

STATES = {
    "A": (3, 2, "300 ms", "synchronous, regular"),
    "B": (6, 4, "500 ms", "synchronous, irregular, fast"),
    "C": (5, 2, "500 ms", "asynchronous, irregular"),
    "D": (4.5, 0.9, "1 s", "synchronous, irregular, slow"),
}
"""Relative strength of inhibition g, external rate eta, how long to run, and what is seen."""

TRANSIENT = 100
"""What is measured begins here, in ms."""


def build(g=5, eta=2, scale=1, duration="500 ms"):
    """Return the network of one state.

    Args:
        g: Strength of inhibition relative to that of excitation.
        eta: External rate relative to the rate that would take V to the threshold.
        scale: Of the number of neurons. Each has as many synapses as before, so that rates stay and
            synchrony grows.
        duration: How long to run.
    """
    weights = {"exc": f"{J} mV", "inh": f"{-g * J:.15g} mV"}
    return netspec.Network(
        netspec="1",
        name="brunel_delta",
        seed=2000,
        dt="0.1 ms",
        duration=duration,
        cells={
            "neuron": Cell(
                model="leaky_if",
                integrator="exact",
                C_m="250 pF",
                tau_m="20 ms",
                E_L="0 mV",
                V_th="20 mV",
                V_reset="10 mV",
                t_ref="2 ms",
                receptors={"jump": Receptor(model="delta")},
            )
        },
        populations={
            name: Population(size=round(size * scale), cell="neuron")
            for name, size in SIZES.items()
        },
        inputs={
            f"ext_{target}": PoissonDrive(
                target=target,
                receptor="jump",
                rate=f"{eta * THRESHOLD_RATE:.15g} Hz",
                weight=weights["exc"],
            )
            for target in SIZES
        },
        projections={
            f"{source}_{target}": Projection(
                source=source,
                target=target,
                receptor="jump",
                rule={"fixed_indegree": FixedIndegree(indegree=INDEGREES[source])},
                weight=weights[source],
                delay="1.5 ms",
            )
            for source in SIZES
            for target in SIZES
        },
        monitors=netspec.Monitors(spikes=list(SIZES)),
    )


network = build()


def counts(results, steps=1):
    """Return how many excitatory neurons spike in each bin of so many steps."""
    found = np.bincount(results.spikes["exc"].step, minlength=results.steps)[10 * TRANSIENT :]
    return found.reshape(-1, steps).sum(1)


def rate(results):
    """Return the rate of an excitatory neuron, in Hz."""
    return counts(results).mean() / len(results.spikes["exc"].count) / results.dt


def variation(results):
    """Return the CV of all intervals between the spikes of a neuron."""
    trains = results.spikes["exc"].trains().values()
    intervals = np.concatenate([np.diff(times[times >= TRANSIENT]) for times in trains])
    return intervals.std() / intervals.mean()


def spectrum(results):
    """Return the power spectrum of the population, and its frequencies in Hz.

    The power is averaged over bands of 10 Hz; independent Poisson processes have a power of 1.
    """
    found = counts(results)
    power = abs(np.fft.rfft(found - found.mean())) ** 2 / found.sum()
    band = max(1, round(10 * len(found) * results.dt))
    frequencies = np.fft.rfftfreq(len(found), results.dt)
    return np.convolve(power, np.ones(band) / band, "same")[band:-band], frequencies[band:-band]


def peak(results):
    """Return the frequency with the largest power, up to 1 kHz."""
    power, frequencies = spectrum(results)
    return frequencies[power[frequencies <= 1000].argmax()]


def draw(results):
    """Draw spikes of 50 neurons, the rate of all and its spectrum in each of the states."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(
        3, len(results), figsize=(12, 6.5), height_ratios=[2, 1.2, 1.2], layout="constrained"
    )
    for (state, each), (rows, activity, power) in zip(results.items(), panels.T, strict=True):
        g, eta, _, words = STATES[state]
        window, bin_steps, highest = (50, 1, 2000) if state == "A" else (200, 5, 500)
        end = TRANSIENT + window
        spikes = each.spikes["exc"]
        some = (spikes.i < 50) & (spikes.t >= TRANSIENT) & (spikes.t < end)
        rows.plot(spikes.t[some], spikes.i[some], "|", color="#0072B2", markersize=3)
        rows.set_title(f"{state}: {words}\n$g$ = {g}, $\\eta$ = {eta}", loc="left", fontsize=10)
        rows.tick_params(labelbottom=False)
        width = 0.1 * bin_steps
        found = counts(each, bin_steps) / len(spikes.count) / (width / 1000)
        edges = TRANSIENT + width * np.arange(len(found) + 1)
        activity.stairs(found, edges, color="black", linewidth=0.8)
        activity.set(xlabel="time (ms)", ylim=(0, None))
        about = f"{rate(each):.1f} Hz, CV {variation(each):.2f}"
        activity.set_title(about, loc="right", fontsize=9)
        for axes in (rows, activity):
            axes.set_xlim(TRANSIENT, end)
        density, frequencies = spectrum(each)
        power.plot(frequencies, density, color="#D55E00", linewidth=1)
        power.set(xlabel="frequency (Hz)", xlim=(0, highest), yscale="log", ylim=(0.3, 1e6))
        power.set_title(f"peak at {peak(each):.0f} Hz", loc="right", fontsize=9)
    panels[0, 0].set_ylabel("50 neurons")
    panels[1, 0].set_ylabel("activity (Hz)")
    panels[2, 0].set_ylabel("power")
    for axes in panels.flat:
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = {}
    for state, (g, eta, duration, _) in STATES.items():
        results[state] = build(g, eta, duration=duration).run()
        print(results[state])
    draw(results).savefig("brunel_delta.png", dpi=90)
