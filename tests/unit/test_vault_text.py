"""Sealed text opens in its own place, with a receipt, and nowhere else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restricted_docs.vault.blobs import BlobFiles
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt
from restricted_docs.vault.receipt import Scope, mint
from restricted_docs.vault.vault import Vault

DEPLOYMENT = UUID("de000000-0000-4000-8000-000000000001")
REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
OTHER = UUID("0b6d0000-0000-4000-8000-000000000002")
PLACE = "reviews_note.body:11111111-0000-4000-8000-000000000001"


class Keys:
    """Container keys in memory."""

    def __init__(self):
        self.held = {REVIEW: bytes(range(32)), OTHER: bytes(range(32, 64))}

    def create(self, container):
        self.held[container] = bytes(32)

    def has(self, container):
        return container in self.held

    def key(self, container):
        try:
            return self.held[container]
        except KeyError:
            raise KeyMissing("gone") from None

    def previous(self, container):
        return None

    def destroy(self, container):
        del self.held[container]


@pytest.fixture(scope="module")
def kept():
    return Keys()


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return BlobFiles(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def vault(kept, papers):
    return Vault(deployment=DEPLOYMENT, containers=kept, blobs=papers)


def receipt(container=REVIEW, scope=Scope.NARRATIVE, subject=""):
    return mint(seq=1, leaf=bytes(32), person=1, container=container, scope=scope, subject=subject)


@given(st.text(max_size=300))
def test_a_text_comes_back_as_it_went_in(vault, text):
    sealed = vault.seal_text(REVIEW, PLACE, text)
    assert len(sealed) == 29 + len(text.encode())
    assert vault.open_text(REVIEW, PLACE, sealed, receipt()) == text


def test_the_same_text_sealed_twice_looks_different(vault):
    assert vault.seal_text(REVIEW, PLACE, "same") != vault.seal_text(REVIEW, PLACE, "same")


def test_no_receipt_no_text_and_no_key(vault, kept, monkeypatch):
    sealed = vault.seal_text(REVIEW, PLACE, "what happened")
    monkeypatch.setattr(
        kept, "key", lambda container: pytest.fail("a key was unwrapped before the receipt was looked at")
    )

    class Forged:
        def covers(self, *asked):
            return True

    for wrong in (
        None,
        Forged(),
        receipt(container=OTHER),
        receipt(scope=Scope.IDENTITY),
        receipt(subject="another row"),
        receipt(scope=Scope.DOCUMENT, subject="paper:1"),
    ):
        with pytest.raises(NoReceipt, match="access log"):
            vault.open_text(REVIEW, PLACE, sealed, wrong)


def test_a_real_name_needs_a_receipt_for_that_identity(vault):
    sealed = vault.seal_text(REVIEW, PLACE, "Invented Name")
    asked = {"scope": Scope.IDENTITY, "subject": "one"}
    assert vault.open_text(REVIEW, PLACE, sealed, receipt(scope=Scope.IDENTITY, subject="one"), **asked)
    for wrong in (receipt(), receipt(subject="one"), receipt(scope=Scope.IDENTITY, subject="two")):
        with pytest.raises(NoReceipt):
            vault.open_text(REVIEW, PLACE, sealed, wrong, **asked)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "reviews_note.body:11111111-0000-4000-8000-000000000002",
        "reviews_note.reply:11111111-0000-4000-8000-000000000001",
        "board_minute.body:11111111-0000-4000-8000-000000000001",
        "",
    ],
)
def test_a_text_moved_to_another_row_or_column_is_refused(vault, elsewhere):
    sealed = vault.seal_text(REVIEW, PLACE, "what happened")
    with pytest.raises(Damaged):
        vault.open_text(REVIEW, elsewhere, sealed, receipt())


def test_a_text_moved_to_another_container_is_refused_even_under_the_same_key(vault, kept):
    sealed = vault.seal_text(REVIEW, PLACE, "what happened")
    with pytest.raises(Damaged):
        vault.open_text(OTHER, PLACE, sealed, receipt(container=OTHER))
    kept.held[OTHER], own = kept.held[REVIEW], kept.held[OTHER]
    with pytest.raises(Damaged):
        vault.open_text(OTHER, PLACE, sealed, receipt(container=OTHER))
    kept.held[OTHER] = own


def test_a_text_from_another_deployment_is_refused(vault, kept, papers):
    sealed = Vault(deployment=OTHER, containers=kept, blobs=papers).seal_text(REVIEW, PLACE, "what happened")
    with pytest.raises(Damaged):
        vault.open_text(REVIEW, PLACE, sealed, receipt())


def test_every_flipped_bit_and_every_cut_is_found(vault):
    sealed = vault.seal_text(REVIEW, PLACE, "what happened")
    flips = [
        sealed[: n // 8] + bytes([sealed[n // 8] ^ 1 << n % 8]) + sealed[n // 8 + 1 :] for n in range(len(sealed) * 8)
    ]
    cuts = [sealed[:n] for n in range(len(sealed))]
    for wrong in [*flips, *cuts, sealed + b"\0", b"plain words that a clerk of the database wrote here"]:
        with pytest.raises(Damaged):
            vault.open_text(REVIEW, PLACE, wrong, receipt())


def test_what_a_destroyed_container_sealed_cannot_be_opened(vault):
    container = UUID("0b6d0000-0000-4000-8000-000000000003")
    vault.create_container(container)
    sealed = vault.seal_text(container, PLACE, "what happened")
    vault.destroy_container(container)
    assert not vault.has_container(container)
    with pytest.raises(KeyMissing):
        vault.open_text(container, PLACE, sealed, receipt(container=container))
    with pytest.raises(KeyMissing):
        vault.seal_text(container, PLACE, "more")


@pytest.mark.parametrize("same", ["Jo Invented", "jo  invented", " JO\tINVENTED ", "Ｊｏ Invented"])
def test_a_blind_mark_is_the_same_whatever_the_case_and_spacing(vault, same):
    mark = vault.blind(REVIEW, "surname", same)
    assert len(mark) == 16
    assert mark == vault.blind(REVIEW, "surname", "jo invented")


def test_a_blind_mark_tells_nothing_across_containers_labels_and_texts(vault):
    marks = {
        vault.blind(REVIEW, "surname", "jo"),
        vault.blind(OTHER, "surname", "jo"),
        vault.blind(REVIEW, "first", "jo"),
        vault.blind(REVIEW, "surname", "joe"),
        vault.blind(REVIEW, "surnamej", "o"),
    }
    assert len(marks) == 5
