"""What everything of a network is called in the script and inside Brian2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from netspec.codegen.names import identifiers, joined
from netspec.ir import nodes as ir
from netspec_brian2.reserved import is_reserved_object, is_reserved_variable
from netspec_brian2.samplings import samplings

Key = tuple[str, ...]

COUNTDOWN, NOT_FINITE, SNAPSHOT = "countdown", "not_finite", "snapshot"

POOLED = "value"
"""What each lane of a pool holds, and then their sum."""

_COMPILERS = {ir.COUNTDOWN: COUNTDOWN, ir.HELD: "held", ir.PERIOD: "steps_held"}

_POOL = ("lanes", "sum")

# What Brian2 itself keeps in an object, stored under the joined names of object and variable; and
# its first event, since what tests for events and resets is named after group and event.
_OWN_VARIABLES = ("N", "count", "i", "j", "t", "lastspike", "neuron_index", "spike_number", "spike")


class Names:
    """Identifiers by role and names of the IR.

    `object` gives names of the script, which are Brian2's names of its objects too; `variable`
    gives names inside one of them. Brian2 stores variables under both names joined, so all joined
    names differ as well.
    """

    def __init__(self, network: ir.Network) -> None:
        objects = dict(_objects(network))
        reserved = {name for name in objects.values() if is_reserved_object(name)}
        self._objects = identifiers(objects, reserved)
        stored = set(self._objects.values())
        stored |= {f"{owner}_{own}" for owner in self._objects.values() for own in _OWN_VARIABLES}
        pools = [each.name for each in network.gathers if each.pool is not None]
        stored |= {f"{self._objects[role, name]}_{POOLED}" for name in pools for role in _POOL}
        wanted = {
            key: f"{self._objects[key[:2]]}_{_fitting(name)}" for key, name in _inside(network)
        }
        self._variables = identifiers(wanted, stored)
        stored |= set(self._variables.values())
        for link in network.links:
            self._name_synapses(network, link, stored)

    def _name_synapses(
        self, network: ir.Network, link: ir.Projection | ir.Gather, stored: set[str]
    ) -> None:
        """Name what edges hold: unlike anything in the groups that they connect."""
        owner = self._objects["projection", link.name]
        ends = [self._objects["group", end] for end in (link.source, link.target)]
        taken = {
            f"{owner}_{full.removeprefix(f'{self._objects[key[:2]]}_')}"
            for key, full in self._variables.items()
            if self._objects[key[:2]] in ends
        }
        changes = [entry.action for entry in network.timeline]
        count = changes.count(ir.SetWeight(link.name))
        roles = {"connected": "connected", "stretch": "stretch", "weight_0": "w"}
        roles |= {f"weight_{number}": f"w_{number}" for number in range(1, count + 1)}
        wanted: dict[Key, str] = {
            ("projection", link.name, role): f"{owner}_{name}" for role, name in roles.items()
        }
        named = identifiers(wanted, stored | taken)
        stored |= set(named.values())
        self._variables |= named

    def object(self, role: str, *parts: str) -> str:
        """Return the identifier of something in the script."""
        return self._objects[(role, *parts)]

    def variable(self, owner: str, role: str, *parts: str) -> str:
        """Return the identifier of something inside a population or source.

        Args:
            owner: Its name in the IR.
            role: What it is, e.g. `value`.
            parts: Names in the IR.
        """
        return self._inner("group", owner, role, *parts)

    def event(self, owner: str, event: str) -> str:
        """Return the identifier of what a population or source emits; empty for its spikes."""
        return "" if event == ir.SPIKE else self.variable(owner, "event", event)

    def synaptic(self, link: str, role: str) -> str:
        """Return the identifier of something that edges hold: `connected`, `weight_0`, …."""
        return self._inner("projection", link, role)

    def _inner(self, *key: str) -> str:
        return self._variables[key].removeprefix(f"{self._objects[key[:2]]}_")


def _fitting(name: str) -> str:
    wanted = _COMPILERS.get(name, name.lstrip("_"))
    if not is_reserved_variable(wanted):
        return wanted
    # Every `xi_…` is a noise for Brian2.
    return f"{wanted}_var" if not wanted.startswith("xi_") else f"var_{wanted}_var"


def _objects(network: ir.Network) -> Iterator[tuple[Key, str]]:
    for each in chain(network.populations, network.sources):
        yield ("group", each.name), each.name
        for role in ("equations", "keys", "timeline"):
            yield (role, each.name), joined(each.name, role)
    for emitter in network.emitters:
        yield ("spikes", emitter.name), joined(*emitter.name.split("."), "spikes")
    for population in network.populations:
        for role in ("update", "immediate", "ports", "snapshots"):
            yield (role, population.name), joined(population.name, role)
        for table in population.cell.tables:
            yield (
                ("table", population.name, table.name),
                joined(population.name, table.name, "table"),
            )
        for event in population.cell.events:
            emitted = ir.event_object(population.name, event.name)
            yield ("reset", emitted), joined(*emitted.split("."), "reset")
    yield from _objects_of_links(network)
    for number, sampling in enumerate(samplings(network)):
        wanted = joined(sampling.population, "samples", *sampling.words)
        yield ("samples", str(number)), wanted


def _objects_of_links(network: ir.Network) -> Iterator[tuple[Key, str]]:
    for link in network.links:
        yield ("projection", link.name), joined(link.name)
        for role in ("model", "connection"):
            yield (role, link.name), joined(link.name, role)
    for projection in network.projections:
        yield ("arrival", projection.name), joined(projection.name, "arrival")
    for gather in network.gathers:
        for role in () if gather.pool is None else ("into_lanes", *_POOL):
            yield (role, gather.name), joined(gather.name, role)


def _inside(network: ir.Network) -> Iterator[tuple[Key, str]]:
    for population in network.populations:
        for role_and_parts, name in _of_cell(population.cell):
            yield ("group", population.name, *role_and_parts), name
    for gather in network.gathers:
        summed = joined(gather.local, gather.name)
        yield ("group", gather.target, "summed", gather.name), summed
    for source in network.sources:
        for fixed in ("key", "high", "low"):
            yield ("group", source.name, fixed), fixed
    for number, entry in enumerate(network.timeline):
        match entry.action:
            case ir.SetParameter(owner, name, _) | ir.SetState(owner, name, _):
                yield ("group", owner, "change", str(number)), joined(name, "at", str(entry.step))
            case ir.SetRate(owner, _):
                for half in ("high", "low"):
                    yield ("group", owner, half, str(number)), joined(half, "at", str(entry.step))
    for number, sampling in enumerate(samplings(network)):
        if sampling.is_event:
            key = ("group", sampling.population, "sampling", str(number))
            yield key, joined(*sampling.words)


def _of_cell(cell: ir.Cell) -> Iterator[tuple[Key, str]]:
    variables = [variable.name for variable in (*cell.state, *cell.locals, *cell.gathered)]
    parameters = [parameter.name for parameter in cell.parameters]
    defined = [equation.name for equation in cell.equations]
    for name in dict.fromkeys((*variables, *parameters, *defined)):
        yield ("value", name), name
    for table in cell.tables:
        yield ("value", table.name), table.name
    for name in variables:
        yield ("next", name), joined(name, "next")
    for draw in cell.draws:
        # Brian2 has noise of its own, which the equations read: `xi`, `xi_…`.
        wanted = re.sub("^_xi", "noise", draw.name)
        yield ("value", draw.name), wanted
        yield ("key", draw.name), joined(wanted, "key")
    for port in cell.ports:
        yield ("acc", port.name), joined("acc", port.name)
        yield ("n_events", port.name), joined("n_events", port.name)
    for event in cell.events:
        yield ("fires", event.name), joined("fires", event.name)
        if event.name != ir.SPIKE:
            yield ("event", event.name), event.name
    yield ("own", SNAPSHOT), SNAPSHOT
    yield ("own", NOT_FINITE), NOT_FINITE
