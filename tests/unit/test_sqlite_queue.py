"""Writers of the embedded database wait their turn, and nobody keeps the turn by failing."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connections

from dhr.db.sqlite_queue.base import DatabaseWrapper
from dhr.settings.base import sqlite

Connect = Callable[..., DatabaseWrapper]

HOLD_THE_TURN = """
import sys, time
from dhr.db.sqlite_queue.base import Turn
Turn(sys.argv[1], 20)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def connect(tmp_path: Path, django_db_blocker) -> Iterator[Connect]:
    """Opens connections, of this thread, to files that belong to this test alone."""
    opened = []

    def connection(name: str = "db.sqlite3", timeout: float = 20, memory: bool = False) -> DatabaseWrapper:
        settings = {**connections.configure_settings({"default": sqlite(tmp_path / name)})["default"]}
        settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": timeout}
        if memory:
            settings["NAME"] = ":memory:"
        wrapper = DatabaseWrapper(settings, alias=name)
        wrapper.inc_thread_sharing()
        opened.append(wrapper)
        return wrapper

    with django_db_blocker.unblock():
        yield connection
        for wrapper in opened:
            wrapper.close()


@contextmanager
def atomic(connection: DatabaseWrapper) -> Iterator[None]:
    """What transaction.atomic does, for a connection that no alias names."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.in_atomic_block = True
    try:
        yield
    except BaseException:
        connection.in_atomic_block = False
        if not connection.closed_in_transaction:
            connection.rollback()
            connection.set_autocommit(True)
        raise
    connection.in_atomic_block = False
    try:
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)


def run(connection: DatabaseWrapper, statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        return cursor.execute(statement).fetchall()


def counter(connect: Connect) -> DatabaseWrapper:
    connection = connect(timeout=0.3)
    run(connection, "CREATE TABLE counter (value INTEGER)")
    run(connection, "INSERT INTO counter VALUES (0)")
    return connection


def add_one(connection: DatabaseWrapper) -> None:
    with atomic(connection):
        value = run(connection, "SELECT value FROM counter")[0][0]
        run(connection, f"UPDATE counter SET value = {value + 1}")  # noqa: S608 - a number of our own


def test_eight_writers_who_read_before_they_write_lose_nothing_and_none_is_refused(connect: Connect) -> None:
    first = counter(connect)
    writers = [connect() for _ in range(8)]
    start = threading.Barrier(8)

    def write(connection: DatabaseWrapper) -> None:
        start.wait()
        for _ in range(25):
            add_one(connection)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, writers))

    assert run(first, "SELECT value FROM counter") == [(200,)]


def test_a_writer_waits_for_another_process_and_gets_in_when_that_process_is_killed(
    connect: Connect, tmp_path: Path
) -> None:
    connection = counter(connect)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_TURN, str(tmp_path / "db.sqlite3")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        writer = threading.Thread(target=add_one, args=[connection], daemon=True)
        writer.start()
        writer.join(timeout=0.5)
        assert writer.is_alive(), "the writer did not wait for the other process"
        holder.send_signal(signal.SIGKILL)
        writer.join(timeout=10)
        assert not writer.is_alive(), "the writer still waits for a process that is dead"
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert run(connection, "SELECT value FROM counter") == [(1,)]


def test_two_files_do_not_wait_for_each_other(connect: Connect) -> None:
    one, two = connect("one.sqlite3", timeout=0.3), connect("two.sqlite3", timeout=0.3)

    with atomic(one), atomic(two):
        assert run(one, "SELECT 1") == run(two, "SELECT 1")


def test_a_second_transaction_inside_the_first_is_told_to_try_again_and_does_not_hang(connect: Connect) -> None:
    outer, inner = counter(connect), connect(timeout=0.3)
    asked = time.monotonic()

    with atomic(outer), pytest.raises(OperationalError, match="Nothing was changed: try again"):
        add_one(inner)

    assert time.monotonic() - asked < 10


def break_off(connection: DatabaseWrapper) -> None:
    with pytest.raises(ZeroDivisionError), atomic(connection):
        raise ZeroDivisionError


def lose_the_connection(connection: DatabaseWrapper) -> None:
    with pytest.raises(ZeroDivisionError), atomic(connection):
        connection.close()
        raise ZeroDivisionError
    connection.connection = None  # as transaction.atomic does


def fail_to_commit(connection: DatabaseWrapper) -> None:
    run(connection, "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    run(connection, "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError), atomic(connection):
        run(connection, "INSERT INTO child VALUES (7)")


def fail_to_begin(connection: DatabaseWrapper) -> None:
    setattr(connection, "transaction_mode", "NONSENSE")  # noqa: B010 - the stubs do not know it
    with pytest.raises(OperationalError), atomic(connection):
        pass


@pytest.mark.parametrize("fault", [break_off, lose_the_connection, fail_to_commit, fail_to_begin])
def test_the_next_writer_gets_in_after(connect: Connect, fault: Callable[[DatabaseWrapper], None]) -> None:
    connection, other = counter(connect), connect(timeout=0.3)

    fault(connection)
    add_one(other)

    assert run(other, "SELECT value FROM counter") == [(1,)]


def test_a_database_in_memory_has_no_queue(connect: Connect, tmp_path: Path) -> None:
    one, two = connect(memory=True, timeout=0.3), connect(memory=True, timeout=0.3)

    with atomic(one), atomic(two):
        pass

    assert list(tmp_path.iterdir()) == []
