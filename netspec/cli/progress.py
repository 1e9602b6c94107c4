"""The progress bar: on stderr, on a terminal, with the time left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netspec.backend.compiled import Progress


@contextmanager
def progress_bar(title: str, *, quiet: bool, unit: str = "steps") -> Iterator[Progress | None]:
    """Yield a function that moves the bar, or `None` where none is wanted."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with ExitStack() as closing:
        bars: list[tqdm[Any]] = []

        def move(done: int, steps: int) -> None:
            # Made at the first call: the time left counts from when steps are simulated.
            if not bars:
                bar: tqdm[Any] = tqdm(
                    desc=title, total=steps, unit=f" {unit}", file=sys.stderr, leave=False
                )
                bars.append(closing.enter_context(bar))
            bars[0].update(done - bars[0].n)

        yield move
