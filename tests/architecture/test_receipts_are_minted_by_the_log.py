"""Only the access log makes receipts: whoever else could, could open sealed things without a line in the log."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECEIPT = "restricted_docs/vault/receipt.py"
THE_LOG = "dhr/audit/log.py"


def names_the_mint(source):
    """Whether Python source speaks of the receipt's mint in any way: import, attribute, or a name given as text."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[-1] == "receipt":
                if {name.name for name in names} & {"mint", "_MINT", "*"}:
                    return True
            case ast.Attribute(attr="mint" | "_MINT") | ast.Constant(value="mint" | "_MINT"):
                return True
    return False


def test_only_the_access_log_mints_receipts():
    folders = ("dhr", "workflows", "chairs", "restricted_docs")
    sources = {path.relative_to(ROOT).as_posix(): path for folder in folders for path in (ROOT / folder).rglob("*.py")}
    minting = {name for name, path in sources.items() if name != RECEIPT and names_the_mint(path.read_text())}
    assert minting == {THE_LOG}


@pytest.mark.parametrize(
    "source",
    [
        "from restricted_docs.vault.receipt import mint",
        "from restricted_docs.vault.receipt import AccessReceipt, mint as make",
        "from .receipt import *",
        "from restricted_docs.vault.receipt import _MINT",
        "from restricted_docs.vault import receipt\nreceipt.mint(seq=1)",
        "from restricted_docs.vault import receipt\ngetattr(receipt, 'mint')",
    ],
)
def test_no_way_to_the_mint_is_overlooked(source):
    assert names_the_mint(source)


@pytest.mark.parametrize(
    "source", ["from restricted_docs.vault.receipt import AccessReceipt, Scope", "peppermint = 'a mint in a sentence'"]
)
def test_using_a_receipt_is_not_minting_one(source):
    assert not names_the_mint(source)
