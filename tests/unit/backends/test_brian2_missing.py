"""What a user is told where Brian2, a compiler or a header is missing."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from pydantic import ValidationError
from unit.backends.brian2_programs import (
    TARGETS,
    emitted,
    run,
)

from netspec.backend.protocol import RunControl
from netspec.backend.registry import missing_simulator
from netspec.errors import BackendError
from netspec.testing import networks
from netspec_brian2 import backend, compilers
from netspec_brian2.failure import failure_message
from netspec_brian2.options import Target

ROOT = Path(__file__).parents[3]


def test_threads_need_cpp_standalone() -> None:
    assert backend.options(target="cpp_standalone", threads=2).threads == 2
    with pytest.raises(ValidationError, match="several threads need target=cpp_standalone"):
        backend.options(threads=2)
    with pytest.raises(ValidationError):
        backend.options(target="cpp_standalone", threads=0)


def test_a_missing_brian2_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netspec_brian2.build.find_spec", lambda _name: None)
    with pytest.raises(BackendError) as caught:
        run(emitted(networks.realised("one_step")))
    assert str(caught.value) == (
        "backend 'brian2' needs Brian2, which is not installed; "
        f"install it with: {backend.capabilities.install}"
    )


def test_what_is_to_be_installed_is_what_the_distribution_asks_for() -> None:
    program, verb, option, *wanted = shlex.split(backend.capabilities.install)
    assert (program, verb, option) == ("pip", "install", "--upgrade")
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    dependencies = {each.replace("'", '"') for each in asked["project"]["dependencies"]}
    assert set(wanted) <= dependencies
    assert {each for each in dependencies if ";" in each} <= set(wanted)


@pytest.mark.parametrize(
    "failure", ["AttributeError('`ptp` was removed')", "ImportError('no module sympy')"]
)
def test_a_brian2_that_cannot_be_imported_is_told_from_one_that_is_missing(
    failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brian2.py").write_text(f"raise {failure}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # An `ImportError` of the cython target must not be mistaken for a damaged cache.
    monkeypatch.setattr("netspec_brian2.build.require_compiler", lambda _target: None)
    monkeypatch.setattr("netspec_brian2.build.cache_folder", lambda: tmp_path)
    options = backend.options(target="cython")
    program = emitted(networks.realised("one_step"), "cython")
    with pytest.raises(BackendError) as caught:
        backend.build(program, options).run(RunControl())
    name, _, text = failure.removesuffix("')").partition("('")
    assert str(caught.value) == (
        f"backend 'brian2' cannot import Brian2 {version('brian2')} with NumPy {version('numpy')}: "
        f"{name}: {text}; install versions that fit each other with: {backend.capabilities.install}"
    )
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    ("target", "missing", "advice"),
    [
        ("cython", {"g++"}, "'g++' cannot be found; install with: sudo apt-get install g++ ("),
        (
            "cpp_standalone",
            {"make"},
            "'make' cannot be found; install with: sudo apt-get install make (",
        ),
        ("cpp_standalone", {"g++", "make"}, "sudo apt-get install g++ make ("),
    ],
)
def test_missing_programs_are_named_and_how_to_install_them(
    target: Target, missing: set[str], advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(compilers.sysconfig, "get_config_var", lambda _name: None)
    monkeypatch.setattr(compilers.shutil, "which", lambda name: None if name in missing else name)
    with pytest.raises(BackendError, match=re.escape(advice)) as caught:
        compilers.require_compiler(target)
    assert str(caught.value).endswith("or use target=numpy, which compiles nothing")


@pytest.mark.parametrize("target", TARGETS[1:])
def test_a_compiler_that_the_environment_names_wrongly(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command, named in (("no-such-compiler -O", "no-such-compiler"), ("g++ '", "g++ '")):
        monkeypatch.setenv("CXX", command)
        with pytest.raises(
            BackendError, match=f"'{re.escape(named)}' cannot be found; .* unset it"
        ):
            compilers.require_compiler(target)
        said = missing_simulator(backend, backend.options(target=target))
        assert said is not None
        assert said.startswith(f"'{named}' cannot be found; ")
    assert missing_simulator(backend) is None


def test_the_compiler_is_quoted() -> None:
    said = "g++: fatal error: Killed signal terminated program cc1plus"
    log = "\n".join([said, *(f"  line {number} of a traceback" for number in range(30))])
    assert f"; the compiler said: {said}; it wrote last" in failure_message(1, log, None)


def test_missing_headers_of_python_are_named() -> None:
    log = (
        "x.cpp:30:10: fatal error: Python.h: No such file or directory\nCompileError: g++ failed\n"
    )
    assert "install them with: sudo apt-get install python3-dev" in failure_message(1, log, None)


def test_only_a_private_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = compilers.cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path / "netspec"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o777)
    assert compilers.cache_folder() is None
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert compilers.cache_folder() is None
    folder.unlink()
    monkeypatch.setattr(compilers, "COMPILER_FLAGS", {"cython": ("-Ofast",)})
    assert compilers.cache_folder() not in (None, folder)
