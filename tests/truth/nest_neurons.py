"""Neurons of NEST under given input spikes: no netspec, NEST's own models and updates.

Reads parameters, input spikes and edges from the .npz named first, in NEST's units; writes spikes
and V to the one named second. NEST keeps state in its process, so it gets one of its own.
"""

import sys

import nest
import numpy as np

given = np.load(sys.argv[1])
dt, steps = float(given["dt"]), int(given["steps"])
size = given["V_m"].size

nest.verbosity = nest.VerbosityLevel.ERROR
nest.resolution = dt
neurons = nest.Create(str(given["model"]), size)
neurons.set({name: given[name] for name in str(given["parameters"]).split()})

for name in ("exc", "inh"):
    # What happens in step k has the time (k + 1)*dt.
    times = np.round((given[f"{name}.step"] + 1) * dt, 6)
    sources = nest.Create("spike_generator", int(given[f"{name}.size"]))
    for number, source in enumerate(sources):
        source.spike_times = times[given[f"{name}.i"] == number]
    nest.Connect(
        np.asarray(sources)[given[f"{name}.source"]],
        np.asarray(neurons)[given[f"{name}.target"]],
        "one_to_one",
        {
            "weight": given[f"{name}.weight"],
            "delay": np.round(given[f"{name}.delay"] * dt, 6),
        },
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
