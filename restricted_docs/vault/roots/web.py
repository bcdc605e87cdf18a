"""One question to a key service and its answer, over TLS that is verified. Nothing asked or answered is ever in an error."""

import json
import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from ..errors import VaultUnavailable

SECONDS = 10
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
Ask = Callable[[str, Mapping[str, str], bytes | None], tuple[int, dict[str, Any]]]


class _NoRedirect(HTTPRedirectHandler):
    """A key service that sends us elsewhere is not the one that was set: the token would go along."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def asker(service: str, url: str, ca_file: str = "") -> Ask:
    """A function that asks this service: address, headers and body in, status and JSON out. `ca_file`: whom to trust, when
    not the authorities of the machine. Raises VaultUnavailable for an address without TLS that leaves this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise VaultUnavailable(f"The address of {service} must begin with https://.")
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError):
        raise VaultUnavailable(f"The certificates to trust for {service} cannot be read: look at the path.") from None
    opener = build_opener(_NoRedirect, HTTPSHandler(context=context))

    def ask(address: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, dict[str, Any]]:
        request = Request(address, data=body, headers=dict(headers))  # noqa: S310  # the scheme was looked at above
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return answer.status, _json(answer.read())
        except HTTPError as refusal:
            with refusal:
                return refusal.code, _json(refusal.read())
        except (URLError, OSError, HTTPException):
            raise VaultUnavailable(
                f"{service} does not answer, so nothing sealed can be opened. Look whether it runs, is unsealed and "
                "can be reached from here, and whether its certificate is trusted."
            ) from None

    return ask


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
