"""What holds for all tests."""

import signal

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, not of netspec.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz-seconds",
        type=float,
        default=20,
        help="how long backends are compared on networks of each kind that no other test has",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the backends of one network in one process, where the oracle runs it once."""
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if {"backend", "name"} <= parameters.keys():
            group = f"{item.path.stem} {parameters['name']}"
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session", autouse=True)
def interrupts_arrive() -> None:
    """Undo what a shell does to jobs in the background: it makes them ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
