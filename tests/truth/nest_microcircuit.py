"""The microcircuit in NEST, with edges, values and input spikes that are given: no netspec.

Reads them from the .npz named first, in NEST's units; writes spikes and V to the one named second.
NEST keeps state in its process, so it gets one of its own.
"""

import sys

import nest
import numpy as np

given = np.load(sys.argv[1])
dt, steps = float(given["dt"]), int(given["steps"])
size = given["V_m"].size

nest.verbosity = nest.VerbosityLevel.ERROR
nest.resolution = dt
shared = {"C_m": 250, "tau_m": 10, "E_L": -65, "V_th": -50, "V_reset": -65, "t_ref": 2}
shared |= {"tau_syn_ex": 0.5, "tau_syn_in": 0.5}
neurons = nest.Create("iaf_psc_exp", size, {name: float(value) for name, value in shared.items()})
neurons.set({name: given[name] for name in ("V_m", "I_e")})

# What happens in step k has the time (k + 1)*dt.
order = np.argsort(given["input.i"], kind="stable")
times = np.round((given["input.step"][order] + 1) * dt, 6)
trains = np.split(times, np.cumsum(np.bincount(given["input.i"], minlength=size))[:-1])
generators = nest.Create("spike_generator", size)
for generator, train in zip(generators, trains, strict=True):
    generator.spike_times = train
nest.Connect(
    np.asarray(generators),
    np.asarray(neurons),
    "one_to_one",
    {"weight": given["input.weight"], "delay": np.round(given["input.delay"] * dt, 6)},
)
nest.Connect(
    np.asarray(neurons)[given["source"]],
    np.asarray(neurons)[given["target"]],
    "one_to_one",
    {"weight": given["weight"], "delay": np.round(given["delay"] * dt, 6)},
)

spike_recorder = nest.Create("spike_recorder")
voltmeter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": dt})
nest.Connect(neurons, spike_recorder, syn_spec={"delay": dt})
nest.Connect(voltmeter, neurons, syn_spec={"delay": dt})
nest.Simulate(np.round((steps + 10) * dt, 6))  # what is recorded comes with a delay

first = neurons[0].global_id
spikes, samples = spike_recorder.events, voltmeter.events
V = np.full((steps + 11, size), np.nan)
V[0] = given["V_m"]
V[np.rint(samples["times"] / dt).astype(np.int64), samples["senders"] - first] = samples["V_m"]
np.savez(
    sys.argv[2],
    i=np.asarray(spikes["senders"], dtype=np.int64) - first,
    step=np.rint(spikes["times"] / dt).astype(np.int64) - 1,
    V=V[:steps],
)
