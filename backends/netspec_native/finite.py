"""Whether state is finite: how the loop over neurons looks at it."""

from __future__ import annotations

from netspec.codegen.lines import LINE_LENGTH, pieces
from netspec.ir import nodes as ir
from netspec_native.printer import Texts

_INDENT = 16
"""Of a line in that loop."""


def wrong(cell: ir.Cell, texts: Texts) -> list[str]:
    """Return lines with the number of the first variable that is not finite, 0 if all are."""
    numbered = enumerate(cell.declared_state, start=1)
    checked = [
        f"wrong_if(!is_finite({texts[variable.name]}), {number},"
        for number, variable in numbered
        if variable.kind == "real"
    ]
    return [*checked, f"0{')' * len(checked)};"] if checked else []


def seen(cell: ir.Cell, texts: Texts) -> list[str]:
    """Return lines with the sum of all that must be finite: it is not if one of them is not."""
    total = " + ".join(texts[each.name] for each in cell.declared_state if each.kind == "real")
    return list(pieces(f"{total};", LINE_LENGTH - _INDENT)) if total else []
