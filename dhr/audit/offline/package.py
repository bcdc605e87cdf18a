"""The export as a stream. Nothing is unpacked to the disk, and no more than one line is held in memory."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any, Iterator, NamedTuple  # noqa: UP035 - reads the same on Python 3.9

from .faults import Unusable

FORMAT = "dhr-access-log-export/1"
SMALL = {"README.txt": 65_536, "verify.py": 262_144, "export.json": 4_096, "key.txt": 1_024, "checkpoint.txt": 4_096}
LONG = {"log.jsonl": 262_144, "checkpoints.log": 1_024, "inclusion.txt": 8_192, "consistency.txt": 16_384}  # a line
MOST_SQUEEZED = 250  # times: nearly every line holds a hash, which cannot be squeezed; an honest file never gets near
MOST_LISTED = 65_536  # bytes of the zip's own list of files


class Facts(NamedTuple):
    """What the export says of itself. `size`: the lines that the head of the log says; `review`: its reference, if only
    its lines are shown; `since`: the day from which lines are shown; `recorded`: whether the export is in the log."""

    size: int
    review: str
    since: str
    made: str
    recorded: bool


class Export:
    def __init__(self, path: str) -> None:
        """Raises Unusable for anything that is not packed as an export is, before any of it is unpacked."""
        _refuse_a_long_list(path)
        self.zip = zipfile.ZipFile(path)
        members = self.zip.infolist()
        names, known = [member.filename for member in members], {*SMALL, *LONG}
        odd = sorted(name for name in {*names, *known} if names.count(name) != 1 or name not in known)
        if odd:
            raise Unusable(f"This is no export of an access log: missing, strange or twice there: {odd[:3]!a}.")
        for member in members:
            plain = not member.flag_bits & 1 and member.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
            if not plain or member.file_size > MOST_SQUEEZED * member.compress_size + 4_096:
                raise Unusable(f"{member.filename} is packed as no export packs it, and was not opened.")

    def text(self, name: str) -> str:
        with self.zip.open(name) as file:
            raw = file.read(SMALL[name] + 1)
        if len(raw) > SMALL[name]:
            raise Unusable(f"{name} is far longer than it can be.")
        return raw.decode()

    def lines(self, name: str) -> Iterator[str]:
        most = LONG[name]
        with io.BufferedReader(self.zip.open(name), 262_144) as file:  # type: ignore[type-var]
            while True:
                line = file.readline(most + 1)
                if not line:
                    return
                if len(line) > most or line[-1:] != b"\n":
                    raise Unusable(f"{name} has a line that is too long, or cut off.")
                yield line[:-1].decode()

    def facts(self) -> Facts:
        said: Any = json.loads(self.text("export.json"))
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise Unusable(f"export.json does not say that this is {FORMAT}.")
        texts = [said.get(name) for name in ("review", "since", "made")]
        size, recorded = said.get("size"), said.get("recorded")
        if type(size) is not int or not 0 <= size < 10**18 or type(recorded) is not bool:
            raise Unusable("export.json does not say how many lines the log has, or not in numbers that can be.")
        if not all(isinstance(text, str) and re.fullmatch(r"[\w :./-]{0,80}", text) for text in texts):
            raise Unusable("export.json does not say in plain words what is shown.")
        review, since, made = map(str, texts)
        if since and not is_day(since):
            raise Unusable("export.json does not say from which day on lines are shown.")
        return Facts(size, review, since, made, recorded)


def is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _refuse_a_long_list(path: str) -> None:
    """The zip's own list of files is read whole into memory, so it must be short."""
    with Path(path).open("rb") as file:
        end = file.seek(0, io.SEEK_END)
        file.seek(max(0, end - 66_000))
        tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) < place + 22:
        raise Unusable("This is no zip file, or its end is missing.")
    listed = [struct.unpack("<L", tail[place + 12 : place + 16])[0]]
    if tail[max(place - 76, 0) :].startswith(b"PK\6\6"):  # the same again for files beyond 4 GB
        listed += struct.unpack("<Q", tail[place - 36 : place - 28])
    if max(listed) > MOST_LISTED:
        raise Unusable("This zip lists far more files than an export has, and was not opened.")
