"""Which backends are installed: entry points of the group `netspec.backends`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from netspec.backend.protocol import AnyBackend, BackendOptions, TellsWhatIsMissing
from netspec.errors import BackendError, Diagnostic, NetspecError
from netspec.expr.parse import shorten

GROUP = "netspec.backends"


class BackendChoiceError(NetspecError, ValueError):
    """A backend was asked for that does not exist, or with options that it does not have."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(diagnostic.render() for diagnostic in diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self.diagnostics


class _Installed(Mapping[str, AnyBackend]):
    """Backends by name, sorted; each is imported when it is first looked up."""

    def __init__(self, found: Mapping[str, EntryPoint]) -> None:
        self._found = dict(sorted(found.items()))
        self._loaded: dict[str, AnyBackend] = {}

    def __getitem__(self, name: str) -> AnyBackend:
        if name not in self._loaded:
            self._loaded[name] = _load(self._found[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, name: object) -> bool:
        return name in self._found  # the mixin's way would import the backend


def available() -> Mapping[str, AnyBackend]:
    """Return the installed backends by name, sorted; none is imported before it is looked up.

    Looking one up raises `BackendError` if it cannot be imported.

    Raises:
        BackendError: Two distributions claim one name.
    """
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        other = found.setdefault(point.name, point)
        if other is not point:
            claimants = " and ".join(sorted((_distribution(other), _distribution(point))))
            raise BackendError(
                f"two installed distributions provide a backend named '{point.name}': "
                f"{claimants}; uninstall one of them"
            )
    return _Installed(found)


def missing_simulator(backend: AnyBackend, options: BackendOptions | None = None) -> str | None:
    """Return in one line what a backend misses and what to do about it; `None` if it can run.

    Args:
        backend: An installed backend.
        options: That it is to run with; its defaults if left out.
    """
    if isinstance(backend, TellsWhatIsMissing):
        return backend.what_is_missing(backend.options() if options is None else options)
    if backend.version() is not None:
        return None
    command = backend.capabilities.install
    return "its simulator is missing" + (f"; install it with: {command}" if command else "")


def usable() -> tuple[AnyBackend, ...]:
    """Return the installed backends that can be imported and miss nothing, by name.

    Raises:
        BackendError: Two distributions claim one name.
    """
    found = []
    for name in (installed := available()):
        try:
            backend = installed[name]
        except BackendError:
            continue  # asked for by name, it says why it cannot be imported
        if missing_simulator(backend) is None:
            found.append(backend)
    return tuple(found)


def get(name: str) -> AnyBackend:
    """Return the backend of that name.

    Raises:
        BackendChoiceError: None is installed; names those that are, and the nearest.
        BackendError: It cannot be imported.
    """
    installed = available()
    if name in installed:
        return installed[name]
    names = ", ".join(f"'{each}'" for each in installed) or "none"
    close = get_close_matches(name, installed, n=1)
    raise BackendChoiceError(
        Diagnostic(
            "unknown-backend",
            "",
            f"no backend named '{shorten(name)}' is installed",
            notes=(f"installed backends: {names}",),
            hints=(f"did you mean '{close[0]}'?",) if close else (),
        )
    )


def _load(point: EntryPoint) -> AnyBackend:
    try:
        backend = cast(AnyBackend, point.load())
    except Exception as error:  # a stranger's module may fail in any way while it is imported
        raise BackendError(
            f"backend '{point.name}' of {_distribution(point)} cannot be imported: "
            f"{type(error).__name__}: {error}"
        ) from error
    if getattr(backend, "name", None) != point.name:
        raise BackendError(
            f"{_distribution(point)} provides '{point.value}' as backend '{point.name}', "
            f"but its name is {getattr(backend, 'name', None)!r}"
        )
    return backend


def _distribution(point: EntryPoint) -> str:
    return f"'{point.dist.name}'" if point.dist else f"the module of '{point.value}'"
