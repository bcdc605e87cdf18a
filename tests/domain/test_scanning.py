"""Malware: against a real clamd with a signature of ours, and against servers that speak its protocol and misbehave."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dhr.accounts.models import Notice
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone
from restricted_docs import clamd as protocol
from restricted_docs.clamd import NotScanned, connected
from restricted_docs.models import Document, DocumentVersion
from restricted_docs.reading import Quarantined, download, open_anywhere, open_paper
from restricted_docs.rendered import rendition_of
from restricted_docs.scanning import record_verdict, scan
from tests import clamd, made_files
from tests.cast import Cast
from tests.papers_desk import latest, paper, review_with_everybody
from tests.web.paper_pages import at, body
from tests.web.sending import as_

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("clamd")]
CLEAN = made_files.pdf()
INFECTED = made_files.pdf(b"(" + clamd.INFECTED + b")")


@pytest.fixture(scope="module")
def scanner() -> Iterator[Path]:
    with clamd.running() as folder:
        yield folder


@pytest.fixture
def scanned(scanner: Path, settings: Any) -> Path:
    """A deployment whose scanner is the real one."""
    settings.CLAMD = f"tcp://127.0.0.1:{(scanner / 'port').read_text()}"
    return scanner


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


def filed(review: Review, by: Any, content: bytes) -> DocumentVersion:
    version: DocumentVersion = latest(paper(review, by, content))
    return version


def lines(document: Document) -> list[str]:
    return list(
        AuditEntry.objects.about(str(document.pk)).filter(person=None).order_by("seq").values_list("event", flat=True)
    )


# ------------------------------------------------------------------------------------------- with the real scanner
def test_a_clean_paper_is_shut_until_the_scanner_has_said_so(cast: Cast, review: Review, scanned: Path) -> None:
    version = filed(review, cast.officer, CLEAN)
    assert version.scan == "waiting"
    with pytest.raises(Quarantined, match="being checked for malware"):
        open_paper(version, by=cast.officer)
    assert scan(version) == "clean"
    assert open_paper(latest(version.document), by=cast.officer)[1] == len(CLEAN)
    assert lines(version.document) == ["document.scanned", "document.found_clean"]


def test_an_infected_paper_stays_shut_for_everybody_and_who_sent_it_is_told(
    cast: Cast, review: Review, scanned: Path
) -> None:
    version = filed(review, cast.lead_chair, INFECTED)
    assert scan(version) == "infected"
    version = latest(version.document)
    for read in (open_paper, open_anywhere, rendition_of):
        for person in (cast.officer, cast.lead_chair):
            with pytest.raises(Quarantined, match="Malware was found"):
                read(version, by=person)
    with pytest.raises(Quarantined):
        download(version, by=cast.lead_chair)
    assert lines(version.document) == ["document.scanned", "document.found_infected"]
    notice = Notice.objects.get(kind="malware_found")
    assert (notice.to, notice.reference) == (cast.lead_chair, review.reference)
    assert scan(version) == "infected", "a second scan must not let it out"
    with pytest.raises(AlreadyDone):
        record_verdict(version.document, by=None, version=version, infected=False)


def test_its_pages_say_so_and_offer_nothing(cast: Cast, review: Review, scanned: Path) -> None:
    version = filed(review, cast.officer, INFECTED)
    desk, document = as_(cast.officer), version.document
    for sentence in ("being checked for malware", "Malware was found in this file"):
        shown = body(desk.get(at(document)))
        assert sentence in shown
        assert at(document, "document-open", 1) not in shown
        assert at(document, "document-download", 1) not in shown
        for page in ("document-open", "document-download"):
            answer = desk.post(at(document, page, 1), {"reason": "meeting"})
            if page == "document-open":
                answer = desk.get(at(document, page, 1), follow=True)
            assert (answer.status_code, sentence in body(answer)) == (409, True)
        scan(version)


def test_the_signature_is_found_across_pieces_and_by_either_socket(scanner: Path) -> None:
    pieces = [b"", INFECTED[:200], *[INFECTED[n : n + 1] for n in range(200, len(INFECTED))]]
    for address in (f"tcp://127.0.0.1:{(scanner / 'port').read_text()}", f"unix://{scanner / 'clamd.ctl'}"):
        with connected(address, 20) as asked:
            assert asked.finds_malware(pieces) is True
        with connected(address, 20) as asked:
            assert asked.finds_malware([CLEAN]) is False


def test_malware_inside_a_package_is_found_as_well(cast: Cast, review: Review, scanned: Path) -> None:
    content = made_files.docx(more={"word/embeddings/oleObject1.bin": clamd.INFECTED})
    assert scan(latest(paper(review, cast.officer, content, "a.docx"))) == "infected"


def test_a_file_over_the_scanners_limit_stays_shut(scanner: Path) -> None:
    address = f"tcp://127.0.0.1:{(scanner / 'port').read_text()}"
    with connected(address, 20) as asked, pytest.raises(NotScanned, match=r"StreamMaxLength|hung up"):
        asked.finds_malware([bytes(100_000)] * (clamd.STREAM_MAX // 100_000 + 40))


def test_what_waits_is_scanned_by_the_command(cast: Cast, review: Review, scanned: Path, settings: Any) -> None:
    address, settings.CLAMD = settings.CLAMD, "tcp://127.0.0.1:1"
    versions = [filed(review, cast.officer, content) for content in (CLEAN, INFECTED)]
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("scan_quarantine", stdout=StringIO())
    assert lines(versions[0].document) == [], "nothing is opened for a scanner that is away"
    assert [latest(version.document).scan for version in versions] == ["waiting", "waiting"]
    settings.CLAMD = address
    said = StringIO()
    call_command("scan_quarantine", stdout=said)
    assert said.getvalue() == "1 clean, 1 with malware, 0 still waiting.\n"
    call_command("scan_quarantine", stdout=said)
    assert said.getvalue().endswith("0 clean, 0 with malware, 0 still waiting.\n")


@pytest.mark.django_db(transaction=True)
def test_a_paper_is_scanned_as_soon_as_it_is_filed(cast: Cast, scanned: Path, settings: Any) -> None:
    review = review_with_everybody(cast)
    assert filed(review, cast.officer, CLEAN).scan == "clean"
    assert filed(review, cast.officer, INFECTED).scan == "infected"
    settings.CLAMD = "tcp://127.0.0.1:1"
    assert filed(review, cast.officer, CLEAN).scan == "waiting", "a scanner that is away stops nobody from filing"
    assert not connection.in_atomic_block


def test_without_a_scanner_nothing_waits(cast: Cast, review: Review) -> None:
    version = filed(review, cast.officer, INFECTED)
    assert version.scan == "not_asked"
    assert open_paper(version, by=cast.officer)[1] == len(INFECTED)
    with pytest.raises(CommandError, match="No scanner is configured"):
        call_command("scan_quarantine")


# --------------------------------------------------------------------------- against servers that only speak its protocol
def received(connection: socket.socket) -> bytes:
    """One file as it comes over INSTREAM."""
    stream = connection.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\0"
    found = b""
    while length := struct.unpack(">I", stream.read(4))[0]:
        found += stream.read(length)
    return found


@pytest.fixture
def server() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """`server(act)` gives the address of a server that does this with its one connection."""
    listening: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(act: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def run() -> None:
            taken, _ = listener.accept()
            with taken:
                try:
                    act(taken)
                except OSError:
                    """The other side hung up."""

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for thread in threads:
        thread.join(timeout=10)
    for listener in listening:
        listener.close()


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def act(taken: socket.socket) -> None:
        received(taken)
        for n in range(len(answer)):
            taken.sendall(answer[n : n + 1])

    return act


def asked(address: str, content: bytes = CLEAN, seconds: float = 5) -> bool:
    with connected(address, seconds) as scanner_there:
        return scanner_there.finds_malware(content[n : n + 100] for n in range(0, len(content), 100))


def test_the_file_arrives_as_it_is(server: Any) -> None:
    arrived: list[bytes] = []

    def act(taken: socket.socket) -> None:
        arrived.append(received(taken))
        taken.sendall(b"stream: OK\0")

    assert asked(server(act)) is False
    assert arrived == [CLEAN]


@pytest.mark.parametrize("answer", [b"stream: Invented FOUND\0", b"stream: A.B FOUND C FOUND\0"])
def test_a_find_is_a_find_whatever_it_is_called(server: Any, answer: bytes) -> None:
    assert asked(server(answering(answer))) is True


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"stream: OK\n",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: Invented FOUND",
        b"x" * 9_000 + b"stream: OK\0",
    ],
)
def test_anything_that_is_no_verdict_is_not_scanned(server: Any, answer: bytes) -> None:
    with pytest.raises(NotScanned):
        asked(server(answering(answer)))


def test_a_scanner_that_hangs_up_has_not_scanned(server: Any) -> None:
    def act(taken: socket.socket) -> None:
        taken.recv(200)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with pytest.raises(NotScanned, match=r"hung up|in time"):
        asked(server(act), CLEAN * 5_000)


def test_a_scanner_that_says_why_it_hangs_up_is_heard(server: Any) -> None:
    gone = threading.Event()

    def act(taken: socket.socket) -> None:
        taken.recv(200)
        taken.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        taken.shutdown(socket.SHUT_RDWR)
        gone.set()

    def pieces() -> Iterator[bytes]:
        yield CLEAN
        gone.wait(5)
        yield from [CLEAN] * 5_000

    with connected(server(act), 5) as there, pytest.raises(NotScanned):
        there.finds_malware(pieces())


@pytest.mark.parametrize("act", [lambda taken: time.sleep(2), lambda taken: (received(taken), time.sleep(2))])
def test_a_slow_scanner_has_its_time_and_no_more(server: Any, act: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(NotScanned, match="in time"):
        asked(server(act), CLEAN * 50_000 if act.__code__.co_names == ("time", "sleep") else CLEAN, seconds=0.5)
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "127.0.0.1:3310", "tcp://x", ""])
def test_a_scanner_that_is_away_has_not_scanned(address: str) -> None:
    with pytest.raises(NotScanned, match="cannot be reached"), connected(address, 1):
        pass


def test_a_file_that_is_cut_on_its_way_is_not_scanned(server: Any) -> None:
    def broken() -> Iterator[bytes]:
        yield CLEAN
        raise OSError("the disk is gone")

    with connected(server(lambda taken: taken.recv(10)), 5) as there, pytest.raises(NotScanned):
        there.finds_malware(broken())


def test_the_connection_does_not_outlive_its_file(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "CONNECT_SECONDS", 0.1)
    with connected(server(lambda taken: None), 5) as there:
        pass
    with pytest.raises(NotScanned):
        there.finds_malware([CLEAN])
