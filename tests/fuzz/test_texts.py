"""A short search for texts that are read wrongly, always the same one."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fuzz import corpora, guided
from fuzz.texts import CHECKS
from hypothesis import HealthCheck, find, given, settings, strategies as st

from netspec.expr.printer import Printed
from netspec.spec.network import Network

SHORT = settings(
    derandomize=True,
    database=None,
    deadline=1000 * corpora.SECONDS,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow],
)

ODD = [
    "",
    "\0",
    "\t",
    "\n",
    "\r",
    "\x85",
    "\u2028",
    "é",
    "\U0001f9e0",
    "\ud800",
    "0" * 30,
    "(" * 50,
]


@pytest.fixture(autouse=True, scope="module")
def memory_is_limited() -> Iterator[None]:
    """Let what takes too much memory fail."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + corpora.MEGABYTES * 10**6
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def texts(target: str) -> st.SearchStrategy[str]:
    """Return texts of a corpus with a few parts replaced, and others of the same parts."""
    known = corpora.corpus(target)
    parts = sorted({part for text in known for part in re.findall(r"\w+|\s+|\W", text)} | {*ODD})
    part = st.sampled_from(parts)
    soup = st.lists(part, max_size=12).map("".join)
    return soup | st.builds(_edited, st.sampled_from(known), st.lists(_edit(part), max_size=3))


def _edit(part: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.tuples(st.integers(0, 10_000), st.integers(0, 8), part)


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for place, length, new in edits:
        start = place % (len(text) + 1)
        text = f"{text[:start]}{new}{text[start + length :]}"
    return text


@pytest.mark.parametrize("target", CHECKS)
def test_every_text_of_a_corpus_is_understood_or_refused(target: str) -> None:
    understood = []
    for text in corpora.corpus(target):
        began = time.process_time()
        understood.append(CHECKS[target](text))
        assert time.process_time() - began < corpora.SECONDS
    assert any(understood)
    assert not all(understood)


@pytest.mark.parametrize("target", CHECKS)
@pytest.mark.timeout(600)
def test_texts_like_those_of_a_corpus_are_understood_or_refused(target: str) -> None:
    understood = set()

    @SHORT
    @given(texts(target))
    def search(text: str) -> None:
        understood.add(CHECKS[target](text))

    search()
    assert understood == {True, False}


def test_there_is_a_corpus_for_each_target() -> None:
    assert set(corpora.TARGETS) == CHECKS.keys()


# --- the search finds what is wrong ---


def breaks(target: str) -> str:
    """Return the simplest text that breaks a rule."""

    def is_wrong(text: str) -> bool:
        try:
            CHECKS[target](text)
        except (AssertionError, KeyError):
            return True
        return False

    return find(texts(target), is_wrong, settings=SHORT)


def test_lost_parentheses_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Printed, "within", lambda piece, _: piece.text)
    assert breaks("expression")


def test_an_exception_of_python_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def loads(text: str, **_: Any) -> Network:
        raise KeyError(text)

    monkeypatch.setattr(Network, "loads", loads)
    assert breaks("json") == ""


def test_a_value_that_is_lost_in_writing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Network.to_document
    monkeypatch.setattr(
        Network, "to_document", lambda network: {**whole(network), "seed": network.seed + 1}
    )
    assert "netspec" in breaks("yaml")


# --- atheris ---


def test_without_atheris_a_search_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(guided, "find_spec", lambda _: None)
    assert guided.search("expression", 1, None) == 2
    assert "pip install atheris" in capsys.readouterr().err
