"""The microcircuit as a user of NEST writes it, with NEST's rules and random numbers: no netspec.

Reads numbers by population from the .npz named first, in NEST's units; writes the spikes to the one
named second. Matrices have a row for each target and a column for each source.
"""

import sys

import nest
import numpy as np

given = np.load(sys.argv[1])
dt, steps = float(given["dt"]), int(given["steps"])

nest.verbosity = nest.VerbosityLevel.ERROR
nest.resolution = dt
nest.rng_seed = int(given["seed"])


def normal(mean, sd):
    return nest.random.normal(mean=float(mean), std=float(sd))


def of_one_sign(mean):
    bounds = {"min": 0.0, "max": np.inf} if mean > 0 else {"min": -np.inf, "max": 0.0}
    return nest.math.redraw(normal(mean, abs(mean) / 10), **bounds)


shared = {"C_m": 250, "tau_m": 10, "E_L": -65, "V_th": -50, "V_reset": -65, "t_ref": 2}
shared |= {"tau_syn_ex": 0.5, "tau_syn_in": 0.5}
shared = {name: float(value) for name, value in shared.items()}
populations = [nest.Create("iaf_psc_exp", int(size), shared) for size in given["size"]]
spike_recorder = nest.Create("spike_recorder")
for number, neurons in enumerate(populations):
    neurons.V_m = normal(*given["V_m"][number])
    neurons.I_e = float(given["I_e"][number])
    background = nest.Create("poisson_generator", params={"rate": float(given["rate"][number])})
    nest.Connect(background, neurons, "all_to_all", {"weight": float(given["input"]), "delay": dt})
    nest.Connect(neurons, spike_recorder, syn_spec={"delay": dt})

for (target, source), number in np.ndenumerate(given["number"]):
    if number:
        # NEST rounds to the nearest step, so less than half of one would be none.
        delay = nest.math.redraw(normal(*given["delay"][source]), min=dt / 2, max=np.inf)
        nest.Connect(
            populations[source],
            populations[target],
            {"rule": "fixed_total_number", "N": int(number)},
            {"weight": of_one_sign(given["weight"][target, source]), "delay": delay},
        )

nest.Simulate(np.round((steps + 10) * dt, 6))  # what is recorded comes with a delay

# What happens in step k has the time (k + 1)*dt.
spikes = spike_recorder.events
np.savez(
    sys.argv[2],
    i=np.asarray(spikes["senders"], dtype=np.int64) - populations[0][0].global_id,
    step=np.rint(spikes["times"] / dt).astype(np.int64) - 1,
)
