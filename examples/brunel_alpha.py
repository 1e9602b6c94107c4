"""A sparse random network with currents for synapses: `build(g, eta)`, and `brunel_alpha.json`.

The network of Brunel (2000), with synaptic currents of the shape of an alpha function in place of
jumps of V, as in NEST's example `brunel_alpha_nest.py`: V is reset to 0 mV, and the weight makes a
postsynaptic potential of 0.1 mV at its peak.

Start it with `python examples/brunel_alpha.py`; it writes `brunel_alpha.png`.
"""

import numpy as np

import netspec
from netspec import Cell, FixedIndegree, PoissonDrive, Population, Projection, Receptor

SIZES = {"exc": 10_000, "inh": 2_500}
INDEGREES = {"exc": 1_000, "inh": 250}
J = 20.68015524367846
"""Peak of the current of an excitatory synapse, in pA, for a potential of 0.1 mV."""

THRESHOLD_RATE = 8894.503857360942
"""External spikes per second that alone would take V to the threshold, in Hz."""

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
    weights = {"exc": f"{J} pA", "inh": f"{-g * J:.15g} pA"}
    return netspec.Network(
        netspec="1",
        name="brunel_alpha",
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
                V_reset="0 mV",
                t_ref="2 ms",
                receptors={"current": Receptor(model="curr_alpha", tau_decay="0.5 ms")},
            )
        },
        populations={
            name: Population(size=round(size * scale), cell="neuron")
            for name, size in SIZES.items()
        },
        inputs={
            f"ext_{target}": PoissonDrive(
                target=target,
                receptor="current",
                rate=f"{eta * THRESHOLD_RATE:.15g} Hz",
                weight=weights["exc"],
            )
            for target in SIZES
        },
        projections={
            f"{source}_{target}": Projection(
                source=source,
                target=target,
                receptor="current",
                rule={"fixed_indegree": FixedIndegree(indegree=INDEGREES[source])},
                weight=weights[source],
                delay="1.5 ms",
            )
            for source in SIZES
            for target in SIZES
        },
        monitors=netspec.Monitors(
            spikes=list(SIZES),
            states=[netspec.StateMonitor(of="exc[0:1]", variables=["V", "I_current"])],
        ),
    )


network = build()


def counts(results, name="exc", steps=1):
    """Return how many neurons spike in each bin of so many steps."""
    found = np.bincount(results.spikes[name].step, minlength=results.steps)[10 * TRANSIENT :]
    return found.reshape(-1, steps).sum(1)


def rate(results, name="exc"):
    """Return the rate of a neuron, in Hz."""
    return counts(results, name).mean() / len(results.spikes[name].count) / results.dt


def intervals(results, name="exc"):
    """Return all intervals between the spikes of a neuron, in ms."""
    trains = results.spikes[name].trains().values()
    return np.concatenate([np.diff(times[times >= TRANSIENT]) for times in trains])


def variation(results, name="exc"):
    """Return the CV of these intervals."""
    found = intervals(results, name)
    return found.std() / found.mean()


def spectrum(results):
    """Return the power spectrum of the excitatory population, and its frequencies in Hz.

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
    """Draw spikes, rates and V on the left, intervals and the spectrum on the right."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplot_mosaic(
        [["rows", "intervals"], ["rows", "intervals"], ["activity", "power"], ["V", "power"]],
        figsize=(10, 6.5),
        width_ratios=[2, 1],
        layout="constrained",
    )
    colours = {"exc": "#0072B2", "inh": "#D55E00"}
    end = TRANSIENT + 200
    for name, bottom in (("exc", 0), ("inh", 50)):
        spikes = results.spikes[name]
        some = (spikes.i < 50) & (spikes.t >= TRANSIENT) & (spikes.t < end)
        style = {"color": colours[name], "markersize": 3}
        panels["rows"].plot(spikes.t[some], spikes.i[some] + bottom, "|", **style)
        found = counts(results, name, 5) / len(spikes.count) / 0.5e-3
        edges = TRANSIENT + 0.5 * np.arange(len(found) + 1)
        label = f"{name}, {rate(results, name):.1f} Hz"
        style = {"color": colours[name], "linewidth": 0.8, "label": label}
        panels["activity"].stairs(found, edges, **style)
        style["label"] = f"{name}, CV {variation(results, name):.2f}"
        bins = {"bins": np.arange(0, 101, 2), "density": True, "histtype": "step"}
        panels["intervals"].hist(intervals(results, name), **bins, **style)
    panels["rows"].set(ylim=(-1, 100), yticks=[25, 75], yticklabels=["exc", "inh"])
    panels["rows"].tick_params(axis="y", length=0)
    panels["rows"].set_title("50 neurons of each population", loc="left", fontsize=10)
    panels["activity"].set(ylim=(0, None), ylabel="activity (Hz)")
    trace, own = results.states["exc"]["V"], results.spikes["exc"]
    V = trace.to("mV")[:, 0]
    V[own.step[own.i == 0]] = 40
    panels["V"].plot(trace.t, V, color="black", linewidth=0.7)
    panels["V"].axhline(20, color="black", linestyle=":", linewidth=0.8)
    panels["V"].set(ylabel="V (mV)", xlabel="time (ms)")
    for name in ("rows", "activity", "V"):
        panels[name].set_xlim(TRANSIENT, end)
    for name in ("rows", "activity"):
        panels[name].tick_params(labelbottom=False)
    panels["intervals"].set(xlabel="interval (ms)", ylabel="density (1/ms)", xlim=(0, 100))
    power, frequencies = spectrum(results)
    panels["power"].plot(frequencies, power, color=colours["exc"], linewidth=1)
    panels["power"].set(xlabel="frequency (Hz)", ylabel="power", xlim=(0, 500), yscale="log")
    panels["power"].set_title(f"peak at {peak(results):.0f} Hz", loc="right", fontsize=9)
    panels["activity"].legend(frameon=False, ncols=2, loc="upper right", fontsize=9)
    panels["intervals"].legend(frameon=False, fontsize=9)
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("brunel_alpha.png", dpi=100)
