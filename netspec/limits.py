"""What counters and types can hold: limits that several parts of netspec share."""

from __future__ import annotations

MAX_NEURONS = 2**32 - 1
"""Of a population or input: their indices are words of 32 bits."""

MAX_ADDRESS = 2**48 - 1
"""Largest row and number of a draw: the counters of random streams have so much room."""

MAX_STEPS = MAX_ADDRESS
"""Longest run; its steps are rows of random streams."""

SHORTEST_STEP = 1e-12
LONGEST_STEP = 1e6
"""Of a step, in seconds: between them times and rates are numbers that computers hold and plots
show, however long a run is."""

MAX_DELAY = 65_535
"""Longest delay in steps."""

SEED_LIMIT = 2**64
"""Seeds are below it."""

EXACT_INTEGERS = 2**53
"""Doubles hold every whole number up to it."""
