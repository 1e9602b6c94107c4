"""What looks at the state before a step: gathers and state recordings."""

from __future__ import annotations

import numpy as np

from netspec.expr.nodes import names as names_in
from netspec.ir import nodes as ir
from netspec.realise.network import NumberArray, RealisedProjection
from netspec_native import models
from netspec_native.arrays import ProgramArrays
from netspec_native.cells import CellPrinter
from netspec_native.names import Names
from netspec_native.printer import C_TYPES, assigned, c_text


class GatherPrinter:
    """Everything that is printed for one gather with edges.

    Args:
        gather: Of the IR.
        number: Its place among those that are printed.
        values: Its edges.
        names: Identifiers of the program.
        source, target: Of its populations.
        is_switched: The timeline connects or disconnects it.
    """

    def __init__(
        self,
        gather: ir.Gather,
        number: int,
        values: RealisedProjection,
        names: Names,
        *,
        source: CellPrinter,
        target: CellPrinter,
        is_switched: bool,
    ) -> None:
        self.gather = gather
        self.number = number
        self.values = values
        self.names = names
        self.source = source
        self.target = target
        self.is_switched = is_switched
        self.order = np.argsort(values.targets, kind="stable")

    def name(self, role: str) -> str:
        """Return the identifier of something that belongs to it."""
        return self.names(role, self.gather.name)

    @property
    def has_weights(self) -> bool:
        """Whether the weights are read."""
        return self.gather.pool is not None or ir.WEIGHT in names_in(self.gather.value)

    def sort(self, per_edge: NumberArray) -> NumberArray:
        """Return values of edges in the order of the program: by target."""
        return per_edge[self.order] if per_edge.ndim else per_edge

    def share(self, arrays: ProgramArrays) -> None:
        """Share the edges with C."""
        key = f"edges.{self.gather.name}"
        targets = np.arange(self.target.population.size + 1)
        starts = np.searchsorted(self.values.targets[self.order], targets)
        arrays.share(self.name("first"), f"{key}.first", starts.astype(np.int64), "by target")
        if self.gather.pool is None:
            sources = self.values.sources[self.order]
            arrays.share(self.name("sources"), f"{key}.sources", sources)
        if self.has_weights:
            weights = self.sort(self.values.weights)
            arrays.share_own(self.name("weight"), f"{key}.weights", weights)
        if self.is_switched:
            connected = np.asarray(self.gather.connected, np.int64)
            arrays.share_own(self.name("connected"), f"{key}.connected", connected)

    def model(self) -> models.Gathering:
        """Return what the template needs."""
        pool, each = self.gather.pool, self.gather
        place = "e" if self.values.narrow_weights.ndim else "0"
        weight = f"net->{self.name('weight')}[{place}]"
        index = f"net->{self.name('sources')}[e]" if pool is None else f"({pool.start} + n)"
        texts = {**self.target.at("i"), ir.WEIGHT: weight}
        texts |= {ir.source_name(name): text for name, text in self.source.at(index).items()}
        what = "edges" if pool is None else "all neurons"
        return models.Gathering(
            title=f"{each.name}: over {what} from {each.source} to {each.target}.{each.local}",
            number=self.number,
            function=self.name("gather"),
            total=self.name("total"),
            connected=f"net->{self.name('connected')}[0]" if self.is_switched else "",
            pool=None if pool is None else len(pool),
            local=f"net->{self.target.name(each.local)}[i]",
            starts=f"net->{self.name('first')}",
            weight=weight,
            value=c_text(each.value, texts),
            first=self.target.of("first"),
            end=self.target.of("end"),
            reads_time=ir.TIME in names_in(each.value),
        )


class RecordingPrinter:
    """Everything that is printed for one state recording.

    Args:
        recording: Of the IR.
        number: Its place there.
        cell: Of its population.
    """

    def __init__(self, recording: ir.StateRecording, number: int, cell: CellPrinter) -> None:
        self.recording = recording
        self.number = number
        self.cell = cell

    def name(self, role: str) -> str:
        """Return the identifier of something that belongs to it."""
        return self.cell.names(role, str(self.number))

    def share(self, arrays: ProgramArrays, steps: int) -> None:
        """Share the array of samples, and the steps of those in windows."""
        each = self.recording
        kind, dtype = ("int64_t", ", np.int64") if each.kind == "integer" else ("double", "")
        shape = f"({each.n_samples(steps)}, {len(each.view)})"
        arrays.share_new(self.name("samples"), kind, f"np.empty({shape}{dtype})")
        if each.windows is not None:
            taken = np.concatenate([np.zeros(0, np.int64), *map(np.array, each.samples(steps))])
            key = f"sampled.{self.number}.steps"
            text = arrays.load_once(key, taken.astype(np.int64))
            arrays.share_new(self.name("sample_steps"), "int64_t", text)

    def model(self, steps: int) -> models.Sampling:
        """Return what the template needs."""
        each, cell = self.recording, self.cell
        value = c_text(each.value, cell.at("i"))
        return models.Sampling(
            title=f"{each.population}, {each.variable}",
            function=self.name("record"),
            kind=C_TYPES[each.kind],
            samples=f"net->{self.name('samples')}",
            steps=f"net->{self.name('sample_steps')}" if each.windows is not None else "",
            n_steps=each.n_samples(steps),
            cursor=self.name("n_samples"),
            every=each.every,
            start=each.view.start,
            stop=each.view.stop,
            first=cell.of("first"),
            end=cell.of("end"),
            value=tuple(assigned("row[i]", value, 8)),
            reads_time=ir.TIME in names_in(each.value),
        )

    @property
    def rows(self) -> str:
        """Return Python text of the number of samples that were taken."""
        every = self.recording.every
        if self.recording.windows is not None:
            return f"np.searchsorted({self.name('sample_steps')}, begun)"
        return "begun" if every == 1 else f" -(-begun // {every})"  # after `[:`, so with a blank
