"""`load`, `check`, `compile` and `run`: the only way of a network from the passes to a backend."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import currentframe
from math import inf
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import numpy as np

from netspec.backend.choice import fastest_backend, parse_backend, with_threads
from netspec.backend.compiled import Compiled, Progress, Realisation, Replay, timed
from netspec.backend.protocol import AnyBackend, BackendOptions, OffersKernels
from netspec.backend.require import require
from netspec.compare import Divergence, find_divergence
from netspec.errors import Diagnostic, SpecError
from netspec.expr.parse import shorten
from netspec.ir import nodes as ir
from netspec.passes import pipeline
from netspec.passes.fingerprint import fingerprint as fingerprint_of, model_fingerprint
from netspec.passes.predict import Predicted
from netspec.realise import kernels
from netspec.realise.network import RealisedListed
from netspec.realise.replay import replayed_objects, replayed_schedule, with_replay
from netspec.realise.weights import on_grid
from netspec.results.edges import EdgeList
from netspec.results.record import SpikeRecord
from netspec.results.replay import spikes_to_replay
from netspec.results.results import Results
from netspec.spec.network import Network
from netspec.spec.problems import given, listed

Choice = tuple[AnyBackend, BackendOptions]

Replayable = Results | str | os.PathLike[str]
"""Results whose spikes are to be replayed, or the file that they are in."""

MANY_EDGES = 2_000_000
"""From so many on, compiled kernels save more time than it takes to load or make them."""


class DescriptionWarning(UserWarning):
    """Something in a description is legal but probably not meant."""


load = Network.load


def run(
    network: Network,
    *,
    backend: str | None = None,
    seed: int | None = None,
    duration: object = None,
    threads: int | None = None,
    max_memory: int | None = None,
    state_digest: bool = True,
    replay: Replayable | None = None,
    progress: Progress | None = None,
) -> Results:
    """Run a network.

    In the main thread the first Ctrl-C ends the run after the current step; the results are then
    marked incomplete. A second one raises `KeyboardInterrupt`.

    Args:
        network: The description.
        backend: `NAME` or `NAME:option=value,…`; the fastest installed one that can, if left out.
        seed: Instead of the description's.
        duration: Instead of the description's, e.g. `"2 s"`.
        threads: For backends that have several.
        max_memory: Bytes that synapses, neurons, listed spikes and samples may take; default 80 %
            of what is free.
        state_digest: `False` saves the time that it takes; the results then have none.
        replay: Results, or a file of them, whose spikes neurons get in place of those that the
            populations of the network emit; `results.own_spikes` says what these did.
        progress: Called now and then with the steps that are done and those asked for.

    Raises:
        SpecError: The description has problems; carries all of them.
        BackendChoiceError: The backend or one of its options does not exist.
        UnsupportedFeature: The backend cannot express the network.
        BackendError: The simulator is missing, cannot start or died.
        ReplayError: The results to be replayed lack spikes, or do not fit.
        ResultsFileError: The file to be replayed holds no results.
        OSError: The file to be replayed cannot be read.
        NonFiniteError: A state variable became NaN or infinite; carries what was recorded.
    """
    _require_types(network, progress=progress)
    compiled = compile(
        network,
        backend=backend,
        seed=seed,
        duration=duration,
        threads=threads,
        max_memory=max_memory,
        state_digest=state_digest,
        replay=replay,
    )
    return compiled.run(progress)


def check(network: Network, *, max_memory: int | None = None) -> tuple[Diagnostic, ...]:
    """Look for everything that `run` would refuse or warn of, without running; return the warnings.

    No more edges are drawn than `netspec check` draws: a few millions.

    Args:
        network: The description.
        max_memory: As for `run`.

    Raises:
        SpecError: The description has problems; carries all of them.
    """
    _require_types(network, max_memory=max_memory)
    report = pipeline.check(network, max_memory=max_memory)
    if not report.ok:
        raise SpecError(report.diagnostics)
    return report.diagnostics


def compile(  # noqa: A001 (users know the name from `re`)
    network: Network,
    *,
    backend: str | None = None,
    seed: int | None = None,
    duration: object = None,
    threads: int | None = None,
    max_memory: int | None = None,
    state_digest: bool = True,
    replay: Replayable | None = None,
) -> Compiled:
    """Compile a network for one backend; arguments and errors as for `run`."""
    arguments = {"threads": threads, "max_memory": max_memory, "state_digest": state_digest}
    _require_types(network, backend=backend, replay=replay, **arguments)
    changed = _changed(network, seed, duration)
    asked = None if backend is None else parse_backend(backend)
    wall_times: dict[str, float] = {}
    with timed(wall_times, "check"):
        prepared = pipeline.prepare(changed)
        chosen = asked or _fastest(prepared)
        choice = _with_options(chosen, threads=threads, state_digest=state_digest)
    realisation = realise(
        prepared, [choice], max_memory=max_memory, wall_times=wall_times, replay=replay
    )
    return realisation.compiled(*choice)


def compile_all(
    network: Network,
    choices: Sequence[Choice],
    *,
    max_memory: int | None = None,
    replay: Replayable | None = None,
) -> tuple[Compiled, ...]:
    """Compile a network for several backends, from one realisation; arguments as for `run`.

    Raises:
        SpecError: The description has problems; carries all of them.
        UnsupportedFeature: A backend cannot express the network; found before realisation.
        ReplayError: The results to be replayed lack spikes, or do not fit.
        ResultsFileError: The file to be replayed holds no results.
        OSError: The file to be replayed cannot be read.
    """
    wall_times: dict[str, float] = {}
    with timed(wall_times, "check"):
        prepared = pipeline.prepare(network)
    realisation = realise(
        prepared, choices, max_memory=max_memory, wall_times=wall_times, replay=replay
    )
    return tuple(realisation.compiled(*choice) for choice in choices)


def realise(
    prepared: pipeline.Prepared,
    choices: Sequence[Choice],
    *,
    max_memory: int | None = None,
    wall_times: Mapping[str, float] = MappingProxyType({}),
    replay: Replayable | None = None,
) -> Realisation:
    """Realise a network, to be compiled for one backend after another.

    Args:
        prepared: The network.
        choices: Backends that it will be compiled for.
        max_memory: As for `run`.
        wall_times: Seconds by phase so far.
        replay: As for `run`.

    Raises:
        SpecError: The description has problems; carries all of them.
        UnsupportedFeature: A backend cannot express the network; found before realisation.
        ReplayError: The results to be replayed lack spikes, or do not fit.
        ResultsFileError: The file to be replayed holds no results.
        OSError: The file to be replayed cannot be read.
    """
    times = dict(wall_times)
    with timed(times, "check"):
        predicted = pipeline.check_memory(prepared, max_memory)
        _warn(prepared.warnings)
        own = None if replay is None else _replay(replay, prepared.ir)
        schedule = prepared.ir if own is None else replayed_schedule(prepared.ir)
        for backend, _ in choices:
            require(schedule, backend)
    with timed(times, "realise"), kernels.using(_kernels(choices, predicted)):
        drawn = pipeline.draw(prepared)
        _warn(drawn.warnings)
        model = model_fingerprint(prepared.resolved)
        network = drawn.network
        if own is not None:
            lists = {name: _as_list(spikes) for name, spikes in own.spikes.items()}
            network = with_replay(network, lists)
    return Realisation(network, model, times, own)


def first_divergence(
    network: Network,
    expected: str,
    got: str,
    *,
    seed: int | None = None,
    duration: object = None,
    max_memory: int | None = None,
    replay: Replayable | None = None,
) -> Divergence | None:
    """Run a network on two backends and look into the first step with another outcome on each.

    Args:
        network: The description.
        expected: The backend that is the reference, as for `run`.
        got: The other.
        seed: As for `run`.
        duration: As for `run`.
        max_memory: As for `run`.
        replay: As for `run`.

    Returns:
        What happened in that step, which `str()` explains; `None` if spikes and state are the same
        until the end.

    Raises:
        SpecError: The description has problems; carries all of them.
        BackendChoiceError: A backend or one of its options does not exist.
        UnsupportedFeature: A backend cannot express the network, or not with its state recorded.
        BackendError: A simulator is missing, cannot start or died.
        ReplayError: The results to be replayed lack spikes, or do not fit.
        ResultsFileError: The file to be replayed holds no results.
        OSError: The file to be replayed cannot be read.
    """
    arguments = {"expected": expected, "got": got, "max_memory": max_memory, "replay": replay}
    _require_types(network, **arguments)
    choices = [parse_backend(each) for each in (expected, got)]
    one, other = compile_all(
        _changed(network, seed, duration), choices, max_memory=max_memory, replay=replay
    )
    return find_divergence(one.network, one.record_of, other.record_of, (expected, got))


def edges(network: Network, name: str, *, max_memory: int | None = None) -> EdgeList:
    """Return the edges of a projection as they are before step 0.

    Args:
        network: The description.
        name: Of the projection.
        max_memory: As for `run`.

    Raises:
        SpecError: The description has problems, or no such projection with edges.
    """
    _require_types(network, name=name, max_memory=max_memory)
    prepared = pipeline.prepare(network)
    known = {each.name: each for each in prepared.resolved.projections if not each.over_population}
    if name not in known:
        message = f"there are no edges of a projection '{shorten(name)}'"
        notes = (f"projections with edges: {listed(known)}",)
        raise SpecError([Diagnostic("unknown-projection", "", message, notes)])
    pipeline.check_memory(prepared, max_memory)
    own = prepared.recipe.projections[name]
    realised = pipeline.draw(prepared).network.projections[name]
    # Where the largest weight was rounded up to a power of two, its grid is one bit too coarse.
    is_stable = np.array_equal(
        on_grid(realised.weights, own.weight_bits, own.w_max), realised.weights
    )
    delays = np.broadcast_to(realised.delays, realised.sources.shape)
    return EdgeList(
        realised.sources - np.uint32(own.source_view.start),
        realised.targets - np.uint32(own.target_view.start),
        np.broadcast_to(realised.weights, realised.sources.shape),
        delays if known[name].gather is None else None,
        prepared.recipe.dt,
        own.weight_unit,
        own.weight_bits + (not is_stable),
    )


def fingerprint(network: Network) -> str:
    """Return the SHA-256 of the meaning: spelling, order, monitors and free text left out.

    Raises:
        SpecError: The description has problems.
    """
    return fingerprint_of(pipeline.resolved(network))


def _changed(network: Network, seed: int | None, duration: object) -> Network:
    changes: dict[str, object] = {"seed": seed, "duration": duration}
    changes = {path: value for path, value in changes.items() if value is not None}
    return network.replace(changes) if changes else network


def _require_types(network: object, **arguments: object) -> None:
    """Refuse arguments of a wrong type as wrong values of a description are refused.

    Raises:
        SpecError: Carries all of them.
    """
    kinds: dict[str, tuple[Any, str]] = {
        "backend": (str, "a text such as 'NAME:option=value'"),
        "expected": (str, "a text such as 'NAME:option=value'"),
        "got": (str, "a text such as 'NAME:option=value'"),
        "replay": ((Results, str, os.PathLike), "results, or the name of a file of them"),
        "threads": (Integral, "a whole number"),
        "max_memory": (Real, "a number of bytes"),
        "state_digest": (bool, "True or False"),
        "progress": (Callable, "a function of two numbers"),
        "name": (str, "the name of a projection"),
    }
    wrong = [
        Diagnostic("wrong-type", name, f"expected {kinds[name][1]}, got {given(value)}")
        for name, value in arguments.items()
        if value is not None
        and (
            not isinstance(value, kinds[name][0])
            or isinstance(value, bool) != (kinds[name][0] is bool)
        )
    ]
    most = arguments.get("max_memory")
    if isinstance(most, Real) and not _is_amount(most):
        message = f"there is no memory of {given(most)} bytes"
        wrong.append(Diagnostic("wrong-type", "max_memory", message))
    if not isinstance(network, Network):
        hints = ("`netspec.load` reads a network from a file, `Network(**document)` from data",)
        message = f"expected a network, got {given(network)}"
        wrong.insert(0, Diagnostic("wrong-type", "", message, hints=hints))
    if wrong:
        raise SpecError(wrong)


def _is_amount(number: Any) -> bool:
    """Tell whether a number, which may be an integer beyond all floats, can be so many bytes."""
    return bool(0 < number < inf)


def _fastest(prepared: pipeline.Prepared) -> Choice:
    backend = fastest_backend(prepared.ir)
    return backend, backend.options()


def _with_options(choice: Choice, *, threads: int | None, state_digest: bool) -> Choice:
    """Return a choice with the options that have an argument of their own."""
    backend, options = choice
    if threads is not None:
        options = with_threads(backend, options, threads)
    if not state_digest:
        options = options.model_copy(update={"state_digest": False})
    return backend, options


def _replay(given: Replayable, schedule: ir.Network) -> Replay:
    """Return what is to be replayed into a network.

    Raises:
        ReplayError: The results lack spikes, or do not fit.
        ResultsFileError: The file holds no results.
        OSError: The file cannot be read.
    """
    results = given if isinstance(given, Results) else Results.load(os.fspath(given))
    spikes = spikes_to_replay(results, schedule, replayed_objects(schedule))
    known = {"digest": results.digest()}
    known |= {name: str(results.metadata.get(name)) for name in ("fingerprint", "backend")}
    return Replay(schedule, spikes, known)


def _as_list(spikes: SpikeRecord) -> RealisedListed:
    return RealisedListed(spikes.steps, spikes.indices.astype(np.uint32))


def _kernels(choices: Sequence[Choice], predicted: Predicted) -> kernels.Kernels | None:
    """Return what makes the edges, if they are so many that this pays, and if a backend has it."""
    if sum(each.mean for each in predicted.edges) < MANY_EDGES:
        return None
    offering = (each for each, _ in choices if isinstance(each, OffersKernels))
    return next(filter(None, (each.kernels() for each in offering)), None)


def _warn(diagnostics: Iterable[Diagnostic]) -> None:
    for each in diagnostics:
        warnings.warn(each.render(), DescriptionWarning, stacklevel=_level_of_caller())


def _level_of_caller() -> int:
    """Return how far above whoever calls this the first line stands that is not netspec's own."""
    frame, level = currentframe(), 0
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "netspec":
        frame, level = frame.f_back, level + 1
    return level
