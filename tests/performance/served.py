"""A large paper through the real server: how fast it arrives beside Django's own upload, and how much memory it takes.

python -m tests.performance.served [MB for speed] [MB for memory]     100 and 1,024 where none is said
"""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

MEBIBYTE = 1 << 20
ROUNDS = 5
HEAD = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj "
TAIL = b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BOUNDARY = "a-boundary-that-no-paper-holds"


@contextmanager
def server(mebibytes: int) -> Iterator[tuple[int, int, dict[str, str], str, str]]:
    """A gunicorn of one worker on a port of its own: its port, the worker's pid, an officer's cookies, two addresses."""
    os.environ["DHR_UPLOAD_MAX_MB"] = str(mebibytes * 2)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.performance.settings"
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    cookies, ours = _an_officer()
    connections.close_all()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        child = os.fork()
        if child == 0:
            _serve(listener.fileno())
        port = listener.getsockname()[1]
        try:
            yield port, _worker_of(child, port, cookies), cookies, ours, "/plain-upload/"
        finally:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
            teardown_databases(made, verbosity=0)


def _an_officer() -> tuple[dict[str, str], str]:
    from django.test import Client
    from django.urls import reverse

    from dhr.audit.checkpoints import make_signing_key
    from restricted_docs.strongroom import make_keys
    from tests import build
    from tests.cast import make_cast

    make_keys()
    make_signing_key()
    cast = make_cast()
    review = build.notify(cast)
    client = Client()
    client.force_login(cast.officer, backend="dhr.accounts.backends.SignInBackend")
    token = secrets.token_hex(16)
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
    return cookies, reverse("file-document", args=[review.pk])


def _serve(listener: int) -> None:
    """In the child: never returns."""
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "dhr.wsgi:application", "--bind", f"fd://{listener}", "--workers", "1"]
    sys.argv += ["--worker-class", "gthread", "--threads", "4", "--timeout", "600", "--log-level", "error"]
    try:
        WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
    finally:
        os._exit(0)


def _worker_of(master: int, port: int, cookies: dict[str, str]) -> int:
    """The worker's pid, once it has answered a page and so has everything loaded."""
    for _ in range(200):
        try:
            if get(port, "/", cookies)[0] in {200, 302}:
                return int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def _headers(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Host": "localhost"}


def get(port: int, address: str, cookies: dict[str, str], answers: dict[str, str] | None = None) -> tuple[int, int]:
    """The status, and how many bytes came; nothing of them is kept. With `answers` they are sent as a form."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = _headers(cookies) | ({"Content-Type": "application/x-www-form-urlencoded"} if answers else {})
    line.request("POST" if answers else "GET", address, urlencode(answers) if answers else None, headers)
    answer, count = line.getresponse(), 0
    while piece := answer.read(MEBIBYTE):
        count += len(piece)
    line.close()
    return answer.status, count


def paper(mebibytes: int) -> Iterator[bytes]:
    """A PDF with random bytes in it, a mebibyte at a time."""
    yield HEAD
    for _ in range(mebibytes):
        yield os.urandom(MEBIBYTE)
    yield TAIL


def post(port: int, address: str, cookies: dict[str, str], mebibytes: int) -> tuple[int, str, float]:
    """Send a paper; the status, where the answer leads, and the seconds it took."""
    answers = {"csrfmiddlewaretoken": cookies["csrftoken"], "title": "A large paper", "kind": "other"}
    answers |= {"audience": "officers_and_chairs", "marking": "official_sensitive"}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in answers.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n'
    head += "Content-Type: application/pdf\r\n\r\n"
    tail = f"\r\n--{BOUNDARY}--\r\n"
    content = list(paper(mebibytes)) if mebibytes <= 256 else None  # made before the watch starts
    size = len(head) + mebibytes * MEBIBYTE + len(HEAD) + len(TAIL) + len(tail)
    headers = _headers(cookies) | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    def body() -> Iterator[bytes]:
        yield head.encode()
        yield from content or paper(mebibytes)
        yield tail.encode()

    line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    start = time.perf_counter()
    line.request("POST", address, body=body(), headers=headers | {"Content-Length": str(size)})
    answer = line.getresponse()
    answer.read()
    took = time.perf_counter() - start
    line.close()
    return answer.status, answer.getheader("Location", ""), took


def memory(pid: int, what: str) -> float:
    """VmRSS (now) or VmHWM (the most so far) of a process, in MB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1_024 / 1e6


def forget_the_most(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def main() -> None:
    speed, large = (int(word) for word in [*sys.argv[1:], "100", "1024"][:2])
    with server(large) as (port, worker, cookies, ours, plain):
        took: dict[str, list[float]] = {"ours": [], "plain": []}
        for _ in range(ROUNDS):
            for name, address in (("ours", ours), ("plain", plain)):
                status, _, seconds = post(port, address, cookies, speed)
                if status not in {200, 302}:
                    raise RuntimeError(f"{address} answered {status}.")
                took[name].append(seconds)
        middle = {name: statistics.median(seconds) for name, seconds in took.items()}
        print(f"\nUpload of {speed} MiB through gunicorn (median of {ROUNDS}, taken in turns)")
        print(f"  sealed and filed, with its line   {middle['ours'] * 1_000:>8.0f} ms")
        print(f"  Django's own, a plain file        {middle['plain'] * 1_000:>8.0f} ms")
        print(f"  plain / sealed {middle['plain'] / middle['ours']:>28.2f}   at least 0.80")
        print_memory(port, worker, cookies, ours, large)


def print_memory(port: int, worker: int, cookies: dict[str, str], ours: str, large: int) -> None:
    idle = memory(worker, "VmRSS")
    forget_the_most(worker)
    status, location, _ = post(port, ours, cookies, large)
    if status != 302:
        raise RuntimeError(f"The large paper was not filed: {status}.")
    print(f"\nMemory of the worker over its {idle:.0f} MB when idle, for a paper of {large:,} MiB")
    print(f"  upload    {memory(worker, 'VmHWM') - idle:>6.1f} MB   under 32")
    idle = memory(worker, "VmRSS")
    forget_the_most(worker)
    form = {"csrfmiddlewaretoken": cookies["csrftoken"], "reason": "work_on_it"}
    status, count = get(port, f"{location}versions/1/download/", cookies, form)
    if (status, count) != (200, large * MEBIBYTE + len(HEAD) + len(TAIL)):
        raise RuntimeError(f"The large paper did not come back whole: {status}, {count} bytes.")
    print(f"  download  {memory(worker, 'VmHWM') - idle:>6.1f} MB   under 32")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        main()
