"""A checkpoint put into an S3 bucket that locks it: nobody, not even its owner, can change or delete it before its time.

One PUT, signed by AWS Signature Version 4, with the lock's headers (Amazon S3 API, PutObject); the bucket must have been
made with Object Lock. Any service that speaks this dialect will do.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import quote, urlsplit

from django.conf import settings

from dhr import clock

SECONDS = 10  # to wait for the bucket


class Refused(OSError):
    """The bucket did not take the checkpoint."""


@dataclass(frozen=True)
class Credentials:
    key_id: str
    secret: str
    region: str


def put(line: str) -> None:
    """Store this line as an object of its own, locked in compliance mode. Raises OSError."""
    wanted, now, body = settings.CHECKPOINT_BUCKET, clock.now().astimezone(UTC), line.encode()
    url = urlsplit(wanted["url"])
    at, _, size, *_ = line.split(" ")
    path = f"{url.path.rstrip('/')}/{at.replace(':', '')}-{size}-{sha256(body).hexdigest()[:8]}.txt"
    headers = {
        "content-md5": base64.b64encode(
            md5(body, usedforsecurity=False).digest()
        ).decode(),  # S3 demands it beside a lock
        "content-type": "text/plain; charset=utf-8",
        "x-amz-object-lock-mode": "COMPLIANCE",
        "x-amz-object-lock-retain-until-date": f"{now + timedelta(days=wanted['days']):%Y-%m-%dT%H:%M:%SZ}",
        "x-amz-content-sha256": sha256(body).hexdigest(),
    }
    credentials = Credentials(wanted["key_id"], wanted["secret"], wanted["region"])
    signed = sign("PUT", url.netloc, path, headers, body, credentials=credentials, service="s3", now=now)
    connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = connect(url.netloc, timeout=SECONDS)
    try:
        connection.request("PUT", quote(path), body, signed)
        status = connection.getresponse().status
    finally:
        connection.close()
    if status != 200:
        raise Refused(f"The bucket answered {status}.")


def sign(
    method: str,
    host: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    credentials: Credentials,
    service: str,
    now: datetime,
) -> dict[str, str]:
    """These headers (names in lower case) with those that sign them, by AWS Signature Version 4. No query is signed."""
    moment, day = f"{now:%Y%m%dT%H%M%SZ}", f"{now:%Y%m%d}"
    told = {**headers, "host": host, "x-amz-date": moment}
    names = ";".join(sorted(told))
    lines = "".join(f"{name}:{told[name].strip()}\n" for name in sorted(told))
    request = "\n".join([method, quote(path), "", lines, names, sha256(body).hexdigest()])
    scope = f"{day}/{credentials.region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", moment, scope, sha256(request.encode()).hexdigest()])
    key = f"AWS4{credentials.secret}".encode()
    for part in (day, credentials.region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    said = f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**told, "authorization": said}
