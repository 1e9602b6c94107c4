"""The document as Python objects: a mirror of the JSON, frozen, without loss."""

from __future__ import annotations

import copy
import json
import pickle
import time
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pydantic import ValidationError
from unit.documents import SMALL, document, small

import netspec
from netspec import (
    AllToAll,
    Cell,
    Monitors,
    Network,
    Poisson,
    Population,
    Projection,
    Receptor,
    Rule,
    SpecError,
    StateMonitor,
    TimelineEntry,
)
from netspec.golden.file import is_golden
from netspec.schema import json_schema
from netspec.units import Hz, mV, nS, pF

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.json") if not is_golden(path))
EVERYTHING = ROOT / "tests" / "errors" / "everything.json"
GOOD = [*EXAMPLES, EVERYTHING]


def data_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def codes(error: SpecError) -> list[str]:
    return [each.code for each in error.diagnostics]


# Without loss


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_document_is_given_back_as_it_was_written(path: Path) -> None:
    network = Network.load(path)
    assert network.to_document() == data_of(path)
    assert types_of(network.to_document()) == types_of(data_of(path))
    assert Network.loads(network.to_json()).to_json() == network.to_json()


@pytest.mark.parametrize(
    "values",
    [
        [f"{number * 1e-5:.8g} mV" for number in range(100_000)],
        [f"{number * 1e-5:.8g}/(ms/mV)" for number in range(100_000)],
        {"values": [number * 1e-5 for number in range(100_000)], "unit": "mV"},
    ],
    ids=["texts", "divided by a unit", "numbers with a unit"],
)
def test_a_hundred_thousand_values_are_read_in_seconds(values: Any) -> None:
    began = time.process_time()
    network = small({"populations.exc.initial": {"V": values}})
    assert time.process_time() - began < 10
    assert network.to_document()["populations"]["exc"]["initial"]["V"] == values


def test_none_in_python_is_as_good_as_left_out() -> None:
    with_none = small({"cells.lif.spike": None, "description": None})
    assert with_none == small()
    assert Network.loads(with_none.to_json()) == small()


def types_of(data: Any) -> Any:
    """Return the data with every value replaced by its type: 1 and 1.0 are equal otherwise."""
    if isinstance(data, dict):
        return {key: types_of(value) for key, value in data.items()}
    return [types_of(each) for each in data] if isinstance(data, list) else type(data)


@pytest.mark.parametrize(
    "value",
    [
        "281 pF",
        "281pF",
        " 2.810e2  pF ",
        "281*pF",
        ["1 pF", "2.50 pF"],
        {"values": [1, 1.0, -2, 2.5e-9, 1e22], "unit": "pF"},
        {"values": [], "unit": "pF"},
        "0",
        0,
        0.0,
        -0.0,
        1e22,
        0.12345678901234566,
        12345678901234567890,
        ["0", 0, 0.5],
        "1/tau",
    ],
)
def test_a_value_keeps_its_spelling_and_its_type(value: Any) -> None:
    network = small({"cells.lif.C_m": value})
    written = json.loads(network.to_json())["cells"]["lif"]["C_m"]
    assert json.dumps(written) == json.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(derandomize=True, max_examples=100)
def test_a_bare_number_is_the_double_that_was_read(number: float) -> None:
    network = Network.loads(json.dumps(document(timeline=[{"at": "0 ms", "set": {"x.y": number}}])))
    (value,) = network.timeline[0].set.values()
    assert float(value) == number
    assert json.loads(network.to_json())["timeline"][0]["set"]["x.y"] == number


def test_yaml_gives_the_same_network(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    path = tmp_path / "small.yaml"
    with path.open("w") as stream:
        YAML(typ="safe").dump(SMALL, stream)
    assert Network.load(path).to_document() == SMALL


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    small().save(path)
    assert Network.load(path) == small()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["small.yaml", "small", "small.json.txt"])
def test_only_json_is_saved(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpecError, match=r"expected a file name ending in \.json, got '.*'"):
        small().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_save_that_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        small().save(tmp_path / "file" / "small.json")


# Python objects


