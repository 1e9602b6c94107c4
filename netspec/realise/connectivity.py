"""Connection rules: each is a function that makes the edges of one projection.

Edges are pairs of indices within the source and the target as addressed, in canonical order
(source, edge number). A new rule is a function here, a class in `netspec.ir.recipe` and one in
`netspec.spec.connectivity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from netspec.errors import InternalError
from netspec.ir.recipe import AllToAll, Explicit, OneToOne, PairwiseBernoulli
from netspec.realise.bernoulli import bernoulli_rows
from netspec.realise.network import IndexArray
from netspec.realise.philox import Key

Edges = tuple[IndexArray, IndexArray]


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a rule connects.

    Attributes:
        sources, targets: How many there are.
        diagonal: Source r and target r + diagonal are the same neuron; `None` if source and
            target are different objects.
        key: Of the projection's stream `connectivity`.
    """

    sources: int
    targets: int
    diagonal: int | None
    key: Key


@singledispatch
def connect(rule: object, pairing: Pairing) -> Edges:
    """Return the edges that a rule makes."""
    raise InternalError(f"no rule {type(rule).__name__}")


@connect.register
def _one_to_one(rule: OneToOne, pairing: Pairing) -> Edges:
    indices = np.arange(pairing.sources, dtype=np.uint32)
    return indices, indices.copy()


@connect.register
def _all_to_all(rule: AllToAll, pairing: Pairing) -> Edges:
    sources = np.repeat(np.arange(pairing.sources, dtype=np.uint32), pairing.targets)
    targets = np.tile(np.arange(pairing.targets, dtype=np.uint32), pairing.sources)
    if rule.allow_autapses or pairing.diagonal is None:
        return sources, targets
    kept = targets.astype(np.int64) != sources.astype(np.int64) + pairing.diagonal
    return sources[kept], targets[kept]


@connect.register
def _pairwise_bernoulli(rule: PairwiseBernoulli, pairing: Pairing) -> Edges:
    counts, targets = bernoulli_rows(
        pairing.key,
        pairing.sources,
        pairing.targets,
        rule.p,
        diagonal=None if rule.allow_autapses else pairing.diagonal,
    )
    sources = np.repeat(np.arange(pairing.sources, dtype=np.uint32), counts)
    return sources, targets.astype(np.uint32)


@connect.register
def _explicit(rule: Explicit, pairing: Pairing) -> Edges:
    pairs = np.array(rule.pairs, dtype=np.uint32).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()
