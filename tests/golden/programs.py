"""The programs that every backend of this distribution emits, pinned in `programs/`.

The two tours use every feature of the language between them; `language_tour` has gates of ion
channels too, whose update is `exprel` of something. `tour` is pinned for every choice of a
backend's options (as far as its files then differ) and every number of threads, but not for each
of these with each of those; `language_tour` and `lif_inhibition` are for the default ones, and each
for the backends that can run it. The folders are `BACKEND-OPTIONS/NETWORK/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from netspec.backend.protocol import AnyBackend, BackendOptions
from netspec.backend.registry import GROUP, available
from netspec.backend.require import missing_features
from netspec.passes import pipeline
from netspec.realise.network import RealisedNetwork
from netspec.results.metadata import DISTRIBUTION
from netspec.spec.network import Network
from netspec.testing.conformance import option_choices

PINNED = Path(__file__).parent / "programs"
TOUR = Path(__file__).parent / "tour.json"
LANGUAGE_TOUR = Path(__file__).parent / "language_tour.json"
SEED = Path(__file__).parents[2] / "examples" / "lif_inhibition.json"
TOURS = (TOUR, LANGUAGE_TOUR, SEED)


@cache
def network(document: Path) -> RealisedNetwork:
    """Return a network as backends get it."""
    return pipeline.realised(Network.load(document))


def backends() -> Iterator[AnyBackend]:
    """Yield the backends that are developed here, whether their simulators are installed or not."""
    own = {
        point.name
        for point in entry_points(group=GROUP)
        if point.dist is not None and point.dist.name == DISTRIBUTION
    }
    yield from (backend for name, backend in available().items() if name in own)


def emitted() -> dict[str, str]:
    """Return the text of every file that no earlier choice emits too, by its path."""
    found = {}
    for backend in backends():
        known: set[tuple[str, str, str]] = set()
        for options in _without_repetition(option_choices(backend)):
            for document in TOURS if options == backend.options() else (TOUR,):
                if missing_features(network(document).ir, backend):
                    continue
                for name, text in backend.emit(network(document), options).files.items():
                    if (document.stem, name, text) not in known:
                        found[f"{label(backend, options)}/{document.stem}/{name}"] = text
                        known.add((document.stem, name, text))
    return found


def _without_repetition(choices: list[BackendOptions]) -> Iterator[BackendOptions]:
    """Leave out what is chosen before, on that many threads and otherwise."""
    known: set[str] = set()
    for each in choices:
        threads = each.model_dump_json(include={"threads"})
        rest = each.model_dump_json(exclude={"threads"})
        if not {threads, rest} <= known:
            yield each
        known |= {threads, rest}


def label(backend: AnyBackend, options: BackendOptions) -> str:
    """Return the name of a choice: the backend and the options that are not the default."""
    stated = options.model_dump(mode="json", exclude_defaults=True)
    return "-".join([backend.name, *(f"{name}-{value}" for name, value in stated.items())])


def pinned() -> dict[str, str]:
    """Return what the files in `programs/` hold, by path."""
    return {
        path.relative_to(PINNED).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PINNED.rglob("*"))
        if path.is_file()
    }


def write() -> None:
    """Write all files anew, and remove those that are not emitted any more."""
    wanted = emitted()
    for name in pinned().keys() - wanted.keys():
        (PINNED / name).unlink()
    for name, text in wanted.items():
        (PINNED / name).parent.mkdir(parents=True, exist_ok=True)
        (PINNED / name).write_text(text, encoding="utf-8")
