"""Networks that stay finite. Objects have different names in all of them, so they run as one."""

from __future__ import annotations

from netspec.testing.parts.corners import corners
from netspec.testing.parts.delivery import delays, refractory, timeline
from netspec.testing.parts.dynamics import chaos, functions
from netspec.testing.parts.gathers import gathers
from netspec.testing.parts.language import happenings, integrators, noise, rests
from netspec.testing.parts.linear import linear
from netspec.testing.parts.stimuli import stimuli

__all__ = ["LANGUAGE", "PARTS"]

PARTS = (
    delays,
    refractory,
    timeline,
    chaos,
    functions,
    linear,
    corners,
)
"""Networks that can be run as one on every target: small, since compiling them is dear."""

LANGUAGE = (rests, integrators, happenings, noise, gathers, stimuli)
"""Networks with what else the language can say; they can be run as one too."""
