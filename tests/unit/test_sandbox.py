"""The process next door: it gets the bytes it asks for, can open nothing, and is ended when it takes too long."""

from __future__ import annotations

import time
from typing import Any

import pytest

from restricted_docs.sandbox import asking
from restricted_docs.sandbox.asking import NoAnswer, ask
from tests import made_files as made

IMPORTS = "import sys, os, json, time; sys.path.insert(0, sys.argv[1]); from restricted_docs.sandbox import inside; "


class InMemory:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[tuple[int, int]] = []

    @property
    def size(self) -> int:
        return len(self.content)

    def at(self, start: int, length: int) -> bytes:
        self.asked.append((start, length))
        return self.content[start : start + length]


CHECK = {"job": "check", "ending": ".docx"}


def test_a_file_is_looked_into_without_being_read_whole() -> None:
    paper = InMemory(made.docx(more={"word/vbaProject.bin": b"x"}))
    assert ask(CHECK, paper) == {"findings": ["macros"]}
    assert ask(CHECK, InMemory(b"no zip at all")) == {"refused": "other"}


def test_a_large_file_is_asked_for_where_it_is_needed() -> None:
    import os

    large = InMemory(made.docx(more={"word/media/image1.png": os.urandom(8_000_000)}))
    assert ask(CHECK, large) == {"findings": []}
    assert sum(length for _, length in large.asked) < 3_000_000


def run(monkeypatch: pytest.MonkeyPatch, program: str, paper: InMemory | None = None, **limits: Any) -> dict[str, Any]:
    monkeypatch.setattr(asking, "START", IMPORTS + program)
    for name, value in limits.items():
        monkeypatch.setattr(asking, name, value)
    return ask(CHECK, paper or InMemory(b"0123456789"))


TRIED = (
    "inside._line(); inside.shut()\n"
    "def answer(what):\n"
    "    found = json.dumps({'it': what}).encode(); os.write(1, b'A' + inside.LENGTH.pack(len(found)) + found)\n"
    "try:\n"
    "    {tried}\n"
    "    answer('it worked')\n"
    "except (OSError, MemoryError) as problem:\n"
    "    answer(type(problem).__name__)\n"
)


@pytest.mark.parametrize(
    "tried",
    [
        "os.dup(0)",
        "os.open('/etc/hostname', os.O_RDONLY)",
        "os.open('/tmp/dhr-plain', os.O_WRONLY | os.O_CREAT)",
        "import _socket; _socket.socket()",
    ],
)
def test_nothing_can_be_opened_once_the_door_is_shut(tried: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shut = "import _socket\n" + TRIED.replace("inside._line()", "inside._line(); os.close(2)")
    program = f"exec({shut.replace('{tried}', tried)!r})"
    assert run(monkeypatch, program) == {"it": "OSError"}


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"exec({TRIED.replace('{tried}', 'bytearray(2_000_000_000)')!r})"
    assert run(monkeypatch, program) == {"it": "MemoryError"}


ALONE = "assert set(os.environ) <= {'LC_CTYPE'} and os.getcwd() == '/', (os.environ, os.getcwd())"


def test_the_process_has_no_environment_and_no_folder_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHR_SECRET_KEY", "keeps a secret")
    assert run(monkeypatch, f"exec({TRIED.replace('{tried}', ALONE)!r})") == {"it": "it worked"}


@pytest.mark.parametrize(
    "program",
    [
        "inside._line(); os._exit(3)",
        "os.write(1, b'X' * 20); time.sleep(9)",
        "os.write(1, inside.ASK.pack(b'R', 5, 100)); time.sleep(9)",
        "os.write(1, b'A' + inside.LENGTH.pack(2) + b'[]'); time.sleep(9)",
        "os.write(1, b'A' + inside.LENGTH.pack(2) + b'no'); time.sleep(9)",
        "os.write(1, b'A' + inside.LENGTH.pack(2_000_000_000)); time.sleep(9)",
        "raise SystemExit('said on its own error output')",
    ],
)
def test_a_process_that_says_nothing_that_fits_gives_no_answer(
    program: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswer):
        run(monkeypatch, program)
    assert time.monotonic() - begun < 8
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("program", ["time.sleep(60)", "inside._line()\nwhile True: pass"])
def test_a_process_that_takes_too_long_is_ended(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswer):
        run(monkeypatch, f"exec({program!r})", SECONDS=1)
    assert time.monotonic() - begun < 8


def test_too_many_at_once_wait_and_then_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import BoundedSemaphore

    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(asking, "_places", full)
    monkeypatch.setattr(asking, "SECONDS", 0.05)
    with pytest.raises(NoAnswer):
        ask(CHECK, InMemory(made.docx()))


def test_a_paper_that_cannot_be_read_says_so_itself() -> None:
    class Gone(InMemory):
        def at(self, start: int, length: int) -> bytes:
            raise LookupError("gone")

    with pytest.raises(LookupError):
        ask(CHECK, Gone(made.docx()))
