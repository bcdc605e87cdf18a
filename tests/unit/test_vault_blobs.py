"""The store of sealed papers: on disk before it has a name, never one over another, nothing half-written."""

import errno
import os
import re
import signal
from pathlib import Path

import pytest

from restricted_docs.vault.blobs import BEGIN_BYTES, BlobFiles
from restricted_docs.vault.errors import Damaged, VaultUnavailable
from restricted_docs.vault.files import settle, write_once


@pytest.fixture
def blobs(tmp_path):
    return BlobFiles(tmp_path)


def kept(blobs, content=b"sealed"):
    blob = blobs.new()
    blob.write(content)
    return blob.keep()


def test_a_name_says_nothing(blobs, tmp_path):
    name = kept(blobs)
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()] == [Path(name[:2]) / name]
    assert (tmp_path / name[:2]).stat().st_mode & 0o777 == 0o700


def test_a_blob_is_flushed_then_named_then_its_folder_is_flushed(blobs, monkeypatch):
    steps = []
    for call in ("fsync", "link"):
        real = getattr(os, call)

        def noted(*arguments, _real=real, _call=call):
            opened = _call == "fsync" and Path(f"/proc/self/fd/{arguments[0]}").readlink()
            steps.append("name" if not opened else "folder" if opened.is_dir() else "file")
            return _real(*arguments)

        monkeypatch.setattr(os, call, noted)
    kept(blobs)
    assert steps[-3:] == ["file", "name", "folder"]


def test_a_long_paper_is_on_its_way_to_the_disk_before_it_ends(blobs, monkeypatch):
    begun = []
    monkeypatch.setattr(os, "posix_fadvise", lambda handle, *place: begun.append((os.fstat(handle).st_size, *place)))
    blob = blobs.new()
    for _ in range(9):
        blob.write(memoryview(bytes(BEGIN_BYTES // 4)))
    assert begun == [(n * BEGIN_BYTES, (n - 1) * BEGIN_BYTES, BEGIN_BYTES, os.POSIX_FADV_DONTNEED) for n in (1, 2)]
    with blobs.open(blob.keep()) as file:
        assert file.read() == bytes(9 * BEGIN_BYTES // 4)


def test_a_file_system_that_takes_no_advice_keeps_the_paper_all_the_same(blobs, monkeypatch):
    def refuses(*place):
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "posix_fadvise", refuses)
    with blobs.open(kept(blobs, bytes(2 * BEGIN_BYTES))) as file:
        assert len(file.read()) == 2 * BEGIN_BYTES


def test_what_is_written_is_only_lent(blobs):
    """The sealer uses its memory again for the next step."""
    blob, lent = blobs.new(), bytearray(b"sealed")
    blob.write(memoryview(lent))
    lent[:] = b"------"
    with blobs.open(blob.keep()) as file:
        assert file.read() == b"sealed"


def test_nothing_is_there_to_open_until_it_is_kept(blobs, tmp_path):
    blob = blobs.new()
    blob.write(b"half")
    (part,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert part.suffix == ".part"
    with pytest.raises(Damaged):
        blobs.open(part.stem)
    blob.discard()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_one_file_is_never_put_over_another(tmp_path):
    write_once(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "a", b"second")
    (tmp_path / "part").write_bytes(b"third")
    with pytest.raises(FileExistsError):
        settle(tmp_path / "part", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert {path.name for path in tmp_path.iterdir()} == {"a", "part"}


@pytest.mark.parametrize("name", ["", "..", "../x", "A" * 32, "0" * 31, "0" * 32 + "\n", "0" * 31 + "/"])
def test_a_name_that_the_store_does_not_give_is_refused(blobs, name):
    with pytest.raises(Damaged, match="not one that this store gives"):
        blobs.open(name)
    with pytest.raises(Damaged, match="not one that this store gives"):
        blobs.delete(name)


def test_a_full_disk_is_said_in_a_sentence(blobs, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    blob = blobs.new()
    blob.write(b"sealed")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VaultUnavailable, match="space on its disk"):
        blob.keep()
    blob.discard()


def test_a_store_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "papers").write_text("a file where a folder should be")
    with pytest.raises(VaultUnavailable, match="papers folder"):
        BlobFiles(tmp_path / "papers").new()


@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["a pipe", "a device"])
def test_what_is_no_file_is_refused_at_once(blobs, tmp_path, put):
    """Nobody writes to the pipe: who waited for it would wait for ever."""
    name = kept(blobs)
    path = tmp_path / name[:2] / name
    path.unlink()
    put(path)
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("the reader waits"))
    signal.alarm(5)
    try:
        with pytest.raises(Damaged, match="no file"):
            blobs.open(name)
    finally:
        signal.alarm(0)
