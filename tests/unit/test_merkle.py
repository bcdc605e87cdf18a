"""The Merkle tree, the bytes of an entry and the signed note, against the known answers of their specifications."""

from base64 import b64decode, b64encode
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dhr.audit.checkpoints import BadCheckpoint, Signer
from dhr.audit.entry_bytes import canonical_details, entry_bytes
from dhr.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
    leaf_hash,
    tree_root,
)

# The eight inputs and roots of the reference implementation's own tests of RFC 6962.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in INPUTS]
MANY = [leaf_hash(b"%d" % number) for number in range(33)]
ENTRY = {
    "seq": 7,
    "at_us": 1_772_366_400_000_000,
    "event": "document.opened",
    "person": 12,
    "on_behalf_of": None,
    "review": UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d"),
    "reference": "DHR12",
    "object": "document",
    "object_id": "8f1e",
    "version": 2,
    "details": '{"page":3}',
}


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_known_answers(size: int) -> None:
    assert tree_root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_frontier_taken_up_again_grows_as_if_it_had_never_been_put_down() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(MANY, start=1):
        frontier = Frontier(frontier.size, bytes(frontier))
        frontier.add(leaf)
        assert (frontier.size, frontier.root()) == (size, tree_root(MANY[:size]))


@pytest.mark.parametrize(("size", "hashes"), [(3, b"\0" * 32), (0, b"\0" * 32), (1, b"\0" * 31), (-1, b"\0" * 32)])
def test_a_frontier_of_another_size_is_refused(size: int, hashes: bytes) -> None:
    with pytest.raises(ValueError, match="does not belong"):
        Frontier(size, hashes)


@pytest.mark.parametrize("size", range(1, 34))
def test_each_leaf_is_proved_in_its_own_place_and_in_no_other(size: int) -> None:
    leaves, root = MANY[:size], tree_root(MANY[:size])
    for index, leaf in enumerate(leaves):
        proof = inclusion_proof(leaves, index)
        assert inclusion_holds(leaf=leaf, index=index, size=size, root=root, proof=proof)
        assert not inclusion_holds(leaf=leaf_hash(b"other"), index=index, size=size, root=root, proof=proof)
        assert not inclusion_holds(leaf=leaf, index=index, size=size, root=root, proof=[*proof, root])
        assert not inclusion_holds(leaf=leaf, index=size, size=size, root=root, proof=proof)
        if size > 1:
            assert not inclusion_holds(leaf=leaf, index=(index + 1) % size, size=size, root=root, proof=proof)
            assert not inclusion_holds(leaf=leaf, index=index, size=size, root=root, proof=proof[:-1])


def test_an_inclusion_proof_is_the_known_answer() -> None:
    proof = [node.hex() for node in inclusion_proof(LEAVES, 5)]
    assert proof == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("second", range(1, 34))
def test_every_earlier_tree_is_proved_a_beginning_and_a_changed_one_is_not(second: int) -> None:
    leaves, root = MANY[:second], tree_root(MANY[:second])
    for first in range(1, second + 1):
        old = tree_root(MANY[:first])
        proof = consistency_proof(leaves, first)
        assert consistency_holds(first=first, first_root=old, second=second, second_root=root, proof=proof)
        assert not consistency_holds(first=first, first_root=EMPTY_ROOT, second=second, second_root=root, proof=proof)
        assert not consistency_holds(first=first, first_root=old, second=second, second_root=EMPTY_ROOT, proof=proof)
        assert not consistency_holds(
            first=first, first_root=old, second=second, second_root=root, proof=[*proof, EMPTY_ROOT]
        )
        if first < second:
            assert not consistency_holds(first=first, first_root=old, second=second, second_root=root, proof=proof[:-1])


def test_proofs_outside_the_tree_are_refused() -> None:
    for index in (-1, 8):
        with pytest.raises(IndexError):
            inclusion_proof(LEAVES, index)
    for first in (0, 9):
        with pytest.raises(IndexError):
            consistency_proof(LEAVES, first)


def test_the_bytes_of_an_entry_are_those_of_the_format() -> None:
    assert entry_bytes(**ENTRY) == (  # type: ignore[arg-type]
        b"dhr-access-log/1\n7\n1772366400000000\n15:document.opened\n12\n-\n0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d\n"
        b'5:DHR12\n8:document\n4:8f1e\n2\n10:{"page":3}\n'
    )
    assert leaf_hash(entry_bytes(**ENTRY)).hex() == (  # type: ignore[arg-type]
        "3b629da7cc83337a83589f92e832fa8b8b4f5a4bec9304d7f2a7e1b2f0de9a84"  # by sha256sum
    )


@pytest.mark.parametrize(
    "change",
    [
        *({"seq": 8}, {"at_us": 1}, {"event": "document.filed"}, {"person": None}, {"on_behalf_of": 12}),
        *({"review": None}, {"reference": ""}, {"object": "paper"}, {"object_id": ""}, {"version": None}),
        *({"details": "{}"}, {"reference": "DHR12\n8:document", "object": "x"}),
    ],
)
def test_every_column_is_in_the_bytes(change: dict[str, object]) -> None:
    assert entry_bytes(**{**ENTRY, **change}) != entry_bytes(**ENTRY)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["seq", "at_us", "person", "version"])
def test_a_number_that_is_text_is_refused(column: str) -> None:
    with pytest.raises(TypeError):
        entry_bytes(**{**ENTRY, column: "7\n8"})  # type: ignore[arg-type]


def test_lengths_are_in_bytes_and_details_are_ascii_in_order() -> None:
    assert "2:é".encode() in entry_bytes(**{**ENTRY, "reference": "é"})  # type: ignore[arg-type]
    assert canonical_details({"page": 3, "how": "phone"}) == '{"how":"phone","page":3}'


def test_a_note_is_signed_as_the_specification_says() -> None:
    """The example key of the Go implementation of signed notes; Ed25519 signatures are reproducible."""
    key = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(key[1:]))
    assert str(signer.verifier()) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    words = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert b64decode(signature) == signer.verifier().key_id + signer.private.sign(words.encode())
    with pytest.raises(BadCheckpoint, match="no checkpoint"):
        signer.verifier().read(f"{words}\n— PeterNeumann {signature}\n")


def test_a_checkpoint_reads_back_and_any_change_to_it_is_refused() -> None:
    signer = Signer("reviews.example/access-log", Ed25519PrivateKey.generate())
    note = signer.sign(8, tree_root(LEAVES))
    found = signer.verifier().read(note)
    assert (found.origin, found.size, found.root) == ("reviews.example/access-log", 8, tree_root(LEAVES))
    other = Signer("reviews.example/access-log", Ed25519PrivateKey.generate())
    unsigned, _, signed = note.partition("\n\n")
    mark, origin, signature = signed.split()
    renamed = f"{unsigned}\n\n{mark} {origin} {b64encode(b'0000' + b64decode(signature)[4:]).decode()}\n"
    stranger = other.sign(8, tree_root(LEAVES))
    for bad in (note.replace("\n8\n", "\n9\n"), note.replace("— ", "- "), stranger, unsigned, renamed, ""):
        with pytest.raises(BadCheckpoint):
            signer.verifier().read(bad)
