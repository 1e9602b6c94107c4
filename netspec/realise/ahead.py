"""Work that goes ahead in other threads, where that pays, with results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from netspec.machine import cores
from netspec.realise import kernels

ResultT = TypeVar("ResultT")

_MOST = 4
"""Threads: each holds the weights of a projection in 64 bits while it works."""


def ahead(
    tasks: Iterable[Callable[[], ResultT]], *, waiting: int = 0
) -> Generator[Callable[[], ResultT], None, None]:
    """Yield what returns the result of each task, or raises its error, in order.

    With kernels, which let other threads run, some tasks are done at once; without them each is
    done when its result is asked for.

    Args:
        tasks: They, asked for one by one.
        waiting: How many may be done, or wait to be done, beside those that threads work on.
    """
    workers = min(_MOST, cores())
    if kernels.current() is None or workers == 1:
        yield from tasks
        return
    begun: deque[Future[ResultT]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for task in tasks:
                begun.append(pool.submit(copy_context().run, task))
                if len(begun) == workers + waiting:
                    yield begun.popleft().result
            while begun:
                yield begun.popleft().result
        finally:
            for each in begun:
                each.cancel()
