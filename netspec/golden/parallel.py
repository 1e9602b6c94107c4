"""Several descriptions at a time, as far as processors and memory go."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from time import sleep
from types import FrameType
from typing import TypeVar

from netspec.errors import BackendError

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")

_PROCESS_BYTES = 200_000_000
"""Python, NumPy and what a backend loads."""

_GRACE = 3.0
"""Seconds in which a process ends what it has started, before it is gone."""

_FORMS = 2
"""A backend keeps its own form of the arrays beside those that were realised."""


def in_parallel(
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[tuple[TaskT, int]],
    *,
    processes: int,
    max_memory: int,
) -> Iterator[ResultT]:
    """Yield the result of a function for each task, in order, some of them made at a time.

    Each is made in a process of its own; one at a time, all are made in this one.

    Args:
        function: Found by its name in another process.
        tasks: Each with the bytes that its arrays are expected to take.
        processes: As many at most.
        max_memory: Bytes; a task that would take more beside others waits until it is alone.

    Raises:
        BackendError: A process was killed.
    """
    processes = min(processes, len(tasks))
    if processes <= 1:
        yield from (function(task) for task, _ in tasks)
        return
    others = set(active_children())
    # Forked, a process would have locks and threads of libraries in the middle of their work.
    context = get_context("spawn")
    with _safe_path():
        pool = ProcessPoolExecutor(processes, context, initializer=_begin)
    with pool as executor:
        try:
            yield from _results(executor, function, tasks, processes, max_memory)
        except BaseException as error:
            for process in set(active_children()) - others:
                process.terminate()
            if isinstance(error, BrokenProcessPool):
                raise BackendError(
                    "a process was killed, probably since memory was short; "
                    "with --jobs 1 there is one run at a time"
                ) from error
            raise


def _results(
    executor: ProcessPoolExecutor,
    function: Callable[[TaskT], ResultT],
    tasks: Sequence[tuple[TaskT, int]],
    processes: int,
    max_memory: int,
) -> Iterator[ResultT]:
    waiting = deque((task, _PROCESS_BYTES + _FORMS * size) for task, size in tasks)
    order: deque[Future[ResultT]] = deque()
    running: dict[Future[ResultT], int] = {}
    while waiting or order:
        while waiting and len(running) < processes:
            task, size = waiting[0]
            if running and sum(running.values()) + size > max_memory:
                break
            waiting.popleft()
            with _safe_path():
                order.append(executor.submit(function, task))
            running[order[-1]] = size
        for done in wait(running, return_when=FIRST_COMPLETED).done:
            del running[done]
        while order and order[0].done():
            running.pop(order[0], None)
            yield order.popleft().result()


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let processes that start meanwhile import nothing from the current folder.

    They are a `python -c`, for which a file `struct.py` there would be the module of that name.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def _begin() -> None:
    """Let the process that waits be the one that is interrupted; it ends those that work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """Wait for the end of the process that waits, however it ends, and end this one."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(_GRACE)
    os._exit(1)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # what a backend has started is ended on the way
