"""`diff`: statuses, trouble with either description, data files, and what one description means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from unit.cli.conftest import DOCUMENT

from netspec.diff import realised
from netspec.diff.report import _code


def write(file: str, **changes: Any) -> str:
    Path(file).write_text(json.dumps(DOCUMENT | changes), encoding="utf-8")
    return file


def test_json_and_yaml_are_compared(netspec, spec: Path) -> None:
    other = write("other.yaml", dt="100 us")  # JSON is YAML
    said = netspec("diff", spec.name, other)
    assert (said.status, said.err) == (0, "")
    assert "the same meaning: only the writing differs" in said.out


def test_what_is_left_to_its_default_is_only_writing(netspec, spec: Path) -> None:
    projections = {"ext_exc": DOCUMENT["projections"]["ext_exc"] | {"connected": True}}
    said = netspec("diff", write("old.json", projections=projections), spec.name)
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1].split("  ") == [
        *("", "projections.ext_exc.connected", "removed: true"),
        "left to the default, which is the same",
    ]


def test_trouble_of_both_descriptions_is_told_with_their_files(netspec, spec: Path) -> None:
    Path("one.json").write_text('{"netspec": "1",,}', encoding="utf-8")
    other = write("other.json", dt="0.1 mV")
    said = netspec("diff", "one.json", other)
    assert (said.status, said.out) == (2, "")
    assert "--> one.json:1:" in said.err
    assert "--> other.json:1:" in said.err


def test_what_only_resolving_finds_is_told_with_its_file(netspec, spec: Path) -> None:
    other = write("other.json", populations={"exc": {"size": 10, "cell": "lost"}})
    said = netspec("diff", spec.name, other)
    assert (said.status, said.out) == (2, "")
    assert "--> other.json:1:" in said.err
    assert "small.json" not in said.err


@pytest.mark.parametrize("command", [("diff",), ("diff", "small.json"), ("check",)])
def test_a_golden_file_is_no_description(netspec, spec: Path, command: tuple[str, ...]) -> None:
    golden = Path("small.golden.json")
    golden.write_text('{"format": "netspec-golden-1"}', encoding="utf-8")
    said = netspec(*command, golden)
    assert (said.status, said.out) == (2, "")
    assert said.err == f"error: expected a description, got a golden file: '{golden}'\n"


def test_a_file_that_is_not_there_is_trouble(netspec, spec: Path) -> None:
    assert netspec("diff", spec.name, "lost.json").status == 2


@pytest.mark.parametrize("error", [OSError("disk"), MemoryError()])
def test_trouble_of_the_machine_is_no_difference(
    netspec, spec: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("netspec.diff.difference", fail)
    assert netspec("diff", spec.name, write("other.json", seed=2)).status == 2


def test_other_numbers_in_a_data_file_are_a_change(netspec, spec: Path) -> None:
    population = {
        "size": 2,
        "cell": "lif",
        "parameters": {"C_m": {"file": "c.csv", "column": "C_m", "unit": "pF"}},
    }
    for folder, numbers in (("old", "C_m\n200\n300\n"), ("new", "C_m\n200\n301\n")):
        Path(folder).mkdir()
        Path(folder, "c.csv").write_text(numbers, encoding="utf-8")
        write(f"{folder}/small.json", populations={"exc": population}, monitors={})
    said = netspec("diff", "old/small.json", "new/small.json")
    assert (said.status, said.err) == (1, "")
    assert "populations.exc.parameters.C_m" in said.out
    assert "the data changed" in said.out
    assert netspec("diff", "old/small.json", "old/small.json").status == 0


def test_what_is_too_much_to_draw_may_differ(
    netspec, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realised, "slow_to_draw", lambda *_: {"ext_exc"})
    said = netspec("diff", spec.name, write("other.json", seed=2))
    assert said.status == 1
    assert "(not drawn, since there is very much of it)" in said.out
    assert "projections.ext_exc  may differ" in said.out
    assert "as before: " not in said.out
    projections = {"ext_exc": DOCUMENT["projections"]["ext_exc"] | {"weight": "21 nS"}}
    said = netspec("diff", spec.name, write("other.json", projections=projections))
    assert "projections.ext_exc  may differ" in said.out
    assert "as before: exc, ext\n" in said.out


def test_one_description_is_shown_fact_by_fact(netspec, spec: Path) -> None:
    said = netspec("diff", spec.name)
    assert (said.status, said.err) == (0, "")
    assert "populations.exc.C_m: 281 pF\n" in said.out
    other = write("other.yaml", dt="100 us", name="other", monitors={})
    assert netspec("diff", other).out == said.out


def test_what_is_off_or_zero_has_a_line_as_what_is_on(netspec, spec: Path) -> None:
    projection = DOCUMENT["projections"]["ext_exc"]
    rule = {"all_to_all": {"allow_autapses": False}}
    off = {"ext_exc": projection | {"rule": rule, "connected": False}}
    lines = netspec("diff", write("off.json", projections=off, seed=0)).out.splitlines()
    usual = netspec("diff", spec.name).out.splitlines()
    for what in ("rule.allow_autapses", "connected"):
        assert f"projections.ext_exc.{what}: false" in lines
        assert f"projections.ext_exc.{what}: true" in usual
    assert "seed: 0" in lines


@pytest.mark.parametrize("option", [["--markdown"], ["--max-memory", "1GB"], ["--max-memory", "0"]])
def test_options_are_for_two_descriptions(netspec, spec: Path, option: list[str]) -> None:
    said = netspec("diff", spec.name, *option)
    assert (said.status, said.out) == (2, "")
    assert option[0] in said.err


def test_names_of_files_cannot_become_markup_or_move_the_cursor(netspec, spec: Path) -> None:
    other = write("a|`b`<i>\n\x1b[2J.json", seed=2)
    text = netspec("diff", spec.name, other).out
    assert "\x1b" not in text
    assert "a|`b`<i>\\n\\x1b[2J.json" in text
    rows = netspec("diff", spec.name, other, "--markdown").out.splitlines()
    (row,) = [row for row in rows if row.startswith("| <code>a&#124;&#96;b&#96;&#60;i")]
    assert row.count("|") == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C_m * 2", "`C_m * 2`"),
        ("V < V_th", "<code>V &#60; V&#95;th</code>"),
        ("a`|\\&", "<code>a&#96;&#124;&#92;&#38;</code>"),
        ("one\ntwo", "<code>one&#92;ntwo</code>"),
        ("\u202eright to left", "<code>&#92;u202eright to left</code>"),
        (" ", ""),
    ],
)
def test_nothing_in_code_is_markup(text: str, code: str) -> None:
    assert _code(text) == code
