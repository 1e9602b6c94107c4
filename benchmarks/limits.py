"""What the machine can do at most, measured by a small C program: `limits.c`."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from benchmarks.networks import Size
from netspec.codegen.environment import environment
from netspec.codegen.math_text import c_functions
from netspec_native.compiler import require_compiler
from netspec_native.options import NativeOptions, flags

WHAT = ("stream", "scatter", "exp", "exprel", "random", "running")
THREADS = (1, 2)

_HEAD = """#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

"""
_EFFORT: dict[Size, tuple[float, float]] = {"full": (1e9, 1.0), "small": (1e7, 0.02)}
"""Bytes of the array, which caches should not hold, and seconds of each measurement."""


def measured(size: Size) -> dict[str, dict[str, float]]:
    """Return what is done per second, by threads.

    These are bytes, events, exponentials, `exprel` near 0, random words, and the seconds in which
    the threads have their cores.

    Raises:
        BackendError: There is no C compiler.
    """
    n_bytes, seconds = _EFFORT[size]
    own = Path(__file__).with_suffix(".c").read_text(encoding="utf-8")
    # As an executable; otherwise as the native backend compiles.
    told = tuple(each for each in flags(NativeOptions()) if each not in ("-shared", "-fPIC"))
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "limits.c", Path(folder) / "limits"
        functions = c_functions(frozenset({"exp", "exprel_near"}))
        words = environment("netspec_native").get_template("philox.c.jinja").render()
        source.write_text(f"{_HEAD}{functions}{words}{own}", encoding="utf-8")
        require_compiler().compile(source, program, told)
        return {
            what: {
                str(threads): float(
                    subprocess.run(
                        [program, what, str(threads), str(n_bytes), str(seconds)],
                        capture_output=True,
                        text=True,
                        check=True,
                    ).stdout
                )
                for threads in THREADS
            }
            for what in WHAT
        }
