"""Frequency over current of three neurons: the network of `f_i_curve.json`.

A sweep is a population in which each neuron has its own current. Points are simulated, lines are
closed forms: Gerstner, Kistler, Naud and Paninski, Neuronal Dynamics (2014), sections 1.3, 5.3 and
6.1; the rheobase of the adapting neuron after Touboul and Brette, Biological Cybernetics 99 (2008).

Start it with `python examples/f_i_curve.py`; it writes `f_i_curve.png`.
"""

import numpy as np

import netspec
from netspec import Cell, Population

STEPS = {"leaky": 10, "quadratic": 10, "adapting": 30}
"""Between the currents of neighbours, in pA."""

SIZE = 61

network = netspec.Network(
    netspec="1",
    name="f_i_curve",
    seed=1,
    dt="0.1 ms",
    duration="1 s",
    cells={
        "leaky": Cell(
            model="leaky_if",
            integrator="exact",
            C_m="200 pF",
            g_L="10 nS",
            E_L="-70 mV",
            V_th="-50 mV",
            V_reset="-60 mV",
            t_ref="2 ms",
        ),
        "quadratic": Cell(
            model="quadratic_if",
            integrator="rk4",
            C_m="200 pF",
            g_L="10 nS",
            E_L="-70 mV",
            V_th="-50 mV",
            V_peak="20 mV",
            V_reset="-60 mV",
            t_ref="2 ms",
        ),
        "adapting": Cell(
            model="adex",
            integrator="rk4",
            C_m="281 pF",
            g_L="30 nS",
            E_L="-70.6 mV",
            V_th="-50.4 mV",
            Delta_T="2 mV",
            V_peak="20 mV",
            V_reset="-70.6 mV",
            a="4 nS",
            b="80.5 pA",
            tau_w="144 ms",
        ),
    },
    populations={
        name: Population(size=SIZE, cell=name, parameters={"I_e": f"{step}*pA*i"})
        for name, step in STEPS.items()
    },
    monitors=netspec.Monitors(spikes=list(STEPS)),
)


def currents(name):
    """Return the current of each neuron in pA."""
    return STEPS[name] * np.arange(SIZE)


def intervals(results, name, which):
    """Return the first (0) or last (-1) interval of each neuron in ms; infinite if it has none."""
    found = [np.diff(times) for times in results.spikes[name].trains().values()]
    return np.array([each[which] if len(each) else np.inf for each in found])


def interval_of_leaky(current):
    """Return how long V takes from -60 to -50 mV, plus 2 ms, for currents in pA above 200 pA."""
    target = -70 + current / 10
    return 2 + 20 * np.log((target + 60) / (target + 50))


def interval_of_quadratic(current):
    """Return how long V takes from -60 to 20 mV, plus 2 ms, for currents in pA above 50 pA.

    With x = V + 60 mV, the middle between rest and threshold, dx/dt is (x**2 + y**2)/(400 mV*ms).
    """
    y = np.sqrt(2 * current - 100)
    return 2 + 400 / y * (np.arctan(80 / y) - np.arctan(0 / y))


def rheobase_of_adapting():
    """Return the current in pA above which AdEx has no stable rest; here by a Hopf bifurcation."""
    g_L, a, Delta_T, V_th, E_L, tau_m, tau_w = 30, 4, 2, -50.4, -70.6, 281 / 30, 144
    lift = V_th - E_L - Delta_T + Delta_T * np.log(1 + tau_m / tau_w)
    return (g_L + a) * lift + Delta_T * g_L * (a / g_L - tau_m / tau_w)


def draw(results):
    """Draw frequency over current, simulated and in closed form."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    style = {"linestyle": "none", "marker": "o", "markersize": 3.5, "clip_on": False}
    for name, closed_form, onset, colour in (
        ("leaky", interval_of_leaky, 200, "#0072B2"),
        ("quadratic", interval_of_quadratic, 50, "#009E73"),
    ):
        fine = np.linspace(onset, 600, 4000)[1:]
        panels[0].plot(fine, 1000 / closed_form(fine), color=colour, linewidth=1)
        frequency = 1000 / intervals(results, name, -1)
        panels[0].plot(currents(name), frequency, color=colour, label=name, **style)
    panels[0].set_title("without adaptation; lines: closed forms", loc="left", fontsize=10)
    panels[0].set(xlim=(0, 600), ylim=(0, 160))
    for which, label, colour in (
        (0, "first interval", "#CC79A7"),
        (-1, "last interval", "#D55E00"),
    ):
        frequency = 1000 / intervals(results, "adapting", which)
        panels[1].plot(currents("adapting"), frequency, color=colour, label=label, **style)
    panels[1].axvline(rheobase_of_adapting(), color="grey", linestyle=":", label="rheobase")
    panels[1].set_title("adaptive exponential", loc="left", fontsize=10)
    panels[1].set(xlim=(0, 1800), ylim=(0, 180))
    for axes in panels:
        axes.set(xlabel="current (pA)", ylabel="frequency (Hz)")
        axes.legend(frameon=False, loc="upper left")
        axes.spines[["top", "right"]].set_visible(False)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("f_i_curve.png", dpi=100)
