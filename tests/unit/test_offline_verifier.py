"""The one file that a stranger runs: its signatures, its proofs, how it is put together, and what it refuses to open."""

import ast
import base64
import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from dhr.audit import offline
from dhr.audit.merkle import consistency_proof, inclusion_proof, leaf_hash, tree_root
from dhr.audit.offline.ed25519 import ORDER, Ed25519
from dhr.audit.offline.faults import FORK, Report
from dhr.audit.offline.judge import judge_checkpoints
from dhr.audit.offline.notes import Checkpoint
from dhr.audit.offline.package import LONG, SMALL
from dhr.audit.offline.tree import Inclusion, Tree, consistent
from dhr.audit.offline.verify import main
from dhr.audit.proofs import WholeTree

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ed25519-rfc8032.json").read_text())["vectors"]
LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]
P = 2**255 - 19


# ------------------------------------------------------------------------------------------------------------ signatures
@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_the_known_answers_of_rfc_8032_hold_and_nothing_near_them(vector: dict[str, str]) -> None:
    public, message, signature = (bytes.fromhex(vector[name]) for name in ("public", "message", "signature"))
    key = Ed25519(public)
    assert key.signed(signature, message)
    assert not key.signed(signature, message + b"\0")
    for place in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not key.signed(bytes(changed), message)
    assert not key.signed(signature[:63], message)
    assert not key.signed(signature + b"\0", message)
    assert not key.signed(b"", message)


def test_a_second_encoding_of_s_is_refused() -> None:
    vector = VECTORS[1]
    signature, message = bytes.fromhex(vector["signature"]), bytes.fromhex(vector["message"])
    s = int.from_bytes(signature[32:], "little")
    assert not Ed25519(bytes.fromhex(vector["public"])).signed(
        signature[:32] + (s + ORDER).to_bytes(32, "little"), message
    )


@pytest.mark.parametrize(
    "public",
    [
        (1).to_bytes(32, "little"),  # the point of order 1
        (P - 1).to_bytes(32, "little"),  # of order 2
        bytes(32),  # of order 4
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  # of order 8
        (P + 1).to_bytes(32, "little"),  # of order 1 again, not canonical
        ((1 << 255) | 1).to_bytes(32, "little"),  # x is 0 and said to be odd
        (2).to_bytes(32, "little"),  # no point
        b"\1" * 31,
    ],
)
def test_a_key_that_could_sign_anything_or_is_none_is_refused(public: bytes) -> None:
    with pytest.raises(ValueError, match=r"small order|no point"):
        Ed25519(public)


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=40), flip=st.integers(-300, 511))
def test_it_agrees_with_another_library(seed: bytes, message: bytes, flip: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    signature = bytearray(private.sign(message))
    if flip >= 0:
        signature[flip // 8] ^= 1 << flip % 8
    public = private.public_key().public_bytes_raw()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(signature), message)
        good = True
    except InvalidSignature:
        good = False
    assert Ed25519(public).signed(bytes(signature), message) is good
    assert good is (flip < 0)


# ---------------------------------------------------------------------------------------------------------------- proofs
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 70])
def test_all_proofs_at_once_are_those_of_the_tree_and_are_accepted(size: int) -> None:
    leaves = LEAVES[:size]
    tree, ours = WholeTree(), Tree()
    for leaf in leaves:
        tree.add(leaf)
        ours.add(leaf)
    assert tree.root(0, size) == ours.root() == tree_root(leaves)
    for shown in (range(size), range(0, size, 3), range(size - 1, size)):
        lines, before = [], list[bytes]()
        for number, (kept, proof) in zip(shown, tree.inclusion(shown), strict=True):
            before = proof + (before[-kept:] if kept else [])
            assert before == inclusion_proof(leaves, number)
            lines.append(" ".join([str(number + 1), str(kept), *(one.hex() for one in proof)]))
        check = Inclusion(iter(lines), size, ours.root())
        assert all(check.holds(number + 1, leaves[number]) for number in shown)
        assert check.is_at_its_end()
    for first in range(1, size + 1):
        proof = tree.consistency(first, size)
        assert proof == consistency_proof(leaves, first)
        old, new = (Checkpoint(n, tree_root(leaves[:n]), 0, "", signed=True) for n in (first, size))
        assert consistent(old, new, proof)
        assert not consistent(old._replace(root=LEAVES[0][::-1]), new, proof)
        assert not consistent(old, new, [*proof, LEAVES[0]])
        assert not proof or not consistent(old, new, proof[:-1])


