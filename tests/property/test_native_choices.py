"""Random networks on each way to compile and to divide them: nothing changes a bit."""

from itertools import product
from typing import Any

import pytest
from promises import require_c_compiler
from property.networks import CORPUS, document, network

from netspec.backend.registry import available
from netspec.passes.pipeline import realised
from netspec.testing.conformance import check_backend

NATIVE = available()["native"]
WAYS = [
    {"threads": threads, "optimize": optimize, "vectors": vectors}
    for threads, (optimize, vectors) in product(
        (1, 2, 4), ((3, "native"), (3, "common"), (0, "native"))
    )
]


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("number", CORPUS)
def test_random_networks_agree_however_they_are_compiled(
    number: int, compiler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_c_compiler(compiler)
    monkeypatch.setenv("CC", compiler)
    made = {"random": realised(network(document(number)))}
    disagreements: dict[str, Any] = {
        str(way): check_backend(NATIVE, NATIVE.options(**way), made) for way in WAYS
    }
    assert not any(disagreements.values()), disagreements
