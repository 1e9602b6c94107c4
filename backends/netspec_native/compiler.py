"""The C compiler: which one there is, what it says of itself, and calling it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from netspec.errors import BackendError

_CANDIDATES = ("cc", "gcc", "clang")


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler that answers.

    Attributes:
        command: The program and what always follows it.
        version: The first line that it says of itself.
    """

    command: tuple[str, ...]
    version: str

    def compile(self, source: Path, target: Path, flags: tuple[str, ...]) -> None:
        """Compile a file to a shared library.

        Raises:
            BackendError: It cannot.
        """
        arguments = [*self.command, *flags, "-o", str(target), str(source), "-lm"]
        try:
            done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        except OSError as error:
            raise BackendError(f"the compiler '{self.command[0]}' cannot be run: {error}") from None
        if done.returncode:
            told = done.stderr.strip()[-2000:]
            raise BackendError(f"the compiler '{shlex.join(self.command)}' failed:\n{told}")


def found_compiler(command: str | None = None) -> Compiler | None:
    """Return a compiler: the one that is asked for, or $CC, or the first that there is.

    Args:
        command: A program, perhaps with arguments.
    """
    asked = command or os.environ.get("CC")
    commands: list[tuple[str, ...]] = [(each,) for each in _CANDIDATES]
    if asked:
        commands = [tuple(shlex.split(asked))]
    elif find_spec("ziglang") is not None:
        commands.append((sys.executable, "-m", "ziglang", "cc"))
    return next(filter(None, map(_asked, commands)), None)


def require_compiler(command: str | None = None) -> Compiler:
    """Return a compiler.

    Raises:
        BackendError: There is none; says how to get one.
    """
    compiler = found_compiler(command)
    if compiler is not None:
        return compiler
    asked = command or os.environ.get("CC")
    which = f"the C compiler '{asked}' cannot be run" if asked else "there is no C compiler"
    raise BackendError(
        f"backend 'native' cannot compile: {which}; install one with: sudo apt-get install gcc "
        "(or your system's equivalent), or: pip install 'netspec-snn[zig]'"
    )


@cache
def _asked(command: tuple[str, ...]) -> Compiler | None:
    if not command or shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.strip().splitlines()
    return Compiler(command, lines[0].strip()) if done.returncode == 0 and lines else None
