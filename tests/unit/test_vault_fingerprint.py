"""The SHA-256 that is taken beside the sealing is the paper's own, however it came, and a failure there is not swallowed."""

import hashlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restricted_docs.vault import fingerprint
from restricted_docs.vault.fingerprint import BATCH_BYTES, MOST_BEHIND, Gathering

FORKED = """
import os
from restricted_docs.vault.fingerprint import Gathering
def whole():
    gathering = Gathering(1 << 18)
    for _ in gathering.add(bytes(3 << 20)):
        pass
    return gathering.digest()
before = whole()
child = os.fork()
if child == 0:
    os._exit(0 if whole() == before else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


STEP = BATCH_BYTES // 4


def gathered(gathering: Gathering, *contents: bytes) -> bytes:
    """What came out of it in steps, as a sealer takes them."""
    return b"".join(bytes(step) for content in contents for step in gathering.add(content))


@given(st.lists(st.sampled_from([0, 1, STEP - 1, STEP, BATCH_BYTES - 1, BATCH_BYTES, 3 * BATCH_BYTES + 1]), max_size=8))
def test_it_gives_what_came_and_hashes_it_whatever_the_pieces(sizes: list[int]) -> None:
    contents = [bytes([number + 1]) * size for number, size in enumerate(sizes)]
    gathering, whole = Gathering(STEP), b"".join(contents)
    steps = gathered(gathering, *contents)
    assert len(steps) % STEP == 0
    assert steps + bytes(gathering.rest()) == whole
    assert gathering.size == len(whole)
    assert gathering.digest() == hashlib.sha256(whole).digest() == gathering.digest()


def test_what_fails_in_the_other_thread_fails_here(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def update(self, batch: memoryview) -> None:
            raise MemoryError

    gathering = Gathering(STEP)
    monkeypatch.setattr(gathering, "_digest", Broken())
    gathered(gathering, bytes(BATCH_BYTES))
    with pytest.raises(MemoryError):
        gathering.digest()


def test_a_long_paper_is_handed_over_and_the_rest_of_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    threads = fingerprint._threads()
    submit = threads.submit

    def counted(act: Any, batch: memoryview, before: Any) -> Any:
        handed.append(len(batch))
        return submit(act, batch, before)

    monkeypatch.setattr(threads, "submit", counted)
    gathering = Gathering(STEP)
    gathered(gathering, *[bytes(STEP)] * 41)
    assert gathering.digest() == hashlib.sha256(bytes(41 * STEP)).digest()
    assert handed == [BATCH_BYTES] * 10


def test_it_is_never_more_than_a_few_buffers_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line faster than the hashing must wait: a paper of a gigabyte would wait in memory, or be written over unhashed."""
    go_on, hashed = threading.Event(), Gathering._hash

    def slow(self: Gathering, batch: memoryview, before: Any) -> None:
        go_on.wait(10)
        hashed(self, batch, before)

    monkeypatch.setattr(Gathering, "_hash", slow)
    gathering, contents = Gathering(STEP), [bytes([number]) * BATCH_BYTES for number in range(MOST_BEHIND + 3)]
    taken: list[bytes] = []

    def send() -> None:
        taken.extend(gathered(gathering, content) for content in contents)

    sender = threading.Thread(target=send)
    sender.start()
    sender.join(0.5)
    waited = len(taken)
    go_on.set()
    sender.join(10)
    assert (waited, len(taken)) == (MOST_BEHIND, MOST_BEHIND + 3)
    assert gathering.digest() == hashlib.sha256(b"".join(contents)).digest()


def test_a_process_that_was_forked_hashes_too() -> None:
    """A server's worker may be a copy of one that has hashed already, and threads are not copied."""
    ran = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd()
    )
    assert (ran.stdout.strip(), ran.returncode) == ("0", 0), ran.stderr
