"""What objects and variables are called in a Brian2 script, whatever their authors call them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from itertools import product

from unit.backends.brian2_programs import (
    TARGETS,
    all_hostile,
    emitted,
    expected,
    run,
)

from netspec.compare import record_differences
from netspec.expr.functions import AUTHOR_FUNCTIONS
from netspec.testing import networks
from netspec_brian2.names import Names
from netspec_brian2.reserved import is_reserved_object


def test_names_are_mapped_one_to_one() -> None:
    network = all_hostile().ir
    names = Names(network)
    assert len(set(names._objects.values())) == len(names._objects)
    assert len(set(names._variables.values())) == len(names._variables)
    assert not set(names._variables.values()) & set(names._objects.values())


def test_nothing_takes_the_place_of_what_the_script_defines() -> None:
    for network, target in product((all_hostile(), networks.realised("functions")), TARGETS):
        text = emitted(network, target).files["simulate.py"]
        nodes = ast.parse(text).body
        defined = {each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.ClassDef)}
        assigned = [each.targets[0] for each in nodes if isinstance(each, ast.Assign)]
        bound = defined | {each.id for each in assigned if isinstance(each, ast.Name)}
        assert {"STEPS", "FUNCTIONS", "Watched", "function", "simulate"} <= bound
        # Nobody can call anything like a function of the language, or with an underscore in front.
        own = bound - AUTHOR_FUNCTIONS.keys() - set(Names(network.ir)._objects.values())
        assert {name for name in own if name[0] != "_" and not is_reserved_object(name)} == set()


def test_names_that_are_free_are_kept() -> None:
    text = emitted(networks.realised("timeline")).files["simulate.py"]
    assert "dV/dt = (g_L * (E_L - V) + I_syn + I_e) / C_m : volt" in text
    assert "followers = NeuronGroup(" in text


def test_no_name_of_brian2_is_free() -> None:
    # In a process of its own: this one never imports Brian2.
    code = """if True:
        import re, sys
        from brian2 import *
        from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
        from brian2.core.namespace import DEFAULT_UNITS
        from netspec_brian2.reserved import is_reserved_variable
        a = NeuronGroup(2, "dq/dt = -q/second : 1", threshold="q > 1", reset="", method="euler")
        b = SpikeGeneratorGroup(1, [0], [0] * second)
        c = Synapses(a, a, "q_syn : 1", on_pre="q_post += q_syn")
        c.connect()
        groups = [a, b, c, SpikeMonitor(a), StateMonitor(a, "q", record=True)]
        names = {*DEFAULT_UNITS, *DEFAULT_FUNCTIONS, *DEFAULT_CONSTANTS}
        for group in groups:
            names |= set(dir(group)) | set(group.variables)
        names = {name for name in names if re.match("[A-Za-z]", name)}
        free = {name for name in names if not is_reserved_variable(name)}
        print(sorted(free - {"q", "q_syn"}))
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "[]"


def test_names_change_nothing() -> None:
    network = all_hostile()
    record = run(emitted(network))
    assert record_differences(expected(network), record, network) == []
    assert all(spikes.steps.size for spikes in record.spikes.values())
