"""Distributions as they are written: in documents and in Python."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from unit.documents import small

import netspec
from netspec.passes import pipeline
from netspec.schema import json_schema
from netspec.spec.network import Network
from netspec.units import pA

WRITTEN: list[dict[str, Any]] = [
    {"normal": {"mean": "87.8 pA", "sd": "8.8 pA"}},
    {"normal": {"mean": "87.8 pA", "sd": "8.8 pA", "redraw": ["0 pA", None]}},
    {"lognormal": {"median": "2*pA + i*pA", "sigma": 0.5, "clip": [None, "1 nA"]}},
    {"uniform": {"low": "0 pA", "high": "g_L*mV"}},
    {"exponential": {"mean": "-3 pA"}},
    {"gamma": {"shape": 2, "scale": "3 pA"}},
    {"beta": {"alpha": 2, "beta": "3", "low": "0 pA", "high": "1 pA"}},
    {"weibull": {"shape": 1.5, "scale": "3 pA"}},
    {"discrete": {"values": ["1 pA", "2*pA"], "probabilities": ["1/3", "2/3"]}},
]


def with_current(value: object) -> Network:
    return small({"populations.exc.parameters": {"I_e": value}})


def names(value: dict[str, Any]) -> str:
    return next(iter(value))


@pytest.mark.parametrize("written", WRITTEN, ids=names)
def test_a_distribution_is_kept_as_it_was_written(written: dict[str, Any]) -> None:
    network = with_current(written)
    assert network.to_document()["populations"]["exc"]["parameters"]["I_e"] == written
    assert Network.loads(network.to_json()) == network


@pytest.mark.parametrize("written", WRITTEN, ids=names)
def test_the_schema_knows_distributions(written: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(with_current(written).to_document())


@pytest.mark.parametrize(
    "written",
    [
        {"normal": {"mean": "1 pA"}},
        {"gaussian": {"mean": "1 pA", "sd": "1 pA"}},
        {"normal": {"mean": "1 pA", "sd": "1 pA", "redraw": ["0 pA"]}},
        {"discrete": {"values": [], "probabilities": []}},
    ],
    ids=names,
)
def test_the_schema_refuses_what_is_no_distribution(written: dict[str, Any]) -> None:
    data = with_current("1 pA").to_document()
    data["populations"]["exc"]["parameters"]["I_e"] = written
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(data)


def test_in_python_a_distribution_has_a_class() -> None:
    value = netspec.Normal(mean=87.8 * pA, sd="8.8 pA", redraw=[0 * pA, None])
    written = {"normal": {"mean": "87.8 pA", "sd": "8.8 pA", "redraw": ["0 pA", None]}}
    assert with_current(value) == with_current(written)
    assert with_current(netspec.Distribution(normal=value)) == with_current(written)
    listed = netspec.Discrete(values=["1 pA", 2 * pA], probabilities=[0.5, 0.5])
    assert with_current(listed).fingerprint() != with_current(value).fingerprint()


def test_distributions_check_themselves() -> None:
    with pytest.raises(netspec.SpecError) as caught:
        netspec.Uniform(low="1 mW", hihg="2 pA")
    found = {(each.code, each.path) for each in caught.value.diagnostics}
    assert found == {("bad-quantity", "low"), ("unknown-field", "hihg")}


def test_check_shows_what_is_drawn() -> None:
    drawn = {"normal": {"mean": "2 nS", "sd": "0.1 nS", "redraw": ["0 nS", None]}}
    network = small({"cells.lif.g_L": drawn, "projections.ext_exc.weight": drawn})
    words = "normal, mean 2 nS, sd 0.1 nS, redraw [0 nS, none]"
    assert pipeline.check(network).drawn == (
        ("cells.lif.g_L", words),
        ("projections.ext_exc.weight", words),
    )
