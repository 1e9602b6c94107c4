"""Integrators: each turns the derivatives of a cell into stages of update.

An integrator is a function `System -> Update` and an entry of `INTEGRATORS`; nothing outside this
package knows how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netspec.passes.integrate.euler import euler
from netspec.passes.integrate.exact import exact
from netspec.passes.integrate.system import System, Update

INTEGRATORS: Mapping[str, Callable[[System], Update]] = {"euler": euler, "exact": exact}
"""By the name that a document writes.

`euler`: forward Euler. `exact`: the exact solution of a linear system over one step.
"""

__all__ = ["INTEGRATORS", "System", "Update"]
