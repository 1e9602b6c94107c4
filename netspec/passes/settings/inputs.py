"""Rates, amplitudes and weights of inputs that the timeline sets."""

from __future__ import annotations

from collections.abc import Collection

from netspec.expr.parse import shorten
from netspec.passes.courses import is_moving
from netspec.passes.resolved import (
    Assign,
    Kind,
    ResolvedEffect,
    ResolvedGenerator,
    ResolvedInput,
    ResolvedPoisson,
    ResolvedTrains,
)
from netspec.passes.settings.setting import Setting
from netspec.spec.data import FromFile
from netspec.spec.distributions import Distribution
from netspec.spec.inputs import Effect
from netspec.spec.values import QuantityList
from netspec.units import FREQUENCY, Dimension


def set_input(name: str, setting: Setting) -> Assign | None:
    """Return what is set of an input, or `None` once its problems were reported."""
    scope = setting.scope
    if isinstance(scope.network.inputs[name], Effect):
        effect = scope.effects.get(name)  # without one, its own problems were reported
        return None if effect is None else _set_effect(effect, setting)
    place = scope.spiking(setting.owner, setting.path)
    source = scope.inputs.get(name)
    if place is None or source is None:
        return None
    if isinstance(source, ResolvedTrains):
        setting.refuse(
            "made-before",
            f"the spikes of '{name}' are made before step 0 and cannot be changed",
            "take a 'poisson' input, whose rate can be set, or two inputs in turn",
        )
        return None
    settable, view = _settable(source), place[1]
    if setting.variable not in settable:
        _refuse_variable(name, settable, setting)
        return None
    alike = not isinstance(source, ResolvedPoisson)
    differs = isinstance(setting.value, QuantityList | Distribution | FromFile)
    if alike and (differs or len(view) != source.size):
        setting.refuse("not-alike", f"all neurons of '{name}' have the same {setting.variable}")
        return None
    symbols = setting.symbols(name, alike=alike)
    value = setting.resolved(settable[setting.variable], symbols, view)
    kind: Kind = "parameter" if alike else "rate"
    return setting.assign(kind, name, view, value)


def _set_effect(effect: ResolvedEffect, setting: Setting) -> Assign | None:
    known = {name: (parameter, dimension) for name, parameter, dimension in effect.settable}
    if setting.owner != effect.name:
        part = shorten(setting.owner)
        setting.refuse(
            "bad-place", f"'{part}' is part of an input, which can be set as a whole only"
        )
        return None
    if setting.variable not in known:
        _refuse_variable(effect.name, known, setting)
        return None
    parameter, dimension = known[setting.variable]
    symbols = setting.symbols(effect.population, setting.scope.populations[effect.population].cell)
    value = setting.resolved(dimension, symbols, effect.view)
    return setting.assign("parameter", effect.population, effect.view, value, parameter)


def _settable(source: ResolvedInput) -> dict[str, Dimension]:
    """Return what the timeline may set of a source of spikes."""
    match source:
        case ResolvedPoisson(is_settable=True):
            return {"rate": FREQUENCY}
        case ResolvedGenerator(settable=settable):
            return dict(settable)
        case _:
            return {}


def _refuse_variable(name: str, known: Collection[str], setting: Setting) -> None:
    variable = setting.variable
    if not is_moving(getattr(setting.scope.network.inputs[name], variable, None)):
        setting.refuse_variable(name, known)
        return
    setting.refuse(
        "not-settable",
        f"the {variable} of '{name}' moves by itself, so the timeline cannot set it",
        "give all its values and their times in one 'piecewise' course",
    )
