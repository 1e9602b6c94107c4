"""Emitted programs: the same bytes every time, and they need no netspec to run."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import netspec
from netspec.backend.registry import available
from netspec.passes.pipeline import realised
from netspec.testing import networks

EXAMPLES = Path(__file__).parents[2] / "examples"
BACKENDS = [name for name, backend in available().items() if backend.version() is not None]


def entry(name: str) -> str:
    """Return the file to start of what a backend emits."""
    backend = available()[name]
    return backend.emit(networks.realised("corners"), backend.options()).entry


PYTHON = [name for name in BACKENDS if Path(entry(name)).suffix == ".py"]
"""Those whose program is a script; that of others is to be compiled, or to be read."""


@pytest.fixture(scope="module")
def python_without_netspec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment that sees all packages but netspec.

    It looks into the site-packages of this environment without reading the .pth file that makes
    an editable netspec importable.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def emitted(name: str, example: str, folder: Path, hash_seed: str = "0") -> dict[str, bytes]:
    """Return the files that `netspec compile` writes."""
    command = [sys.executable, "-m", "netspec.cli.main", "compile", EXAMPLES / example]
    subprocess.run(
        [*command, "--backend", name, "--out", folder],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("example", ["lif_inhibition.json", "canary.json"])
@pytest.mark.parametrize("name", BACKENDS)
def test_emission_does_not_depend_on_the_hash_seed(name: str, example: str, tmp_path: Path) -> None:
    first = emitted(name, example, tmp_path / "first", "1")
    assert entry(name) in first
    assert first == emitted(name, example, tmp_path / "second", "2")


@pytest.mark.parametrize("example", ["lif_inhibition.json", "canary.json"])
@pytest.mark.parametrize("name", PYTHON)
def test_programs_run_without_netspec_and_print_the_digests(
    name: str, example: str, tmp_path: Path, python_without_netspec: Path
) -> None:
    emitted(name, example, tmp_path)
    # `import netspec` alone would find a folder of data that an editable installation leaves.
    missing = subprocess.run(
        [python_without_netspec, "-c", "import netspec.api"], capture_output=True, cwd=tmp_path
    )
    assert b"ModuleNotFoundError" in missing.stderr
    ran = subprocess.run(
        [python_without_netspec, entry(name)],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    results = netspec.load(EXAMPLES / example).run()
    assert f"digest {results.digest()}" in ran.stdout
    assert f"state digest {results.state_digest()}" in ran.stdout


@pytest.mark.parametrize("name", BACKENDS)
def test_emission_touches_nothing(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network = realised(netspec.load(EXAMPLES / "canary.json"))
    backend = available()[name]
    backend.emit(network, backend.options())  # templates are read once
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr(subprocess, "Popen", None)
    backend.emit(network, backend.options())
    assert list(tmp_path.iterdir()) == []
