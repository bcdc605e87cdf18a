"""The Home Office pack as one download."""

import io
import zipfile

from django.test import Client
from django.urls import reverse

from dhr.audit.models import AuditEntry
from tests import build
from tests.cast import Cast


def test_the_pack_is_one_archive_of_the_chosen_versions_and_each_download_is_in_the_log(cast: Cast) -> None:
    review = build.review_at("submit_to_home_office", cast)
    client = Client()
    client.force_login(cast.officer)
    answer = client.post(reverse("pack", args=[review.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == ["DHR1-overview-report.pdf", "contents.txt"]
    assert archive.read("DHR1-overview-report.pdf") == build.PDF
    assert "Data form: not needed" in archive.read("contents.txt").decode()
    line = AuditEntry.objects.get(event="document.downloaded")
    assert (line.person, line.reference, line.version) == (cast.officer.pk, "DHR1", 1)


def test_without_a_pack_there_is_a_sentence(cast: Cast) -> None:
    review = build.review_at("sign_off", cast)
    client = Client()
    client.force_login(cast.officer)
    answer = client.post(reverse("pack", args=[review.pk]))
    assert answer.status_code == 409
    assert "There is no pack yet" in answer.content.decode()


def test_only_who_may_submit_gets_the_pack(cast: Cast) -> None:
    review = build.review_at("submit_to_home_office", cast)
    for person, status in ((cast.lead_chair, 403), (cast.stranger, 404), (cast.auditor, 404)):
        client = Client()
        client.force_login(person)
        assert client.post(reverse("pack", args=[review.pk])).status_code == status