def test_python_objects_mirror_the_document() -> None:
    lif = Cell(
        model="leaky_if",
        integrator="euler",
        C_m=281 * pF,
        g_L=30 * nS,
        E_L=-70 * mV,
        V_th="-50 mV",
        V_reset="-65 mV",
        receptors={"AMPA": Receptor(model="cond_exp", E_rev="0 mV", tau_decay="2.5 ms")},
    )
    network = Network(
        netspec="1",
        name="mirror",
        seed=1,
        dt="0.1 ms",
        duration="10 ms",
        cells={"lif": lif},
        populations={"exc": Population(size=10, cell="lif")},
        inputs={"ext": Poisson(model="poisson", size=5, rate=90 * Hz)},
        projections={
            "ext_exc": Projection(
                source="ext",
                target="exc",
                receptor="AMPA",
                rule=Rule(all_to_all=AllToAll()),
                weight=np.ones(50) * nS,
                delay="0.5 ms",
            )
        },
        timeline=(TimelineEntry(at="5 ms", disconnect="ext_exc"),),
        monitors=Monitors(spikes=("exc",), states=(StateMonitor(of="exc", variables=("V",)),)),
    )
    text = network.to_json()
    assert Network.loads(text).to_json() == text
    data = json.loads(text)
    assert data["cells"]["lif"]["C_m"] == "281 pF"
    assert data["projections"]["ext_exc"]["weight"] == ["1 nS"] * 50
    assert data["projections"]["ext_exc"]["rule"] == {"all_to_all": {}}
    assert data["timeline"] == [{"at": "5 ms", "disconnect": "ext_exc"}]


def test_the_public_names_can_be_imported() -> None:
    assert {name for name in netspec.__all__ if not hasattr(netspec, name)} == set()


def test_a_part_that_is_wrong_says_so_by_itself() -> None:
    with pytest.raises(SpecError) as caught:
        netspec.Population(size=-1)
    assert str(caught.value) == (
        "error[out-of-range]: expected at least 1, got -1\n  --> size\n"
        "error[missing-field]: the field 'cell' is missing\n  --> cell"
    )
    with pytest.raises(SpecError, match="expected exactly one rule"):
        netspec.Rule()


def test_an_input_knows_its_kind_and_a_document_says_it() -> None:
    poisson, times = netspec.Poisson(size=3, rate="3 Hz"), netspec.SpikeTimes(times=[["1 ms"]])
    network = small({"inputs.one": poisson, "inputs.two": times})
    inputs = network.to_document()["inputs"]
    assert inputs["one"] == {"model": "poisson", "size": 3, "rate": "3 Hz"}
    assert inputs["two"] == {"model": "spike_times", "times": [["1 ms"]]}
    del inputs["one"]["model"]
    with pytest.raises(SpecError, match="the field 'model' is missing"):
        network.replace({"inputs": inputs})


def test_networks_are_frozen_and_equal_by_value() -> None:
    network = small()
    with pytest.raises(ValidationError):
        network.seed = 2
    with pytest.raises(ValidationError):
        network.populations["exc"].size = 2
    assert network == small()
    assert network != small({"seed": 2})


def test_nor_do_the_objects_in_a_network_change() -> None:
    network = small({"timeline": [{"at": "1 ms", "set": {"ext.rate": "5 Hz"}}]})
    population, cell = network.populations["exc"], network.cells["lif"]
    inside = (network.cells, population.initial, cell.receptors, cell.parameters)
    for each in (*inside, network.timeline[0].set):
        with pytest.raises(TypeError, match="a description does not change"):
            each["other"] = 3
        with pytest.raises(TypeError, match="a description does not change"):
            each.update(other=3)
    assert network == small({"timeline": network.to_document()["timeline"]})


def pickled(network: Network) -> object:
    return pickle.loads(pickle.dumps(network))  # noqa: S301 - made in this line


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_a_copy_of_a_network_is_the_same_network(copied) -> None:
    network = small()
    assert copied(network) == network
    assert copied(network).populations == network.populations


@pytest.mark.parametrize("key", ["self", "cls", "data", "__class__", "model_config"])
def test_no_key_of_a_document_is_anything_but_a_field(key: str) -> None:
    with pytest.raises(SpecError) as caught:
        Network.loads(json.dumps(document(**{key: 1})) if key != "self" else self_document())
    assert codes(caught.value) == ["unknown-field"]
    assert caught.value.diagnostics[0].path == key


def self_document() -> str:
    return json.dumps(document()).replace('"seed": 1', '"self": 1, "seed": 1')


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    "place", ["cells.lif.C_m", "seed", "projections.ext_exc.rule.pairwise_bernoulli.p"]
)
def test_numbers_that_are_not_finite_are_refused_from_python_too(number: float, place: str) -> None:
    with pytest.raises(SpecError):
        small({place: number})


