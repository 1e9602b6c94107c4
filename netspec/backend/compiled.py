"""A network on its way to a backend: realised, then a program to be written or to be run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

from netspec.backend.interrupt import stop_on_interrupt
from netspec.backend.observed import seen
from netspec.backend.program import Program
from netspec.backend.protocol import AnyBackend, BackendOptions, RunControl
from netspec.backend.require import require
from netspec.backend.start import not_finite_at_start
from netspec.backend.weights import recorded_weights
from netspec.ir import nodes as ir
from netspec.realise.network import RealisedNetwork
from netspec.results.metadata import run_metadata
from netspec.results.nonfinite import NonFiniteError
from netspec.results.record import RunRecord, SpikeRecord
from netspec.results.replay import own_spikes
from netspec.results.results import Results

Progress = Callable[[int, int], None]
"""Called now and then with the steps that are done and those that were asked for."""


@contextmanager
def timed(wall_times: dict[str, float], phase: str) -> Iterator[None]:
    """Add the seconds that the block takes to `wall_times[phase]`."""
    start = perf_counter()
    try:
        yield
    finally:
        wall_times[phase] = wall_times.get(phase, 0.0) + perf_counter() - start


@dataclass(frozen=True, eq=False)
class Replay:
    """The spikes of another run, which a network gets in place of those of its populations.

    Attributes:
        schedule: The network as it was described.
        spikes: By object.
        source: What is known of the run that they come from.
    """

    schedule: ir.Network
    spikes: Mapping[str, SpikeRecord]
    source: Mapping[str, str]

    def told(self, record: RunRecord) -> dict[str, object]:
        """Return how the own spikes of neurons differ from those replayed, as plain data."""
        own = own_spikes(record.spikes, self.spikes, record.steps)
        return {"of": dict(self.source), "own_spikes": {name: asdict(own[name]) for name in own}}

    def monitored(self, record: RunRecord) -> RunRecord:
        """Return the record with the spikes that the description asks for."""
        recordings = self.schedule.spike_recordings
        return replace(
            record, spikes={each.name: seen(each, record.spikes[each.name]) for each in recordings}
        )


@dataclass(frozen=True, eq=False)
class Realisation:
    """A network with all its arrays, for any backend.

    Attributes:
        model_fingerprint: Of the description without seed and duration.
        wall_times: Seconds by phase so far.
        replay: Spikes that it gets in place of its own, if any.
    """

    network: RealisedNetwork
    model_fingerprint: str
    wall_times: Mapping[str, float]
    replay: Replay | None = None

    def compiled(self, backend: AnyBackend, options: BackendOptions) -> Compiled:
        """Compile the network for a backend.

        Raises:
            UnsupportedFeature: The backend cannot express the network.
        """
        require(self.network.ir, backend)
        times = dict(self.wall_times)
        with timed(times, "emit"):
            program = backend.emit(self.network, options)
        return Compiled(
            self.network,
            self.model_fingerprint,
            backend,
            options,
            program,
            times,
            self.replay,
        )


@dataclass(frozen=True, eq=False)
class Compiled:
    """A network as a program of one backend.

    Attributes:
        network: The realised network that the program was emitted from.
        model_fingerprint: Of the description without seed and duration.
        wall_times: Seconds by phase so far.
        replay: What is replayed in `network`, if anything is.
    """

    network: RealisedNetwork
    model_fingerprint: str
    backend: AnyBackend
    options: BackendOptions
    program: Program
    wall_times: Mapping[str, float]
    replay: Replay | None = None

    @property
    def schedule(self) -> ir.Network:
        """What results are about: the network as it was described."""
        return self.network.ir if self.replay is None else self.replay.schedule

    def write(self, folder: str | os.PathLike[str]) -> None:
        """Write the program into a folder, which is made if needed.

        Raises:
            OSError: The folder cannot be made or written, or a link stands in a file's place.
        """
        self.program.write(Path(folder))

    def of(self, network: RealisedNetwork) -> Compiled:
        """Return another network compiled for the same backend with the same options."""
        return replace(self, network=network, program=self.backend.emit(network, self.options))

    def record_of(self, network: RealisedNetwork) -> RunRecord:
        """Run another network on the same backend with the same options.

        Raises:
            UnsupportedFeature: The backend cannot express that network.
            KeyboardInterrupt: The run was ended by Ctrl-C.
        """
        require(network.ir, self.backend)
        record, _ = self.of(network).simulate()
        if record.outcome is None and record.steps < network.ir.steps:
            raise KeyboardInterrupt
        return record

    def _begun(self, record: RunRecord) -> int:
        """Return the number of steps that were begun."""
        if record.outcome is None:
            return record.steps
        at_start = not_finite_at_start(self.network) is not None
        return 0 if at_start else min(record.outcome.step + 1, self.network.ir.steps)

    def simulate(self, progress: Progress | None = None) -> tuple[RunRecord, dict[str, float]]:
        """Build and run the program; return the raw record and the seconds by phase.

        In the main thread the first Ctrl-C ends the run after the current step.

        Raises:
            BackendError: The simulator is missing, cannot start or died.
        """
        wall_times = dict(self.wall_times)
        steps = self.network.ir.steps
        with timed(wall_times, "build"):
            simulation = self.backend.build(self.program, self.options)

        def follow(done: int) -> None:
            if progress is not None:
                progress(done, steps)

        with timed(wall_times, "simulate"), stop_on_interrupt() as interrupted:
            record = simulation.run(RunControl(progress=follow, should_stop=interrupted))
        reported = dict(simulation.wall_times)
        if "compile" in reported:
            wall_times.pop("build")  # the same phase, under the backend's name for it
        # A backend knows better than this clock, e.g. how long its worker took to start.
        simulate = reported.pop("simulate", wall_times.pop("simulate"))
        return record, wall_times | reported | {"simulate": simulate}

    def run(self, progress: Progress | None = None) -> Results:
        """Build and run the program.

        Raises:
            NonFiniteError: A state variable became NaN or infinite; carries what was recorded.
            BackendError: The simulator is missing, cannot start or died.
        """
        record, wall_times = self.simulate(progress)
        metadata = run_metadata(
            record,
            self.schedule,
            fingerprint=self.network.fingerprint,
            model_fingerprint=self.model_fingerprint,
            backend=self.backend.name,
            backend_version=self.backend.version(),
            backend_options=self.options.model_dump(mode="json"),
            wall_times=wall_times,
        )
        if self.replay is not None:
            metadata["replay"] = self.replay.told(record)
            record = self.replay.monitored(record)
        weights = recorded_weights(self.network, self._begun(record))
        results = Results.from_record(record, self.schedule, metadata, weights)
        if record.outcome is not None:
            raise NonFiniteError(record.outcome, results)
        return results
