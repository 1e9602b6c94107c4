"""The neuron of Traub and Miles as a Brian2 user writes it by hand, by its `exponential_euler`.

No netspec. Equations and their values are those of benchmark 3 of Brette et al. (2007). Reads input
spikes and edges from the .npz named first, in SI; writes spikes and V to the one named second.
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
    amp,
    defaultclock,
    ms,
    mV,
    nS,
    pF,
    prefs,
    second,
    siemens,
    volt,
)

prefs.codegen.target = "numpy"
data = np.load(sys.argv[1])
dt = 0.1 * ms
defaultclock.dt = dt

EQUATIONS = """
dv/dt = (g_l*(E_l - v) + g_e*(0*mV - v) + g_i*(-80*mV - v)
         - g_na*m**3*h*(v - 50*mV) - g_kd*n**4*(v + 90*mV) + I)/C : volt
dm/dt = alpha_m*(1 - m) - beta_m*m : 1
dn/dt = alpha_n*(1 - n) - beta_n*n : 1
dh/dt = alpha_h*(1 - h) - beta_h*h : 1
dg_e/dt = -g_e/(5*ms) : siemens
dg_i/dt = -g_i/(10*ms) : siemens
alpha_m = 0.32/mV*(13*mV - v + V_T)/(exp((13*mV - v + V_T)/(4*mV)) - 1)/ms : Hz
beta_m = 0.28/mV*(v - V_T - 40*mV)/(exp((v - V_T - 40*mV)/(5*mV)) - 1)/ms : Hz
alpha_h = 0.128*exp((17*mV - v + V_T)/(18*mV))/ms : Hz
beta_h = 4/(1 + exp((40*mV - v + V_T)/(5*mV)))/ms : Hz
alpha_n = 0.032/mV*(15*mV - v + V_T)/(exp((15*mV - v + V_T)/(5*mV)) - 1)/ms : Hz
beta_n = 0.5*exp((10*mV - v + V_T)/(40*mV))/ms : Hz
I : amp
E_l : volt
"""
PARAMETERS = {"C": 200 * pF, "g_l": 10 * nS, "g_na": 20000 * nS, "g_kd": 6000 * nS, "V_T": -63 * mV}

neurons = NeuronGroup(
    data["I"].size,
    EQUATIONS,
    threshold="v > -20*mV",
    refractory="v > -20*mV",
    method="exponential_euler",
    namespace=PARAMETERS,
    name="neurons",
)
neurons.I, neurons.E_l = data["I"] * amp, data["E_l"] * volt
neurons.v = "E_l"
for gate in "mnh":
    setattr(neurons, gate, f"alpha_{gate}/(alpha_{gate} + beta_{gate})")

spikes, trace = SpikeMonitor(neurons), StateMonitor(neurons, "v", record=True)
network = Network(neurons, spikes, trace)
for name, variable in (("exc", "g_e"), ("inh", "g_i")):
    source = SpikeGeneratorGroup(
        int(data[f"{name}.size"]), data[f"{name}.i"], data[f"{name}.step"] * dt, name=name
    )
    synapses = Synapses(
        source, neurons, "w : siemens", on_pre=f"{variable}_post += w", name=f"{name}_edges"
    )
    synapses.connect(
        i=data[f"{name}.source"].astype(np.int64), j=data[f"{name}.target"].astype(np.int64)
    )
    synapses.w = data[f"{name}.weight"] * siemens
    network.add(source, synapses)

network.run(int(data["steps"]) * dt)
np.savez(
    sys.argv[2],
    i=np.asarray(spikes.i),
    step=np.rint(np.asarray(spikes.t / second) / 1e-4).astype(np.int64),
    V=np.asarray(trace.v).T,
)
