"""From a realised network to the render models of the program's sections and its arrays."""

from __future__ import annotations

from functools import cached_property

from netspec.codegen.arrays import number
from netspec.codegen.kept import counted, kept
from netspec.codegen.reach import delivering, emitting, fed_ports, gathering, port_of
from netspec.codegen.steps import members
from netspec.codegen.timeline import Change, changes
from netspec.expr.math import called
from netspec.expr.nodes import Name, names as names_in
from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD, SEMANTICS
from netspec.ir.features import expressions
from netspec.realise.network import RealisedNetwork
from netspec_numpy import models
from netspec_numpy.arrays import ProgramArrays
from netspec_numpy.cell_setup import cell_constants, cell_setup
from netspec_numpy.cells import CellPrinter
from netspec_numpy.gathers import GatherPrinter
from netspec_numpy.names import Names
from netspec_numpy.options import NumpyOptions
from netspec_numpy.printer import assignment
from netspec_numpy.projections import ProjectionPrinter
from netspec_numpy.recordings import RecordingPrinter
from netspec_numpy.sources import SourcePrinter
from netspec_numpy.timeline import TimelinePrinter

BATCH = DIGEST_PERIOD
"""Steps after which spikes are handed over; until then they are kept, whoever records them."""


class Context:
    """Everything that is printed for one network; arrays gather in `arrays`."""

    def __init__(self, network: RealisedNetwork, options: NumpyOptions) -> None:
        self.network = network
        self.options = options
        self.ir = network.ir
        self.arrays = ProgramArrays()
        self.names = Names(network.ir)
        sizes = self.ir.sizes
        switched = {
            entry.action.projection
            for entry in network.timeline
            if isinstance(entry.action, ir.Connect | ir.Disconnect)
        }
        self.projections = [
            ProjectionPrinter(
                projection,
                network.projections[projection.name],
                self.names,
                source_size=sizes[projection.source],
                port=port_of(network, projection),
                is_switched=projection.name in switched,
            )
            for projection in delivering(network)
        ]
        emitters = {each.owner for each in emitting(network)}
        self.sources = [
            SourcePrinter(source, network.sources[source.name], self.names)
            for source in self.ir.sources
            if source.name in emitters
        ]
        self.cells = [self._cell(population) for population in self.ir.populations]
        cells = {printer.population.name: printer for printer in self.cells}
        self.gathers = [
            GatherPrinter(
                gather,
                network.projections[gather.name],
                self.names,
                source=cells[gather.source],
                target=cells[gather.target],
                is_switched=gather.name in switched,
            )
            for gather in gathering(network)
            if gather.local in cells[gather.target].read
        ]
        self.recordings = [
            RecordingPrinter(recording, number, cells[recording.population])
            for number, recording in enumerate(self.ir.state_recordings)
        ]

    def _cell(self, population: ir.Population) -> CellPrinter:
        name, recordings = population.name, self.ir.state_recordings
        seen = [each.value for each in recordings if each.population == name]
        for gather in self.ir.gathers:
            seen += [Name(each) for each in gather.names_of(name)]
        return CellPrinter(
            population,
            self.network.populations[name],
            self.names,
            fed_ports(self.network, name),
            seen,
        )

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What the timeline does, by step."""
        cells = {printer.population.name: printer for printer in self.cells}
        sources = {printer.source.name: printer for printer in self.sources}
        links = {printer.link.name: printer for printer in (*self.projections, *self.gathers)}
        printer = TimelinePrinter(cells, sources, links, self.arrays)
        return changes(self.network.timeline, printer.lines)

    @property
    def functions(self) -> frozenset[str]:
        """Functions that some expression calls, or that normal numbers are made with."""
        found = called(each for printer in self.cells for each in expressions(printer.cell))
        found |= called(recording.value for recording in self.ir.state_recordings)
        found |= called(printer.gather.value for printer in self.gathers)
        return found | {
            function
            for distribution, function in (("normal", "normal_quantile"), ("poisson", "exp"))
            if distribution in self.distributions
        }

    @property
    def distributions(self) -> frozenset[str]:
        """Distributions that cells draw from."""
        return frozenset(draw.distribution for cell in self.cells for draw in cell.cell.draws)

    @property
    def has_pools(self) -> bool:
        """Whether something is summed over all neurons of a population."""
        return any(printer.gather.pool is not None for printer in self.gathers)

    @property
    def has_poisson(self) -> bool:
        """Whether something is drawn while running."""
        return any(printer.is_poisson for printer in self.sources)

    @property
    def has_listed(self) -> bool:
        """Whether some source emits listed events."""
        return any(not printer.is_poisson for printer in self.sources)

    @property
    def has_schedule(self) -> bool:
        """Whether some projection has several delays."""
        return any(printer.is_scheduled for printer in self.projections)

    def header(self) -> models.Header:
        """Return the head of the file."""
        steps = members(sorted(step for change in self.changes for step in change.steps))
        return models.Header(
            network=self.ir.name,
            fingerprint=self.network.fingerprint,
            semantics=SEMANTICS,
            seed=self.ir.seed,
            dt=number(self.ir.dt),
            steps=self.ir.steps,
            changes=assignment("CHANGES", f"frozenset({{{steps}}})", 0) if steps else "",
        )

    def constants(self) -> models.Constants:
        """Return sizes and scalar parameters."""
        return models.Constants(
            cells=tuple(map(cell_constants, self.cells)),
        )

    def setup(self) -> models.Setup:
        """Return what `simulate` prepares."""
        recent = [
            models.ObjectSetup(
                f"what {ir.event_object(*source)} fired in the last {length} steps",
                (models.Constant(self.names("recent", *source), f"[NOTHING] * {length}"),),
            )
            for source, length in self._recent_lengths.items()
        ]
        return models.Setup(
            populations=tuple(cell_setup(printer, self.arrays) for printer in self.cells),
            others=(
                *(printer.setup_tables(self.arrays) for printer in self.cells if printer.tables()),
                *(printer.setup_draws() for printer in self.cells if printer.cell.draws),
                *(printer.setup(self.arrays) for printer in self.sources),
                *(printer.setup(self.arrays) for printer in self.projections),
                *(printer.setup(self.arrays) for printer in self.gathers),
                *recent,
                *(printer.setup(self.ir.steps) for printer in self.recordings),
            ),
            spikes=tuple(
                models.ObjectSpikes(each.name, self.names("spikes", each.owner, each.event))
                for each in emitting(self.network)
            ),
            kept=kept(self.ir, self.arrays),
            takes_digests=self.options.state_digest,
        )

    def _fired(self, printer: ProjectionPrinter) -> str:
        return self.names("fired", printer.projection.source, printer.projection.event)

    @cached_property
    def _recent_lengths(self) -> dict[tuple[str, str], int]:
        """How far back what was emitted is needed, by owner and event where it is."""
        lengths: dict[tuple[str, str], int] = {}
        for printer in self.projections:
            if delay := printer.table.delay:
                source = (printer.projection.source, printer.projection.event)
                lengths[source] = max(lengths.get(source, 0), delay + 1)
        return dict(sorted(lengths.items()))

    @cached_property
    def _rows(self) -> dict[object, str]:
        """Names of numbers of samples by when they are taken; empty where that is no question."""
        found: dict[object, str] = {}
        for printer in self.recordings:
            row = "" if printer.recording.windows is None else printer.row
            found.setdefault(printer.times, row)
        return found

    def begin(self) -> models.Begin:
        """Return the head of the loop."""
        reads_time = any(ir.TIME in cell.read for cell in self.cells)
        reads_time |= any(ir.TIME in names_in(each.gather.value) for each in self.gathers)
        together: dict[object, list[RecordingPrinter]] = {}
        for printer in self.recordings:
            together.setdefault(printer.times, []).append(printer)
        samplings = tuple(
            models.Sampling(
                every=several[0].recording.every,
                samples=tuple(printer.sample() for printer in several),
                within=several[0].within(self.arrays),
                row=self._rows[several[0].times],
            )
            for several in together.values()
        )
        digest_period = DIGEST_PERIOD if self.options.state_digest else 0
        return models.Begin(
            reads_time,
            lookups=tuple(each for printer in self.cells for each in printer.lookups()),
            changes=self.changes,
            gathered=tuple(each for printer in self.cells for each in printer.gathered()),
            gathers=tuple(printer.lines() for printer in self.gathers),
            digest_period=digest_period,
            counts_begun=any(not each.row for each in samplings),
            samplings=samplings,
        )

    def update(self) -> models.Update:
        """Return the statements of the update."""
        return models.Update(
            draws=tuple(each for printer in self.cells for each in printer.draws()),
            populations=tuple(printer.update() for printer in self.cells),
            filters=tuple(text for printer in self.cells for text in printer.squares()),
        )

    def events(self) -> models.Events:
        """Return how what fires is found and where it goes."""
        poisson = [printer for printer in self.sources if printer.is_poisson]
        listed = [printer for printer in self.sources if not printer.is_poisson]
        scheduled = [printer for printer in self.projections if printer.is_scheduled]
        return models.Events(
            conditions=tuple(each for printer in self.cells for each in printer.conditions()),
            immediate=tuple(each for printer in self.cells for each in printer.immediate()),
            draws=tuple(printer.draw() for printer in poisson),
            listed=tuple(printer.listed() for printer in listed),
            kept=tuple(
                models.Kept(
                    self.names("fired", each.owner, each.event),
                    self.names("spikes", each.owner, each.event),
                )
                for each in emitting(self.network)
            ),
            recent=tuple(
                models.Recent(self.names("fired", *each), self.names("recent", *each), length)
                for each, length in self._recent_lengths.items()
            ),
            scheduled=tuple(printer.scheduled(self._fired(printer)) for printer in scheduled),
        )

    def deliver(self) -> models.Deliver:
        """Return how what arrives is summed and what ports do with it."""
        return models.Deliver(
            cleared=tuple(name for printer in self.cells for name in printer.accumulators()),
            deliveries=tuple(
                printer.delivery(
                    self._fired(printer),
                    self._recent_lengths.get(
                        (printer.projection.source, printer.projection.event), 0
                    ),
                )
                for printer in self.projections
            ),
            ports=tuple(printer.ports() for printer in self.cells if printer.cell.ports),
        )

    def resets(self) -> models.Resets:
        """Return the statements of events."""
        resets = tuple(each for printer in self.cells for each in printer.resets())
        return models.Resets(resets, BATCH)

    def result(self) -> models.Result:
        """Return what `simulate` hands back."""
        return models.Result(
            recorded=tuple(each.name for each in self.ir.spike_recordings),
            samples=tuple(printer.result(self._rows[printer.times]) for printer in self.recordings),
            counts=counted(self.ir),
            takes_digests=self.options.state_digest,
        )
