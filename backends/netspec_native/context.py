"""From a realised network to the render models of the program's sections and its arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from netspec.codegen.arrays import AnyArray, number
from netspec.codegen.comments import cell_texts, parameter_note, unit_text
from netspec.codegen.kept import counted, kept
from netspec.codegen.reach import delivering, emitting, fed_ports, gathering, port_of
from netspec.codegen.steps import members
from netspec.codegen.timeline import Change, changes
from netspec.expr.math import called
from netspec.expr.nodes import Name
from netspec.ir import nodes as ir
from netspec.ir.contract import DIGEST_PERIOD, SEMANTICS
from netspec.ir.features import counts_events, expressions, sums_weights
from netspec.realise.network import RealisedNetwork
from netspec_native import driver_models, edge_models, models
from netspec_native.arrays import ProgramArrays, c_number, c_types
from netspec_native.bundles import WIDEST, BundlePrinter, Link, groups
from netspec_native.cells import CellPrinter
from netspec_native.layouts import in_rows
from netspec_native.looks import GatherPrinter, RecordingPrinter
from netspec_native.names import Names
from netspec_native.options import NativeOptions, flags
from netspec_native.parts import pays_threads, share
from netspec_native.pieces import RUN, section_of, sections
from netspec_native.printer import C_TYPES
from netspec_native.sources import SourcePrinter
from netspec_native.timeline import TimelinePrinter, set_weights
from netspec_native.weights import Feed, Row, feed, row, stored

_ROOM = 1 << 14
"""Spikes of an object that are noted in C, beside those of three steps in which all fire."""

_SLICE = 1 << 24
"""Neurons times steps after which Python looks whether to go on."""


class Context:
    """Everything that is printed for one network; arrays gather in `arrays`."""

    def __init__(self, network: RealisedNetwork, options: NativeOptions) -> None:
        self.network = network
        self.options = options
        self.ir = network.ir
        self.arrays = ProgramArrays()
        self.names = Names(network.ir)
        self.sizes = self.ir.sizes
        self.emitting = emitting(network)
        self.delivering = delivering(network)
        links = [self._link(each) for each in self.delivering]
        self.groups = groups(links)
        self.bundles = [BundlePrinter(group, self.names, self.sizes) for group in self.groups]
        emitters = {each.owner for each in self.emitting}
        self.sources = [
            SourcePrinter(source, network.sources[source.name], self.names)
            for source in self.ir.sources
            if source.name in emitters
        ]
        self.cells = [self._cell(number, each) for number, each in enumerate(self.ir.populations)]
        cells = {printer.population.name: printer for printer in self.cells}
        gathers = [each for each in gathering(network) if each.local in cells[each.target].read]
        self.gathers = [
            GatherPrinter(
                gather,
                number,
                network.projections[gather.name],
                self.names,
                source=cells[gather.source],
                target=cells[gather.target],
                is_switched=gather.name in self.switched,
            )
            for number, gather in enumerate(gathers)
        ]
        self.recordings = [
            RecordingPrinter(recording, number, cells[recording.population])
            for number, recording in enumerate(self.ir.state_recordings)
        ]
        self.changes = self._changes()
        self._share()

    # --- what there is ---

    @cached_property
    def switched(self) -> frozenset[str]:
        """Projections and gathers that the timeline connects or disconnects."""
        return frozenset(
            entry.action.projection
            for entry in self.network.timeline
            if isinstance(entry.action, ir.Connect | ir.Disconnect)
        )

    @cached_property
    def fed(self) -> tuple[tuple[ir.Population, ir.Port], ...]:
        """Ports at which something can arrive, those of one name together: the order of rows."""
        found = [
            (population, port)
            for population in self.ir.populations
            for port in population.cell.ports
            if port.name in fed_ports(self.network, population.name)
        ]
        return tuple(sorted(found, key=lambda pair: (pair[1].name, pair[0].name)))

    @cached_property
    def least_parts(self) -> int:
        """Fewest parts in which 16 bits tell all targets apart.

        So a source has one list of edges in a part, and what arrives together lies together.
        """
        sizes: Counter[str] = Counter()
        for population, port in self.fed:
            sizes[port.name] += population.size
        return max((-(-size // WIDEST) for size in sizes.values()), default=1)

    @cached_property
    def is_split(self) -> bool:
        """Whether something arrives in the step in which it is sent."""
        return any(self.network.projections[each.name].least_delay == 0 for each in self.delivering)

    @cached_property
    def feeds(self) -> Mapping[str, Feed]:
        """What is known of the weights of each projection that delivers."""
        changes: dict[str, list[AnyArray]] = {}
        for entry in self.network.timeline:
            if isinstance(entry.action, ir.SetWeight) and isinstance(entry.values, np.ndarray):
                changes.setdefault(entry.action.projection, []).append(entry.values)
        return {
            each.name: feed(self.network.projections[each.name], changes.get(each.name, ()))
            for each in self.delivering
        }

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Row]:
        """What weights are added up in, by population and port that reads sums."""
        found: dict[tuple[str, str], list[Feed]] = {}
        for each in self.delivering:
            if sums_weights(port_of(self.network, each)):
                found.setdefault((each.target, each.port), []).append(self.feeds[each.name])
        return {port: row(feeds) for port, feeds in found.items()}

    def _link(self, projection: ir.Projection) -> Link:
        offset = 0
        port = port_of(self.network, projection)
        for population, other in self.fed:
            if (population.name, other.name) == (projection.target, port.name):
                break
            offset += share(population.size, self.least_parts)
        values = self.network.projections[projection.name]
        row = self.rows.get((projection.target, projection.port))
        weights = None if row is None else stored(self.feeds[projection.name], row)
        changes = len(self.feeds[projection.name].weights) > 1
        return Link(
            projection,
            values,
            port,
            offset,
            share(self.sizes[projection.target], self.least_parts),
            projection.name in self.switched,
            changes=changes,
            row=row,
            weights=weights,
            is_in_rows=(
                weights is not None
                and not (changes and weights.kind)
                and not counts_events(port)
                and in_rows(
                    values,
                    self.sizes[projection.source],
                    self.sizes[projection.target],
                    weights.size,
                )
            ),
        )

    def _cell(self, number: int, population: ir.Population) -> CellPrinter:
        name, recordings = population.name, self.ir.state_recordings
        seen = [each.value for each in recordings if each.population == name]
        for gather in self.ir.gathers:
            seen += [Name(each) for each in gather.names_of(name)]
        return CellPrinter(
            population,
            number,
            self.network.populations[name],
            self.names,
            fed={
                port: self.rows.get((name, port), Row()) for port in fed_ports(self.network, name)
            },
            seen=seen,
            is_split=self.is_split,
        )

    def _changes(self) -> tuple[Change, ...]:
        links = {
            link.projection.name: (link, group) for group in self.groups for link in group.links
        }
        printer = TimelinePrinter(
            self.names,
            {each.population.name: each for each in self.cells},
            {each.source.name: each for each in self.sources},
            links,
            {each.gather.name: each for each in self.gathers},
            self.arrays,
        )
        return changes(self.network.timeline, printer.lines)

    def _share(self) -> None:
        for cell in self.cells:
            self._share_cell(cell)
        for source in self.sources:
            source.share(self.arrays)
        for bundle in self.bundles:
            bundle.share(self.arrays)
        for gather in self.gathers:
            gather.share(self.arrays)
        for recording in self.recordings:
            recording.share(self.arrays, self.ir.steps)
        for each in self.emitting:
            for role in ("steps", "indices"):
                name = self.names(role, each.owner, each.event)
                self.arrays.share_new(name, "int64_t", f"np.empty({self.room(each)}, np.int64)")
        count = max(len(self.emitting), 1)
        note = "spikes of each object that were noted and not yet taken"
        self.arrays.share_new("n_noted", "int64_t", f"np.zeros({count}, np.int64)", note)
        self.arrays.share_new("status", "int64_t", "np.zeros(4, np.int64)", "how a run went")

    def _share_cell(self, cell: CellPrinter) -> None:
        name, values = cell.population.name, cell.values
        for draw in cell.cell.draws:
            self.arrays.share_key(self.names("key", name, draw.name), values.keys[draw.name])
        for variable in cell.cell.state:
            note = unit_text(variable.dimension)
            key = f"state.{name}.{variable.name}"
            self.arrays.share_own(
                cell.name(variable.name), key, values.initial[variable.name], note
            )
        for parameter in cell.cell.parameters:
            if parameter.name in cell.read and (parameter.per_neuron or parameter.varies):
                key = f"parameters.{name}.{parameter.name}"
                own = values.parameters[parameter.name]
                note = parameter_note(parameter)
                self.arrays.share_own(cell.name(parameter.name), key, own, note)
        for table in cell.tables:
            own_name = self.names("table", name, table.name)
            key = f"tables.{name}.{table.name}"
            self.arrays.share(own_name, key, values.tables[table.name])
        for local in cell.cell.gathered:
            if local.name in cell.read:
                text = f"np.zeros({cell.population.size})"
                self.arrays.share_new(cell.name(local.name), "double", text)

    def room(self, emitter: ir.Emitter) -> int:
        """Return how many spikes of an object can be noted."""
        return 3 * emitter.size + _ROOM

    @property
    def grows(self) -> bool:
        """Whether `exprel` is computed for whole blocks somewhere."""
        return any(cell.ahead for cell in self.cells)

    @property
    def functions(self) -> frozenset[str]:
        """Functions that some expression calls, or that random numbers are made with."""
        found = called(each for printer in self.cells for each in expressions(printer.cell))
        found |= called(recording.value for recording in self.ir.state_recordings)
        found |= called(printer.gather.value for printer in self.gathers)
        if self.grows:
            found |= {"exprel_near"}
        if self.draws.normal:
            found |= {"normal_quantile"}
        if self.draws.poisson or self.draws.counts:
            found |= {"exp"}
        return found

    @cached_property
    def draws(self) -> models.Draws:
        """What is drawn while running."""
        all_draws = [(cell, draw) for cell in self.cells for draw in cell.cell.draws]
        kinds = {draw.distribution for _, draw in all_draws}
        counts = any(cell.has_limits(draw) for cell, draw in all_draws)
        return models.Draws(
            spikes=any(printer.is_poisson for printer in self.sources),
            uniform="uniform" in kinds,
            normal="normal" in kinds,
            bernoulli="bernoulli" in kinds,
            poisson="poisson" in kinds,
            counts=counts,
        )

    # --- models ---

    def head(self) -> models.Head:
        """Return the head of the C file."""
        return models.Head(
            network=self.ir.name,
            dt=number(self.ir.dt),
            populations=tuple(map(_cell_head, self.cells)),
            sections=sections(len(self.cells)),
            weight_of_run=RUN,
        )

    def populations(self) -> list[models.Population]:
        """Return what each population does in a step."""
        return [
            models.Population(
                title=cell.population.name,
                number=cell.number,
                section=section_of(cell.number),
                first=cell.of("first"),
                end=cell.of("end"),
                update=cell.update(),
                split=cell.split_ports() if self.is_split else None,
            )
            for cell in self.cells
        ]

    def looks(self) -> models.Looks:
        """Return what looks at state before a step."""
        return models.Looks(
            gathers=tuple(each.model() for each in self.gathers),
            samplings=tuple(each.model(self.ir.steps) for each in self.recordings),
        )

    def edges(self) -> edge_models.EdgesFile:
        """Return how edges are stored."""
        links = [link for each in self.bundles for link in each.group.links]
        places = {"e" if link.values.narrow_delays.ndim else "0" for link in links}
        return edge_models.EdgesFile(
            records=tuple(dict.fromkeys(each.record for each in self.bundles)),
            target_kinds=c_types(link.values.narrow_targets for link in links),
            weight_kinds=c_types(
                link.values.narrow_weights for link in links if link.weights and link.weights.kind
            ),
            delay_kinds=c_types(link.values.narrow_delays for link in links),
            delay_place=places.pop() if len(places) == 1 else "edges->several_delays ? e : 0",
        )

    def deliveries(self) -> edge_models.Deliveries:
        """Return how events are delivered."""
        return edge_models.Deliveries(tuple(each.model() for each in self.bundles))

    def source_models(self) -> models.Sources:
        """Return how sources emit."""
        return models.Sources(tuple(each.model() for each in self.sources))

    def driver_head(self) -> driver_models.DriverHead:
        """Return the head of the Python file."""
        steps = members(sorted(step for change in self.changes for step in change.steps))
        neurons = sum(self.sizes.values())
        edges = sum(len(self.network.projections[each.name]) for each in self.delivering)
        return driver_models.DriverHead(
            network=self.ir.name,
            fingerprint=self.network.fingerprint,
            semantics=SEMANTICS,
            seed=self.ir.seed,
            dt=number(self.ir.dt),
            steps=self.ir.steps,
            command=flags(self.options),
            slice=max(1, min(DIGEST_PERIOD, _SLICE // max(1, neurons))),
            parallel=pays_threads(neurons, edges),
            changes=steps,
            threads=self.options.threads,
            compiler=ascii(self.options.compiler) if self.options.compiler else '"cc"',
        )

    def driver(self) -> driver_models.Driver:
        """Return the function `simulate` of the Python file."""
        bundles = [each.model() for each in self.bundles]
        return driver_models.Driver(
            shared=tuple(self.arrays),
            setters=tuple(set_weights(each.number) for each in bundles if each.changes),
            populations=tuple(map(_looked, self.cells)),
            logged=tuple(
                driver_models.Logged(
                    each.name,
                    self.names("steps", each.owner, each.event),
                    self.names("indices", each.owner, each.event),
                )
                for each in self.emitting
            ),
            kept=kept(self.ir, self.arrays),
            digest_period=DIGEST_PERIOD,
            changes=self.changes,
            recorded=tuple(each.name for each in kept(self.ir, self.arrays) if each.is_recorded),
            samples=tuple(
                driver_models.SampleArray(each.name("samples"), each.rows)
                for each in self.recordings
            ),
            counts=counted(self.ir),
            takes_digests=self.options.state_digest,
        )


def _cell_head(cell: CellPrinter) -> models.CellHead:
    constants = (
        models.Constant(
            C_TYPES[parameter.kind],
            cell.name(parameter.name),
            c_number(cell.values.parameters[parameter.name]),
            parameter_note(parameter),
        )
        for parameter in cell.cell.parameters
        if parameter.name in cell.read and not parameter.per_neuron and not parameter.varies
    )
    return models.CellHead(
        population=cell.population.name,
        model=", ".join(filter(None, (cell.cell.model, cell.cell.integrator))),
        size=cell.population.size,
        equations=tuple(cell_texts(cell.cell)),
        constants=tuple(constants),
    )


def _looked(cell: CellPrinter) -> driver_models.Looked:
    declared = {variable.name: cell.name(variable.name) for variable in cell.cell.declared_state}
    countdown = f"np.zeros({cell.population.size}, np.int64)"
    if cell.cell.has_countdown:
        countdown = cell.name(ir.COUNTDOWN)
    return driver_models.Looked(
        name=cell.population.name,
        state=tuple(declared.items()),
        hashed=(*declared.values(), countdown),
    )
