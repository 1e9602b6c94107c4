"""Names that netspec keeps for itself, and the words other tools use for the same things."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.units import EXPRESSION_UNITS

RESERVED = frozenset(
    {"t", "dt", "i", "j", "acc", "n_events", "weight", "xi", "previous"}
    | {"and", "or", "not", "True", "False"}
)
"""Variables and words of the equation language."""

RESERVED_FIELDS = frozenset({"compartments"})
"""Fields that cells will have; no parameter may be written in their place."""

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "cm": "C_m",
        "Cm": "C_m",
        "C": "C_m",
        "gL": "g_L",
        "gl": "g_L",
        "G_m": "g_L",
        "leak_conductance": "g_L",
        "v_rest": "E_L",
        "Vrest": "E_L",
        "V_rest": "E_L",
        "El": "E_L",
        "EL": "E_L",
        "leak_reversal": "E_L",
        "v_leak": "E_L",
        "v_thresh": "V_th",
        "Vthresh": "V_th",
        "v_threshold": "V_th",
        "Vth": "V_th",
        "Vt": "V_th",
        "VT": "V_th",
        "vt": "V_th",
        "thresh": "V_th",
        "v_reset": "V_reset",
        "Vreset": "V_reset",
        "Vr": "V_reset",
        "vr": "V_reset",
        "reset": "V_reset",
        "E_R": "V_reset",
        "tau_refrac": "t_ref",
        "TauRefrac": "t_ref",
        "refract": "t_ref",
        "refractory": "t_ref",
        "tau": "tau_m",
        "taum": "tau_m",
        "TauM": "tau_m",
        "tau_mem": "tau_m",
        "i_offset": "I_e",
        "Ioffset": "I_e",
        "I_ext": "I_e",
        "taue": "tau_decay",
        "tau_e": "tau_decay",
        "tau_syn": "tau_decay",
        "tau_syn_E": "tau_decay",
        "tau_syn_I": "tau_decay",
        "tau_syn_ex": "tau_decay",
        "tau_syn_in": "tau_decay",
        "t_rise": "tau_rise",
        "trise": "tau_rise",
        "t_decay": "tau_decay",
        "tdecay": "tau_decay",
        "e_rev": "E_rev",
        "e_rev_E": "E_rev",
        "e_rev_I": "E_rev",
        "DeltaT": "Delta_T",
        "delta_T": "Delta_T",
        "tauw": "tau_w",
        "v_spike": "V_peak",
        "v": "V",
        "Vm": "V",
        "V_m": "V",
        "IF_cond_exp": "leaky_if",
        "IF_curr_exp": "leaky_if",
        "iaf_psc_exp": "leaky_if",
        "iaf_cond_exp": "leaky_if",
        "iaf_psc_delta": "leaky_if",
        "leakyIF": "leaky_if",
        "lif": "leaky_if",
        "LIF": "leaky_if",
        "Izhikevich": "izhikevich",
        "adaptiveIF": "adaptive_if",
        "cadIF": "conductance_adaptive_if",
        "AdEx": "adex",
        "EIF_cond_exp_isfa_ista": "adex",
        "EIF_cond_alpha_isfa_ista": "adex",
        "aeif_cond_exp": "adex",
        "aeif_cond_alpha": "adex",
        "aeif_psc_exp": "adex",
        "GIF_cond_exp": "generalized_if",
        "gif_cond_exp": "generalized_if",
        "gif_psc_exp": "generalized_if",
        "mat2_psc_exp": "mat",
        "hh_psc_alpha": "hodgkin_huxley",
        "HH_cond_exp": "hh_traub",
        "hh_cond_exp_traub": "hh_traub",
        "parrot_neuron": "parrot",
        "expOneSynapse": "cond_exp",
        "exp_syn": "cond_exp",
        "expsyn": "cond_exp",
        "expTwoSynapse": "cond_dual_exp",
        "exp2syn": "cond_dual_exp",
        "Exp2Syn": "cond_dual_exp",
        "biexp": "cond_dual_exp",
        "alpha": "curr_alpha",
        "fixed_probability": "pairwise_bernoulli",
        "FixedProbabilityConnector": "pairwise_bernoulli",
        "bernoulli": "pairwise_bernoulli",
        "AllToAllConnector": "all_to_all",
        "OneToOneConnector": "one_to_one",
        "small_world": "watts_strogatz",
        "poisson_generator": "poisson",
        "PoissonGroup": "poisson",
        "SpikeSourcePoisson": "poisson",
        "spike_generator": "spike_times",
        "SpikeGeneratorGroup": "spike_times",
        "SpikeSourceArray": "spike_times",
        "gaussian": "normal",
        "gauss": "normal",
        "normal_clipped": "normal",
        "log_normal": "lognormal",
        "mu": "mean",
        "sigma": "sd",
        "std": "sd",
        "forward_euler": "euler",
        "exact_integration": "exact",
        "linear": "exact",
    }
)
"""netspec's name for what PyNN, NEST, Brian2, NeuroML, GeNN, NIR, Arbor and Dendrify call so."""


RATIOS: Mapping[str, str] = MappingProxyType({"tau_m": "C_m/g_L", "R_m": "1/g_L"})
"""What some models have a parameter for, from the parameters that others have."""


def reserved_reason(name: str) -> str | None:
    """Return why a name cannot be given to anything, or `None` if it can."""
    if name in EXPRESSION_UNITS:
        return "it is a unit"
    if name in AUTHOR_FUNCTIONS:
        return "it is a function"
    if name in RESERVED or name.startswith("xi_"):
        return "it is a word of the equation language"
    return None
