"""Where compiled extensions are kept from one run to the next."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path


def extension_cache(*identity: str) -> Path | None:
    """Return a folder of this user for extensions compiled under some conditions.

    Brian2 finds an extension by its source and by the versions of Python, Cython and NumPy, but not
    by compiler flags: other conditions need another folder.

    Args:
        identity: Everything else that decides about the machine code.

    Returns:
        The folder, or `None` if it cannot be made or if others could put code into it.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(base) if Path(base).is_absolute() else Path("~/.cache").expanduser()
    key = sha256("\0".join(identity).encode()).hexdigest()[:16]
    folder = root / "netspec"
    try:
        root.mkdir(parents=True, exist_ok=True)
        for part in ("", f"brian2-{key}"):
            folder = folder / part
            folder.mkdir(mode=0o700, exist_ok=True)
            if not _is_private(folder):
                return None
        usable = os.access(folder, os.W_OK)
    except OSError:
        return None
    return folder if usable else None


def _is_private(folder: Path) -> bool:
    """Tell whether only this user can write into a folder that is no link."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        return False
    return not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
