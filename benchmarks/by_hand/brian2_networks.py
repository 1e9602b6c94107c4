"""The networks as a Brian2 user writes them, with Brian2's own integrators and random numbers.

Each function returns the objects of a network; monitors of spikes have the names of populations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brian2 import (  # type: ignore[import-untyped]
    Hz,
    NeuronGroup,
    PoissonGroup,
    PoissonInput,
    SpikeMonitor,
    Synapses,
    ms,
    mV,
    nS,
    pF,
)

from benchmarks.job import Job

Objects = tuple[list[Any], Mapping[str, Any]]


def lif_inhibition(job: Job) -> Objects:
    """Leaky neurons with Poisson input that reaches the inhibitory ones in the second half."""
    neurons = NeuronGroup(
        1000,
        """
        dv/dt = (g_L*(E_L - v) + g_AMPA*(0*mV - v) + g_GABA*(-80*mV - v))/C_m : volt
        dg_AMPA/dt = -g_AMPA/(2.5*ms) : siemens
        dg_GABA/dt = -g_GABA/(7.5*ms) : siemens
        """,
        threshold="v > -40.4*mV",
        reset="v = -65.6*mV",
        method="euler",
        namespace={"C_m": 281 * pF, "g_L": 30 * nS, "E_L": -70.6 * mV},
    )
    neurons.v = -70.6 * mV
    inh, exc = neurons[:300], neurons[300:]
    ext = PoissonGroup(200, 90 * Hz)
    ext_exc = Synapses(ext, exc, on_pre="g_AMPA += 2*nS")
    ext_exc.connect(p=0.2)
    ext_inh = Synapses(
        ext,
        inh,
        on_pre="g_AMPA += 2*nS*int(t >= begin)",
        namespace={"begin": 1000 * job.seconds / 2 * ms},
    )
    ext_inh.connect(p=0.2)
    inh_exc = Synapses(inh, exc, on_pre="g_GABA += 2*nS")
    inh_exc.connect(p=0.15)
    monitors = {"exc": SpikeMonitor(exc), "inh": SpikeMonitor(inh)}
    return [neurons, ext, ext_exc, ext_inh, inh_exc], monitors


def vogels_abbott(neurons: Any) -> Objects:
    """Connect 4000 neurons and draw where they start: benchmarks 1 and 3 of Brette et al."""
    neurons.v = "-65*mV + 5*mV*randn()"
    neurons.g_e = "40*nS + 15*nS*randn()"
    neurons.g_i = "200*nS + 120*nS*randn()"
    exc, inh = neurons[:3200], neurons[3200:]
    from_exc = Synapses(exc, neurons, on_pre="g_e += 6*nS")
    from_exc.connect(p=0.02)
    from_inh = Synapses(inh, neurons, on_pre="g_i += 67*nS")
    from_inh.connect(p=0.02)
    return [neurons, from_exc, from_inh], {"exc": SpikeMonitor(exc), "inh": SpikeMonitor(inh)}


def coba(job: Job) -> Objects:
    """Benchmark 1 of Brette et al. (2007)."""
    neurons = NeuronGroup(
        4000,
        """
        dv/dt = (10*nS*(-60*mV - v) + g_e*(0*mV - v) + g_i*(-80*mV - v))/(200*pF)
            : volt (unless refractory)
        dg_e/dt = -g_e/(5*ms) : siemens
        dg_i/dt = -g_i/(10*ms) : siemens
        """,
        threshold="v > -50*mV",
        reset="v = -60*mV",
        refractory=5 * ms,
        method="exponential_euler",
    )
    return vogels_abbott(neurons)


def cobahh(job: Job) -> Objects:
    """Benchmark 3 of Brette et al. (2007)."""
    neurons = NeuronGroup(
        4000,
        """
        dv/dt = (g_l*(E_l - v) + g_e*(0*mV - v) + g_i*(-80*mV - v)
                 - g_na*m**3*h*(v - 50*mV) - g_kd*n**4*(v + 90*mV))/C_m : volt
        dm/dt = alpha_m*(1 - m) - beta_m*m : 1
        dn/dt = alpha_n*(1 - n) - beta_n*n : 1
        dh/dt = alpha_h*(1 - h) - beta_h*h : 1
        dg_e/dt = -g_e/(5*ms) : siemens
        dg_i/dt = -g_i/(10*ms) : siemens
        alpha_m = 0.32*4/exprel((13*mV - v + V_T)/(4*mV))/ms : Hz
        beta_m = 0.28*5/exprel((v - V_T - 40*mV)/(5*mV))/ms : Hz
        alpha_h = 0.128*exp((17*mV - v + V_T)/(18*mV))/ms : Hz
        beta_h = 4/(1 + exp((40*mV - v + V_T)/(5*mV)))/ms : Hz
        alpha_n = 0.032*5/exprel((15*mV - v + V_T)/(5*mV))/ms : Hz
        beta_n = 0.5*exp((10*mV - v + V_T)/(40*mV))/ms : Hz
        """,
        threshold="v > -20*mV",
        refractory=3 * ms,
        method="exponential_euler",
        namespace={
            "C_m": 200 * pF,
            "g_l": 10 * nS,
            "E_l": -60 * mV,
            "g_na": 20_000 * nS,
            "g_kd": 6000 * nS,
            "V_T": -63 * mV,
        },
    )
    return vogels_abbott(neurons)


def brunel_delta(job: Job) -> Objects:
    """Model A of Brunel (2000) with g = 5 and eta = 2."""
    n_exc, n_inh = round(10_000 * job.scale), round(2_500 * job.scale)
    neurons = NeuronGroup(
        n_exc + n_inh,
        "dv/dt = -v/(20*ms) : volt (unless refractory)",
        threshold="v > 20*mV",
        reset="v = 10*mV",
        refractory=2 * ms,
        method="exact",
    )
    exc, inh = neurons[:n_exc], neurons[n_exc:]
    drive = PoissonInput(neurons, "v", N=1000, rate=20 * Hz, weight=0.1 * mV)
    from_exc = Synapses(exc, neurons, on_pre="v += 0.1*mV", delay=1.5 * ms)
    from_exc.connect(p=1000 / n_exc)
    from_inh = Synapses(inh, neurons, on_pre="v += -0.5*mV", delay=1.5 * ms)
    from_inh.connect(p=250 / n_inh)
    monitors = {"exc": SpikeMonitor(exc), "inh": SpikeMonitor(inh)}
    return [neurons, drive, from_exc, from_inh], monitors


NETWORKS = {each.__name__: each for each in (lif_inhibition, coba, cobahh, brunel_delta)}
