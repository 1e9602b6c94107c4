"""Every example comes twice, as a document and as Python, and is valid for other validators."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from gallery.scripts import EXAMPLES, script

import netspec
from netspec.golden.file import is_golden
from netspec.passes import pipeline
from netspec.schema import schema_text

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMA = CHECKOUT / "schemas" / "netspec-1.json"
DOCUMENTS = sorted(path for path in EXAMPLES.glob("*.json") if not is_golden(path))


def test_the_committed_schema_is_what_the_models_say() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "run `netspec schema > schemas/netspec-1.json`"
    )


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_document_has_a_script() -> None:
    assert DOCUMENTS
    assert {path.stem for path in DOCUMENTS} <= {path.stem for path in EXAMPLES.glob("*.py")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
class TestExample:
    def test_validates(self, path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(json.loads(schema_text())).validate(document)
        assert (path.parent / document["$schema"]).resolve() == SCHEMA

    def test_has_no_problems(self, path: Path) -> None:
        assert pipeline.check(netspec.load(path)).diagnostics == ()

    def test_twins_mean_the_same(self, path: Path) -> None:
        assert script(path.stem).network.fingerprint() == netspec.load(path).fingerprint()

    def test_is_what_it_reads_back(self, path: Path, tmp_path: Path) -> None:
        network = netspec.load(path)
        network.save(tmp_path / "again.json")
        assert netspec.load(tmp_path / "again.json").to_document() == network.to_document()
