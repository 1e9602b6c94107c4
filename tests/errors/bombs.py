"""Texts that would exhaust time or memory in a careless reader, and a process to try them in."""

from __future__ import annotations

import copy
import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

from netspec.cli.main import main

GOOD: dict[str, Any] = {
    "netspec": "1",
    "name": "bomb",
    "seed": 1,
    "dt": "0.1 ms",
    "duration": "10 ms",
    "cells": {
        "lif": {
            "model": "leaky_if",
            "integrator": "euler",
            "C_m": "281 pF",
            "g_L": "30 nS",
            "E_L": "-70 mV",
            "V_th": "-50 mV",
            "V_reset": "-65 mV",
            "receptors": {"AMPA": {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2 ms"}},
        }
    },
    "populations": {"exc": {"size": 10, "cell": "lif"}},
    "projections": {
        "rec": {
            "source": "exc",
            "target": "exc",
            "receptor": "AMPA",
            "rule": {"all_to_all": {}},
            "weight": "1 nS",
            "delay": "1 ms",
        }
    },
}


def peak_megabytes() -> float:
    """Return the peak of resident memory since this program began.

    Not `ru_maxrss`: that survives `exec`, so it may be the peak of the process that started this.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def bombs() -> dict[str, str]:
    """Return the texts by file name."""
    letters = "abcdefghi"
    aliases = (
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in itertools.pairwise(letters)
    )
    return {
        "parentheses.json": _threshold("(" * 100_000 + "E_L" + ")" * 100_000),
        "parentheses_within_length.json": _threshold("(" * 990 + "E_L" + ")" * 990),
        "signs.json": _threshold("-" * 1990 + "E_L"),
        "negations.json": _threshold("not " * 490 + "E_L"),
        "conjunctions.json": _threshold("E_L" + " and E_L" * 240),
        "tower.json": _threshold("9**9**9**9*mV"),
        "constant_powers.json": _threshold("(" * 5 + "9" + "**64)" * 5 + "*mV"),
        "exponent.json": _threshold("1e-00000000000000999999999999 mV"),
        "exponent_in_expression.json": _threshold("E_L + 1e-00000000000000999999999999*mV"),
        "unit_power.json": _threshold("1 " + "mV**12*" * 24 + "mV"),
        "zeros_in_unit_power.json": _threshold("1 mV**0000999999999"),
        "nested_unit_powers.json": _threshold("1 " + "(" * 20 + "mV" + "**12)" * 20),
        "brackets_in_unit.json": _threshold("1 " + "(" * 190),
        "digits.json": _threshold("9" * 1_000_000),
        "brackets.json": '{"netspec": ' + "[" * 1_000_000,
        "spaces.json": '{"netspec":' + " " * 10_000_000,
        "keys.json": "{" + ", ".join(f'"k{number}": 0' for number in range(20_000)) + "}",
        "populations.json": _changed(
            ["populations"], {f"p{number}": {"size": 1, "cell": "no"} for number in range(5000)}
        ),
        "long_name.json": _changed(["populations", "e" * 10_000_000], {"size": 1, "cell": "lif"}),
        "long_reference.json": _changed(["populations", "exc", "cell"], "l" * 10_000_000),
        "aliases.yaml": "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(aliases),
        "flow.yaml": "a: " + "[" * 100_000,
        "synapses.json": _changed(["populations", "exc", "size"], 10**6),
        "neurons.json": _changed(["populations", "exc"], {"size": 2**32 - 1, "cell": "lif"}),
        "receptors.json": _changed(
            ["cells", "lif", "receptors"],
            {f"r{n}": {"model": "curr_exp", "tau_decay": "1 ms"} for n in range(1000)},
        ),
        "nested_receptors.json": json.dumps(_large_together()),
    }


def _threshold(text: str) -> str:
    return _changed(["cells", "lif", "V_th"], text)


def _changed(path: list[str], value: object) -> str:
    document = copy.deepcopy(GOOD)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


def _doubled_up(term: str) -> str:
    """Return a sum of 256 terms in eight levels."""
    for _ in range(8):
        term = f"({term}+{term})"
    return term


def _large_together() -> dict[str, Any]:
    """Return a cell whose equations are harmless one by one."""
    receptor = {
        "state": {"s": {"unit": "1", "initial": 0}},
        "weight": "1",
        "on_event": "s = s + acc",
        "current": _doubled_up("s"),
        "into": "I",
    }
    cell = {
        "state": {"x": {"unit": "1", "initial": 0}},
        "inputs": {"I": "1"},
        "derivatives": {"x": f"{_doubled_up('I')}/ms"},
    }
    return {
        **GOOD,
        "projections": {},
        "cells": {
            "lif": {
                "model": {"equations": cell},
                "integrator": "euler",
                "receptors": {f"r{n}": {"model": {"equations": receptor}} for n in range(50)},
            }
        },
    }


def try_all(folder: Path) -> None:
    """Check each file; print its status, the seconds it took and the memory taken so far."""
    for path in sorted(folder.iterdir()):
        began = time.process_time()
        status = main(["check", "--max-memory", "16GB", str(path)])
        seconds = time.process_time() - began
        megabytes = peak_megabytes()
        print(path.name, status, f"{seconds:.3f}", f"{megabytes:.0f}", flush=True)


if __name__ == "__main__":
    try_all(Path(sys.argv[1]))
