"""Twenty firing patterns of one simple model: the network of `izhikevich_patterns.json`.

Figure 1 of Izhikevich, "Which model to use for cortical spiking neurons?", IEEE Transactions on
Neural Networks 15 (2004), as the program drew it that belongs to the paper: Euler steps of V, then
of U from the new V, in a step of 0.1, 0.2, 0.25 or 0.5 ms. A description has one `dt`, which is
0.05 ms here; each neuron counts how many of them it waits until it moves.

Start it with `python examples/izhikevich_patterns.py`; it writes `izhikevich_patterns.png`.
"""

from dataclasses import dataclass, field

import netspec


@dataclass(frozen=True)
class Pattern:
    """One neuron: its values in ms and mV, and its panel in the picture.

    Attributes:
        changes: When `I_e` changes, and to what.
        until: Where the panel ends.
    """

    a: float
    b: float
    c: float
    d: float
    V: float
    until: float
    changes: dict[float, float] = field(default_factory=dict)
    step: float = 0.25
    slope: float = 5
    offset: float = 140
    V_U: float = 0
    leak: float = 1
    I_e: float = 0
    ramp: float = 0
    ramp_from: float = 0


PATTERNS = {
    "tonic spiking": Pattern(0.02, 0.2, -65, 6, -70, 100, {10.25: 14}),
    "phasic spiking": Pattern(0.02, 0.25, -65, 6, -64, 200, {20.25: 0.5}),
    "tonic bursting": Pattern(0.02, 0.2, -50, 2, -70, 220, {22.25: 15}),
    "phasic bursting": Pattern(0.02, 0.25, -55, 0.05, -64, 200, {20.2: 0.6}, step=0.2),
    "mixed mode": Pattern(0.02, 0.2, -55, 4, -70, 160, {16.25: 10}),
    "spike frequency adaptation": Pattern(0.01, 0.2, -65, 8, -70, 85, {8.75: 30}),
    "class 1 excitability": Pattern(
        *(0.02, -0.1, -55, 6, -60, 300), slope=4.1, offset=108, ramp=0.075, ramp_from=30
    ),
    "class 2 excitability": Pattern(
        *(0.2, 0.26, -65, 0, -64, 300), I_e=-0.5, ramp=0.015, ramp_from=30
    ),
    "spike latency": Pattern(0.02, 0.2, -65, 6, -70, 100, {10.2: 7.04, 13: 0}, step=0.2),
    "subthreshold oscillations": Pattern(0.05, 0.26, -60, 0, -62, 200, {20.25: 2, 25: 0}),
    "resonator": Pattern(
        *(0.1, 0.26, -60, -1, -62, 400),
        {40.25: 0.65, 44: 0, 60.25: 0.65, 64: 0, 280.25: 0.65, 284: 0, 320.25: 0.65, 324: 0},
    ),
    "integrator": Pattern(
        *(0.02, -0.1, -55, 6, -60, 100),
        {9.25: 9, 11.25: 0, 14.25: 9, 16.25: 0, 70.25: 9, 72: 0, 80.25: 9, 82: 0},
        slope=4.1,
        offset=108,
    ),
    "rebound spike": Pattern(0.03, 0.25, -60, 4, -64, 200, {20.2: -15, 25: 0}, step=0.2),
    "rebound burst": Pattern(0.03, 0.25, -52, 0, -64, 200, {20.2: -15, 25: 0}, step=0.2),
    "threshold variability": Pattern(
        *(0.03, 0.25, -60, 4, -64, 100),
        {10.25: 1, 15: 0, 70.25: -6, 75: 0, 80.25: 1, 85: 0},
    ),
    "bistability": Pattern(
        *(0.1, 0.26, -60, 0, -61, 300),
        {37.75: 1.24, 42.5: 0.24, 216.25: 1.24, 221: 0.24},
        I_e=0.24,
    ),
    "depolarizing after-potential": Pattern(
        *(1, 0.2, -60, -21, -70, 50), {9.1: 20, 11: 0}, step=0.1
    ),
    "accommodation": Pattern(*(0.02, 1, -55, 4, -65, 400), step=0.5, V_U=-65, leak=0, ramp=0.04),
    "inhibition-induced spiking": Pattern(
        *(-0.02, -1, -60, 8, -63.8, 350), {50: 75, 250.5: 80}, step=0.5, I_e=80
    ),
    "inhibition-induced bursting": Pattern(
        *(-0.026, -1, -45, -2, -63.8, 350), {50: 75, 250.5: 80}, step=0.5, I_e=80
    ),
}

UNITS = {
    "a": "1/ms",
    "b": "1/ms",
    "c": "mV",
    "d": "mV/ms",
    "step": "ms",
    "slope": "1/ms",
    "offset": "mV/ms",
    "V_U": "mV",
    "leak": "1",
    "I_e": "mV/ms",
    "ramp": "mV/ms**2",
    "ramp_from": "ms",
}

