"""The C compiler: which one there is, what it says of itself, and calling it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from netspec.errors import BackendError

Command = tuple[str, ...]

_CANDIDATES = ("cc", "gcc", "clang")
# Left alone, zig makes undefined behaviour a trap, and code for this processor only; Python would
# take modules from the current folder.
_ZIG = (sys.executable, "-P", "-m", "ziglang", "cc", "-fno-sanitize=undefined", "-mcpu=baseline")
_HEADERS = Path(__file__).with_name("headers.c")
_LINES = 12


class Stopped(Exception):  # noqa: N818 (nothing is wrong)
    """The caller wished to stop while the compiler ran."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler that answers.

    Attributes:
        command: The program and what always follows it.
        version: The first line that it says of itself.
        identity: A hash of which program it is, all that it says of itself, its target, and what
            it and the headers of the system define.
    """

    command: Command
    version: str
    identity: str

    def compile(
        self,
        source: Path,
        target: Path,
        flags: Command,
        should_stop: Callable[[], bool] = lambda: False,
        *,
        pieces: int = 1,
    ) -> None:
        """Compile a file to a shared library.

        Args:
            source: The file.
            target: The library; the compiler's own files lie beside it for a while.
            flags: What it is told.
            should_stop: Asked now and then.
            pieces: How many compilers work on it at once, if more than one; the file has to say
                what `PIECE` is of how many `PIECES`.

        Raises:
            BackendError: It cannot.
            Stopped: `should_stop` said so.
        """
        told: list[str] = ["-x", "c", str(source)]
        if pieces > 1:
            of_pieces = [each for each in flags if each != "-shared"]
            told = [str(target.with_name(f"piece_{number}.o")) for number in range(pieces)]
            calls = [
                [*of_pieces, f"-DPIECES={pieces}", f"-DPIECE={number}", "-c", "-o", piece]
                for number, piece in enumerate(told)
            ]
            self._call([[*each, "-x", "c", str(source)] for each in calls], target, should_stop)
        self._call([[*flags, "-o", str(target), *told, "-lm"]], target, should_stop)
        if not _is_linked(target):
            raise BackendError(f"the C compiler '{self}' did not fail, but wrote no library")

    def _call(
        self, calls: Sequence[Sequence[str]], target: Path, should_stop: Callable[[], bool]
    ) -> None:
        """Call the compiler several times at once."""
        with ExitStack() as stack:
            begun = [stack.enter_context(self._begun(each, target.parent)) for each in calls]
            for process in begun:
                told = _followed(process, should_stop)
                if process.returncode:
                    lines = [line.rstrip() for line in told.splitlines() if line.strip()][:_LINES]
                    how = f"failed with status {process.returncode}"
                    if process.returncode < 0:
                        how = f"was ended by a signal: {signal.strsignal(-process.returncode)}"
                    raise BackendError("\n  ".join([f"the C compiler '{self}' {how}", *lines]))

    @contextmanager
    def _begun(self, arguments: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
        """Start the compiler; leave nothing of it running."""
        try:
            process = subprocess.Popen(
                [*self.command, *arguments],
                env={**os.environ, "TMPDIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,  # Ctrl-C is for netspec to hear
            )
        except OSError as error:
            raise BackendError(f"the C compiler '{self}' cannot be started: {error}") from None
        with process:
            try:
                yield process
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def __str__(self) -> str:
        return shlex.join(self.command)


def _is_linked(path: Path) -> bool:
    """Tell whether a file is a program or a library, and no text or object file."""
    try:
        with path.open("rb") as stream:
            start = stream.read(18)
    except OSError:
        return False
    return start[:4] == b"\x7fELF" and int.from_bytes(start[16:], sys.byteorder) in (2, 3)


def _followed(process: subprocess.Popen[str], should_stop: Callable[[], bool]) -> str:
    """Return what a process says until it ends."""
    while True:
        try:
            return process.communicate(timeout=0.05)[0]
        except subprocess.TimeoutExpired:
            if should_stop():
                raise Stopped from None


def found_compiler(command: str | None = None) -> Compiler | None:
    """Return a compiler: the one that is asked for, or $CC, or the first that there is.

    Args:
        command: A program, perhaps with arguments.
    """
    answers = map(_answer, _candidates(command))
    return next((each for each in answers if isinstance(each, Compiler)), None)


def require_compiler(command: str | None = None) -> Compiler:
    """Return a compiler, as `found_compiler` does.

    Raises:
        BackendError: There is none; says how to get one.
    """
    compiler = found_compiler(command)
    if compiler is None:
        raise BackendError(f"backend 'native' cannot compile: {missing_compiler(command)}")
    return compiler


def missing_compiler(command: str | None = None) -> str | None:
    """Return why `found_compiler` finds none, and how to get one; `None` if it finds one."""
    if found_compiler(command) is not None:
        return None
    reasons = (_answer(each) for each in _candidates(command))
    reason = next((each for each in reasons if isinstance(each, str)), "there is no C compiler")
    advice = "install one with: sudo apt-get install gcc libc6-dev (or your system's equivalent)"
    advice += ", or with: pip install 'netspec-snn[zig]'"
    if command:
        advice = "leave out the option 'compiler' to take another one"
    elif _named():
        advice = "it is what the environment variable CC says: name a C compiler there or unset it"
    return f"{reason}; {advice}"


def _named() -> str:
    return os.environ.get("CC", "").strip()


def _candidates(command: str | None) -> Iterator[str]:
    """Yield the commands that may be a compiler, the best first."""
    asked = command or _named()
    if asked:
        yield asked
        return
    yield from (each for each in _CANDIDATES if shutil.which(each))
    if find_spec("ziglang") is not None:
        yield shlex.join(_ZIG)


def _answer(command: str) -> Compiler | str:
    """Return the compiler that a command is, or why it is none."""
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        return f"'{command}' is no command: {error}"
    program = shutil.which(words[0]) if words else None
    if program is None:
        return f"the C compiler '{command}' cannot be found"
    return _asked(program, words)


@cache
def _asked(program: str, command: Command) -> Compiler | str:
    """Ask a program what it is, and whether it finds the headers that it will need."""
    try:
        version = _output([*command, "--version"])
        defined = _output([*command, "-dM", "-E", "-x", "c", str(_HEADERS)])
        found = Path(program).resolve().stat()
    except subprocess.CalledProcessError as error:
        lines = [line.strip() for line in error.stderr.splitlines() if line.strip()]
        said = next((line for line in lines if "error" in line), f"status {error.returncode}")
        return f"the C compiler '{shlex.join(command)}' does not work: {said}"
    except (OSError, subprocess.SubprocessError) as error:
        return f"the C compiler '{shlex.join(command)}' cannot be started: {error}"
    if "#define __STDC_VERSION__ " not in defined:
        return f"'{shlex.join(command)}' is no C compiler"
    which = (str(Path(program).resolve()), str(found.st_size), str(found.st_mtime_ns), *command)
    told = "\0".join((*which, version, defined))
    identity = sha256(told.encode(errors="surrogateescape")).hexdigest()  # a path is any bytes
    return Compiler(command, next(iter(version.splitlines()), "").strip(), identity)


def _output(command: list[str]) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
        timeout=60,
    )
    return done.stdout
