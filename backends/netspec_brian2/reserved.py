"""Which names Brian2, C++, Cython and the script keep for themselves.

The lists are fixed and not asked of an installed Brian2, so that emission needs none and every
version emits the same names.
"""

from __future__ import annotations

import keyword
import re

# Brian2 knows 1,710 units: these with any prefix, squared and cubed, and some short ones.
_UNIT = re.compile(
    r"([yzafpnumcdhkMGTPEZY]|da)?"
    r"(metre|meter|kilogram(me)?|gram(me)?|second|amp(ere)?|kelvin|mole?|candle|radian|steradian"
    r"|hertz|newton|pascal|joule|watt|coulomb|volt|farad|ohm|siemens|weber|tesla|henry|lumen|lux"
    r"|becquerel|gray|sievert|katal|liter|litre|molar)[23]?"
    r"|[kM]?Hz|[cmu]m[23]?|[mu]s|mV|[mnpu]A|[npu]F|[nu]S|[mnu]M"
)

# Functions, constants, special variables, what groups and monitors have as attributes; last, names
# that Brian2's own code gives to arguments and arrays.
_BRIAN2_WORDS = """
    abs arccos arcsin arctan ceil clip cos cosh exp expm1 exprel floor int log log10 log1p poisson
    rand randn sign sin sinh sqrt tan tanh timestep e inf pi
    N N_incoming N_outgoing abstract_code active add_attribute add_dependency add_to_magic_network
    after_run all_values assign_id before_run binned_rate check_units check_variable_write clock
    code_objects codeobj codeobj_class connect contained_objects count create_code_objects
    create_default_code_object custom_operation default_event delay dt equations event event_codes
    event_driven event_trains events generate_empty_code get_states group i id indices
    invalidates_magic_network it j lastspike lastupdate method_choice multisynaptic_index n_indices
    name namespace needed_variables neuron_index not_refractory num_events num_spikes order
    override_conditional_write period post pre record record_all record_single_timestep
    record_variables
    recorded_variables refractory refractory_until register_variable reinit resetter resize
    resolve_all run run_at run_on_clock run_on_event run_regularly runner set_event_schedule
    set_spikes set_states smooth_rate source spike spike_number spike_time spike_trains spikes start
    state state_updater stop subexpression_updater summed_updaters t t_in_timesteps target template
    template_kwds thresholder unregister_variable update_abstract_code updaters user_code
    user_equations values variables verify_dependencies when written_readonly_vars xi
    constant device dimensions dtype idx index owner read_only scalar self size sources targets
    unique variable_indices
"""

# Keywords of C++17, Cython and their usual headers' names in lower case.
_COMPILED_WORDS = """
    alignas alignof and_eq asm auto bitand bitor bool break case catch char char16_t char32_t class
    compl const const_cast constexpr continue decltype default delete do double dynamic_cast else
    enum explicit export extern false float for friend goto if inline int long mutable namespace new
    noexcept not_eq nullptr operator or_eq private protected public register reinterpret_cast
    restrict return short signed sizeof static static_assert static_cast struct switch template this
    thread_local throw true try typedef typeid typename union unsigned using virtual void volatile
    wchar_t while xor xor_eq
    std brian main size_t ssize_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
    errno stdin stdout stderr assert offsetof signbit isfinite isinf isnan isnormal fpclassify unix
    linux cdef cimport cpdef cppclass ctypedef bint gil nogil fused include
"""

# Macros of C headers are upper case; names like `EL`, `VT` and `E_L` are none of them.
_MACRO = re.compile(r"[A-Z][A-Z0-9]{2}[A-Z0-9_]*|M_[A-Z0-9_]+")

# Python's own functions, and names that Brian2's code for NumPy uses.
_PYTHON_WORDS = """
    abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod
    compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float
    format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter
    len license list locals map max memoryview min next object oct open ord pow print property quit
    range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars
    zip
    LazyArange array logical_and logical_not logical_or numpy_False numpy_True
"""

# What a script binds at its top level.
_SCRIPT_WORDS = """
    AT_START C_FUNCTIONS Counts EventMonitor Function MONITORS NamedTuple Network
    NetworkOperation NeuronGroup Path SpikeGeneratorGroup SpikeMonitor Spikes StateMonitor
    Synapses TimedArray Watched arrays as_written bernoulli_number bernoulli_numbers clock
    combined_digest defaultclock device dt first_non_finite forget function gather_at_start
    hand_over hand_over_lately hash_snapshots hashlib high_halves integers_of_steps kept
    key_words linked_var lru_cache magicnetwork main maximum minimum n_samples network
    normal_number normal_numbers np numbers_of_step numbers_of_steps os philox poisson_number
    poisson_numbers poisson_spikes prefs print_result random_words remember require_subnormals
    samples set_device simulate spike_digest spike_record state_digest state_digests stored
    sum_of_lanes sympy sys uniform_number uniform_numbers values width within words_of_steps
"""

_BRIAN2 = frozenset(_BRIAN2_WORDS.split())
_COMPILED = frozenset(_COMPILED_WORDS.split())
_PYTHON = frozenset((*keyword.kwlist, *_PYTHON_WORDS.split()))
_SCRIPT = frozenset(_SCRIPT_WORDS.split())

# Endings and forms under which Brian2 and the emitter file things of their own.
_OBJECT_FORM = re.compile(
    r".*(_|_codeobject|_stateupdater|_thresholder|_resetter|_pre|_post|_queue"
    r"|_run_regularly|_subexpression_update|_create_array|_create_generator)|.*netspec_.*"
)
_VARIABLE_FORM = re.compile(
    r".*(_|_pre|_post)|xi_.*|.*__.*|netspec_.*|where.*|remember"
    r"|poisson_spikes|uniform_number|normal_number|bernoulli_number|poisson_number"
)


def is_reserved_variable(name: str) -> bool:
    """Tell whether nothing inside a group can have this name."""
    return _is_word(name) or name in _BRIAN2 or bool(_VARIABLE_FORM.fullmatch(name))


def is_reserved_object(name: str) -> bool:
    """Tell whether nothing in the script can have this name."""
    return _is_word(name) or name in _SCRIPT or bool(_OBJECT_FORM.fullmatch(name))


def _is_word(name: str) -> bool:
    if name in _PYTHON or name in _COMPILED:
        return True
    return bool(_MACRO.fullmatch(name) or _UNIT.fullmatch(name))