SIMPLE_MODEL = {
    "equations": {
        "source": "Izhikevich, IEEE Trans. Neural Networks 15 (2004), and its figure1.m.",
        "parameters": UNITS,
        "definitions": {
            "I": "I_e + ramp*max(t - ramp_from, 0*ms)",
            "dV": "where(wait < 0.5, step*(0.04/(ms*mV)*V**2 + slope*V + offset - U + I), 0*mV)",
            "dU": "where(wait < 0.5, step*a*(b*(V - V_U) - leak*U), 0*mV/ms)",
        },
        "state": {
            "V": {"unit": "mV", "initial": "-70 mV"},
            "U": {"unit": "mV/ms", "initial": "b*V"},
            "wait": {"unit": "1", "initial": "0"},
        },
        "update": [
            ["V = V + dV"],
            ["U = U + dU"],
            ["wait = where(wait < 0.5, step/dt, wait) - 1"],
        ],
        "spike": {"when": "V > 30*mV", "then": ["V = c", "U = U + d"]},
    }
}


def column(name, unit):
    """Return one value of every neuron."""
    return {"values": [getattr(each, name) for each in PATTERNS.values()], "unit": unit}


def change(at, neuron, variable, value):
    """Return an entry of the timeline that sets something of one neuron."""
    return {"at": f"{at} ms", "set": {f"patterns[{neuron}:{neuron + 1}].{variable}": value}}


ACCOMMODATION = list(PATTERNS).index("accommodation")
timeline = [
    change(0, ACCOMMODATION, "U", "-16 mV/ms"),
    *(
        change(at, neuron, "I_e", f"{drive} mV/ms")
        for neuron, each in enumerate(PATTERNS.values())
        for at, drive in each.changes.items()
    ),
    change(200, ACCOMMODATION, "ramp", "0 mV/ms**2"),
    change(300, ACCOMMODATION, "ramp", "0.32 mV/ms**2"),
    change(300, ACCOMMODATION, "ramp_from", "300 ms"),
    change(312.5, ACCOMMODATION, "ramp", "0 mV/ms**2"),
]

network = netspec.Network(
    netspec="1",
    name="izhikevich_patterns",
    seed=2004,
    dt="0.05 ms",
    duration="400 ms",
    cells={"simple_model": netspec.Cell(model=SIMPLE_MODEL)},
    populations={
        "patterns": netspec.Population(
            size=len(PATTERNS),
            cell="simple_model",
            parameters={name: column(name, unit) for name, unit in UNITS.items()},
            initial={"V": column("V", "mV")},
        )
    },
    timeline=timeline,
    monitors=netspec.Monitors(
        spikes=["patterns"],
        states=[netspec.StateMonitor(of="patterns", variables=["V", "I"])],
    ),
)


def draw(results):
    """Draw V of each neuron, spikes cut at 30 mV, and its input below on a scale of its own."""
    from matplotlib import pyplot as plt

    states, spikes = results.states["patterns"], results.spikes["patterns"]
    t, V, inputs = states["V"].t, states["V"].to("mV"), states["I"].to("mV/ms")
    V[spikes.step, spikes.i] = 30
    figure, panels = plt.subplots(5, 4, figsize=(10, 9), sharey=True, layout="constrained")
    for neuron, (axes, (name, each)) in enumerate(zip(panels.flat, PATTERNS.items(), strict=True)):
        own = inputs[t <= each.until, neuron]
        own = (own - own.min()) / (own.max() - own.min())
        axes.plot(t, V[:, neuron], color="#0072B2", linewidth=0.8)
        axes.plot(t[t <= each.until], -112 + 14 * own, color="#D55E00", linewidth=1)
        axes.set_title(f"{chr(ord('A') + neuron)}  {name}", loc="left", fontsize=9)
        axes.set(xlim=(0, each.until), xticks=[0, each.until], ylim=(-116, 34), yticks=[-60, 0])
        axes.spines[["top", "right"]].set_visible(False)
        if name == "subthreshold oscillations":
            late = (t > 60) & (t <= each.until)
            enlarged = 10 * (V[late, neuron] - V[late, neuron].mean())
            axes.plot(t[late], enlarged, color="#56B4E9", linewidth=0.8)
            axes.text(each.until, 12, "V, enlarged 10 times", ha="right", fontsize=7)
    panels[-1, 0].set_xlabel("time (ms)")
    panels[-1, 0].set_ylabel("V (mV)")
    panels[-1, 0].text(15, -98, "input", color="#D55E00", fontsize=8)
    return figure


if __name__ == "__main__":
    results = network.run()
    print(results)
    draw(results).savefig("izhikevich_patterns.png", dpi=100)
