"""Connection rules: what each of them means, one module per rule.

A rule is a `ConnectionRule` and an entry of `RULES`, beside its class in `netspec.spec.rules`;
nothing else knows how many there are. The terms are those of Senk et al. 2022, "Connectivity
concepts in neuronal network modeling".
"""

from __future__ import annotations

from collections.abc import Mapping

from netspec.realise.rules.all_to_all import AllToAll
from netspec.realise.rules.distance_dependent import DistanceDependent
from netspec.realise.rules.explicit import Explicit
from netspec.realise.rules.fixed_indegree import FixedIndegree
from netspec.realise.rules.fixed_outdegree import FixedOutdegree
from netspec.realise.rules.fixed_total_number import FixedTotalNumber
from netspec.realise.rules.one_to_one import OneToOne
from netspec.realise.rules.pairwise_bernoulli import PairwiseBernoulli
from netspec.realise.rules.pairwise_poisson import PairwisePoisson
from netspec.realise.rules.rule import ConnectionRule, Count, Edges, Ends
from netspec.realise.rules.symmetric_pairwise_bernoulli import SymmetricPairwiseBernoulli
from netspec.realise.rules.watts_strogatz import WattsStrogatz

__all__ = ["RULES", "ConnectionRule", "Count", "Edges", "Ends"]

RULES: Mapping[str, ConnectionRule] = {
    "all_to_all": AllToAll(),
    "distance_dependent": DistanceDependent(),
    "explicit": Explicit(),
    "fixed_indegree": FixedIndegree(),
    "fixed_outdegree": FixedOutdegree(),
    "fixed_total_number": FixedTotalNumber(),
    "one_to_one": OneToOne(),
    "pairwise_bernoulli": PairwiseBernoulli(),
    "pairwise_poisson": PairwisePoisson(),
    "symmetric_pairwise_bernoulli": SymmetricPairwiseBernoulli(),
    "watts_strogatz": WattsStrogatz(),
}
"""By the name that a document writes."""
