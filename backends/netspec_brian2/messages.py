"""Messages from the worker: lines of JSON between which the caller can do other things."""

from __future__ import annotations

import json
import os
import selectors
from collections.abc import Iterator
from typing import IO, Any

_PATIENCE = 0.05  # seconds between two questions of whether to stop


class Messages:
    """Reads a pipe without waiting for long."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.is_open = True
        self._descriptor = pipe.fileno()
        self._rest = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe, selectors.EVENT_READ)

    def wait(self) -> Iterator[dict[str, Any]]:
        """Wait a moment; yield what came in the meantime."""
        if not self._selector.select(_PATIENCE):
            return
        received = os.read(self._descriptor, 1 << 16)
        if not received:
            self._selector.close()
            self.is_open = False
        *lines, self._rest = (self._rest + received).split(b"\n")
        # A compiled program may write other things to its standard output.
        yield from (json.loads(line) for line in lines if line.startswith(b'{"netspec": '))
