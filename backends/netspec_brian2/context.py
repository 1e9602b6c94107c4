"""From a realised network to the render models of the script's sections and its arrays."""

from __future__ import annotations

import json
from functools import cached_property

from netspec.backend.start import not_finite_at_start
from netspec.codegen.arrays import number
from netspec.codegen.kept import counted, kept
from netspec.codegen.reach import delivering, emitting, fed_ports, gathering, port_of
from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD, SEMANTICS
from netspec.realise.network import RealisedListed, RealisedNetwork, RealisedPoisson
from netspec_brian2 import models
from netspec_brian2.arrays import ScriptArrays
from netspec_brian2.cells import CellPrinter
from netspec_brian2.functions import (
    CHOICES,
    COUNT,
    EVENT,
    NORMAL,
    POISSON,
    UNIFORM,
    c_text,
    python_text,
    script_function,
)
from netspec_brian2.gathers import GatherPrinter
from netspec_brian2.groups import GroupPrinter
from netspec_brian2.monitors import (
    samples,
    sampling_events,
    sampling_monitors,
    snapshot,
    watched,
)
from netspec_brian2.names import Names
from netspec_brian2.options import COMPILER_FLAGS, Brian2Options
from netspec_brian2.projections import ProjectionPrinter
from netspec_brian2.sources import PoissonPrinter, listed_model

BATCH = DIGEST_PERIOD
"""Steps after which spikes are handed over; until then they are kept, whoever records them."""


