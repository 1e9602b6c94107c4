"""Examples still give what their golden files say, on the backends that these name."""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.examples import DOCUMENTS, EXAMPLES, SHORT

from netspec.backend.registry import get
from netspec.cli.main import main
from netspec.golden.file import path_of, read
from netspec.golden.subject import Subject
from netspec.ir.contract import SEMANTICS


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    [
        path if path.stem in SHORT else pytest.param(path, marks=pytest.mark.long)
        for path in DOCUMENTS
    ],
    ids=lambda path: path.stem,
)
def test_nothing_differs(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", str(document)])
    said = capsys.readouterr()
    assert status == 0, said.out + said.err
    assert said.out.count("identical") == len(read(path_of(document)).backends)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_golden_files_are_of_these_documents(document: Path) -> None:
    golden, subject = read(path_of(document)), Subject(str(document))
    assert golden.fingerprint == subject.fingerprint, "netspec golden examples/*.json --update"
    assert golden.semantics == SEMANTICS
    assert path_of(document).read_text(encoding="utf-8") == golden.to_json()
    assert len(golden.backends) >= 2
    for name in golden.backends:
        most = get(name).capabilities.most_neuron_steps
        assert most is None or subject.neuron_steps <= most


def test_every_golden_file_has_a_document() -> None:
    assert {path_of(document) for document in DOCUMENTS} == set(EXAMPLES.glob("*.golden.json"))
