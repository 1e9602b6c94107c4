"""Choosing a backend: by a text such as `brian2:target=cython`, or the fastest that can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import BackendChoiceError, available, get, missing_simulator, usable
from netspec.backend.require import missing_features, require
from netspec.errors import BackendError, Diagnostic
from netspec.ir import nodes as ir
from netspec.spec.problems import worded


def parse_backend(text: str) -> tuple[AnyBackend, BackendOptions]:
    """Read `NAME` or `NAME:option=value,…`.

    Raises:
        BackendChoiceError: The backend is not installed, or an option is unknown or wrong.
        BackendError: The backend cannot be imported.
    """
    name, colon, rest = text.partition(":")
    backend = get(name.strip())
    given: dict[str, str] = {}
    for part in rest.split(",") if colon else ():
        option, equals, value = (each.strip() for each in part.partition("="))
        if not (option and equals and value):
            raise _wrong(f"expected 'option=value' after '{name}:', got '{part}'", backend)
        if option in given:
            raise _wrong(f"option '{option}' of backend '{name}' is given twice", backend)
        given[option] = value
    return backend, read_options(backend, given)


def commands_in(text: str) -> frozenset[str]:
    """Return the options of a text such as `native:compiler=gcc` that name a program to be run.

    There are none in a text that `parse_backend` refuses, with which nothing can be run.
    """
    try:
        _, options = parse_backend(text)
    except (BackendChoiceError, BackendError):
        return frozenset()
    return options.commands & options.model_fields_set


def split_backends(text: str) -> tuple[str, ...]:
    """Return the backends that a text such as `numpy,native:threads=2,layout=plain` names.

    >>> split_backends("numpy, native:threads=2,layout=plain, oracle")
    ('numpy', 'native:threads=2,layout=plain', 'oracle')
    """
    found: list[str] = []
    for part in (each.strip() for each in text.split(",")):
        if "=" in part and ":" not in part and found:  # one more option of the backend before it
            found[-1] += f",{part}"
        else:
            found.append(part)
    return tuple(found)


def read_options(backend: AnyBackend, given: Mapping[str, str]) -> BackendOptions:
    """Return the typed options of a backend from texts.

    Raises:
        BackendChoiceError: An option is unknown or its value is wrong.
    """
    model: type[BackendOptions] = backend.options
    for option in given:
        if option not in model.model_fields:
            close = get_close_matches(option, model.model_fields, n=1)
            meant = (f"did you mean '{close[0]}'?",) if close else ()
            raise _wrong(f"backend '{backend.name}' has no option '{option}'", backend, meant)
    try:
        return model.model_validate_strings(dict(given))
    except ValidationError as error:
        raise _wrong_values(error, backend) from None


def with_threads(backend: AnyBackend, options: BackendOptions, threads: int) -> BackendOptions:
    """Return the options with a number of threads.

    Raises:
        BackendChoiceError: The backend has one thread only, or its options name another number.
    """
    model: type[BackendOptions] = backend.options
    if "threads" not in model.model_fields:
        if threads == 1:
            return options
        message = f"backend '{backend.name}' runs on one thread, got threads={threads}"
        raise _wrong(message, backend, tuple(_missing_with_threads(backend)))
    given = getattr(options, "threads", threads)
    if "threads" in options.model_fields_set and given != threads:
        message = f"options of backend '{backend.name}' say threads={given}, got threads={threads}"
        raise _wrong(message, backend)
    stated = {name: getattr(options, name) for name in options.model_fields_set}
    try:
        return model.model_validate({**stated, "threads": threads})
    except ValidationError as error:
        raise _wrong_values(error, backend) from None


def _missing_with_threads(than: AnyBackend) -> Iterator[str]:
    """Yield what to do about faster backends that take threads and cannot run here."""
    installed = available()
    for name in installed:
        try:
            backend = installed[name]
        except BackendError:
            continue
        takes_threads = "threads" in backend.options.model_fields
        if takes_threads and backend.capabilities.rank > than.capabilities.rank:
            missing = missing_simulator(backend)
            if missing is not None:
                yield f"backend '{name}' takes threads, but is not installed: {missing}"


def fastest_backend(network: ir.Network) -> AnyBackend:
    """Return the installed backend of highest rank that can run the network.

    Raises:
        BackendError: No backend is installed.
        UnsupportedFeature: None that is installed can run it.
    """
    found = sorted(usable(), key=lambda backend: (-backend.capabilities.rank, backend.name))
    if not found:
        raise BackendError("no backend is installed; `netspec backends` shows what is missing")
    for backend in found:
        if not missing_features(network, backend):
            return backend
    require(network, found[0])
    raise AssertionError("require() raises for a backend that lacks a feature")


def _wrong_values(error: ValidationError, backend: AnyBackend) -> BackendChoiceError:
    def problem(details: ErrorDetails) -> Diagnostic:
        which = f"option '{details['loc'][0]}'" if details["loc"] else "options"
        message = f"{which} of backend '{backend.name}': {worded(details)[1]}"
        return Diagnostic("backend-option", "", message)

    return BackendChoiceError(*map(problem, error.errors(include_url=False)))


def _wrong(message: str, backend: AnyBackend, hints: tuple[str, ...] = ()) -> BackendChoiceError:
    names = ", ".join(f"'{name}'" for name in backend.options.model_fields) or "none"
    notes = (f"options of '{backend.name}': {names}",)
    return BackendChoiceError(Diagnostic("backend-option", "", message, notes, hints))
