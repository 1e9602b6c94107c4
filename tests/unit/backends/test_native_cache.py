"""Compiled libraries are kept for this user alone, whole, and made again where they are not."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from netspec.errors import BackendError
from netspec_native import cache
from netspec_native.cache import cache_key, cached_library
from netspec_native.compiler import require_compiler

PROCESSES = 16
NOBODY = 65534


class Making(NamedTuple):
    """A way to make a library, and how often it was taken."""

    make: Callable[[Path], None]
    calls: list[Path]


@pytest.fixture(scope="session")
def code(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a library with one function, `answer`."""
    folder = tmp_path_factory.mktemp("answer")
    source, target = folder / "answer.c", folder / "answer.so"
    source.write_text("int answer(void) { return 42; }\n")
    require_compiler().compile(source, target, ("-shared", "-fPIC"))
    return target.read_bytes()


@pytest.fixture
def making(code: bytes) -> Making:
    calls: list[Path] = []

    def make(target: Path) -> None:
        calls.append(target)
        target.write_bytes(code)

    return Making(make, calls)


@pytest.fixture(autouse=True)
def nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each call of a test do what that of a new process does."""

    class Forgetful(dict[str, int]):
        def __contains__(self, key: object) -> bool:
            return False

    monkeypatch.setattr(cache, "_loaded_here", Forgetful())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where libraries will be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "netspec" / "native"


@pytest.fixture
def key() -> str:
    return cache_key("answer")


def answers(library: ctypes.CDLL) -> bool:
    return library.answer() == 42


def test_a_library_is_made_once(folder: Path, key: str, making: Making) -> None:
    assert answers(cached_library(key, making.make))
    assert answers(cached_library(key, making.make))
    assert len(making.calls) == 1
    assert [each.name for each in folder.iterdir()] == [f"{key}.so"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not making.calls[0].exists()


def test_a_process_loads_a_library_once(
    folder: Path, key: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_loaded_here", {})
    first = cached_library(key, making.make)
    (folder / f"{key}.so").unlink()
    second = cached_library(key, making.make)
    assert answers(second)
    assert len(making.calls) == 1
    assert second._handle == first._handle
    # What one caller says of a function is not what another one says.
    first.answer.restype = None
    assert answers(second)


def test_what_cannot_be_loaded_is_not_kept(folder: Path, key: str) -> None:
    def make(target: Path) -> None:
        target.write_bytes(b"\x7fELF of another processor")

    for _ in range(2):
        with pytest.raises(BackendError, match=r"simulate\.so: "):
            cached_library(key, make)
    assert list(folder.iterdir()) == []


def test_a_loaded_file_that_cannot_be_taken_away_is_left(
    folder: Path, key: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network's disk keeps a file that is in use, under another name."""
    remove = os.unlink

    def refused(path: str, **where: int) -> None:
        if "simulate.so" in str(path):
            raise OSError(errno.EBUSY, "Device or resource busy")
        remove(path, **where)

    monkeypatch.setattr(os, "unlink", refused)
    assert answers(cached_library(key, making.make))
    assert len(making.calls) == 1
    assert [each.name for each in folder.iterdir()] == [f"{key}.so"]


