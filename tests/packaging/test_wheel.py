"""The wheel, not only the tree: what is in it, and that it works where the checkout is not.

The wheel is built once, without network, and installed into a new environment that sees
the packages of the running one (its dependencies) but never the checkout: a `.pth` file
makes another environment's packages importable without following the `.pth` files there,
and an editable install is nothing but such a file.
"""

import configparser
import email
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from email.message import Message
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "netspec": CHECKOUT / "netspec",
    "netspec_brian2": CHECKOUT / "backends" / "netspec_brian2",
    "netspec_native": CHECKOUT / "backends" / "netspec_native",
    "netspec_numpy": CHECKOUT / "backends" / "netspec_numpy",
}

pytestmark = pytest.mark.xdist_group("wheel")


def execute(
    command: Sequence[str | Path], *, cwd: Path, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a command that must succeed, away from the environment variables of this run."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "PYTEST_ADDOPTS", "VIRTUAL_ENV"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name not in hidden},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out]
    execute([*command, CHECKOUT], cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a new environment that holds the wheel and nothing of the checkout."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    # Before the other packages become visible: pip must not take the editable install for it.
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    execute([*pip, "--no-deps", "--no-index", wheel], cwd=home)
    others = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    assert others
    (site_packages,) = home.glob("lib/python3*/site-packages")
    (site_packages / "dependencies.pth").write_text("\n".join(others) + "\n", encoding="utf-8")
    return python.parent


def read_from(wheel: Path, name: str) -> str:
    """Read one file of the wheel's dist-info folder."""
    with zipfile.ZipFile(wheel) as archive:
        (member,) = (m for m in archive.namelist() if m.endswith(f".dist-info/{name}"))
        return archive.read(member).decode()


def shipped_files(package: str) -> set[str]:
    """Every file of a package in the checkout, as the wheel should name it."""
    folder = PACKAGES[package]
    return {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_top_level_names(contents: set[str]) -> None:
    names = {name.partition("/")[0] for name in contents}
    (dist_info,) = (name for name in names if name.endswith(".dist-info"))
    assert dist_info.startswith("netspec_snn-")
    assert names - {dist_info} == set(PACKAGES)


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_file_of_a_package_is_shipped(package: str, contents: set[str]) -> None:
    expected = shipped_files(package)
    assert f"{package}/__init__.py" in expected
    assert f"{package}/py.typed" in expected
    if package == "netspec":
        schemas = {path.name for path in (CHECKOUT / "schemas").iterdir()}
        assert any(name.endswith(".json") for name in schemas)
        expected |= {f"netspec/schemas/{name}" for name in schemas}
    else:
        assert f"{package}/capabilities.toml" in expected
        assert any(name.endswith(".jinja") for name in expected)
    assert {name for name in contents if name.startswith(f"{package}/")} == expected


def test_metadata(wheel: Path) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata: Message = email.message_from_string(read_from(wheel, "METADATA"))
    assert metadata["Name"] == "netspec-snn"
    assert metadata["Version"] == project["version"]
    assert metadata["License-Expression"] == "BSD-3-Clause"
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert readme.strip() in str(metadata.get_payload())
    scripts = configparser.ConfigParser()
    scripts.read_string(read_from(wheel, "entry_points.txt"))
    assert dict(scripts["console_scripts"]) == project["scripts"]
    for group in ("netspec.backends", "pytest11"):
        assert dict(scripts[group]) == project["entry-points"][group]


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_imported_from_the_wheel(package: str, installed: Path, tmp_path: Path) -> None:
    ask = f"import {package}; print({package}.__file__)"
    origin = Path(execute([installed / "python", "-c", ask], cwd=tmp_path).stdout.strip())
    assert origin.is_relative_to(installed.parent)


def test_backends_are_found(installed: Path, tmp_path: Path) -> None:
    listing = execute([installed / "netspec", "backends"], cwd=tmp_path).stdout
    for name in ("brian2", "numpy", "oracle"):
        assert name in listing


def test_conformance_suite_passes(installed: Path, tmp_path: Path) -> None:
    """With one network on each backend: what is left out of the wheel is left out for all."""
    select = ["-m", "not slow", "-k", "imported or delays"]
    pytest_there = [installed / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    suite = ["--pyargs", "netspec.testing.conformance"]
    done = execute([*pytest_there, *select, *suite], cwd=tmp_path, timeout=600)
    assert " passed" in done.stdout
