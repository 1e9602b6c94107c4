"""Names that netspec keeps for itself, and the words other tools use for the same things."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.units import EXPRESSION_UNITS

RESERVED = frozenset(
    {"t", "dt", "i", "j", "acc", "n_events", "weight", "xi", "previous"}
    | {"pos_x", "pos_y", "pos_z", "distance"}
    | {"and", "or", "not", "True", "False"}
)
"""Variables and words of the equation language."""

RESERVED_FIELDS = frozenset({"compartments"})
"""Fields that cells will have; no parameter may be written in their place."""

SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "C_m": ("cm", "Cm", "C"),
        "g_L": ("gL", "gl", "G_m", "leak_conductance", "gleak"),
        "E_L": ("v_rest", "Vrest", "V_rest", "El", "EL", "leak_reversal", "v_leak", "Eleak"),
        "V_th": ("v_thresh", "Vthresh", "v_threshold", "Vth", "Vt", "VT", "vt", "thresh"),
        "V_reset": ("v_reset", "Vreset", "Vr", "vr", "reset", "E_R"),
        "t_ref": ("tau_refrac", "TauRefrac", "refract", "refractory"),
        "tau_m": ("tau", "taum", "TauM", "tau_mem"),
        "I_e": ("i_offset", "Ioffset", "I_ext", "Iext"),
        "tau_decay": (
            "tau",
            "taue",
            "tau_e",
            "tau_syn",
            "tau_syn_E",
            "tau_syn_I",
            "tau_syn_ex",
            "tau_syn_in",
            "t_decay",
            "tdecay",
        ),
        "tau_rise": ("t_rise", "trise"),
        "E_rev": ("e_rev", "e_rev_E", "e_rev_I"),
        "Delta_T": ("DeltaT", "delta_T"),
        "tau_w": ("tauw",),
        "V_peak": ("v_spike",),
        "V": ("v", "Vm", "V_m"),
        "leaky_if": (
            "IF_cond_exp",
            "IF_curr_exp",
            "iaf_psc_exp",
            "iaf_cond_exp",
            "iaf_psc_delta",
            "leakyIF",
            "lif",
            "LIF",
        ),
        "izhikevich": ("Izhikevich",),
        "adaptive_if": ("adaptiveIF",),
        "conductance_adaptive_if": ("cadIF",),
        "adex": (
            "AdEx",
            "EIF_cond_exp_isfa_ista",
            "EIF_cond_alpha_isfa_ista",
            "aeif_cond_exp",
            "aeif_cond_alpha",
            "aeif_psc_exp",
        ),
        "generalized_if": ("GIF_cond_exp", "gif_cond_exp", "gif_psc_exp"),
        "mat": ("mat2_psc_exp",),
        "hodgkin_huxley": ("hh_psc_alpha",),
        "hh_traub": ("HH_cond_exp", "hh_cond_exp_traub"),
        "parrot": ("parrot_neuron",),
        "cond_exp": ("expOneSynapse", "exp_syn", "expsyn"),
        "cond_dual_exp": ("expTwoSynapse", "exp2syn", "Exp2Syn", "biexp"),
        "curr_alpha": ("alpha",),
        "pairwise_bernoulli": ("fixed_probability", "FixedProbabilityConnector", "bernoulli"),
        "all_to_all": ("AllToAllConnector",),
        "one_to_one": ("OneToOneConnector",),
        "fixed_outdegree": ("FixedNumberPostConnector",),
        "fixed_indegree": ("FixedNumberPreConnector",),
        "fixed_total_number": ("FixedTotalNumberConnector",),
        "outdegree": ("n",),
        "indegree": ("n",),
        "number": ("N", "n"),
        "allow_autapses": ("allow_self_connections",),
        "allow_multapses": ("with_replacement",),
        "poisson": ("poisson_generator", "PoissonGroup", "SpikeSourcePoisson"),
        "correlated_poisson": ("mip_generator",),
        "poisson_drive": ("PoissonInput",),
        "current": (
            "dc_generator",
            "ac_generator",
            "noise_generator",
            "step_current_generator",
            "DCSource",
            "ACSource",
            "NoisyCurrentSource",
            "StepCurrentSource",
        ),
        "array": ("TimedArray",),
        "spike_times": ("spike_generator", "SpikeGeneratorGroup", "SpikeSourceArray"),
        "normal": ("gaussian", "gauss", "normal_clipped"),
        "lognormal": ("log_normal",),
        "mean": ("mu", "pairwise_avg_num_conns"),
        "sd": ("sigma", "std"),
        "euler": ("forward_euler",),
        "exact": ("exact_integration", "linear"),
        "low": ("min",),
        "high": ("max",),
    }
)
"""What PyNN, NEST, Brian2, NeuroML, GeNN, NIR, Arbor and Dendrify call a thing, by netspec's name.

One of theirs may stand for several of ours, of which a place has one: `tau`.
"""


ADVICE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("truncated_normal", "truncnorm", "normal_clipped"),
            ("normal", "write 'normal' with \"redraw\": [least, largest]"),
        ),
        **dict.fromkeys(
            ("min", "max", "low", "high", "lower", "upper", "bounds"),
            ("redraw", 'bounds are written "redraw": [least, largest], of which one may be null'),
        ),
    }
)
"""What to do about a word for something that has another form here, where a certain name is."""


RATIOS: Mapping[str, str] = MappingProxyType({"tau_m": "C_m/g_L", "R_m": "1/g_L"})
"""What some models have a parameter for, from the parameters that others have."""


def own_names(name: str) -> tuple[str, ...]:
    """Return netspec's names for what another tool calls so."""
    return tuple(own for own, others in SYNONYMS.items() if name in others)


def reserved_reason(name: str) -> str | None:
    """Return why a name cannot be given to anything, or `None` if it can."""
    if name in EXPRESSION_UNITS:
        return "it is a unit"
    if name in AUTHOR_FUNCTIONS:
        return "it is a function"
    if name in RESERVED or name.startswith("xi_"):
        return "it is a word of the equation language"
    return None