# Changes


def test_replace_returns_a_changed_validated_network() -> None:
    before = small()
    after = before.replace(
        {"populations.exc.size": 1400, "dt": "0.05 ms", "timeline[0].at": "3 ms"}
    )
    assert before == small()
    assert (after.populations["exc"].size, after.dt.text) == (1400, "0.05 ms")
    assert after.timeline[0].at.text == "3 ms"
    assert after.replace({"timeline.0.at": "2 ms"}).timeline[0].at.text == "2 ms"


def test_replace_can_give_what_was_left_out() -> None:
    after = small({"populations.inh.parameters.V_th": "-45 mV", "description": "Changed."})
    assert after.populations["inh"].parameters["V_th"].text == "-45 mV"
    assert after.description == "Changed."


def test_replace_takes_away_what_becomes_none() -> None:
    before = small({"populations.inh.parameters": {"V_th": "-45 mV", "E_L": "-60 mV"}})
    after = before.replace({"populations.inh.parameters.V_th": None, "monitors": None})
    assert list(after.populations["inh"].parameters) == ["E_L"]
    assert "monitors" not in after.to_document()
    assert after.replace({"description": None}) == after  # where it was left out already


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"populations.exc.size": 0}, "out-of-range"),
        ({"populations.exc.colour": "red"}, "unknown-field"),
        ({"populations.exc.colour": None}, "unknown-field"),
        ({"populations.exc.size": None}, "missing-field"),
        ({"dt": "1"}, "wrong-dimension"),
        ({"timeline[7].at": "1 ms"}, "unknown-place"),
        ({"seed.x": 1}, "unknown-place"),
        ({"populations.exc.size": 3, "populations.exc": {"size": 4}}, "changed-twice"),
        ({"timeline": [], "timeline[0].at": "1 ms"}, "changed-twice"),
        ({"a[": 1}, "unknown-place"),
        ({"": 1}, "unknown-place"),
        ({3: 3}, "unknown-place"),
        ({None: 3}, "unknown-place"),
    ],
)
def test_replace_refuses_places_that_do_not_exist_and_wrong_values(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(SpecError) as caught:
        small(changes)
    assert codes(caught.value) == [code]


# Problems


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(SpecError) as caught:
        Network(**document(seed=-1, dt="0 ms", colour="red", populations={"exc": {"size": 0}}))
    assert codes(caught.value) == [
        "out-of-range",
        "not-positive",
        "out-of-range",
        "missing-field",
        "unknown-field",
    ]


def test_a_misspelt_field_is_not_also_missing() -> None:
    data = document()
    data["duraton"] = data.pop("duration")
    with pytest.raises(SpecError) as caught:
        Network(**data)
    assert codes(caught.value) == ["unknown-field"]
    assert caught.value.diagnostics[0].hints == ("did you mean 'duration'?",)


def test_very_many_problems_are_counted() -> None:
    with pytest.raises(SpecError) as caught:
        Network(**document(populations={f"p{n}": {"size": 0, "cell": "lif"} for n in range(500)}))
    assert len(caught.value.diagnostics) == 101
    assert caught.value.diagnostics[-1].message == "400 more problems are not shown"


# The JSON Schema


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_an_independent_validator_accepts_good_documents(path: Path) -> None:
    jsonschema.Draft202012Validator(json_schema()).validate(data_of(path))


@pytest.mark.parametrize(
    "changes",
    [
        {"populations": {"exc": {"size": 0, "cell": "lif"}}},
        {"populations": {"exc": {"size": 1}}},
        {"seed": "1"},
        {"colour": "red"},
        {"dt": 0.1},
        {"cells": {"lif": {"model": "leaky_if", "integrator": "rk5"}}},
        {"cells": {"lif": {"model": "leaky", "integrator": "euler"}}},
        {"cells": {"lif": {"model": "leaky_if", "integrator": "euler", "v_thresh": "1 mV"}}},
    ],
)
def test_an_independent_validator_refuses_what_netspec_refuses(changes: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(document(**changes))


def test_every_field_of_the_schema_is_described() -> None:
    definitions = {"Network": json_schema(), **json_schema()["$defs"]}
    undescribed = [
        f"{name}.{field}"
        for name, each in definitions.items()
        for field, schema in each.get("properties", {}).items()
        if "description" not in schema
    ]
    assert undescribed == []
    assert [name for name, each in definitions.items() if "description" not in each] == []
