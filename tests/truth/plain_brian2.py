"""The seed network as a Brian2 user writes it by hand: no netspec, Brian2's own `euler`.

Reads edges and input spikes from the .npz named first, writes spikes and V to the one named second.
Conductances sit in the equations and every event adds 1, as in Dendrify's example.
"""

import sys

import numpy as np
from brian2 import (
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    defaultclock,
    ms,
    mV,
    nS,
    pF,
    prefs,
    second,
)

prefs.codegen.target = "numpy"
data = np.load(sys.argv[1])
defaultclock.dt = 0.1 * ms

EQUATIONS = """
dV/dt = (g_L*(E_L - V) + I)/C_m : volt
I = g*(E_AMPA - V)*s_AMPA + g*(E_GABA - V)*s_GABA : amp
ds_AMPA/dt = -s_AMPA/tau_AMPA : 1
ds_GABA/dt = -s_GABA/tau_GABA : 1
"""
PARAMETERS = {
    "C_m": 281 * pF,
    "g_L": 30 * nS,
    "E_L": -70.6 * mV,
    "g": 2 * nS,
    "E_AMPA": 0 * mV,
    "E_GABA": -80 * mV,
    "tau_AMPA": 2.5 * ms,
    "tau_GABA": 7.5 * ms,
}


def population(name: str, size: int) -> NeuronGroup:
    group = NeuronGroup(
        size,
        EQUATIONS,
        threshold="V > -40.4*mV",
        reset="V = -65.6*mV",
        method="euler",
        namespace=PARAMETERS,
        name=name,
    )
    group.V = -70.6 * mV
    return group


def connected(source: object, target: NeuronGroup, action: str, edges: str) -> Synapses:
    synapses = Synapses(source, target, on_pre=action, name=edges)
    synapses.connect(i=data[f"{edges}.i"].astype(np.int64), j=data[f"{edges}.j"].astype(np.int64))
    return synapses


exc, inh = population("exc", 700), population("inh", 300)
ext = SpikeGeneratorGroup(200, data["ext.i"], data["ext.step"] * 0.1 * ms, name="ext")
ext_inh = connected(ext, inh, "s_AMPA += 1", "ext_inh")
ext_inh.active = False
monitors = {
    "exc": SpikeMonitor(exc),
    "inh": SpikeMonitor(inh),
    "exc.V": StateMonitor(exc, "V", record=True),
    "inh.V": StateMonitor(inh, "V", record=True),
}
network = Network(
    exc,
    inh,
    ext,
    connected(ext, exc, "s_AMPA += 1", "ext_exc"),
    ext_inh,
    connected(inh, exc, "s_GABA += 1", "inh_exc"),
    *monitors.values(),
)
network.run(250 * ms)
ext_inh.active = True
network.run(250 * ms)
spikes = {}
for name in ("exc", "inh"):
    spikes[f"{name}.i"] = np.asarray(monitors[name].i)
    spikes[f"{name}.step"] = np.rint(monitors[name].t / second / 1e-4).astype(np.int64)
    spikes[f"{name}.V"] = np.asarray(monitors[f"{name}.V"].V).T
np.savez(sys.argv[2], **spikes)
