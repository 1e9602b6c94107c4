"""What monitors recorded, by name."""

from __future__ import annotations

from typing import TypeVar

from netspec.errors import NetspecError

ValueT = TypeVar("ValueT")


class NotRecordedError(NetspecError, KeyError):
    """Something was asked for that no monitor recorded; the message names what was."""

    def __str__(self) -> str:  # KeyError would show the message in quotes
        return str(self.args[0])


class Recorded(dict[str, ValueT]):
    """What monitors recorded, by name."""

    def __missing__(self, name: str) -> ValueT:
        known = ", ".join(f"'{each}'" for each in self) or "nothing"
        raise NotRecordedError(f"'{name}' was not recorded; recorded: {known}")