@given(data=st.data(), size=st.integers(2, 40))
def test_no_other_proof_of_inclusion_is_accepted(data: st.DataObject, size: int) -> None:
    leaves = LEAVES[:size]
    tree = WholeTree()
    for leaf in leaves:
        tree.add(leaf)
    lines = [
        [str(number + 1), str(kept), *(one.hex() for one in proof)]
        for number, (kept, proof) in enumerate(tree.inclusion(range(size)))
    ]
    row = data.draw(st.integers(0, size - 1))
    place = data.draw(st.integers(0, len(lines[row]) - 1))
    lines[row][place] = data.draw(
        st.sampled_from(["0", "1", "7", "", "x", "00" * 32, leaves[0].hex(), "9" * 40]).filter(
            lambda word: word != lines[row][place]
        )
    )
    check = Inclusion(iter([" ".join(line) for line in lines]), size, tree_root(leaves))

    def all_hold() -> bool:
        try:
            return all(check.holds(number + 1, leaves[number]) for number in range(size))
        except ValueError:
            return False

    assert not all_hold()


def test_a_proof_outside_the_tree_is_no_proof() -> None:
    tree = WholeTree()
    tree.add(LEAVES[0])
    for first, second in ((0, 1), (2, 1), (1, 2)):
        with pytest.raises(IndexError):
            tree.consistency(first, second)


def test_two_checkpoints_of_one_size_that_differ_are_a_fork_even_beyond_the_end_of_the_log() -> None:
    report = Report()
    one = Checkpoint(9, LEAVES[0], 0, "one", signed=True)
    assert judge_checkpoints([one, one], report) == [one, one]
    assert not report.broken
    judge_checkpoints([one, one._replace(root=LEAVES[1], where="two")], report)
    assert dict(report.faults) == {FORK: ["one and two are signed for 9 lines, but not for the same."]}


