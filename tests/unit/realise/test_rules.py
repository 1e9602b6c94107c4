"""The table of connection rules: what the document can name, and how its choices are written."""

from __future__ import annotations

from itertools import product

import pytest
from unit.documents import small
from unit.realise.drawn_edges import rule_of

import netspec
from netspec.errors import SpecError
from netspec.passes import pipeline
from netspec.realise.rules import RULES, Ends
from netspec.spec.rules import Rule


def test_every_rule_of_the_language_has_a_meaning() -> None:
    assert RULES.keys() == Rule.model_fields.keys()


@pytest.mark.parametrize("diagonal", [None, *range(-6, 7)])
@pytest.mark.parametrize("autapses", [True, False])
def test_the_pairs_of_two_ends_are_counted(diagonal: int | None, autapses: bool) -> None:
    ends = Ends(4, 5, diagonal)
    every = product(range(4), range(5))
    kept = [(i, j) for i, j in every if autapses or diagonal is None or j != i + diagonal]
    assert ends.pairs(autapses=autapses) == len(kept)


@pytest.mark.parametrize("diagonal", [None, *range(-6, 7)])
def test_neurons_at_both_ends_are_known(diagonal: int | None) -> None:
    ends = Ends(4, 5, diagonal)
    rows = range(4) if diagonal is not None else ()
    shared = [(i, i + diagonal) for i in rows if 0 <= i + diagonal < 5]
    assert list(ends.shared) == [i for i, _ in shared]
    assert list(ends.reversed.shared) == [j for _, j in shared]
    assert ends.reversed.reversed == ends


@pytest.mark.parametrize("name", ["one_to_one", "all_to_all"])
def test_rules_without_chance_draw_nothing(name: str) -> None:
    def none(purpose: str) -> tuple[int, int]:
        raise AssertionError(purpose)

    sources, targets = RULES[name].connect(rule_of(name), Ends(3, 3, 0), none)
    every = range(3) if name == "all_to_all" else (0,)
    expected = [(i, (i + step) % 3) for i in range(3) for step in every]
    assert list(zip(sources.tolist(), targets.tolist(), strict=True)) == sorted(expected)


def test_in_python_a_rule_may_be_written_as_itself() -> None:
    rule = netspec.PairwiseBernoulli(p=0.2)
    projection = netspec.Projection(
        source="ext", target="exc", receptor="AMPA", rule=rule, weight="1 nS", delay="1 ms"
    )
    assert projection.rule == Rule(pairwise_bernoulli=rule)


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ({"all_to_all": {}}, 100),
        ({"all_to_all": {"allow_autapses": False}}, 90),
        ({"pairwise_bernoulli": {"p": 1}}, 100),
        ({"pairwise_bernoulli": {"p": 0}}, 0),
        ({"one_to_one": {}}, 10),
        ({"fixed_outdegree": {"outdegree": 3}}, 30),
        ({"fixed_indegree": {"indegree": 4, "allow_multapses": False}}, 40),
        ({"fixed_total_number": {"number": 17}}, 17),
        ({"pairwise_poisson": {"mean": 0}}, 0),
        ({"symmetric_pairwise_bernoulli": {"p": 1}}, 100),
        ({"watts_strogatz": {"neighbours": 4, "p_rewire": 0.5}}, 40),
        ({"explicit": {"pairs": [[0, 1], [0, 1]]}}, 2),
    ],
)
def test_a_list_of_weights_is_as_long_as_the_rule_is_certain_of(
    rule: dict[str, object], count: int
) -> None:
    def lists(length: int) -> netspec.Network:
        weights = ["1 nS"] * length
        rec = {"source": "exc", "target": "exc", "receptor": "AMPA", "delay": "1 ms", "rule": rule}
        later = [{"at": "1 ms", "set": {"rec.weight": weights}}]
        changes = {"projections": {"rec": {**rec, "weight": weights}}, "timeline": later}
        return small({**changes, "monitors": {}})

    assert pipeline.check(lists(count)).ok
    with pytest.raises(SpecError) as caught:
        pipeline.prepare(lists(count + 1))
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [
        ("wrong-length", "projections.rec.weight"),
        # of a projection with problems the timeline is not looked at
    ]
