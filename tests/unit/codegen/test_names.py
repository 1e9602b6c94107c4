"""The mapping from names of the IR to identifiers of a target is one to one and readable."""

from __future__ import annotations

import keyword

from hypothesis import given, strategies as st

from netspec.codegen.names import identifiers, joined

RESERVED = frozenset(keyword.kwlist) | {"np", "a_2", "exc_V"}

parts = st.text("ab_2V", min_size=1, max_size=4).filter(lambda text: text[0].isalpha())
keys = st.lists(st.tuples(parts, parts), unique=True, max_size=30)


def test_ordinary_names_read_as_one_would_write_them() -> None:
    wanted = {
        ("exc", "V"): joined("exc", "V"),
        ("exc", "_refractory"): joined("exc", "_refractory"),
    }
    assert list(identifiers(wanted).values()) == ["exc_V", "exc_refractory"]


def test_reserved_words_get_a_number() -> None:
    wanted = {word: word for word in ("lambda", "np", "class", "g", "None")}
    assert identifiers(wanted, RESERVED) == {
        "lambda": "lambda_2",
        "np": "np_2",
        "class": "class_2",
        "g": "g",
        "None": "None_2",
    }


def test_names_that_look_alike_after_joining_stay_apart() -> None:
    wanted = {("a_b", "c"): joined("a_b", "c"), ("a", "b_c"): joined("a", "b_c")}
    assert identifiers(wanted) == {("a_b", "c"): "a_b_c_2", ("a", "b_c"): "a_b_c_3"}


def test_a_number_never_takes_a_name_that_somebody_wants() -> None:
    wanted = {1: "x", 2: "x", 3: "x_2", 4: "x_3"}
    assert identifiers(wanted) == {1: "x_4", 2: "x_5", 3: "x_2", 4: "x_3"}


def test_the_compilers_names_stay_apart_from_an_authors() -> None:
    wanted = {name: joined("exc", name) for name in ("refractory", "_refractory")}
    assert len(set(identifiers(wanted).values())) == 2


@given(keys)
def test_mapping_is_one_to_one_valid_and_free_of_reserved_words(
    pairs: list[tuple[str, str]],
) -> None:
    wanted = {pair: joined(*pair) for pair in pairs}
    found = identifiers(wanted, RESERVED)
    assert list(found) == list(wanted)
    assert len(set(found.values())) == len(found)
    assert not set(found.values()) & RESERVED
    assert all(name.isidentifier() for name in found.values())


@given(keys)
def test_what_is_unique_and_free_is_kept(pairs: list[tuple[str, str]]) -> None:
    wanted = {pair: joined(*pair) for pair in pairs}
    texts = list(wanted.values())
    found = identifiers(wanted, RESERVED)
    for pair, text in wanted.items():
        assert (found[pair] == text) == (texts.count(text) == 1 and text not in RESERVED)


@given(keys)
def test_order_matters_only_to_names_that_collide(
    pairs: list[tuple[str, str]],
) -> None:
    wanted = {pair: joined(*pair) for pair in pairs}
    backwards = dict(reversed(list(wanted.items())))
    first, second = identifiers(wanted, RESERVED), identifiers(backwards, RESERVED)
    texts = list(wanted.values())
    for pair, text in wanted.items():
        if texts.count(text) == 1:
            assert (first[pair] == text) == (second[pair] == text)
