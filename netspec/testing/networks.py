"""Small networks that every backend must run as the oracle does.

They are documents, as a user would write them. Objects have different names in all of `PARTS`, so
that these networks can also be run as one: compiled targets are dear.
"""

from __future__ import annotations

from functools import cache

from netspec.compare import with_all_spikes
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing.documents import Document, together
from netspec.testing.endings import ENDINGS
from netspec.testing.parts import LANGUAGE, PARTS

__all__ = ["ENDINGS", "LANGUAGE", "NETWORKS", "PARTS", "everything", "one_step", "realised"]


def everything() -> Document:
    """All of `PARTS` at once, long enough for digests in mid-run."""
    return together((make() for make in PARTS), "110 ms")


def one_step() -> Document:
    """All of `PARTS` for one step."""
    return together((make() for make in PARTS), "0.1 ms") | {"name": "one_step", "timeline": []}


def whole_language() -> Document:
    """All of `LANGUAGE` at once, long enough for digests in mid-run."""
    return together((make() for make in LANGUAGE), "110 ms")


NETWORKS = {
    make.__name__: make
    for make in (*PARTS, *LANGUAGE, everything, whole_language, one_step, *ENDINGS)
}
"""All networks of the conformance suite, by name."""


@cache
def realised(name: str) -> RealisedNetwork:
    """Return a network of the suite, compiled and realised, with all its spikes recorded.

    Where a document has monitors of spikes of its own, they say which.
    """
    return with_all_spikes(pipeline.realised(Network(**NETWORKS[name]())))
