"""What a backend can express: data in its `capabilities.toml`, never a list in code or tests."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast, get_args

from netspec.errors import InternalError
from netspec.ir.features import FEATURES

Reason = Literal["planned", "upstream", "never"]
"""Why a feature is missing: not yet written, the simulator cannot, or it makes no sense here."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Features of a backend.

    Attributes:
        supported: Slugs of `netspec.ir.features.FEATURES`.
        unsupported: Reason by slug; every feature is in exactly one of the two.
        explanations: A sentence by unsupported slug, where there is more to say.
        rank: Of the backends that can run a network, the one with the highest rank is taken where
            none is asked for; higher is faster.
        install: The command that installs the simulator, where there is one to install.
        most_neuron_steps: Neurons times steps from which on a run takes so long that nobody waits
            for it who has not asked for it; `None` for a backend that is made to be fast.
    """

    supported: frozenset[str]
    unsupported: Mapping[str, Reason]
    explanations: Mapping[str, str]
    rank: int = 0
    install: str = ""
    most_neuron_steps: int | None = None

    @property
    def install_advice(self) -> str:
        """What to do where the simulator is missing; empty if nothing is known to install it."""
        return f"install it with: {self.install}" if self.install else ""


def load_capabilities(package: str) -> Capabilities:
    """Read `capabilities.toml` of an installed backend package.

    Raises:
        InternalError: A feature is unknown, missing or in both lists.
    """
    text = files(package).joinpath("capabilities.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    supported = frozenset(table["supported"])
    entries = table.get("unsupported", {})
    reasons = {slug: cast(Reason, entry["reason"]) for slug, entry in entries.items()}
    explanations = {slug: entry["why"] for slug, entry in entries.items() if "why" in entry}
    if supported & reasons.keys() or supported | reasons.keys() != FEATURES.keys():
        odd = sorted((supported & reasons.keys()) | (supported | reasons.keys()) ^ FEATURES.keys())
        raise InternalError(f"{package}/capabilities.toml must list each feature once: {odd}")
    if not set(reasons.values()) <= set(get_args(Reason)):
        raise InternalError(f"{package}/capabilities.toml: reasons are {get_args(Reason)}")
    rank, install = table.get("rank", 0), table.get("install", "")
    most = table.get("most_neuron_steps")
    if not (type(rank) is int and type(install) is str and type(most) in (int, type(None))):
        raise InternalError(
            f"{package}/capabilities.toml: rank and most_neuron_steps are integers, install a text"
        )
    return Capabilities(supported, reasons, explanations, rank, install, most)
