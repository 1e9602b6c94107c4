"""Runs networks on the native backend, on two threads that share even the smallest populations.

    python sanitized.py NETWORK ...

`CC` names a compiler with sanitizers, which `LD_PRELOAD` brings into the process.
"""

from __future__ import annotations

import sys

from netspec.testing import networks
from netspec.testing.conformance import check_backend
from netspec_native import backend, parts
from netspec_native.options import NativeOptions

parts._FEW, parts._WIDTH = 0, 4
for name in sys.argv[1:]:
    for found in check_backend(backend, NativeOptions(threads=2), {name: networks.realised(name)}):
        sys.exit(found)
