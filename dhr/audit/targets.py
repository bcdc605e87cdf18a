"""Where checkpoints go besides the file: a syslog server, people, a bucket that locks what it is given.

Each is asked whatever became of the others, and each failure is named in the server's log.
"""

import logging
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from . import bucket

SECONDS = 10  # to wait for a server
AUTHPRIV_NOTICE = 10 * 8 + 5  # RFC 5424 section 6.2.1
SUBJECT = "Checkpoint of the access log at line {size}"
BODY = """\
Please keep this message where the people who run the service cannot change it. The line below proves later what the
access log held today: save it, whole and on one line, as a text file, and name that file with --checkpoint when you
check an export of the log. It holds no name and nothing of any review.

{line}
"""
logger = logging.getLogger(__name__)
_messenger: ThreadPoolExecutor | None = None


def configured() -> Mapping[str, Callable[[str], None]]:
    """The targets that are set, by the name to call them by. Each takes the line and raises what went wrong."""
    found: dict[str, Callable[[str], None]] = {}
    if settings.CHECKPOINT_SYSLOG:
        found["the syslog server"] = _to_syslog
    if settings.CHECKPOINT_EMAIL:
        found["the people who get it by e-mail"] = _to_people
    if settings.CHECKPOINT_BUCKET:
        found["the bucket"] = bucket.put
    return found


def send(line: str) -> dict[str, Exception | None]:
    """Send this line to every target that is set, and wait. What failed, by name."""
    return {name: _sent(name, target, line) for name, target in configured().items()}


def send_behind(line: str) -> None:
    """The same from a thread, so that no request waits for somebody else's server."""
    global _messenger  # noqa: PLW0603 - one for the process: checkpoints go out in their order
    if configured():
        _messenger = _messenger or ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints")
        _messenger.submit(send, line)


def wait() -> None:
    """Until everything that goes out from the thread has gone."""
    if _messenger is not None:
        _messenger.submit(int).result()


def _sent(name: str, target: Callable[[str], None], line: str) -> Exception | None:
    try:
        target(line)
    except Exception as error:
        told = f"A checkpoint of the access log could not be shipped to {name}. Mend it, then run manage.py ship_checkpoint."
        logger.exception(told)
        return error
    return None


def _to_syslog(line: str) -> None:
    """One message of RFC 5424: `tcp://host:port` (ended by a line feed, RFC 6587), `udp://host:port`, or a socket's path."""
    at, _, rest = line.rstrip("\n").partition(" ")
    message = f"<{AUTHPRIV_NOTICE}>1 {at} {socket.gethostname()} dhr - checkpoint - {at} {rest}"
    where = settings.CHECKPOINT_SYSLOG
    if where.startswith("/"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
            local.connect(where)
            local.sendall(message.encode())
        return
    url = urlsplit(where)
    host, port = url.hostname or "", url.port or 514
    if url.scheme == "tcp":
        with socket.create_connection((host, port), timeout=SECONDS) as stream:
            stream.sendall(f"{message}\n".encode())
        return
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as packet:
        packet.sendto(message.encode(), address)


def _to_people(line: str) -> None:
    """One message for each, so that nobody learns the others' addresses and one bad address stops no other."""
    size = f"{int(line.split(' ')[2]):,}"
    failed: list[Exception] = []
    for person in settings.CHECKPOINT_EMAIL:
        try:
            EmailMessage(SUBJECT.format(size=size), BODY.format(line=line.rstrip("\n")), to=[person]).send()
        except Exception as error:  # noqa: BLE001 - told below, once everybody was tried
            failed.append(error)
    if failed:
        raise OSError(f"{len(failed)} of {len(settings.CHECKPOINT_EMAIL)} messages could not be sent") from failed[0]