class Context:
    """Everything that is printed for one network; arrays gather in `arrays`."""

    def __init__(self, network: RealisedNetwork, options: Brian2Options) -> None:
        self.network = network
        timeline = list(enumerate(network.timeline))
        self.ir = network.ir
        self.options = options
        self.arrays = ScriptArrays()
        self.names = Names(self.ir)
        self.poisson: list[PoissonPrinter] = []
        self.listed: list[models.Listed] = []
        for source in self.ir.sources:
            match source, network.sources[source.name]:
                case ir.PoissonSource(), RealisedPoisson() as drawn:
                    self.poisson.append(PoissonPrinter(source, drawn, timeline, self.names))
                case ir.ListedSource(), RealisedListed() as times if times.steps.size:
                    self.listed.append(listed_model(source, times, self.names, self.arrays))
        printers = map(self._projection, delivering(network))
        self.projections = [each for each in printers if each.sums or each.counts]
        # The sum over nobody is 0.
        sums = [each for each in gathering(network) if each.pool is None or len(each.pool)]
        self.cells = {each.name: self._cell(each, sums) for each in self.ir.populations}
        self.gathers = [self._gather(each) for each in sums]
        self.groups = [
            GroupPrinter(cell, timeline, self._samplings(name)) for name, cell in self.cells.items()
        ]

    @property
    def is_compiled(self) -> bool:
        """Whether Brian2 writes C++."""
        return self.options.target != "numpy"

    @property
    def is_standalone(self) -> bool:
        """Whether Brian2 writes a whole C++ program."""
        return self.options.target == "cpp_standalone"

    @property
    def digest_period(self) -> int:
        """Steps between two looks at all state, 0 if no digest is taken of it."""
        return DIGEST_PERIOD if self.options.state_digest else 0

    def _projection(self, projection: ir.Projection) -> ProjectionPrinter:
        values = self.network.projections[projection.name]
        port = port_of(self.network, projection)
        return ProjectionPrinter(projection, values, self.network.timeline, self.names, port)

    def _gather(self, gather: ir.Gather) -> GatherPrinter:
        values, timeline = self.network.projections[gather.name], self.network.timeline
        ends = self.cells[gather.source], self.cells[gather.target]
        return GatherPrinter(gather, values, timeline, self.names, *ends)

    def _cell(self, population: ir.Population, sums: list[ir.Gather]) -> CellPrinter:
        fed = fed_ports(self.network, population.name)
        adding = [each for each in sums if each.target == population.name]
        values = self.network.populations[population.name]
        return CellPrinter(population, values, self.names, fed, adding, self.options.target)

    def _samplings(self, population: str) -> list[models.Event]:
        found = list(sampling_events(self.ir, population, self.names))
        return [snapshot(self.names, population), *found] if self.options.state_digest else found

    @cached_property
    def functions(self) -> list[str]:
        """Brian2's names of all functions of the script."""
        printers: list[PoissonPrinter | ProjectionPrinter | GatherPrinter | GroupPrinter] = [
            *self.poisson,
            *self.projections,
            *self.gathers,
            *self.groups,
        ]
        return sorted({name for printer in printers for name in printer.functions()})

    @property
    def choices(self) -> tuple[str, ...]:
        """Those functions that choose between two values."""
        return tuple(name for name in self.functions if name in CHOICES)

    @property
    def python_functions(self) -> str:
        """NumPy definitions of netspec's functions."""
        return python_text(self.functions)

    def header(self, imported: tuple[str, ...]) -> models.Header:
        """Return the head of the file, with what it imports from brian2."""
        return models.Header(
            network=self.ir.name,
            fingerprint=self.network.fingerprint,
            semantics=SEMANTICS,
            seed=self.ir.seed,
            dt=number(self.ir.dt),
            steps=self.ir.steps,
            imported=imported,
            is_standalone=self.is_standalone,
            draws=self.draws is not None,
            chooses=bool(self.choices),
        )

    def preferences(self) -> models.Preferences:
        """Return how Brian2 is to work."""
        return models.Preferences(
            dt=number(self.ir.dt),
            steps=self.ir.steps,
            target=self.options.target,
            is_standalone=self.is_standalone,
            is_compiled=self.is_compiled,
            flags=json.dumps(COMPILER_FLAGS.get(self.options.target, ())),
            # For Brian2, one OpenMP thread is not the same as none.
            threads=self.options.threads if self.options.threads > 1 else 0,
        )

    def definitions(self) -> models.Functions:
        """Return the table of functions."""
        return models.Functions(
            is_compiled=self.is_compiled,
            functions=tuple(map(script_function, self.functions)),
            chosen=self.choices,
            c_text=c_text(self.functions).strip("\n"),
            draws=self.draws,
        )

    @cached_property
    def draws(self) -> models.Draws | None:
        """How random numbers are drawn, if any are."""
        streams = len(self.poisson) + sum(len(each.cell.draws) for each in self.cells.values())
        if not streams:
            return None
        return models.Draws(
            streams=streams,
            poisson=POISSON in self.functions,
            uniform=UNIFORM in self.functions,
            normal=NORMAL in self.functions,
            bernoulli=EVENT in self.functions,
            counts=COUNT in self.functions,
        )

    def group_models(self) -> list[models.Group]:
        """Return populations and Poisson sources."""
        populations = [printer.model(self.arrays) for printer in self.groups]
        return populations + [printer.model(self.arrays) for printer in self.poisson]

    def projection_models(self) -> list[models.Projection]:
        """Return projections."""
        return [printer.model(self.arrays) for printer in self.projections]

    def gather_models(self) -> list[tuple[models.Pool | None, models.Projection]]:
        """Return gathers: what sums a pool, if there is one, and the edges."""
        return [(printer.pool(), printer.model(self.arrays)) for printer in self.gathers]

    @cached_property
    def spikes(self) -> tuple[models.Spikes, ...]:
        """What everything emits, sorted by name."""
        found = emitting(self.network)
        return tuple(
            models.Spikes(
                each.name,
                self.names.object("group", each.owner),
                self.names.event(each.owner, each.event),
                self.names.object("spikes", each.name) if each in found else "",
            )
            for each in self.ir.emitters
        )

    def monitors(self) -> models.Monitors:
        """Return monitors and the list of everything that takes part."""
        takes_digests = self.options.state_digest
        looked_at = tuple(
            watched(cell, takes_digests=takes_digests) for cell in self.cells.values()
        )
        samplings = tuple(sampling_monitors(self.ir, self.cells, self.names))
        objects = (
            *(cell.group for cell in self.cells.values()),
            *(self.names.object("group", printer.source.name) for printer in self.poisson),
            *(source.name for source in self.listed),
            *(name for each in self.projections for name in each.objects),
            *(name for each in self.gathers for name in each.objects),
            *(each.monitor for each in self.spikes if each.monitor),
            *(each.snapshots for each in looked_at if each.snapshots),
            *(each.name for each in samplings),
        )
        return models.Monitors(self.spikes, looked_at, samplings, objects, self.digest_period)

    def records(self) -> models.Records:
        """Return what is kept of spikes, and how it gets there."""
        found = not_finite_at_start(self.network)
        at_start = (
            f'(0, "{found.population}", {found.index}, "{found.variable}")' if found else "None"
        )
        return models.Records(
            at_start=at_start,
            kept=kept(self.ir, self.arrays),
            batch=BATCH,
            digest_period=self.digest_period,
            has_windows=any(each.windows is not None for each in self.ir.state_recordings),
            is_standalone=self.is_standalone,
        )

    def simulate(self) -> models.Simulate:
        """Return what a run gives back."""
        return models.Simulate(
            recorded=tuple(each.name for each in self.ir.spike_recordings),
            samples=tuple(samples(self.ir, self.cells, self.names, self.arrays)),
            counts=counted(self.ir),
            digest_period=self.digest_period,
        )
