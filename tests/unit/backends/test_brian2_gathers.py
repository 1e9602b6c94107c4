"""Sums over edges and over populations are summed variables of Brian2, taken before monitors."""

from __future__ import annotations

from typing import Any

from unit.backends.brian2_programs import emitted, expected, run

from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.documents import document, states


def receptor(value: str, over: str = "edges") -> Any:
    """Return a receptor that adds what it gathers to V."""
    gather = {"value": value, "unit": "mV", "over": over}
    return {
        "model": {
            "equations": {"weight": "1", "gather": gather, "increment": {"V": "0.01*gathered"}}
        }
    }


def link(receptor: str, weight: Any, source: str = "cells", target: str = "cells") -> Any:
    ends = {"source": source, "target": target, "rule": {"all_to_all": {}}}
    return {**ends, "receptor": receptor, "weight": weight}


def crowd() -> RealisedNetwork:
    """Return cells that look at each other in many ways, some of them now and then."""
    membrane = {
        "parameters": {"level": {"unit": "mV", "default": "7 mV"}},
        "state": {
            "V": {"unit": "mV", "initial": "0.3*mV*i"},
            "huge": {"unit": "1", "initial": "1"},
            "count": {"unit": "1", "initial": "i", "kind": "integer"},
        },
        "update": [["V = 0.99*V + 0.1*mV", "count = count + 3"]],
        "spike": {"when": "V > level", "then": ["V = 0*mV"]},
    }
    cell = {
        "model": {"equations": membrane},
        "receptors": {
            "gap": receptor("weight*(source(V) - V)*level/source(level)"),
            "ones": receptor("0.1*mV"),
            "wild": receptor("source(huge)*source(huge)*source(V)"),
            "pool": receptor("source(V)/7 + source(count)*0.001*mV", "population"),
            "wilds": receptor("source(huge)*source(huge)*source(V)", "population"),
            "deaf": receptor("source(V)"),
        },
    }
    return pipeline.realised(
        Network(
            **document(
                "crowd",
                "8 ms",
                cells={"cell": cell},
                populations={"cells": {"size": 21, "cell": "cell"}},
                projections={
                    "first": link("gap", "0.01 + 0.003*i - 0.002*j"),
                    "later": link("gap", "0.02", "cells[3:9]") | {"connected": False},
                    "third": link("gap", "0.1", "cells[0:2]", "cells[4:8]"),
                    "some": link("ones", "1", "cells[0:3]", "cells[1:5]"),
                    "wild": link("wild", "1", "cells[0:2]", "cells[0:2]"),
                    "pools": link("pool", "0.02*j - 0.1", "cells[2:20]", "cells[1:19]"),
                    "pools_too": link("pool", "-0.05", "cells[0:3]"),
                    "wilds": link("wilds", "-1", "cells[0:2]"),
                    "never": link("deaf", "1") | {"connected": False},
                },
                timeline=[
                    {"at": "1 ms", "connect": "later"},
                    {"at": "2 ms", "disconnect": "pools"},
                    {"at": "2 ms", "set": {"later.weight": "0.01*j", "pools_too.weight": "0.2*j"}},
                    {"at": "3 ms", "connect": "pools"},
                    {"at": "3 ms", "set": {"first.weight": "0.01", "cells[2:4].V": "1 mV"}},
                    {"at": "4 ms", "disconnect": "wild"},
                    {"at": "4 ms", "disconnect": "wilds"},
                    {"at": "5 ms", "disconnect": "some"},
                    {"at": "4 ms", "set": {"cells.huge": "1e200"}},
                ],
                monitors=states(
                    ("cells", ["V", "gathered_gap", "gathered_pool", "gathered_deaf"], 1),
                    ("cells[1:4]", ["gathered_ones", "gathered_wild", "gathered_wilds"], 3),
                ),
            )
        )
    )


def section(title: str) -> str:
    """Return the part of the script under a comment."""
    text = emitted(crowd()).files["simulate.py"]
    assert f"# {title}" in text
    return text.partition(f"# {title}")[2].partition("\n\n\n")[0]


def test_every_sum_agrees_with_the_oracle() -> None:
    record = run(emitted(crowd()))
    assert record_differences(expected(crowd()), record, crowd()) == []
    assert record.outcome is None  # a sum that is not connected lets no infinity through
    assert record.tallies["cells"].count


def test_a_sum_over_edges_reads_both_ends_and_is_taken_before_monitors_look() -> None:
    code = section("gather third: cells -> gathered_gap of cells, 8 edges")
    assert (
        "gathered_gap_third_post = w * (V_pre - V_post) * level_post / level_pre : volt (summed)\n"
    ) in code
    assert 'gather_at_start(third, "gathered_gap_third_post")\n' in code


def test_several_sums_of_one_receptor_have_variables_of_their_own() -> None:
    # Brian2 has one sum fill one variable.
    group = section("population cells: 21 x equations")
    assert "gathered_gap = gathered_gap_first + gathered_gap_later + gathered_gap_third" in group
    assert "gathered_gap_later : volt  # summed by later\n" in group
    assert "gathered_ones : volt  # summed by some\n" in group


def test_what_nothing_adds_to_is_a_constant_0() -> None:
    assert "gathered_deaf : volt (constant)\n" in section("population cells: 21 x equations")
    assert "never" not in emitted(crowd()).files["simulate.py"]


def test_weights_that_are_not_read_are_left_out() -> None:
    code = section("gather some: ")
    assert "gathered_ones_post = where(connected == 1, 0.0001 * volt, 0.0 * volt)" in code
    assert "some.w" not in code


def test_weights_and_the_switch_are_those_of_the_moment() -> None:
    code = section("gather later: ")
    weight = "where(t_in_timesteps < 20, w, w_1)"
    assert f"where(connected == 1, {weight} * (V_pre - V_post) * " in code
    assert "later.connected = 0\n" in f"{code}\n"


def test_a_population_is_summed_in_sixteen_lanes_and_then_in_pairs() -> None:
    code = section("pool of pools: the neurons 2 to 19 of cells, in sixteen lanes")
    assert 'pools_lanes = NeuronGroup(16, "value : volt", name="pools_lanes")\n' in code
    assert "pools_into_lanes.connect(i=np.arange(2, 20), j=np.arange(18) % 16)\n" in code
    assert 'pools_sum = sum_of_lanes(pools_lanes, "volt", "pools_sum")' in code
    code = section("gather pools: pools_sum -> gathered_pool of cells, 18 targets")
    assert "where(connected == 1, w * value_pre, 0.0 * volt) : volt (summed)\n" in code


def test_scripts_without_sums_have_no_functions_for_them() -> None:
    text = emitted(networks.realised("timeline")).files["simulate.py"]
    assert "gather_at_start" not in text
    assert "sum_of_lanes" not in text
