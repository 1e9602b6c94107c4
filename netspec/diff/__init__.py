"""Semantic diff: what changed in meaning between two descriptions, and in the arrays made of it.

documents --prepare--> facts --changes--> Change              what somebody meant to change
                   --realise--> parts --compared--> RealisedDiff    what came of it
                   --writing--> Writing                       what changed nothing
"""

from __future__ import annotations

from netspec.diff.changes import Change
from netspec.diff.difference import DescriptionDiff, both, difference
from netspec.diff.outline import outline
from netspec.diff.report import as_markdown, as_text

__all__ = ["Change", "DescriptionDiff", "as_markdown", "as_text", "both", "difference", "outline"]
