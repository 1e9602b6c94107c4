"""What holds for all tests."""

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def interrupts_arrive() -> None:
    """Undo what a shell does to jobs in the background: it makes them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