# ----------------------------------------------------------------------------------------------------------- the one file
def test_the_one_file_needs_only_the_standard_library_and_python_3_9() -> None:
    text = offline.one_file()
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names}
    imported |= {one.module or "." for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    assert not {"socket", "urllib", "subprocess", "os"} & imported
    assert text == offline.one_file()
    assert len(text) < SMALL["verify.py"]


def test_no_two_parts_use_the_same_name_for_different_things() -> None:
    names = list[str]()
    for part in offline.PARTS:
        for one in ast.parse((offline.HERE / f"{part}.py").read_text()).body:
            if isinstance(one, ast.FunctionDef | ast.ClassDef):
                names.append(one.name)
            targets = (
                one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
            )
            names += [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    assert sorted(names) == sorted(set(names))


# ----------------------------------------------------------------------------------------------------------- hostile zips
def run(path: Path, *options: str) -> tuple[int, str]:
    """In this process, because there are many; an exception would come through."""
    words = io.StringIO()
    with redirect_stdout(words):
        code = main([str(path), *options])
    return code, words.getvalue()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return made.getvalue()


FACTS = {"format": "dhr-access-log-export/1", "size": 0, "review": "", "since": "", "made": "", "recorded": True}
RAW_KEY = b"\x01" + bytes.fromhex(VECTORS[0]["public"])
KEY_ID = sha256(b"log.example/access-log\n" + RAW_KEY).hexdigest()[:8]
KEY = f"log.example/access-log+{KEY_ID}+{base64.b64encode(RAW_KEY).decode()}\n".encode()
FILES = {**dict.fromkeys([*SMALL, *LONG], b""), "export.json": json.dumps(FACTS).encode(), "key.txt": KEY}


def with_facts(**changed: object) -> bytes:
    return packed({**FILES, "export.json": json.dumps({**FACTS, **changed}).encode()})


def twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for name, content in FILES.items():
            out.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("log.jsonl", b"")
    return made.getvalue()


def encrypted() -> bytes:
    raw = bytearray(packed(FILES))
    place = raw.rfind(b"PK\x01\x02")
    raw[place + 8] |= 1
    return bytes(raw)


def said_to_list_much() -> bytes:
    raw = bytearray(packed(FILES))
    place = raw.rfind(b"PK\x05\x06")
    raw[place + 12 : place + 16] = struct.pack("<L", 2**31)
    return bytes(raw)


def torn() -> bytes:
    raw = bytearray(packed({**FILES, "log.jsonl": b'[1,"' + b"0" * 64 + b'"]\n'}))
    place = raw.find(b"log.jsonl") + 15
    raw[place] ^= 255
    return bytes(raw)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no zip": lambda: b"not a zip at all" * 100,
    "an end without a zip": lambda: b"PK\x05\x06" + bytes(18),
    "members missing": lambda: packed({"log.jsonl": b""}),
    "a member that climbs out": lambda: packed({**FILES, "../../etc/cron.d/evil": b""}),
    "a strange member": lambda: packed({**FILES, "extra.txt": b""}),
    "a member twice": twice,
    "a bomb": lambda: packed({**FILES, "log.jsonl": b"0" * 20_000_000}),
    "a long line": lambda: packed({**FILES, "log.jsonl": b"0" * 300_000}, zipfile.ZIP_STORED),
    "a line cut off": lambda: packed({**FILES, "log.jsonl": b"[1,"}),
    "a long key": lambda: packed({**FILES, "key.txt": b"k" * 5_000}),
    "an encrypted member": encrypted,
    "another packing": lambda: packed(FILES, zipfile.ZIP_LZMA),
    "a list of files without end": said_to_list_much,
    "a torn member": torn,
    "no facts": lambda: packed({**FILES, "export.json": b"[]"}),
    "facts that are no JSON": lambda: packed({**FILES, "export.json": b"\xff{"}),
    "facts nested deep": lambda: packed({**FILES, "export.json": b"[" * 4_000}),
    "another format": lambda: with_facts(format="dhr-access-log-export/2"),
    "an absurd size": lambda: with_facts(size=10**30),
    "a size below nothing": lambda: with_facts(size=-1),
    "a size that is none": lambda: with_facts(size=1.5),
    "a day that is none": lambda: with_facts(since="2026-02-30"),
    "a day written otherwise": lambda: with_facts(since="2026-W01-1"),
    "a review that writes on the screen": lambda: with_facts(review="\x1b[2J"),
    "no key": lambda: packed({**FILES, "key.txt": b"\n"}),
    "a key that is no point": lambda: packed({**FILES, "key.txt": b"a+00000000+AQ==\n"}),
    "a line that is no entry": lambda: packed({**FILES, "log.jsonl": b'{"seq":1}\n'}),
    "a line nested deep": lambda: packed({**FILES, "log.jsonl": b"[" * 100_000 + b"\n"}, zipfile.ZIP_STORED),
    "a number without end": lambda: packed({**FILES, "log.jsonl": b"[" + b"9" * 9_000 + b',"' + b"0" * 64 + b'"]\n'}),
    "a number far away": lambda: packed(
        {**FILES, "export.json": with_size(10**17), "log.jsonl": b"[" + b"9" * 16 + b',"' + b"0" * 64 + b'"]\n'}
    ),
    "bytes that are no text": lambda: packed({**FILES, "checkpoint.txt": b"\xff\xfe"}),
}


def with_size(size: int) -> bytes:
    return json.dumps({**FACTS, "size": size}).encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(HOSTILE[name]())
    code, text = run(path)
    assert code == 2, text
    assert text.startswith("This cannot be checked. ")
    assert len(text.splitlines()) == 1
    assert text.isascii()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a bomb", "log.jsonl is packed as no export packs it, and was not opened."),
        ("a list of files without end", "This zip lists far more files than an export has, and was not opened."),
        ("a long line", "log.jsonl has a line that is too long, or cut off."),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_opened(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(HOSTILE[name]())
    assert run(path) == (2, f"This cannot be checked. {words}\n")


def test_a_small_honest_file_is_not_taken_for_a_hostile_one(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(packed(FILES))
    code, text = run(path)
    assert (code, text.splitlines()[0][:27]) == (0, "The log is whole: 0 lines. ")


@pytest.mark.parametrize("given", [[], ["nothing.zip"], ["nothing.zip", "--what"], ["a.zip", "b.zip"]])
def test_wrong_arguments_are_said_to_be_wrong(tmp_path: Path, given: list[str]) -> None:
    program = tmp_path / "verify.py"
    program.write_text(offline.one_file())
    command = [sys.executable, "-I", str(program), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
