"""Running an emitted script in a process of its own, from a private folder."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from types import MappingProxyType

from netspec.backend.protocol import RunControl
from netspec.backend.start import record_of_no_step
from netspec.errors import BackendError
from netspec.results.record import RunRecord
from netspec_brian2.compilers import cache_folder, require_compiler
from netspec_brian2.failure import failure_message, import_message, missing_message
from netspec_brian2.messages import Messages
from netspec_brian2.options import Brian2Options
from netspec_brian2.program import Brian2Program
from netspec_brian2.record import read_record

STOP, LOG, RECORD = "stop", "stderr", "record.npz"
_WORKER = Path(__file__).with_name("worker.py")
_NOTHING = 1 << 16
"""Bytes that are left on a disk that is full."""


class Brian2Simulation:
    """A program that its own process will run, once."""

    def __init__(self, program: Brian2Program, options: Brian2Options) -> None:
        if find_spec("brian2") is None:
            raise BackendError(missing_message())
        require_compiler(options.target)
        self._program = program
        self._options = options
        self._wall_times: dict[str, float] = {}

    @property
    def wall_times(self) -> Mapping[str, float]:
        """Seconds for `import`, `compile` and `simulate`, after the run."""
        return MappingProxyType(self._wall_times)

    def run(self, control: RunControl) -> RunRecord:
        """Run all steps.

        A wish to stop that comes before the first step, while Brian2 compiles, is granted at once.

        Raises:
            BackendError: The process died, or its folder cannot be written.
        """
        try:
            with tempfile.TemporaryDirectory(prefix="netspec-brian2-") as name:
                folder = Path(name)
                self._program.write(folder)
                (folder / "tmp").mkdir()
                if self._follow(folder, control):
                    return read_record(folder / RECORD)
                options = self._options
                return record_of_no_step(self._program.network, state_digest=options.state_digest)
        except OSError as error:
            raise BackendError(
                f"backend 'brian2' cannot work in its temporary folder: {error.strerror or error}; "
                "set TMPDIR to a place with more room"
            ) from error

    def _follow(self, folder: Path, control: RunControl) -> bool:
        """Start the worker, pass on its progress, and wait for its end.

        Returns:
            Whether there is a record: not of a run that had not begun when it was to stop.
        """
        cache = cache_folder() if self._options.target == "cython" else None
        command = [str(_WORKER), str(folder), self._options.target, str(cache or "")]
        with _process(command, folder) as worker:
            assert worker.stdout is not None
            messages = Messages(worker.stdout)
            n_steps, has_begun = 0, False
            while messages.is_open:
                for message in messages.wait():
                    if "cannot_import" in message:
                        raise BackendError(import_message(message["cannot_import"]))
                    n_steps = message.get("total", n_steps)
                    self._wall_times.update(message.get("wall_times", {}))
                    if "fraction" in message:
                        has_begun = True
                        control.progress(round(message["fraction"] * n_steps))
                if control.should_stop():
                    if not has_begun:
                        return False
                    (folder / STOP).touch()
            status = worker.wait()
        if status != 0:
            if disk_usage(folder).free < _NOTHING:  # then the log is no help: it is there too
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            log = (folder / LOG).read_text(errors="replace")
            raise BackendError(failure_message(status, log, cache))
        return True


@contextmanager
def _process(arguments: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker in a session of its own, and leave nothing of it running."""
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    with (folder / LOG).open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-P", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    with worker:
        try:
            yield worker
        finally:
            # Its compiler or its compiled program may outlive it.
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
