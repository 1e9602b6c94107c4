"""Values of a script, with their units."""

from __future__ import annotations

from netspec.codegen.arrays import AnyArray, Arrays
from netspec.units import DIMENSIONLESS, Dimension
from netspec_brian2.units import quantity_text


class ScriptArrays(Arrays):
    """Arrays, and the text of quantities."""

    def quantity(self, name: str, values: AnyArray, dimension: Dimension = DIMENSIONLESS) -> str:
        """Return the text of values in SI with their unit.

        Args:
            name: Of the array if it has to be stored.
            values: Shape () or (n,).
            dimension: Of the values.
        """
        return quantity_text(self.number_or_load(name, values), dimension)
