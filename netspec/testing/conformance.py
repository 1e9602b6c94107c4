"""The conformance suite: every installed backend must do what the oracle does, to the last bit.

Run it with `pytest --pyargs netspec.testing.conformance`. Backends come from the registry. Each
runs every network of `netspec.testing.networks` with its default options, one of them without
state digests. On as many threads as there may be it runs the network that the smallest difference
changes most, and with every other choice of its options one whose state becomes infinite; these are
marked `slow`, since they may mean compilers. Marked `long`, every backend runs a network that holds
the whole language, and every choice that one and another one that holds most of the rest.

`check_backend` is the same comparison as a function, also for a backend that is broken on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import ValidationError

from netspec.backend.protocol import AnyBackend, BackendOptions, RunControl
from netspec.backend.registry import available, missing_simulator
from netspec.backend.require import missing_features, require
from netspec.compare import record_differences
from netspec.errors import BackendError, UnsupportedFeature
from netspec.realise.network import RealisedNetwork
from netspec.results.record import RunRecord
from netspec.testing import networks
from netspec.testing.endings import first_of_many
from netspec.testing.oracle import backend as oracle
from netspec.testing.parts.dynamics import chaos

BROADEST = networks.everything.__name__
LANGUAGE = networks.whole_language.__name__
HARDEST_ENDING = first_of_many.__name__
MOST_SENSITIVE = chaos.__name__
THREADS = (1, 2)
Selection = Callable[[list[BackendOptions]], list[BackendOptions]]


def check_backend(
    backend: AnyBackend, options: BackendOptions, to_run: Mapping[str, RealisedNetwork]
) -> list[str]:
    """Return the first difference between a backend and the oracle on each network.

    Args:
        backend: Checked.
        options: Its options.
        to_run: Networks by name.

    Returns:
        Lines such as `delays: step 17, relays[3]: expected a spike, got none`; none if the
        backend conforms.

    Raises:
        UnsupportedFeature: The backend says that it cannot run one of the networks.
    """
    found = []
    for name, network in to_run.items():
        require(network.ir, backend)
        unlike = record_differences(expected(network), run(backend, options, network), network)
        found += [f"{name}: {text}" for text in unlike[:1]]
    return found


@cache
def expected(network: RealisedNetwork) -> RunRecord:
    """Return what the oracle does."""
    return run(oracle, oracle.options(), network)


def run(backend: AnyBackend, options: BackendOptions, network: RealisedNetwork) -> RunRecord:
    """Run a network from beginning to end."""
    program = backend.emit(network, options)
    return backend.build(program, options).run(RunControl())


def option_choices(backend: AnyBackend) -> list[BackendOptions]:
    """Return the default options, then every other combination of what can be enumerated.

    That is the values of `Literal` fields, and numbers of threads; combinations that the backend
    refuses are left out.
    """
    model: type[BackendOptions] = backend.options
    values: dict[str, tuple[Any, ...]] = {
        name: get_args(field.annotation)
        for name, field in model.model_fields.items()
        if get_origin(field.annotation) is Literal
    }
    if "threads" in model.model_fields:
        values["threads"] = THREADS
    choices: list[BackendOptions] = [model()]
    for combination in product(*values.values()):
        try:
            options = model(**dict(zip(values, combination, strict=True)))
        except ValidationError:
            continue
        if options not in choices:
            choices.append(options)
    return choices


def one_thread(choices: list[BackendOptions]) -> list[BackendOptions]:
    """Return the choices that need one thread."""
    return [each for each in choices if _threads(each) == 1]


def most_threads(choices: list[BackendOptions]) -> list[BackendOptions]:
    """Return, of choices that differ in nothing but the number of threads, the one with most."""
    most: dict[str, BackendOptions] = {}
    for each in sorted(choices, key=_threads):
        most[each.model_dump_json(exclude={"threads"})] = each
    return [each for each in choices if each in most.values()]


def busiest(choices: list[BackendOptions]) -> list[BackendOptions]:
    """Return the choice with the most threads."""
    return [max(choices, key=_threads)]


def _threads(options: BackendOptions) -> int:
    return getattr(options, "threads", None) or 1


def _installed() -> Iterator[AnyBackend]:
    for name in (backends := available()):
        try:
            backend = backends[name]
        except BackendError:
            continue  # a test of its own fails
        if backend is not oracle and missing_simulator(backend) is None:
            yield backend


def default_choices() -> list[Any]:
    """Return every backend with its defaults, for a test."""
    return [pytest.param(each, each.options(), id=each.name) for each in _installed()]


def other_choices(select: Selection = list) -> list[Any]:
    """Return what every backend lets one choose beside its defaults, for a slow test.

    Args:
        select: Which of the choices are wanted: each may mean a compiler.
    """
    found = []
    for backend in _installed():
        for options in select(option_choices(backend)):
            if options == backend.options():
                continue
            stated = options.model_dump(mode="json", exclude_defaults=True)
            text = ",".join(f"{name}={value}" for name, value in stated.items())
            label = f"{backend.name}:{text}"
            found.append(pytest.param(backend, options, id=label, marks=pytest.mark.slow))
    return found


@pytest.mark.parametrize("name", available())
def test_can_be_imported(name: str) -> None:
    """Every backend that is installed can be used, or says what it misses."""
    backend = available()[name]
    assert backend.version() is not None or backend.capabilities.install


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.long) if name == LANGUAGE else name
        for name in networks.NETWORKS
    ],
)
@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_agrees_with_the_oracle(backend: AnyBackend, options: BackendOptions, name: str) -> None:
    """Spikes, state and the end of the run are the oracle's."""
    _check(backend, options, name)


@pytest.mark.parametrize(("backend", "options"), other_choices(busiest))
def test_most_threads_change_nothing(backend: AnyBackend, options: BackendOptions) -> None:
    """On as many threads as there may be, the result is the oracle's."""
    _check(backend, options, MOST_SENSITIVE)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("backend", "options"), other_choices(most_threads))
def test_options_change_nothing(backend: AnyBackend, options: BackendOptions) -> None:
    """Whatever a backend lets one choose, the result is the oracle's."""
    for name in (BROADEST, LANGUAGE):
        _check(backend, options, name)


@pytest.mark.parametrize(("backend", "options"), other_choices(one_thread))
def test_options_change_no_ending(backend: AnyBackend, options: BackendOptions) -> None:
    """Nor do they change which value is said to have become infinite, and what is kept."""
    _check(backend, options, HARDEST_ENDING)


@pytest.mark.parametrize(("backend", "options"), default_choices())
def test_state_digests_can_be_left_out(backend: AnyBackend, options: BackendOptions) -> None:
    """Without them everything else is the same."""
    network = networks.realised("corners")
    without = options.model_copy(update={"state_digest": False})
    if missing_features(network.ir, backend):
        pytest.skip(f"'{backend.name}' says that it cannot run this network")
    wanted = replace(expected(network), state_digests={})
    found = record_differences(wanted, run(backend, without, network), network)
    assert not found, "\n".join(map(str, found))


def _check(backend: AnyBackend, options: BackendOptions, name: str) -> None:
    network = networks.realised(name)
    if missing := missing_features(network.ir, backend):
        with pytest.raises(UnsupportedFeature):
            require(network.ir, backend)
        pytest.skip(f"'{backend.name}' says that it lacks {', '.join(missing)}")
    assert check_backend(backend, options, {name: network}) == []
