"""Work in several threads, with results in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from netspec.realise import ahead as module, kernels
from netspec.realise.ahead import ahead


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "cores", lambda: 2)
    some: Any = object()
    with kernels.using(some):
        yield


def fail() -> int:
    raise ValueError("this one")


def test_without_kernels_each_is_done_when_it_is_asked_for() -> None:
    done: list[int] = []
    tasks: list[Callable[[], None]] = [partial(done.append, number) for number in range(3)]
    for number, result in enumerate(ahead(tasks, waiting=3)):
        assert done == list(range(number))
        result()


@pytest.mark.usefixtures("threads")
def test_results_and_errors_come_in_order() -> None:
    tasks = [partial(int, 1), fail, partial(int, 3)]
    first, second, third = ahead(tasks, waiting=3)
    assert first() == 1
    with pytest.raises(ValueError, match="this one"):
        second()
    assert third() == 3


@pytest.mark.usefixtures("threads")
def test_two_are_done_at_once_while_others_wait() -> None:
    running, most, lock = [0], [0], threading.Lock()
    meeting = threading.Barrier(2, timeout=20)

    def task() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        meeting.wait()
        with lock:
            running[0] -= 1

    for result in ahead([task] * 8, waiting=8):
        result()
    assert most[0] == 2


@pytest.mark.usefixtures("threads")
def test_what_waits_is_not_begun_if_nobody_wants_results_any_more() -> None:
    done: list[int] = []
    go_on = threading.Event()

    def task(number: int) -> None:
        assert go_on.wait(20)
        done.append(number)

    results = ahead((partial(task, number) for number in range(9)), waiting=4)
    next(results)
    threading.Timer(0.2, go_on.set).start()
    results.close()  # waits for the two that run
    assert len(done) < 5
