"""Sizes past which a text is refused, far above what a description needs.

A text may come from anywhere; each limit is tested before the work that it bounds is done.
"""

MAX_JSON_BYTES = 64 * 2**20
MAX_YAML_BYTES = 2**20  # the YAML parser is written in Python and needs seconds for this
MAX_DEPTH = 32
MAX_NUMBER_LENGTH = 100
