"""The conformance suite that ships with netspec, on every backend that is installed."""

from netspec.testing.conformance import *  # noqa: F403
