"""A PostgreSQL of the tests' own: a new cluster in a temporary folder, on loopback, gone when the tests end.

    python -m tests.postgres -- COMMAND...     runs COMMAND with DHR_DATABASE naming the cluster, and exits as it did

A server that already runs is never touched: the port is a free one, the socket lies in the temporary folder and the
server is stopped by its own process id. PostgreSQL refuses to run as root, so root runs it as an unprivileged user.
Where PostgreSQL lies elsewhere, PG_BIN names the folder that holds `initdb` and `postgres`.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

DATABASE, USER = "dhr", "dhr"
SECONDS_TO_START = 60
# What a power cut would lose, a test does not need.
FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=128MB", "max_connections=120"]
MISSING = (
    "The tests need PostgreSQL's server (initdb and postgres), which is not on this machine.\n"
    "On Debian or Ubuntu, as root: apt-get install postgresql\n"
    "Elsewhere: install PostgreSQL and set PG_BIN to the folder that holds initdb."
)


class NoPostgres(Exception):
    """PostgreSQL is missing or did not start; the message says what mends it."""


def binaries() -> Path:
    """The folder of the newest server on this machine; raises NoPostgres."""
    named, on_path = os.environ.get("PG_BIN"), shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    found = [*debian[::-1], *([Path(on_path).resolve().parent] if on_path else [])]
    folders = [Path(named)] if named else found
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(MISSING)


def unprivileged() -> dict[str, Any]:
    """How to start a process that PostgreSQL accepts: as ourselves, or for root as postgres or nobody."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_cluster(folder: Path, password: str, identity: dict[str, Any]) -> None:
    """Runs initdb for one superuser with a password; nothing on this machine can enter without it."""
    pwfile = folder / "password"
    pwfile.touch(mode=0o600)
    pwfile.write_text(password)
    if identity:
        for path in (folder, pwfile):
            os.chown(path, identity["user"], identity["group"])
    command: list[str | Path] = [
        binaries() / "initdb",
        "--pgdata",
        folder / "data",
        "--username",
        USER,
        "--pwfile",
        pwfile,
    ]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **identity)
    if made.returncode:
        raise NoPostgres(f"PostgreSQL's initdb failed:\n{made.stderr}")


def start(folder: Path, port: int, identity: dict[str, Any]) -> "subprocess.Popen[bytes]":
    settings = [f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1", f"port={port}", *FAST]
    command: list[str | Path] = [binaries() / "postgres", "-D", folder / "data"]
    for setting in settings:
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        # a session of its own: Ctrl-C reaches the tests first, and they stop the server
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True, **identity)


def is_ready(folder: Path) -> bool:
    """The server writes `ready` as the state in its pid file when it takes connections."""
    try:
        return (folder / "data" / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False


def wait_until_ready(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_ready(folder):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoPostgres(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.05)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Asks for a fast shutdown, insists after 20 seconds, and waits until the server is gone."""
    for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(order)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue


def make_database(url: str) -> None:
    import psycopg

    with psycopg.connect(url.removesuffix(DATABASE) + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")


@contextmanager
def running() -> Iterator[str]:
    """A cluster for the length of the block; yields the address of an empty database, for DHR_DATABASE."""
    identity, password, port = unprivileged(), secrets.token_hex(16), free_port()
    with tempfile.TemporaryDirectory(prefix="dhr-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        make_cluster(folder, password, identity)
        server = start(folder, port, identity)
        try:
            wait_until_ready(server, folder)
            url = f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"
            make_database(url)
            yield url
        finally:
            stop(server)


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # through every `finally`, so that the server stops too


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] != "--" or len(arguments) < 2:
        print("Use: python -m tests.postgres -- COMMAND...", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        with running() as url:
            return subprocess.run(arguments[1:], env={**os.environ, "DHR_DATABASE": url}, check=False).returncode
    except NoPostgres as problem:
        print(problem, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
