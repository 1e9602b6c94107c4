"""What an import costs: heavy packages are loaded by whoever needs them, when it needs them."""

import json
import subprocess
import sys

import pytest

HEAVY = {"brian2", "h5py", "matplotlib", "pandas", "sympy"}


@pytest.mark.parametrize("module", ["netspec", "netspec.cli.main"])
def test_import_loads_nothing_heavy(module: str) -> None:
    report = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert module.partition(".")[0] in loaded
    assert loaded.isdisjoint(HEAVY), f"import {module} loads {sorted(loaded & HEAVY)}"
