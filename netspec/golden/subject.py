"""A description under test: prepared once, realised once, run once on each backend."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

from netspec import api
from netspec.backend.choice import parse_backend
from netspec.backend.compiled import Compiled, Realisation
from netspec.backend.registry import BackendChoiceError, usable
from netspec.backend.require import missing_features
from netspec.compare import explain_divergence
from netspec.errors import BackendError, Diagnostic
from netspec.golden.file import Golden
from netspec.golden.measure import golden_of, with_nothing_but_spikes
from netspec.passes import pipeline, predict
from netspec.passes.fingerprint import fingerprint


@dataclass(frozen=True, slots=True)
class Job:
    """A description to be run, by whichever process.

    Attributes:
        document: The file, as the user named it.
        backends: In place of those that the golden file names; empty for these.
        max_memory: As for `netspec.run`.
    """

    document: str
    backends: tuple[str, ...] = ()
    max_memory: int | None = None


class Subject:
    """A description and what its runs gave.

    Attributes:
        document: The file, as the user named it.
        prepared: Everything that is known before arrays are made.
    """

    def __init__(
        self, document: str, backends: Sequence[str] = (), max_memory: int | None = None
    ) -> None:
        """Read a description.

        Args:
            document: The file.
            backends: That it will be run on, as far as that is known; one that can makes edges.
            max_memory: As for `netspec.run`.

        Raises:
            SpecError: The description has problems; carries all of them.
        """
        self.document = document
        self.prepared = pipeline.prepare(api.load(document))
        self._backends, self._max_memory = tuple(backends), max_memory
        self._runs: dict[str, Golden] = {}

    @cached_property
    def fingerprint(self) -> str:
        """The hash of what the description means."""
        return fingerprint(self.prepared.resolved)

    @property
    def neuron_steps(self) -> int:
        """Neurons, of populations and of sources, times steps."""
        network = self.prepared.ir
        return sum(network.sizes.values()) * network.steps

    def expected_bytes(self) -> int:
        """Return the memory that arrays will take.

        Raises:
            SpecError: That is more than may be taken.
        """
        predicted = pipeline.check_memory(self.prepared, self._max_memory)
        return predict.total_bytes(self.prepared.resolved, predicted)

    def run(self, backend: str) -> Golden:
        """Run the description, unless it was run on this backend before.

        Raises:
            BackendChoiceError: The backend or one of its options does not exist.
            UnsupportedFeature: The backend cannot express the network.
            BackendError: The simulator is missing, cannot start or died.
            SpecError: Computed values make no sense.
            KeyboardInterrupt: Ctrl-C ended the run early.
        """
        if backend not in self._runs:
            record, _ = self.compiled(backend).simulate()
            network = self._realisation.network
            if record.outcome is None and record.steps < network.ir.steps:
                raise KeyboardInterrupt
            self._runs[backend] = golden_of(record, network, [backend])
        return self._runs[backend]

    def compiled(self, backend: str) -> Compiled:
        """Compile the description with all its spikes recorded; errors as for `run`."""
        return self._realisation.compiled(*choice_of(backend))

    def explain(self, right: str, other: str, steps: int) -> tuple[str, ...]:
        """Run the description on two backends again, and return the lines that say where they part.

        Args:
            right: The backend that is the reference.
            other: One that differs from it.
            steps: After which they differ.
        """
        one, two = self.compiled(right), self.compiled(other)
        runs = one.record_of, two.record_of
        text = explain_divergence(one.network, *runs, (right, other), until=steps)
        return tuple(text.splitlines())

    @cached_property
    def _realisation(self) -> Realisation:
        with warnings.catch_warnings():  # `check` and `run` say them
            warnings.simplefilter("ignore", api.DescriptionWarning)
            found = api.realise(self.prepared, self._able(), max_memory=self._max_memory)
        return replace(found, network=with_nothing_but_spikes(found.network))

    def _able(self) -> list[api.Choice]:
        """Return those of the backends that can run the network; of the others, `run` will tell."""
        able = []
        for text in self._backends:
            try:
                backend, options = parse_backend(text)
            except (BackendChoiceError, BackendError):
                continue
            if not missing_features(self.prepared.ir, backend):
                able.append((backend, options))
        return able


def choice_of(backend: str) -> api.Choice:
    """Return the backend and its options that a text names.

    Raises:
        BackendChoiceError: They do not exist, or leave out what golden files hold.
        BackendError: The backend cannot be imported.
    """
    found, options = parse_backend(backend)
    if not options.state_digest:
        message = f"'{backend}' leaves the state digest out, which golden files hold"
        raise BackendChoiceError(Diagnostic("backend-option", "", message))
    return found, options


def usual_backends(subject: Subject) -> tuple[str, ...]:
    """Return the backends that a description is checked on if nobody names any.

    They are all that are installed and can run it; one that is slow on purpose only as far as it
    can bear.

    Raises:
        BackendError: There is none.
    """
    usual = tuple(
        backend.name
        for backend in usable()
        if subject.neuron_steps <= (backend.capabilities.most_neuron_steps or inf)
        and not missing_features(subject.prepared.ir, backend)
    )
    if not usual:
        raise BackendError(f"no installed backend can run '{subject.document}'")
    return usual
