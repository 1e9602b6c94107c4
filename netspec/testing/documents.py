"""Documents of networks, as a user would write them, and what goes into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netspec.passes.expand import expand
from netspec.spec.network import Network

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


SECTIONS = ("cells", "populations", "inputs", "projections", "tables", "phases")


def together(documents: Iterable[Document], duration: str) -> Document:
    """Return one network that holds several; each of them runs in it as it does alone.

    Objects must have different names; seed, time step and duration are those of the whole.

    Raises:
        ValueError: Their spaces differ.
    """
    kinds = ("spikes", "states", "counts", "rates", "weights")
    whole = document("together", duration, timeline=[], monitors={kind: [] for kind in kinds})
    for part in documents:
        for section in SECTIONS:
            whole[section] = whole.get(section, {}) | part.get(section, {})
        if "space" in part and whole.setdefault("space", part["space"]) != part["space"]:
            raise ValueError(f"the space of '{part['name']}' is not that of the others")
        whole["timeline"] += part.get("timeline", [])
        for kind, monitors in part.get("monitors", {}).items():
            whole["monitors"][kind] += monitors
    return whole


REFERENCES = {
    "populations": ("cell",),
    "inputs": ("target",),
    "projections": ("source", "target"),
    "timeline": ("connect", "disconnect", "start_recording", "stop_recording"),
    "monitors": ("of",),
}
"""Fields that name an object or part of it, by section."""


def prefixed(part: Document, prefix: str) -> Document:
    """Return a network whose objects have a prefix before their names; so they draw anew.

    What its tables stand for is written out.
    """
    part = expand(Network(**part)).network.to_document()

    def renamed(place: Any, *keys: str) -> Any:
        """Put the prefix before a name or view, or before those under some keys of an object."""
        if isinstance(place, str):
            return prefix + place
        return place | {key: prefix + place[key] for key in keys if key in place}

    changed: Document = {
        section: {
            prefix + name: renamed(each, *REFERENCES[section]) if section in REFERENCES else each
            for name, each in part.get(section, {}).items()
        }
        for section in SECTIONS
    }
    timeline = [renamed(entry, *REFERENCES["timeline"]) for entry in part.get("timeline", [])]
    for entry in timeline:
        if "set" in entry:
            entry["set"] = {prefix + target: value for target, value in entry["set"].items()}
        if "add_edges" in entry:
            entry["add_edges"] = renamed(entry["add_edges"], "projection")
    monitors = {
        kind: [renamed(each, *REFERENCES["monitors"]) for each in several]
        for kind, several in part.get("monitors", {}).items()
    }
    for monitor in (each for several in monitors.values() for each in several):
        if not isinstance(monitor, str) and "during" in monitor:
            parts = monitor["during"]
            monitor["during"] = [renamed(each) if isinstance(each, str) else each for each in parts]
    return part | changed | {"timeline": timeline, "monitors": monitors}
