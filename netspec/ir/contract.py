"""Numbers of the execution contract that the compiler, the oracle and every backend need."""

from __future__ import annotations

SEMANTICS = 1
"""Version of the contract."""

DIGEST_PERIOD = 1000
"""Steps between two looks at all state for its digest; the first is in step 0."""
