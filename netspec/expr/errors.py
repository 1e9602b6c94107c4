"""The error of everything that reads expressions."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression cannot be read or makes no sense.

    Attributes:
        code: Kind of the problem, a diagnostic code.
        excerpt: The part of the text that is meant, if it is smaller than the whole.
        hints: What to do about it.
        more: Further problems of the same expression.
    """

    def __init__(
        self,
        code: str,
        message: str,
        excerpt: str = "",
        hints: tuple[str, ...] = (),
        more: tuple[ExpressionError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.excerpt = excerpt
        self.hints = hints
        self.more = more
