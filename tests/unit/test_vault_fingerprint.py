"""The SHA-256 that is taken beside the sealing is the paper's own, however it came, and a failure there is not swallowed."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restricted_docs.vault import fingerprint
from restricted_docs.vault.fingerprint import WORTH_A_THREAD, Sha256Beside

FORKED = """
import os
from restricted_docs.vault.fingerprint import Sha256Beside
def whole():
    digest = Sha256Beside()
    digest.update(bytes(1 << 20))
    return digest.hexdigest()
before = whole()
child = os.fork()
if child == 0:
    os._exit(0 if whole() == before else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@given(st.lists(st.sampled_from([0, 1, WORTH_A_THREAD - 1, WORTH_A_THREAD, 3 * WORTH_A_THREAD]), max_size=8))
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
    beside.update(bytes(WORTH_A_THREAD))
    with pytest.raises(MemoryError):
        beside.digest()


def test_a_long_step_is_handed_over_and_a_short_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    threads = fingerprint._threads()
    submit = threads.submit
    monkeypatch.setattr(threads, "submit", lambda act, step: handed.append(len(step)) or submit(act, step))
    beside = Sha256Beside()
    beside.update(bytes(WORTH_A_THREAD))
    beside.update(b"short")
    assert (handed, beside.hexdigest()) == (
        [WORTH_A_THREAD],
        hashlib.sha256(bytes(WORTH_A_THREAD) + b"short").hexdigest(),
    )


def test_a_process_that_was_forked_hashes_too() -> None:
    """A server's worker may be a copy of one that has hashed already, and threads are not copied."""
    ran = subprocess.run(
        [sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False, cwd=Path.cwd()
    )
    assert (ran.stdout.strip(), ran.returncode) == ("0", 0), ran.stderr
