"""Search for texts that are read wrongly, guided by what they make netspec do: by atheris.

Atheris is no dependency: few systems have it, and the tests search without it. It runs in a process
of its own, which ends when a text takes too long or too much memory, or breaks a rule.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from fuzz import corpora

MISSING = (
    "atheris is missing: `pip install atheris` brings it, on Linux; "
    "the tests in tests/fuzz/test_texts.py search without it"
)
_INSTRUMENTED = ["netspec", "ruamel"]
_ERRORS = "surrogateescape"
"""Any bytes are a text; what is not UTF-8 becomes lone surrogates."""


def search(target: str, seconds: int, kept: Path | None) -> int:
    """Search for a text that breaks a rule, and return 0 if none was found.

    A text that was found is written to `fuzz-crash-...` or `fuzz-timeout-...` in this folder.

    Args:
        target: What reads the texts.
        seconds: How long.
        kept: A file that gets a few of all texts that were tried, which do all that these do.
    """
    if find_spec("atheris") is None:
        print(MISSING, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found, seeds = Path(folder) / "found", Path(folder) / "seeds"
        found.mkdir()
        seeds.mkdir()
        for number, text in enumerate(corpora.corpus(target)):
            (seeds / str(number)).write_bytes(text.encode("utf-8", _ERRORS))
        status = _run(target, f"-max_total_time={seconds}", found, seeds)
        if kept is not None and status == 0:
            new = (each.read_bytes().decode(errors=_ERRORS) for each in found.iterdir())
            corpora.write(kept, _least(target, [*corpora.corpus(target), *new]))
    return status


def _least(target: str, texts: list[str]) -> list[str]:
    from fuzz.least import least  # these import netspec, which atheris must do by itself
    from fuzz.texts import CHECKS

    return least(CHECKS[target], texts)


def _run(target: str, *arguments: str | Path) -> int:
    limits = (
        f"-timeout={corpora.SECONDS}",
        f"-rss_limit_mb={corpora.MEGABYTES}",
        "-artifact_prefix=fuzz-",
    )
    command = [sys.executable, "-m", "fuzz.guided", target, *limits, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(corpora.FOLDER.parent.parent)}
    return subprocess.run(command, env=environment, check=False).returncode


def _search_here(target: str, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from fuzz.texts import CHECKS

    check = CHECKS[target]

    def take(data: bytes) -> None:
        check(data.decode(errors=_ERRORS))

    atheris.Setup([sys.argv[0], *arguments], take)
    atheris.Fuzz()


if __name__ == "__main__":
    _search_here(sys.argv[1], sys.argv[2:])
