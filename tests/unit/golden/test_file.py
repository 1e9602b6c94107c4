"""Golden files are read as strictly as descriptions, and written the same way every time."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from netspec.errors import SpecError
from netspec.golden.file import (
    Golden,
    GoldenObject,
    GoldenOutcome,
    is_golden,
    mean_rate,
    path_of,
    read,
    steps_per_second,
    write,
)
from netspec.results.digest import combined_digest

ONE, TWO, THREE = (digit * 64 for digit in "123")


def golden(**changes: Any) -> Golden:
    """Return what a run of 1.5 s gave, with one population and one input."""
    objects = {
        "zoo": GoldenObject(kind="source", size=4, count=3, rate=0.5, digest=TWO),
        "exc": GoldenObject(kind="population", size=2, count=6, rate=2.0, digest=ONE),
    }
    fields = {
        "network": "small",
        "semantics": 1,
        "fingerprint": THREE,
        "backends": ("native", "numpy"),
        "seed": 2**64 - 1,
        "dt": 0.001,
        "steps": 1500,
        "outcome": None,
        "spike_digest": combined_digest({"exc": ONE, "zoo": TWO}),
        "state_digest": combined_digest({"exc": THREE}),
        "objects": objects,
        "states": {"exc": THREE},
        "steps_per_second": 1000,
        "seconds": (ONE, TWO),
    }
    return Golden(**(fields | changes))


def edited(path: Path, *steps: str, to: Any = ...) -> None:
    """Write a golden file with a value changed, or taken out."""
    data = json.loads(golden().to_json())
    place = data
    for step in steps[:-1]:
        place = place[step]
    if to is ...:
        del place[steps[-1]]
    else:
        place[steps[-1]] = to
    path.write_text(json.dumps(data, indent=2))


def problems(path: Path) -> str:
    """Return what is said of a golden file, with `path` named `it`."""
    with pytest.raises(SpecError) as error:
        read(path)
    return str(error.value).replace(str(path), "it")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "small.golden.json"


def test_what_is_written_is_read(path: Path) -> None:
    write(golden(), path)
    assert read(path) == golden()


def test_the_text_is_the_same_for_the_same_content(path: Path) -> None:
    write(golden(), path)
    again = golden(objects=dict(reversed(golden().objects.items())))
    assert path.read_text() == again.to_json()
    assert list(json.loads(path.read_text())["objects"]) == ["exc", "zoo"]
    assert path.read_text().endswith("}\n")


def test_a_file_that_cannot_be_written_is_left_as_it_was(path: Path, monkeypatch) -> None:
    path.write_text("before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(golden(), path)
    assert path.read_text() == "before"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("document", "file"),
    [
        ("models/net.json", "models/net.golden.json"),
        ("net.yaml", "net.golden.json"),
        ("net.YML", "net.golden.json"),
        ("net.netspec.json", "net.netspec.golden.json"),
        ("net.v2", "net.v2.golden.json"),
    ],
)
def test_it_stands_beside_the_document(document: str, file: str) -> None:
    assert path_of(document).as_posix() == file
    assert is_golden(path_of(document))
    assert not is_golden(document)


@pytest.mark.parametrize(
    ("dt", "steps"), [(1e-4, 10_000), (1e-3, 1000), (3e-4, 3334), (0.25, 4), (1.0, 1), (60.0, 1)]
)
def test_a_second_has_whole_steps(dt: float, steps: int) -> None:
    assert steps_per_second(dt) == steps


def test_a_rate_needs_neurons_and_time() -> None:
    assert mean_rate(6, 2, 1500, 0.001) == 2.0
    assert mean_rate(0, 0, 1500, 0.001) is None
    assert mean_rate(0, 2, 0, 0.001) is None


# What is not as it was written


def test_every_truncated_file_is_refused_with_its_place(path: Path) -> None:
    text = golden().to_json().encode()
    for length in range(len(text) - 2):
        path.write_bytes(text[:length])
        said = problems(path)
        assert "--> it:" in said, length


def test_a_merge_conflict_is_refused_with_its_line(path: Path) -> None:
    lines = golden().to_json().splitlines()
    lines.insert(4, "<<<<<<< HEAD")
    path.write_text("\n".join(lines))
    assert "--> it:5:1" in problems(path)


def test_a_key_that_is_given_twice_is_refused(path: Path) -> None:
    path.write_text(golden().to_json().replace('"seed":', '"dt": 0.001,\n  "seed":'))
    assert problems(path).startswith("error[duplicate-key]: key 'dt' is given twice\n  --> it:12:3")


@pytest.mark.parametrize(
    ("steps", "value", "said"),
    [
        (("seed",), "1", "error[wrong-type]: expected a whole number, got '1'"),
        (("seed",), 1.0, "error[wrong-type]: expected a whole number, got 1.0"),
        (("seed",), True, "error[wrong-type]: expected a whole number, got true"),
        (("seed",), -1, "error[out-of-range]: expected at least 0, got -1"),
        (("backends",), "numpy", "error[wrong-type]: expected a list, got 'numpy'"),
        (("backends",), [], "error[too-short]: expected at least 1 item, got 0"),
        (("fingerprint",), ONE[1:], "error[wrong-digest]: expected a digest of 64 hexadecimal"),
        (("fingerprint",), "Ä" * 64, "error[wrong-digest]: expected a digest of 64 hexadecimal"),
        (("states", "exc"), None, "error[wrong-type]: expected a text, got nothing"),
        (("objects",), [], "error[wrong-type]: expected an object with named fields, got a list"),
        (("objects", "exc", "count"), "6", "error[wrong-type]: expected a whole number, got '6'"),
        (("objects", "exc", "kind"), "cell", "error[unknown-choice]: expected 'population'"),
        (("format",), "netspec-golden-9", "error[unknown-choice]: expected 'netspec-golden-1'"),
        (("outcome",), {"step": 3}, "error[missing-field]: the field 'population' is missing"),
        (("sede",), 1, "error[unknown-field]: 'sede' is not a field here"),
        (("seed",), ..., "error[missing-field]: the field 'seed' is missing"),
        (("objects", "exc", "digest"), ..., "error[missing-field]: the field 'digest' is missing"),
    ],
)
def test_wrong_types_are_refused_with_their_place(
    path: Path, steps: tuple[str, ...], value: Any, said: str
) -> None:
    edited(path, *steps, to=value)
    text = problems(path)
    assert text.startswith(said)
    assert f"   {'.'.join(steps)}" in text
    assert "--> it:" in text


@pytest.mark.parametrize(
    ("steps", "value", "place"),
    [
        (("objects", "exc", "digest"), THREE, "spike_digest"),
        (("objects", "exc"), ..., "spike_digest"),
        (("spike_digest",), THREE, "spike_digest"),
        (("states", "exc"), ONE, "state_digest"),
        (("states",), {}, "state_digest"),
        (("state_digest",), None, "state_digest"),
        (("objects", "exc", "count"), 7, "objects.exc.rate"),
        (("objects", "exc", "rate"), 2.0000000000000004, "objects.exc.rate"),
        (("objects", "exc", "rate"), None, "objects.exc.rate"),
        (("dt",), 0.002, "objects.exc.rate"),
        (("steps_per_second",), 999, "steps_per_second"),
        (("seconds",), [ONE], "seconds"),
        (("seconds",), [], "seconds"),
    ],
)
def test_a_value_that_was_edited_does_not_fit_the_others(
    path: Path, steps: tuple[str, ...], value: Any, place: str
) -> None:
    edited(path, *steps, to=value)
    text = problems(path)
    assert text.startswith("error[damaged-golden-file]: ")
    assert f"   {place}\n" in text
    assert text.endswith("hint: `netspec golden SPEC --update` writes it anew")


def test_a_run_that_ends_within_a_second_has_one_digest_twice(path: Path) -> None:
    rates = {"zoo": 3 / (4 * 0.9), "exc": 6 / (2 * 0.9)}
    objects = {
        name: each.model_copy(update={"rate": rates[name]})
        for name, each in golden().objects.items()
    }
    short = {"steps": 900, "objects": objects}
    write(golden(**short, seconds=(golden().spike_digest,)), path)
    assert read(path).steps == 900
    data = json.loads(path.read_text()) | {"seconds": [ONE]}
    path.write_text(json.dumps(data, indent=2))
    assert problems(path).startswith(
        "error[damaged-golden-file]: the digest of all spikes is not that of their only second"
    )
    assert "   seconds\n" in problems(path)


SILENT = combined_digest(dict.fromkeys(("exc", "zoo"), sha256().hexdigest()))
END = {"step": 1500, "population": "exc", "index": 1, "variable": "V"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"objects.exc.count": 3001, "objects.exc.rate": 3001 / 3}, "objects.exc.count"),
        ({"objects.exc.count": 0, "objects.exc.rate": 0.0}, "objects.exc.digest"),
        ({"objects.exc.kind": "source"}, "states"),
        ({"states": {}, "state_digest": None}, "states"),
        ({"outcome": END}, "states"),
        ({"states": {}, "state_digest": None, "outcome": END | {"step": 9}}, "outcome.step"),
        ({"states": {}, "state_digest": None, "outcome": END | {"index": 2}}, "outcome.index"),
        (
            {"states": {}, "state_digest": None, "outcome": END | {"population": "zoo"}},
            "outcome.index",
        ),
        ({"seconds": [SILENT, SILENT]}, "seconds"),
        ({"seconds": [SILENT, TWO]}, "seconds"),
        ({"seconds": [golden().spike_digest, TWO]}, "seconds"),
        (
            {
                "objects.exc.count": 1,
                "objects.exc.rate": 1 / 3,
                "objects.zoo.size": 0,
                "objects.zoo.count": 0,
                "objects.zoo.rate": None,
                "objects.zoo.digest": sha256().hexdigest(),
                "spike_digest": combined_digest({"exc": ONE, "zoo": sha256().hexdigest()}),
            },
            "seconds",
        ),
    ],
)
def test_several_values_that_were_edited_do_not_fit_the_others(
    path: Path, changes: dict[str, Any], place: str
) -> None:
    data = json.loads(golden().to_json())
    for name, value in changes.items():
        *folders, last = name.split(".")
        whole = data
        for each in folders:
            whole = whole[each]
        whole[last] = value
    path.write_text(json.dumps(data, indent=2))
    text = problems(path)
    assert text.startswith("error[damaged-golden-file]: ")
    assert f"   {place}\n" in text


def test_an_ending_and_a_silent_second_fit(path: Path) -> None:
    one = golden(seconds=(SILENT, golden().spike_digest))
    write(one, path)
    assert read(path) == one
    other = golden(states={}, state_digest=None, outcome=GoldenOutcome(**END))
    write(other, path)
    assert read(path) == other


def test_what_is_no_golden_file_at_all_is_refused(path: Path) -> None:
    path.write_text("[1, 2]")
    assert problems(path).startswith("error[not-an-object]: ")
    path.write_bytes(b"\x89PNG\r\n")
    assert problems(path).startswith("error[not-utf-8]: ")
    path.write_text('{"seed": 1e999}')
    assert problems(path).startswith("error[non-finite-number]: ")
    path.write_text("[" * 100_000)
    assert problems(path).startswith("error[nesting-too-deep]: ")
    path.unlink()
    assert problems(path).startswith("error[file-not-found]: ")
    path.mkdir()
    assert problems(path).startswith("error[file-is-directory]: ")