def damaged(path: Path, code: bytes) -> dict[str, Callable[[], object]]:
    """Return ways in which a library of the cache is not what was put there."""
    content = path.read_bytes()
    other = "0" * 64
    return {
        "empty": lambda: path.write_bytes(b""),
        "cut off": lambda: path.write_bytes(content[:-1]),
        "cut in the middle": lambda: path.write_bytes(content[: len(content) // 2]),
        "longer": lambda: path.write_bytes(content + b"\0"),
        "one bit": lambda: path.write_bytes(bytes([content[0] ^ 1]) + content[1:]),
        "without a seal": lambda: path.write_bytes(code),
        "another's": lambda: path.write_bytes(code + cache._seal(other, code)),
        "a link": lambda: (path.rename(path.with_name("x")), path.symlink_to(path.with_name("x"))),
        "a pipe": lambda: (path.unlink(), os.mkfifo(path)),
        "writable by others": lambda: path.chmod(0o622),
        "away": path.unlink,
    }


WAYS = (
    *("empty", "cut off", "cut in the middle", "longer", "one bit", "without a seal"),
    *("another's", "a link", "a pipe", "writable by others", "away"),
)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_what_was_put_there_is_made_again(
    way: str, folder: Path, key: str, making: Making, code: bytes
) -> None:
    cached_library(key, making.make)
    path = folder / f"{key}.so"
    sound = path.read_bytes()
    damaged(path, code)[way]()
    assert answers(cached_library(key, making.make))
    assert len(making.calls) == 2
    assert (path.is_symlink(), path.read_bytes()) == (False, sound)
    cached_library(key, making.make)
    assert len(making.calls) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away")
@pytest.mark.parametrize("whose", ["folder", "library"])
def test_what_belongs_to_another_user_is_not_loaded(
    whose: str, folder: Path, key: str, making: Making
) -> None:
    cached_library(key, making.make)
    path = folder if whose == "folder" else folder / f"{key}.so"
    os.chown(path, NOBODY, NOBODY)
    assert answers(cached_library(key, making.make))
    assert len(making.calls) == 2


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_can_write_is_not_used(
    mode: int, folder: Path, key: str, making: Making
) -> None:
    folder.mkdir(parents=True)
    folder.chmod(mode)
    for _ in range(2):
        assert answers(cached_library(key, making.make))
    assert len(making.calls) == 2
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_a_link_is_not_used(folder: Path, key: str, making: Making) -> None:
    folder.parent.mkdir()
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")
    assert answers(cached_library(key, making.make))
    assert list(folder.iterdir()) == []


def test_the_cache_of_the_user_may_be_a_link(
    folder: Path, key: str, making: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "scratch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "link"))
    cached_library(key, making.make)
    assert (tmp_path / "scratch" / "netspec" / "native" / f"{key}.so").is_file()


def test_a_folder_that_cannot_be_made_is_not_used(
    key: str, making: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert answers(cached_library(key, making.make))


def test_without_a_home_nothing_is_kept(
    key: str, making: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "~")  # what stays where nobody knows a home
    assert answers(cached_library(key, making.make))
    assert list(tmp_path.iterdir()) == []


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file become larger than so many bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_nothing_and_leaves_nothing(
    folder: Path, key: str, making: Making, code: bytes
) -> None:
    with largest_file(len(code)):  # without its seal
        assert answers(cached_library(key, making.make))
    assert list(folder.iterdir()) == []


def test_a_library_that_cannot_be_written_anywhere_is_an_error(
    folder: Path, key: str, making: Making
) -> None:
    message = r"in its temporary folder: File too large; set TMPDIR to a place with more room"
    with largest_file(100), pytest.raises(BackendError, match=message):
        cached_library(key, making.make)
    assert list(folder.iterdir()) == []


def test_where_nothing_can_be_loaded_from_the_temporary_folder_it_is_from_the_cache(
    folder: Path, key: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, refused = ctypes.CDLL, [tempfile.gettempdir()]

    def loaded(path: str | None, **how: int) -> ctypes.CDLL:
        if path is not None and path.startswith(tuple(refused)):
            raise OSError("failed to map segment from shared object")
        return load(path, **how)

    monkeypatch.setattr(ctypes, "CDLL", loaded)
    assert answers(cached_library(key, making.make))
    refused.append("/proc/self/fd/")
    with pytest.raises(BackendError, match=r"failed to map segment .*; set TMPDIR to a place"):
        cached_library(key, making.make)
    assert len(making.calls) == 1
    assert [each.name for each in folder.iterdir()] == [f"{key}.so"]


def test_what_killed_processes_left_is_taken_away(folder: Path, key: str, making: Making) -> None:
    folder.mkdir(parents=True, mode=0o700)
    old, young = folder / f"{cache._UNFINISHED}old", folder / f"{cache._UNFINISHED}young"
    for each in (old, young):
        each.write_bytes(b"half of a library")
    folder_of_old = folder / f"{cache._UNFINISHED}folder"
    folder_of_old.mkdir()
    (folder_of_old / "simulate.so").touch()
    for each in (old, folder_of_old):
        os.utime(each, (0, 0))
    cached_library(key, making.make)
    assert sorted(folder.iterdir()) == sorted([young, folder / f"{key}.so"])


def test_what_was_not_used_for_longest_is_taken_away(
    folder: Path, key: str, making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_LARGEST", 2)
    keys = [f"{key}{number}" for number in range(3)]
    for age, each in zip((2, 1), keys, strict=False):
        cached_library(each, making.make)
        os.utime(folder / f"{each}.so", (1000 - age, 1000 - age))
    cached_library(keys[0], making.make)  # used just now
    cached_library(keys[2], making.make)
    assert {each.stem for each in folder.iterdir()} == {keys[0], keys[2]}


def test_a_name_depends_on_each_text() -> None:
    names = {
        cache_key(*texts) for texts in (("a", "b"), ("a", "c"), ("ab",), ("a\0b",), ("b", "a"))
    }
    assert len(names) == 5
    assert cache_key("a", "b") in names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("netspec_version", lambda: "another"),
        ("_cpu_features", lambda: "flags: another"),
        ("platform.machine", lambda: "another"),
        ("platform.libc_ver", lambda: ("another", "1")),
    ],
)
def test_a_name_depends_on_what_the_library_is_for(
    name: str, value: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = cache_key("a")
    monkeypatch.setattr(f"netspec_native.cache.{name}", value)
    assert cache_key("a") != here


AT_ONCE = """
import sys, time
from pathlib import Path
from netspec_native import cache
from netspec_native.cache import cached_library

number, begin, code = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).read_bytes()

def make(target):
    target.write_bytes(code + number.encode() * 100_000)  # no two compilers agree

Path(begin, number).touch()
while not Path(begin, "now").exists():
    time.sleep(0.001)
for turn in range(20):
    cache._loaded_here.clear()
    assert cached_library(f"shared{turn % 2}", make).answer() == 42
    for each in Path(begin.parent, "netspec", "native").glob("shared*.so"):
        if turn % 5 == int(number) % 5:
            each.unlink(missing_ok=True)
"""


def test_processes_on_a_cold_cache_at_once(folder: Path, tmp_path: Path, code: bytes) -> None:
    begin, library = tmp_path / "begin", tmp_path / "library.so"
    begin.mkdir()
    library.write_bytes(code)
    command = [sys.executable, "-c", AT_ONCE]
    processes = [
        subprocess.Popen(
            [*command, str(number), str(begin), str(library)], stderr=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]
    while len(list(begin.iterdir())) < PROCESSES:
        assert all(each.poll() is None for each in processes)
    (begin / "now").touch()
    said = [each.communicate()[1] for each in processes]
    assert [each.returncode for each in processes] == [0] * PROCESSES, "\n".join(said)
    kept = list(folder.iterdir())
    assert {each.name for each in kept} <= {"shared0.so", "shared1.so"}
    for each in kept:
        content = each.read_bytes()
        assert content.endswith(cache._seal(each.stem, content[:-32]))
