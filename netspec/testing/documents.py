"""Documents of networks, as a user would write them, and what goes into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Document = dict[str, Any]


def document(name: str, duration: str = "60 ms", **sections: Any) -> Document:
    """Return a document; all of them share seed and time step."""
    head = {"netspec": "1", "name": name, "seed": 2026, "dt": "0.1 ms", "duration": duration}
    return head | sections


def leaky(receptors: Mapping[str, Any], **changes: Any) -> Document:
    """Return a leaky integrate-and-fire cell."""
    values = {
        "C_m": "281 pF",
        "g_L": "30 nS",
        "E_L": "-70.6 mV",
        "V_th": "-50.4 mV",
        "V_reset": "-65.6 mV",
    }
    cell = {"model": "leaky_if", "integrator": "euler", "receptors": receptors}
    return cell | values | changes


AMPA = {"model": "cond_exp", "E_rev": "0 mV", "tau_decay": "2.5 ms"}
GABA = {"model": "cond_exp", "E_rev": "-80 mV", "tau_decay": "7.5 ms"}
JUMP = {"model": "delta"}
JUMP_AT_ONCE = {"model": "delta_at_once"}


def states(*views: tuple[str, list[str], int]) -> Document:
    """Return monitors of state: (view, variables, every)."""
    return {"states": [{"of": of, "variables": names, "every": n} for of, names, n in views]}


SECTIONS = ("cells", "populations", "inputs", "projections")


def together(documents: Iterable[Document], duration: str) -> Document:
    """Return one network that holds several; each of them runs in it as it does alone.

    Objects must have different names; seed, time step and duration are those of the whole.
    """
    whole = document("together", duration, timeline=[], monitors={"spikes": [], "states": []})
    for part in documents:
        for section in SECTIONS:
            whole[section] = whole.get(section, {}) | part.get(section, {})
        whole["timeline"] += part.get("timeline", [])
        for kind, monitors in part.get("monitors", {}).items():
            whole["monitors"][kind] += monitors
    return whole


def prefixed(part: Document, prefix: str) -> Document:
    """Return a network whose objects have a prefix before their names; so they draw anew."""

    def renamed(place: Document, *keys: str) -> Document:
        """Put the prefix before the names and views that stand under some keys."""
        return place | {key: prefix + place[key] for key in keys if key in place}

    references = {
        "populations": ("cell",),
        "inputs": ("target",),
        "projections": ("source", "target"),
    }
    changed: Document = {
        section: {
            prefix + name: renamed(each, *references.get(section, ()))
            for name, each in part.get(section, {}).items()
        }
        for section in SECTIONS
    }
    timeline = [renamed(entry, "connect", "disconnect") for entry in part.get("timeline", [])]
    for entry in timeline:
        if "set" in entry:
            entry["set"] = {prefix + target: value for target, value in entry["set"].items()}
    monitors = part.get("monitors", {})
    changed["monitors"] = {
        "spikes": [prefix + view for view in monitors.get("spikes", [])],
        "states": [renamed(each, "of") for each in monitors.get("states", [])],
    }
    return part | changed | {"timeline": timeline}
