"""`netspec backends`: what is installed and what each backend can do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from netspec.cli.status import FINE
from netspec.cli.tables import not_installed, say
from netspec.columns import table

if TYPE_CHECKING:
    from netspec.backend.protocol import AnyBackend

SUMMARY = "show the installed backends and what each can do"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: it has none."""


def execute(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    from netspec.backend.registry import available
    from netspec.errors import BackendError

    loaded: dict[str, AnyBackend] = {}
    rows = [("backend", "version", "options")]
    installed = available()
    for name in installed:
        try:
            backend = loaded[name] = installed[name]
        except BackendError as error:
            rows.append((name, "broken", str(error)))
            continue
        version = backend.version() or not_installed(backend)
        rows.append((name, version, ", ".join(backend.options.model_fields)))
    say(table(rows))
    if loaded:
        say()
        say(_features(loaded))
    return FINE


def _features(backends: dict[str, AnyBackend]) -> str:
    """Return a table: what each backend can express, and the reason where it cannot."""
    from netspec.ir.features import FEATURES

    rows = [("feature", *backends, "")]
    for slug, description in FEATURES.items():
        verdicts = (
            "yes"
            if slug in backend.capabilities.supported
            else backend.capabilities.unsupported.get(slug, "no")
            for backend in backends.values()
        )
        rows.append((slug, *verdicts, description))
    return table(rows)
