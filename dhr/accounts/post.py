"""When the mail leaves: behind the answer in the web server, where nobody should wait for a mail server; at once elsewhere.

What is left behind by a server that stops is tried again by `manage.py send_notices`; an invitation is sent anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

logger = logging.getLogger(__name__)
_postman: ThreadPoolExecutor | None = None


def leave_behind() -> None:
    """From now on this process sends its mail behind the answers, by one thread. Called by the web server's entry point."""
    global _postman  # noqa: PLW0603 - one for the process, like the mail server it talks to
    _postman = _postman or ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def at_once() -> None:
    """From now on this process sends its mail before it goes on. What was begun is ended first."""
    global _postman
    postman, _postman = _postman, None
    if postman is not None:
        postman.shutdown(wait=True)


def hand_over(send: Callable[[], object]) -> None:
    """Send this mail: now, or behind the answer."""
    if _postman is None:
        send()
    else:
        _postman.submit(_send, send)


def _send(send: Callable[[], object]) -> None:
    try:
        send()
    except Exception:
        # Nobody waits for this thread. The notices stay unsent in the outbox, and are tried again.
        logger.exception(
            "Notices could not be sent. Check the database and the access log; then run manage.py send_notices."
        )
    finally:
        connections.close_all()
