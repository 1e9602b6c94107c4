"""The fingerprint is a hash of the meaning: blind to spelling, sharp on everything else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from unit.documents import SMALL, document, small

from netspec import library
from netspec.passes import fingerprint, pipeline
from netspec.spec.network import Network

REFERENCE = small().fingerprint()

TWO_ENTRIES = [
    {"at": "2 ms", "set": {"exc.V": "-60 mV"}},
    {"at": "2 ms", "set": {"exc.V": "-50 mV"}},
]


def model_fingerprint(network: Network) -> str:
    return fingerprint.model_fingerprint(pipeline.resolved(network))


def reversed_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: reversed_keys(data[key]) for key in reversed(data)}
    return [reversed_keys(each) for each in data] if isinstance(data, list) else data


def test_it_is_a_sha_256() -> None:
    assert len(REFERENCE) == 64
    assert set(REFERENCE) <= set("0123456789abcdef")


def test_key_order_leaves_no_trace() -> None:
    assert Network(**reversed_keys(SMALL)).fingerprint() == REFERENCE


@pytest.mark.parametrize(
    "changes",
    [
        {"dt": "100 us"},
        {"duration": "0.01 s"},
        {"cells.lif.C_m": "0.281 nF"},
        {"cells.lif.C_m": " 2810e-1   pF "},
        {"cells.lif.t_ref": "2000 us"},
        {"projections.ext_exc.delay": "500 us"},
        {"cells.lif.model": {"equations": library.cell("leaky_if").model_dump(exclude_unset=True)}},
        {"projections.ext_exc.source": "ext[:]"},
        {"projections.ext_exc.connected": True},
        {"projections.ext_exc.weight_bits": 24},
        {"cells.lif.I_e": "0 pA"},
        {"timeline[0].at": "0.002 s"},
        {"cells.lif.C_m": "281*pF"},
        {"cells.lif.C_m": "(280 + 1)*pF*(2 - 1)"},
        {"cells.lif.t_ref": "2*ms"},
        {"cells.lif.receptors.GABA.E_rev": "-80*mV"},
        {"populations.inh.parameters": {"V_th": "-0.05*volt"}},
        {"inputs.ext.rate": "90/second"},
        {"projections.ext_exc.weight": "2*nS"},
        {"projections.ext_exc.delay": "0.5*ms"},
        {"timeline[1].set": {"exc[0:5].I_e": "0.1*nA", "ext.rate": "50*hertz"}},
    ],
    ids=str,
)
def test_spelling_of_values_and_defaults_leaves_no_trace(changes: dict[str, Any]) -> None:
    assert small(changes).fingerprint() == REFERENCE


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"description": "Something."},
        {"$schema": "somewhere"},
        {"monitors": {}},
        {"monitors.spikes": ["inh", "ext[0:3]"]},
        {"cells.unused": {"model": "leaky_if", "integrator": "euler"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_monitors_and_free_text_leave_no_trace(changes: dict[str, Any]) -> None:
    assert small(changes).fingerprint() == REFERENCE


CHANGES: dict[str, dict[str, Any]] = {
    "seed": {"seed": 2},
    "dt": {"dt": "0.05 ms"},
    "duration": {"duration": "20 ms"},
    "parameter": {"cells.lif.C_m": "282 pF"},
    "parameter of a population": {"populations.inh.parameters.V_th": "-51 mV"},
    "parameter of a receptor": {"cells.lif.receptors.AMPA.tau_decay": "2.6 ms"},
    "refractory period": {"cells.lif.t_ref": "2.1 ms"},
    "initial value": {"populations.exc.initial.V": "-70*mV + 0.6*mV*i"},
    "order of an expression": {"populations.exc.initial.V": "0.5*mV*i - 70*mV"},
    "condition": {"cells.lif.spike": {"when": "V >= V_th"}},
    "reset": {"cells.lif.spike": {"then": ["V = E_L"]}},
    "model of a receptor": {
        "cells.lif.receptors.GABA": {
            "model": "cond_alpha",
            "E_rev": "-80 mV",
            "tau_decay": "7.5 ms",
        }
    },
    "receptor more": {"cells.lif.receptors.new": {"model": "delta"}},
    "size": {"populations.inh.size": 5},
    "rate": {"inputs.ext.rate": "91 Hz"},
    "spike times": {"inputs.beat.times": [["1 ms", "2 ms"], ["0.6 ms"]]},
    "population more": {"populations.third": {"size": 1, "cell": "lif"}},
    "probability": {"projections.ext_exc.rule.pairwise_bernoulli.p": 0.31},
    "rule": {"projections.ext_exc.rule": {"all_to_all": {}}},
    "autapses": {"projections.exc_inh.rule": {"all_to_all": {"allow_autapses": False}}},
    "source view": {"projections.ext_exc.source": "ext[0:19]"},
    "target view": {"projections.ext_exc.target": "exc[0:9]"},
    "receptor": {"projections.ext_exc.receptor": "GABA"},
    "weight": {"projections.ext_exc.weight": "2.1 nS"},
    "weight formula": {"projections.exc_inh.weight": "(1 + 0.1*j)*nS"},
    "weight bits": {"projections.ext_exc.weight_bits": 14},
    "delay": {"projections.ext_exc.delay": "0.6 ms"},
    "rounding": {"projections.ext_exc.rounding": "nearest"},
    "connected": {"projections.ext_exc.connected": False},
    "time of an entry": {"timeline[0].at": "2.1 ms"},
    "kind of an entry": {"timeline[0]": {"at": "2 ms", "connect": "ext_exc"}},
    "distribution": {"cells.lif.g_L": {"normal": {"mean": "30 nS", "sd": "3 nS"}}},
    "parameter of a distribution": {"cells.lif.g_L": {"normal": {"mean": "30 nS", "sd": "2 nS"}}},
    "bound of a distribution": {
        "cells.lif.g_L": {"normal": {"mean": "30 nS", "sd": "3 nS", "redraw": ["1 nS", None]}}
    },
    "use of a bound": {
        "cells.lif.g_L": {"normal": {"mean": "30 nS", "sd": "3 nS", "clip": ["1 nS", None]}}
    },
    "value of an entry": {"timeline[1].set": {"exc[0:5].I_e": "101 pA", "ext.rate": "50 Hz"}},
    "view of an entry": {"timeline[1].set": {"exc[0:6].I_e": "100 pA", "ext.rate": "50 Hz"}},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_every_meaning_changes_it(changes: dict[str, Any]) -> None:
    assert small(changes).fingerprint() != REFERENCE


def test_no_two_meanings_share_it() -> None:
    found = {name: small(changes).fingerprint() for name, changes in CHANGES.items()}
    assert len(set(found.values())) == len(found)


def test_the_spelling_of_a_distribution_leaves_no_trace() -> None:
    written = {"normal": {"mean": "30 nS", "sd": "3 nS"}}
    other = {"normal": {"sd": "(1 + 2)*nS", "mean": "0.03 uS"}}
    found = {small({"cells.lif.g_L": each}).fingerprint() for each in (written, other)}
    assert len(found) == 1


def test_a_renamed_object_is_another_network() -> None:
    text = json.dumps(SMALL).replace('"inh"', '"inh2"')
    assert Network.loads(text).fingerprint() != REFERENCE


def test_the_order_of_entries_of_one_step_is_meaning() -> None:
    forth = Network(**document(timeline=TWO_ENTRIES))
    back = Network(**document(timeline=TWO_ENTRIES[::-1]))
    assert forth.fingerprint() != back.fingerprint()


def test_the_order_of_entries_of_different_steps_is_not() -> None:
    later = [TWO_ENTRIES[0], {**TWO_ENTRIES[1], "at": "3 ms"}]
    forth = Network(**document(timeline=later))
    back = Network(**document(timeline=later[::-1]))
    assert forth.fingerprint() == back.fingerprint()


@pytest.mark.parametrize("changes", [{"seed": 2}, {"duration": "20 ms"}])
def test_the_fingerprint_of_the_model_leaves_out_seed_and_duration(changes: dict[str, Any]) -> None:
    assert model_fingerprint(small(changes)) == model_fingerprint(small())
    assert model_fingerprint(small()) != REFERENCE


def test_the_model_is_told_apart_by_everything_else() -> None:
    others = {name: each for name, each in CHANGES.items() if name not in ("seed", "duration")}
    found = {model_fingerprint(small(changes)) for changes in others.values()}
    assert len(found) == len(others)


def test_it_does_not_depend_on_the_process() -> None:
    script = (
        "import json, sys; from netspec import Network;"
        "print(Network(**json.load(sys.stdin)).fingerprint())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(SMALL),
        capture_output=True,
        text=True,
        timeout=60,
        env={"PYTHONHASHSEED": "1"},
    )
    assert done.stdout.strip() == REFERENCE, done.stderr
