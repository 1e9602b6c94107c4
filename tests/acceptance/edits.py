"""What people do to a description, and what `netspec diff` says of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netspec.diff import as_markdown, as_text, difference
from netspec.spec.network import Network

FOLDER = Path(__file__).parent / "differences"
EXAMPLE = Path(__file__).parents[2] / "examples" / "lif_inhibition.json"

Data = dict[str, Any]


def values(data: Data) -> None:
    """Change values, one rule, a time, a monitor and the writing."""
    cell, projections = data["cells"]["lif"], data["projections"]
    data["dt"], cell["t_ref"] = "100 us", "0 s"
    cell["C_m"], cell["E_L"] = "0.3 nF", "-70 mV"
    data["populations"]["exc"]["size"] = 800
    projections["ext_exc"]["rule"] = {"fixed_indegree": {"indegree": 30}}
    projections["inh_exc"]["weight"] = {"normal": {"mean": "2 nS", "sd": "0.2 nS"}}
    data["timeline"][0]["at"] = "300 ms"
    data["monitors"] = {"spikes": ["exc"]}


def seed(data: Data) -> None:
    """Draw everything anew."""
    data["seed"] = 5


def names(data: Data) -> None:
    """Call a population and a projection otherwise."""
    data["populations"]["pyramidal"] = data["populations"].pop("exc")
    projections = data["projections"]
    projections["feedback"] = projections.pop("inh_exc")
    for name in ("ext_exc", "feedback"):
        projections[name]["target"] = "pyramidal"
    data["monitors"] = {"spikes": ["pyramidal", "inh"]}


def structure(data: Data) -> None:
    """Take a population away, and make another kind of input and another model."""
    del data["populations"]["inh"], data["projections"]["ext_inh"], data["timeline"]
    del data["projections"]["inh_exc"]
    data["inputs"]["ext"] = {"model": "regular", "size": 200, "rate": "90 Hz"}
    data["inputs"]["step"] = {"model": "current", "target": "exc", "amplitude": "0.1 nA"}
    data["cells"]["lif"].update(model="exponential_if", Delta_T="2 mV", V_peak="0 mV")
    data["monitors"] = {"spikes": ["exc"]}


def monitors(data: Data) -> None:
    """Record less."""
    data["monitors"] = {"spikes": ["exc"]}


def writing(data: Data) -> None:
    """Write the same in other words."""
    data.update(dt="100 us", name="inhibition", description="the same | with a bar")
    data["cells"]["neuron"] = data["cells"].pop("lif")
    for population in data["populations"].values():
        population["cell"] = "neuron"
    data["projections"]["ext_exc"]["connected"] = True
    data["populations"] = dict(reversed(data["populations"].items()))


def nothing(data: Data) -> None:
    """Leave it as it is."""


EDITS: dict[str, Callable[[Data], None]] = {
    each.__name__: each for each in (values, seed, names, structure, monitors, writing, nothing)
}
SAME_MEANING = {"monitors", "writing", "nothing"}


def edited(name: str) -> tuple[Data, Data]:
    """Return the example before and after an edit."""
    before = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    after = copy.deepcopy(before)
    EDITS[name](after)
    return before, after


def reports(name: str) -> dict[Path, str]:
    """Return by the file that pins it what is said of an edit, as text and as Markdown."""
    before, after = edited(name)
    found = difference(Network(**before), Network(**after))
    said = {".txt": as_text, ".md": as_markdown}
    return {
        FOLDER / f"{name}{suffix}": write(found, "old.json", "new.json") + "\n"
        for suffix, write in said.items()
    }


def write() -> None:
    """Write what is said of all edits."""
    FOLDER.mkdir(exist_ok=True)
    for name in EDITS:
        for path, text in reports(name).items():
            path.write_text(text, encoding="utf-8")
