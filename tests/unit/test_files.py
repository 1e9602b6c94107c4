"""Files are written whole or not at all, and only files are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from netspec.files import atomic_writer, open_file


def test_a_file_takes_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_text("old")
    with atomic_writer(path) as stream:
        stream.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), OSError(28, "no space")])
def test_whatever_ends_the_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    def write_half(path: Path) -> None:
        with atomic_writer(path) as stream:
            stream.write(b"half")
            raise error

    path = tmp_path / "run.npz"
    path.write_text("old")
    with pytest.raises(type(error)):
        write_half(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nor_is_anything_left_where_the_disk_refuses_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"), atomic_writer(tmp_path / "x") as stream:
        stream.write(b"whole")
    assert list(tmp_path.iterdir()) == []


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        with atomic_writer(path) as stream:
            stream.write(b"whole")

    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere" / "run.npz", tmp_path / "folder"):
        with pytest.raises(OSError, match=f": '{path}'$"):
            write(path)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_file_has_the_permissions_that_any_new_file_has(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_writer(tmp_path / "run.npz"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "run.npz").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path) -> None:
    link, real = tmp_path / "link.npz", tmp_path / "real.npz"
    link.symlink_to(real)
    with atomic_writer(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.parametrize("target", ["real", "nothing", "link", "/dev/null"])
def test_a_link_that_nobody_named_is_not_followed(tmp_path: Path, target: str) -> None:
    link, real = tmp_path / "link", tmp_path / "real"
    real.write_text("old")
    link.symlink_to(target)
    with (
        pytest.raises(OSError, match="'link' is a link, which is not followed"),
        atomic_writer(link, follow_link=False),
    ):
        pytest.fail("nothing is written there")
    assert link.is_symlink()
    assert real.read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "real"]


def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"), atomic_writer(path) as stream:
        stream.write(b"new")
    assert path.is_fifo()


def test_a_link_that_leads_to_itself_is_an_os_error(tmp_path: Path) -> None:
    path = tmp_path / "link.npz"
    path.symlink_to(path)
    with pytest.raises(OSError, match=r"symbolic links.*link\.npz"), atomic_writer(path):
        pytest.fail("nothing can be written there")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    """A FIFO that nobody writes to, a device without end, a folder; behind links as well."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "link").symlink_to("fifo")
    for name in ("fifo", "device", "link"):
        with pytest.raises(OSError, match=f"not a regular file: '{tmp_path / name}'$"):
            open_file(tmp_path / name)
    with pytest.raises(IsADirectoryError, match=f": '{tmp_path / 'folder'}'$"):
        open_file(tmp_path / "folder")
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "nothing")
    (tmp_path / "file").write_bytes(b"whole")
    with open_file(tmp_path / "file") as stream:
        assert stream.read() == b"whole"
