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
from restricted_docs.vault.fingerprint import BATCH_BYTES, MOST_BEHIND, Sha256Beside

FORKED = """
import os
from restricted_docs.vault.fingerprint import Sha256Beside
def whole():
    digest = Sha256Beside()
    digest.update(bytes(3 << 20))
    return digest.hexdigest()
before = whole()
child = os.fork()
if child == 0:
    os._exit(0 if whole() == before else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@given(st.lists(st.sampled_from([0, 1, BATCH_BYTES - 1, BATCH_BYTES, 3 * BATCH_BYTES]), max_size=8))
def test_it_is_the_papers_own_whatever_the_steps(sizes: list[int]) -> None:
    steps = [bytes([number]) * size for number, size in enumerate(sizes)]
    beside = Sha256Beside()
    for step in steps:
        beside.update(step)
    assert beside.hexdigest() == hashlib.sha256(b"".join(steps)).hexdigest()
    assert beside.digest().hex() == beside.hexdigest()


def test_what_fails_in_the_other_thread_fails_here(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def update(self, step: bytes) -> None:
            raise MemoryError

    beside = Sha256Beside()
    monkeypatch.setattr(beside, "_digest", Broken())
    beside.update(bytes(BATCH_BYTES))
    with pytest.raises(MemoryError):
        beside.digest()


def test_a_long_paper_is_handed_over_and_the_rest_of_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    threads = fingerprint._threads()
    submit = threads.submit

    def counted(act: Any, batch: list[bytes], before: Any) -> Any:
        handed.append(sum(map(len, batch)))
        return submit(act, batch, before)

    monkeypatch.setattr(threads, "submit", counted)
    beside, step = Sha256Beside(), bytes(BATCH_BYTES // 4)
    for _ in range(41):
        beside.update(step)
    assert beside.hexdigest() == hashlib.sha256(41 * step).hexdigest()
    assert handed == [BATCH_BYTES] * 10


def test_it_is_never_more_than_a_few_batches_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line faster than the hashing must wait, or a paper of a gigabyte would wait in memory."""
    go_on, hashed = threading.Event(), Sha256Beside._hash

    def slow(self: Sha256Beside, batch: list[bytes], before: Any = None) -> None:
        go_on.wait(10)
        hashed(self, batch, before)

    monkeypatch.setattr(Sha256Beside, "_hash", slow)
    beside, taken = Sha256Beside(), []

    def send() -> None:
        for number in range(MOST_BEHIND + 3):
            beside.update(bytes(BATCH_BYTES))
            taken.append(number)

    sender = threading.Thread(target=send)
    sender.start()
    sender.join(0.5)
    waited = list(taken)
    go_on.set()
    sender.join(10)
    assert (len(waited), len(taken)) == (MOST_BEHIND, MOST_BEHIND + 3)


def test_a_process_that_was_forked_hashes_too() -> None:
    """A server's worker may be a copy of one that has hashed already, and threads are not copied."""
    ran = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd()
    )
    assert (ran.stdout.strip(), ran.returncode) == ("0", 0), ran.stderr
