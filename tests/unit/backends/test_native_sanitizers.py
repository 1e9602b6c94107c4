"""Sanitizers find nothing in the C file: no place outside of an array, no race between threads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netspec.testing.conformance import BROADEST, HARDEST_ENDING, MOST_SENSITIVE

SANITIZERS = {"address,undefined": "libasan.so", "thread": "libtsan.so"}
PROGRAM = Path(__file__).with_name("sanitized.py")


def sanitized(sanitizer: str, cache: Path, *networks: str) -> subprocess.CompletedProcess[str]:
    """Run networks in a process with a sanitizer."""
    library = SANITIZERS[sanitizer]
    where = subprocess.run(
        ["gcc", f"-print-file-name={library}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if where == library:
        pytest.skip(f"there is no {library}")
    settings = {
        "CC": f"gcc -g -fsanitize={sanitizer} -fno-sanitize-recover=undefined",
        "LD_PRELOAD": where,
        "XDG_CACHE_HOME": str(cache),
        "ASAN_OPTIONS": "detect_leaks=0",  # Python's own
        "TSAN_OPTIONS": "halt_on_error=1",
    }
    return subprocess.run(
        [sys.executable, PROGRAM, *networks],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
@pytest.mark.skipif(shutil.which("gcc") is None, reason="sanitizers are those of gcc")
@pytest.mark.parametrize("sanitizer", SANITIZERS)
def test_sanitizers_find_nothing(sanitizer: str, tmp_path: Path) -> None:
    ran = sanitized(sanitizer, tmp_path, BROADEST, HARDEST_ENDING, MOST_SENSITIVE)
    assert ran.returncode == 0, ran.stderr
