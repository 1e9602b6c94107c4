"""The C file: compilers have nothing to say against it, and nobody can take its names."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from golden.programs import TOURS, network as toured
from unit.backends.brian2_programs import all_hostile

from netspec.compare import differences
from netspec.realise.network import RealisedNetwork
from netspec.testing import networks
from netspec.testing.conformance import BROADEST, HARDEST_ENDING, LANGUAGE, expected, run
from netspec_native import backend
from netspec_native.names import RESERVED, Names
from netspec_native.options import NativeOptions, flags

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
LITERALS = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|#[^\n]*|\b0[xX][0-9a-fA-F]+|\b\d\S*', re.S)
WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def looked_at(name: str) -> RealisedNetwork:
    tours = {tour.stem: tour for tour in TOURS}
    return toured(tours[name]) if name in tours else networks.realised(name)


def source(name: str, options: NativeOptions | None = None) -> str:
    return backend.emit(looked_at(name), options or NativeOptions()).files["simulate.c"]


def test_there_is_a_compiler_to_ask() -> None:
    assert COMPILERS


def said(compiler: str, options: NativeOptions, path: Path, *more: str) -> str:
    """Return what a compiler says of a file."""
    strict = ("-Wall", "-Wextra", "-Werror", "-Wno-unused-command-line-argument")
    command = [compiler, *flags(options), *strict, *more, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("vectors", ["native", "common"])
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    "name",
    ["tour", "language_tour", "lif_inhibition", BROADEST, LANGUAGE, HARDEST_ENDING, "functions"],
)
def test_compilers_do_not_warn(name: str, compiler: str, vectors: str, tmp_path: Path) -> None:
    options = NativeOptions.model_validate({"vectors": vectors})
    path = tmp_path / "simulate.c"
    path.write_text(source(name, options))
    assert said(compiler, options, path, "-fsyntax-only") == ""


@pytest.mark.slow
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("name", ["tour", "language_tour", "lif_inhibition"])
def test_compilers_do_not_warn_when_they_look_closer(
    name: str, compiler: str, tmp_path: Path
) -> None:
    path = tmp_path / "simulate.c"
    path.write_text(source(name))
    assert said(compiler, NativeOptions(), path, "-o", str(tmp_path / "simulate.so")) == ""


# --- names --------------------------------------------------------------------------------------


def given(network: RealisedNetwork) -> set[str]:
    return set(Names(network.ir)._table.values())


def in_c(text: str) -> set[str]:
    """Return the identifiers of a C text."""
    return set(WORD.findall(LITERALS.sub(" ", text)))


def in_python(text: str) -> set[str]:
    """Return the names that the function `simulate` sees."""
    tree = ast.parse(text)
    (simulate,) = (
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "simulate"
    )
    found = {each.id for each in ast.walk(simulate) if isinstance(each, ast.Name)}
    found |= {each.arg for each in ast.walk(simulate) if isinstance(each, ast.arg)}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {each.asname or each.name for each in names}
    return found


@cache
def hostile() -> RealisedNetwork:
    """Return a network whose authors chose the worst names."""
    return all_hostile()


@pytest.mark.parametrize("name", ["tour", "language_tour", BROADEST, LANGUAGE, "hostile"])
def test_every_name_of_the_program_is_reserved_or_was_given(name: str) -> None:
    network = hostile() if name == "hostile" else looked_at(name)
    files = backend.emit(network, NativeOptions()).files
    own = given(network)
    assert not own & RESERVED
    fields = {"_"} | set(re.findall(r"(?:__|_mm|__m)\w+|netspec_\w+", files["simulate.c"]))
    numbered = re.compile(r"(layout|edges|any|first|next)_\w+")
    unknown = in_c(files["simulate.c"]) | in_python(files["simulate.py"])
    unknown -= own | RESERVED | fields
    assert {each for each in unknown if not numbered.fullmatch(each)} == set()


def test_the_worst_names_change_nothing() -> None:
    options = NativeOptions(optimize=0)
    assert not differences(expected(hostile()), run(backend, options, hostile()), hostile())
