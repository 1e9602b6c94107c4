"""Long lines of generated text, cut where a reader would cut them."""

from __future__ import annotations

from collections.abc import Iterator

LINE_LENGTH = 100

_OPERATORS = "-+*/&|<>=!?:"


def pieces(text: str, width: int) -> Iterator[str]:
    """Cut a text before operators and after commas, where few parentheses are open."""
    while len(text) > width:
        cuts = list(_cuts(text))
        # Not too early, else there are many short lines; if no place is good, the first.
        good = [cut for cut in cuts if width // 5 < cut[1] <= width]
        if not cuts:
            break
        _, place = min(good or cuts[:1], key=lambda cut: (cut[0], -cut[1]))
        yield text[:place]
        text = text[place + 1 :]
    yield text


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield how bad a cut is and the place of the space where it can be made."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == " " and text[place - 1] == ",":
            yield 3 * depth, place
        elif character == " " and text[place + 1] in _OPERATORS:
            yield 3 * depth + 1 + (text[place + 1] in "*/"), place
