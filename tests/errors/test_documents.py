"""Bad documents: what each gets is one text, pinned, and nothing else happens."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import pytest
from errors.codes import codes_in_source
from errors.corpus import FOLDER, complaint, documents, expected

DOCUMENTS = documents()

FILE_CODES = {
    "file-not-found",
    "file-is-directory",
    "file-unreadable",
    "unknown-file-type",
    "text-too-large",
    "not-utf-8",
}
"""About the file, not the text in it; `tests/unit/spec/test_reader*.py` show them."""

ELSEWHERE = {
    "lone-surrogate",  # tests/unit/spec/test_reader_refusals.py
    "number-too-long",  # tests/unit/spec/test_reader_refusals.py
    "more-problems",  # tests/errors/test_bombs.py
    "key-not-text",  # tests/unit/spec/test_reader_refusals.py
    "unknown-place",  # of `replace` and `--set`: tests/unit/spec/test_network.py
    "changed-twice",  # the same
    "no-folder",  # tests/unit/data/test_folder.py
    "data-changed",  # the same
    "data-file-too-large",  # the same
    "data-unreadable",  # the same
    "missing-package",  # tests/unit/data/test_sonata.py
    "wrong-value",  # of options of backends: tests/unit/backends/test_brian2_trouble.py
}


def by_name(document: Path) -> str:
    return document.name


def status_for(said: str) -> int:
    """Return the exit status that belongs to a text: a description with warnings is carried out."""
    assert said
    return 2 if "error[" in said else 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_a_bad_document_gets_its_text_and_status(document: Path) -> None:
    began = time.process_time()
    status, said = complaint(document)
    assert time.process_time() - began < 10
    assert said == expected(document).read_text(encoding="utf-8"), "python -m tests.regenerate"
    assert status == status_for(said)


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_run_says_the_same_about_a_bad_document(document: Path) -> None:
    said = expected(document).read_text(encoding="utf-8")
    assert complaint(document, "run", "--quiet") == (status_for(said), said)


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_every_problem_of_a_document_is_a_located_sentence(document: Path) -> None:
    said = expected(document).read_text(encoding="utf-8")
    for block in re.split(r"^(?:error|warning)\[", said, flags=re.MULTILINE)[1:]:
        first, place, *more = block.rstrip("\n").split("\n")
        code, message = first.split("]: ", 1)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", code)
        assert message == message.strip()
        assert not message.endswith(".")
        assert re.match(rf"  --> {re.escape(document.name)}:[1-9][0-9]*:[1-9][0-9]*( |$)", place)
        assert all(line.startswith(("  note: ", "  hint: ")) for line in more)


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_the_text_of_a_document_is_short_and_printable(document: Path) -> None:
    said = expected(document).read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert all(line.isprintable() and len(line) < 400 for line in said.splitlines())


def test_no_document_takes_much_memory() -> None:
    tracemalloc.start()
    try:
        for document in DOCUMENTS:
            complaint(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100e6


def test_every_document_has_a_text_and_every_text_a_document() -> None:
    assert {expected(each) for each in DOCUMENTS} == set(FOLDER.glob("*.txt"))
    assert len(DOCUMENTS) == len({each.stem for each in DOCUMENTS})


def test_every_code_of_the_compiler_has_a_bad_document() -> None:
    texts = (path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt"))
    found = (re.findall(r"^(?:error|warning)\[(.*?)\]", text, re.MULTILINE) for text in texts)
    shown = {code for codes in found for code in codes}
    assert codes_in_source() - shown == FILE_CODES | ELSEWHERE
    assert shown <= codes_in_source()
