"""The examples, and which of them the gate runs in full on the backends of their golden files."""

from pathlib import Path

from netspec.backend.registry import available
from netspec.golden.file import is_golden, path_of, read

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCUMENTS = sorted(path for path in EXAMPLES.glob("*.json") if not is_golden(path))
SHORT = {
    "adex_patterns",
    "hodgkin_huxley",
    "izhikevich_patterns",
    "lif_inhibition",
    "nmda_and_gaba",
    "noisy_population",
    "user_equations",
}
"""All backends together need less than a quarter of a minute for one of these."""


def agrees_by_its_golden_file(document: Path) -> bool:
    """Say whether the gate runs it on every backend, the oracle too, against one golden file."""
    return document.stem in SHORT and {*read(path_of(document)).backends} >= available().keys()
