"""A malware scanner of the tests' own: clamd in the foreground, on loopback, with one signature that is ours.

A scanner that already runs is never touched: the port is a free one and the process is stopped by its own id. Where clamd
lies elsewhere, CLAMD_BIN names it.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import free_port, unprivileged

SECONDS_TO_START = 60
STREAM_MAX = 1_000_000  # bytes; above it clamd hangs up
INFECTED = b"invented-malware-of-the-tests-and-nobody-else"
SIGNATURE = f"Invented.Test.Malware:0:*:{INFECTED.hex()}\n"
MISSING = (
    "The tests need clamd, which is not on this machine.\n"
    "On Debian or Ubuntu, as root: apt-get install clamav-daemon\n"
    "Elsewhere: install ClamAV and set CLAMD_BIN to the path of clamd."
)


class NoClamd(Exception):
    """clamd is missing or did not start; the message says what mends it."""


def binary() -> str:
    """The path of clamd; raises NoClamd."""
    found = (
        os.environ.get("CLAMD_BIN") or shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    )
    if not found or not Path(found).exists():
        raise NoClamd(MISSING)
    return found


def configuration(folder: Path, port: int) -> str:
    settings = {
        "Foreground": "yes",
        "DatabaseDirectory": folder / "signatures",
        "TemporaryDirectory": folder,
        "LocalSocket": folder / "clamd.ctl",
        "TCPAddr": "127.0.0.1",
        "TCPSocket": port,
        "StreamMaxLength": STREAM_MAX,
        "LogFile": folder / "log",
        "ConcurrentDatabaseReload": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(10) == b"PONG\0"
    except OSError:
        return False


@contextmanager
def running() -> Iterator[Path]:
    """clamd for the length of the block; yields its folder, whose `clamd.ctl` is its socket and `port` its port."""
    identity, port = unprivileged(), free_port()
    with tempfile.TemporaryDirectory(prefix="dhr-clamd-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "test.ndb").write_text(SIGNATURE)
        (folder / "clamd.conf").write_text(configuration(folder, port))
        (folder / "port").write_text(str(port))
        if identity:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, identity["user"], identity["group"])
        command = [binary(), "--config-file", str(folder / "clamd.conf")]
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **identity,
        )
        try:
            _wait(server, folder, port)
            yield folder
        finally:
            stop(server)


def _wait(server: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            log = folder / "log"
            raise NoClamd(f"clamd did not start:\n{log.read_text() if log.exists() else ''}")
        time.sleep(0.05)


def stop(server: "subprocess.Popen[bytes]") -> None:
    for order in (signal.SIGTERM, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(order)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue
