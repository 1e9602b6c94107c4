"""Names of a program: from names of the IR to identifiers of the target language, one to one.

An author may use any identifier that netspec does not reserve, among them words that a target
language or a program needs for itself (`lambda`, `np`, `class`), and joining names can make two
things look alike (`a_b` + `c`, `a` + `b_c`). Every backend maps its names here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)


def joined(*parts: str) -> str:
    """Join names to a readable identifier; the compiler's leading underscores are dropped.

    >>> joined("exc", "_refractory")
    'exc_refractory'
    """
    return "_".join(part.lstrip("_") for part in parts)


def identifiers(wanted: Mapping[KeyT, str], reserved: Collection[str] = ()) -> dict[KeyT, str]:
    """Give every key an identifier of its own.

    A key gets what it wants if no other key wants that and it is not reserved. The others get it
    with the first free number appended, in the order of `wanted`, which therefore must be
    deterministic.

    Args:
        wanted: The identifier that would read best, by key.
        reserved: Words of the target language and names that the program uses itself.

    >>> identifiers({1: "exc_V", 2: "np", 3: "a_b", 4: "a_b"}, {"np"})
    {1: 'exc_V', 2: 'np_2', 3: 'a_b_2', 4: 'a_b_3'}
    """
    claims = Counter(wanted.values())
    taken = set(reserved) | set(claims)
    result: dict[KeyT, str] = {}
    for key, name in wanted.items():
        if claims[name] == 1 and name not in reserved:
            result[key] = name
        else:
            result[key] = _numbered(name, taken)
            taken.add(result[key])
    return result


def _numbered(name: str, taken: Collection[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
