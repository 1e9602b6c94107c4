"""Connection rules, in the terms of Senk et al. 2022.

"Connectivity concepts in neuronal network modeling", PLoS Computational Biology 18(9). The rule
`watts_strogatz`, which NEST does not have, is named after Watts and Strogatz, "Collective dynamics
of 'small-world' networks", Nature 393, 1998; its edges are directed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from netspec.limits import MAX_ADDRESS, MAX_NEURONS
from netspec.spec.base import Items, SpecModel, require_one
from netspec.spec.choice import Choice
from netspec.spec.data import ColumnName, FileName
from netspec.spec.formulas import Parameter
from netspec.spec.profiles import Profile, VariedLengths
from netspec.spec.varied import Each, Varied, refuse_varied
from netspec.units import Quantity

Index = Annotated[int, Field(ge=0, le=MAX_NEURONS)]

Probability = Annotated[
    Parameter,
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]}),
]

Mean = Annotated[
    Parameter,
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]}),
]

Degree = Annotated[int, Field(ge=0, le=MAX_NEURONS)]

EdgeNumber = Annotated[int, Field(ge=0, le=MAX_ADDRESS)]


class VariedProbabilities(Varied[Probability]):
    """Probabilities that differ from pair to pair of a table: exactly one of the fields."""


class VariedMeans(Varied[Mean]):
    """Mean numbers that differ from pair to pair of a table: exactly one of the fields."""


class VariedDegrees(Varied[Degree]):
    """Degrees that differ from pair to pair of a table: exactly one of the fields."""


class VariedNumbers(Varied[EdgeNumber]):
    """Numbers that differ from pair to pair of a table: exactly one of the fields."""


Autapses = Annotated[
    bool,
    Field(
        description="Whether a neuron may connect to itself, where source and target are one "
        "population."
    ),
]

Multapses = Annotated[
    bool, Field(description="Whether a pair of neurons may be connected more than once.")
]


def _check_pair(pair: tuple[int, ...]) -> tuple[int, ...]:
    if len(pair) != 2:
        raise PydanticCustomError(
            "bad-pair",
            "expected a pair of indices [source, target], got a list of {count}",
            {"count": len(pair)},
        )
    return pair


class RuleModel(SpecModel):
    """Base of the rules.

    A field is a number, a length, a switch called `allow_…`, a profile, or says what is listed:
    `pairs`, `file`. In a table, those that are `Each` may differ between projections.
    """

    per_pair: ClassVar[frozenset[str]] = frozenset()
    """Numbers that may differ from pair to pair of neurons."""

    lengths: ClassVar[frozenset[str]] = frozenset()
    """Fields that are lengths."""

    how_many: ClassVar[str | None] = None
    """The number that is 0 where no edges are meant."""

    @property
    def makes_nothing(self) -> bool:
        """Whether there are no edges whatever the rule connects, by its number."""
        number = getattr(self, self.how_many) if self.how_many else None
        return number.value == 0 if isinstance(number, Quantity) else number == 0


class OneToOne(RuleModel):
    """Neuron i of the source to neuron i of the target; both have the same size."""


class AllToAll(RuleModel):
    """Every neuron of the source to every neuron of the target."""

    allow_autapses: Autapses = True


class PairwiseBernoulli(RuleModel):
    """Each pair (source, target) is connected with probability p, independently."""

    per_pair = frozenset({"p"})
    how_many = "p"

    p: Each[Probability, VariedProbabilities]
    """Probability; an expression may read `i`, `j`, `distance` and parameters of both ends."""

    p_max: Each[Probability, VariedProbabilities] | None = None
    """A bound for an expression, which is looked at for so many pairs only; without it for all."""

    allow_autapses: Autapses = True


class SymmetricPairwiseBernoulli(RuleModel):
    """Each pair of neurons of one population is connected both ways, with probability p."""

    how_many = "p"

    p: Each[Probability, VariedProbabilities]
    """Probability."""

    allow_autapses: Autapses = True


class PairwisePoisson(RuleModel):
    """Each pair (source, target) has a Poisson number of edges, independently."""

    how_many = "mean"

    mean: Each[Mean, VariedMeans]
    """Mean number of edges per pair."""

    allow_autapses: Autapses = True


class FixedOutdegree(RuleModel):
    """Every source has the same number of edges, to targets that are drawn."""

    how_many = "outdegree"

    outdegree: Each[Degree, VariedDegrees]
    """Edges per source."""

    allow_autapses: Autapses = True
    allow_multapses: Multapses = True


class FixedIndegree(RuleModel):
    """Every target has the same number of edges, from sources that are drawn."""

    how_many = "indegree"

    indegree: Each[Degree, VariedDegrees]
    """Edges per target."""

    allow_autapses: Autapses = True
    allow_multapses: Multapses = True


class FixedTotalNumber(RuleModel):
    """The given number of edges, between pairs that are drawn."""

    how_many = "number"

    number: Each[EdgeNumber, VariedNumbers]
    """Edges in all."""

    allow_autapses: Autapses = True
    allow_multapses: Multapses = True


class DistanceDependent(RuleModel):
    """Each pair is connected with a probability that depends on its distance, independently."""

    how_many = "p_max"
    lengths = frozenset({"cut_off"})

    p_max: Each[Probability, VariedProbabilities]
    """What the profile is multiplied by: the probability where the profile is 1."""

    profile: Profile
    """How the probability depends on the distance."""

    cut_off: Each[Parameter, VariedLengths] | None = None
    """The largest distance at which neurons are connected; without it there is none."""

    allow_autapses: Autapses = True


class WattsStrogatz(RuleModel):
    """Each neuron of a ring to its nearest neighbours; some edges lead anywhere in their place."""

    how_many = "neighbours"

    neighbours: Each[Degree, VariedDegrees]
    """Edges per neuron, half of them to each side; an even number."""

    p_rewire: Each[Probability, VariedProbabilities]
    """Probability of an edge to lead to a neuron that is drawn, which may be the one it led to."""

    allow_autapses: Autapses = False
    allow_multapses: Multapses = False


class Explicit(RuleModel):
    """The pairs that are listed, in the document or in a data file, as often as they are listed."""

    pairs: Items[Annotated[Items[Index], AfterValidator(_check_pair)]] | None = None
    """Pairs [source, target], counted from 0 within the source and target as addressed."""

    file: FileName | None = None
    """A data file with the pairs, in place of `pairs`: a `.csv` with columns `source` and `target`,
    an `.npz` with arrays `sources` and `targets`, or SONATA edges in an `.h5`."""

    population: ColumnName | None = None
    """Edge population of a SONATA file; may be left out if there is only one."""

    allow_autapses: Autapses = True
    allow_multapses: Multapses = True

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.pairs is None) == (self.file is None):
            raise PydanticCustomError(
                "one-list",
                "expected either 'pairs' or a 'file' with them, got {given}",
                {"given": "none" if self.file is None else "both"},
            )
        if self.population is not None and self.file is None:
            raise PydanticCustomError("one-list", "'population' belongs to a 'file'")
        return self


class Rule(Choice):
    """A connection rule: exactly one of the fields, e.g. `{"pairwise_bernoulli": {"p": 0.2}}`."""

    one_to_one: OneToOne | None = None
    """Neuron i to neuron i."""

    all_to_all: AllToAll | None = None
    """All pairs."""

    pairwise_bernoulli: PairwiseBernoulli | None = None
    """Each pair with probability p."""

    symmetric_pairwise_bernoulli: SymmetricPairwiseBernoulli | None = None
    """Each pair both ways, with probability p."""

    pairwise_poisson: PairwisePoisson | None = None
    """A Poisson number of edges for each pair."""

    fixed_outdegree: FixedOutdegree | None = None
    """So many edges per source."""

    fixed_indegree: FixedIndegree | None = None
    """So many edges per target."""

    fixed_total_number: FixedTotalNumber | None = None
    """So many edges in all."""

    distance_dependent: DistanceDependent | None = None
    """Each pair with a probability that depends on the distance."""

    watts_strogatz: WattsStrogatz | None = None
    """A ring of neighbours, rewired."""

    explicit: Explicit | None = None
    """A list of pairs."""

    @model_validator(mode="before")
    @classmethod
    def _in_an_object(cls, data: object) -> object:
        if isinstance(data, str) and data in cls.model_fields:
            hints = (f'write {{"{data}": {{…}}}}, with the fields of the rule inside',)
            raise PydanticCustomError("wrong-rule-type", "expected a rule", {"hints": hints})
        return data

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one("one-rule", "rule", self)
        return self

    @property
    def choice(self) -> RuleModel:
        """The rule itself."""
        chosen = super().choice
        assert isinstance(chosen, RuleModel)
        return chosen


OneRule = Annotated[Rule, AfterValidator(refuse_varied)]
"""A rule with one value of each number."""
