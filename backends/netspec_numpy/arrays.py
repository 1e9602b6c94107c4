"""The arrays of a program, collected while its text is made."""

from __future__ import annotations

from netspec.codegen.arrays import AnyArray, Arrays, is_uniform, number


class ProgramArrays(Arrays):
    """Arrays, and the text of new ones that the program may change."""

    def load_own(self, name: str, values: AnyArray) -> str:
        """Store an array; return an expression for a copy of it."""
        return f"{self.load(name, values)}.copy()"

    def filled(self, name: str, values: AnyArray, size: str) -> str:
        """Return an expression for a new array: written out if all its values are one.

        Args:
            name: Of the array if it has to be stored.
            values: Shape (n,).
            size: Text of n.
        """
        if is_uniform(values):
            return f"np.full({size}, {number(values[0])})"
        return self.load_own(name, values)
