"""The C file: compilers have nothing to say against it, and nobody can take its names."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from golden.programs import TOURS, network as toured
from promises import require_c_compiler
from unit.backends.brian2_programs import all_hostile, hostile

from netspec.compare import record_differences
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.spec.network import Network
from netspec.testing import networks
from netspec.testing.conformance import BROADEST, HARDEST_ENDING, LANGUAGE, expected, run
from netspec.testing.documents import together
from netspec_native import backend
from netspec_native.names import _SYSTEM, RESERVED, Names
from netspec_native.options import NativeOptions, flags

EXAMPLES = Path(__file__).parents[3] / "examples"
COMPILERS = ("gcc", "clang")
NO_NAMES = re.compile(r'/\*.*?\*/|"[^"\n]*"|^#.*?$|\b\d[\w.]*', re.DOTALL | re.MULTILINE)
WORD = re.compile(r"[A-Za-z_]\w*")


@cache
def looked_at(name: str) -> RealisedNetwork:
    tours = {tour.stem: tour for tour in TOURS}
    return toured(tours[name]) if name in tours else networks.realised(name)


def source(name: str, options: NativeOptions | None = None) -> str:
    return backend.emit(looked_at(name), options or NativeOptions()).files["simulate.c"]


def said(compiler: str, options: NativeOptions, path: Path, *more: str) -> str:
    """Return what a compiler says of a file."""
    require_c_compiler(compiler)
    told = [each for each in flags(options) if "-fsyntax-only" not in more or each != "-shared"]
    command = [compiler, *told, "-Wall", "-Wextra", "-Werror", *more, str(path)]
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
    """Return the identifiers that stand for names of the authors."""
    return set(Names(network.ir)._table.values())


def in_c(text: str) -> set[str]:
    """Return the identifiers of a C text outside of netspec's own functions."""
    head, _, rest = text.partition("/* --- netspec's own functions ")
    _, _, program = rest.partition("/* --- ")
    return set(WORD.findall(NO_NAMES.sub(" ", f"{head} {program}")))


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


def misnamed(*names: str) -> RealisedNetwork:
    """Return a network whose objects and variables have names of the program."""
    return pipeline.realised(Network(**together([hostile(*names)], "8 ms")))


HOSTILE = {
    "headers": ("pthread", "M", "create", "E", "atomic", "load"),
    "of C": ("size", "on", "time", "exit", "memory", "order"),
    "functions": ("make", "begin", "part", "parts", "note", "spikes"),
    "roles": ("a_deliver", "a", "any", "spike_known", "a_bundle", "reached"),
    "fields": ("n", "has", "fired", "wrong", "flushes", "subnormals"),
    "run": ("netspec", "least", "run", "start", "is", "finite"),
}
"""Names of a population, a source, two variables, a projection and an event."""


@cache
def network_of(name: str) -> RealisedNetwork:
    if name == "brian2's":
        return all_hostile()
    return misnamed(*HOSTILE[name]) if name in HOSTILE else looked_at(name)


@pytest.mark.parametrize(
    "name", ["tour", "language_tour", BROADEST, LANGUAGE, "brian2's", *HOSTILE]
)
def test_every_name_of_the_program_is_reserved_or_was_given(name: str) -> None:
    network = network_of(name)
    files = backend.emit(network, NativeOptions()).files
    own = given(network)
    assert not own & RESERVED
    unknown = in_c(files["simulate.c"]) | in_python(files["simulate.py"])
    # Fixed words with the number of a bundle are local to a function without names of authors.
    numbered = re.compile(r"(layout|edges)_\d+|netspec_\w+")
    assert {each for each in unknown - own - RESERVED if not numbered.fullmatch(each)} == set()


@pytest.mark.parametrize("compiler", COMPILERS)
def test_no_name_of_the_headers_is_free(compiler: str, tmp_path: Path) -> None:
    """Names of authors are joined with an underscore, within and not at the beginning."""
    require_c_compiler(compiler)
    path = tmp_path / "headers.c"
    included = re.findall(r"^#(?:include|define) .*$", source(BROADEST), re.MULTILINE)
    path.write_text("\n".join(included))
    told = ""
    for options in (["-E"], ["-E", "-dM"]):
        command = [compiler, *flags(NativeOptions()), *options, str(path)]
        told += subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = set(re.findall(r"\b[A-Za-z][A-Za-z0-9]*_\w*", re.sub(r"(?m)^#(pragma)? .*$", "", told)))
    assert "pthread_create" in words
    # Fields of structures and names of parameters are in nobody's way.
    inside = {"address_space", "end_ptr", "fds_bits"}
    free = {each for each in words if not (each in RESERVED or _SYSTEM.fullmatch(each))}
    assert free <= inside


def test_names_that_are_free_are_kept() -> None:
    assert "double *exc_V;" in source("lif_inhibition")


@pytest.mark.parametrize("name", ["brian2's", *HOSTILE])
def test_the_worst_names_change_nothing(name: str) -> None:
    network, options = network_of(name), NativeOptions(optimize=0)
    assert not record_differences(expected(network), run(backend, options, network), network)


@pytest.mark.parametrize("name", ["lif_inhibition", "noisy_population", "travelling_wave"])
def test_what_is_compiled_is_the_same_for_every_seed(name: str) -> None:
    network = Network.load(EXAMPLES / f"{name}.json")
    first, second = (
        backend.emit(pipeline.realised(network.replace({"seed": seed})), NativeOptions())
        for seed in (1, 2)
    )
    assert first.files["simulate.c"] == second.files["simulate.c"]
