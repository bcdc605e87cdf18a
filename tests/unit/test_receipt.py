"""A receipt is made by the log alone, says what it covers, and lives no longer than its request."""

import copy
import pickle
from uuid import UUID

import pytest

from restricted_docs.vault.receipt import AccessReceipt, Scope, mint

REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
OTHER = UUID("0b6d0000-0000-4000-8000-000000000002")
PAPER = "5e000000-0000-4000-8000-000000000001:3"


def receipt(scope, subject="", container=REVIEW):
    return mint(seq=7, leaf=b"\x07" * 32, person=4, container=container, scope=scope, subject=subject)


def test_a_receipt_says_which_line_whose_and_what():
    made = receipt(Scope.IDENTITY, "one")
    assert (made.seq, made.leaf, made.person) == (7, b"\x07" * 32, 4)
    assert (made.container, made.scope, made.subject) == (REVIEW, Scope.IDENTITY, "one")


@pytest.mark.parametrize("arguments", [(), (object(),), (None,)])
def test_nobody_makes_a_receipt_without_the_log(arguments):
    facts = {"seq": 1, "leaf": b"", "person": 1, "container": REVIEW, "scope": Scope.NARRATIVE, "subject": ""}
    with pytest.raises(TypeError, match="access log"):
        AccessReceipt(*arguments, **facts)


def test_a_receipt_has_no_other_kinds():
    with pytest.raises(TypeError, match="no other kinds"):
        type("Forged", (AccessReceipt,), {})


@pytest.mark.parametrize("name", ["container", "scope", "subject", "person", "anything"])
def test_a_receipt_does_not_change(name):
    made = receipt(Scope.NARRATIVE)
    with pytest.raises(AttributeError):
        setattr(made, name, OTHER)
    with pytest.raises(AttributeError):
        delattr(made, name)


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_receipt_is_neither_copied_nor_stored(way):
    with pytest.raises(TypeError, match="neither copied nor stored"):
        way(receipt(Scope.NARRATIVE))


@pytest.mark.parametrize(
    ("has", "asked", "answer"),
    [
        ((Scope.NARRATIVE, ""), (REVIEW, Scope.NARRATIVE, ""), True),
        ((Scope.NARRATIVE, ""), (REVIEW, Scope.NARRATIVE, "a row"), True),
        ((Scope.NARRATIVE, "a row"), (REVIEW, Scope.NARRATIVE, "a row"), True),
        ((Scope.NARRATIVE, "a row"), (REVIEW, Scope.NARRATIVE, ""), False),
        ((Scope.NARRATIVE, "a row"), (REVIEW, Scope.NARRATIVE, "another"), False),
        ((Scope.NARRATIVE, ""), (OTHER, Scope.NARRATIVE, ""), False),
        ((Scope.NARRATIVE, ""), (REVIEW, Scope.IDENTITY, ""), False),
        ((Scope.NARRATIVE, ""), (REVIEW, Scope.DOCUMENT, PAPER), False),
        ((Scope.IDENTITY, ""), (REVIEW, Scope.IDENTITY, "one"), True),
        ((Scope.IDENTITY, "one"), (REVIEW, Scope.IDENTITY, "one"), True),
        ((Scope.IDENTITY, "one"), (REVIEW, Scope.IDENTITY, "two"), False),
        ((Scope.IDENTITY, ""), (REVIEW, Scope.NARRATIVE, ""), False),
        ((Scope.DOCUMENT, PAPER), (REVIEW, Scope.DOCUMENT, PAPER), True),
        ((Scope.DOCUMENT, PAPER), (REVIEW, Scope.DOCUMENT, PAPER[:-1] + "4"), False),
        ((Scope.DOCUMENT, PAPER), (REVIEW, Scope.DOCUMENT, ""), False),
        ((Scope.DOCUMENT, ""), (REVIEW, Scope.DOCUMENT, PAPER), False),
        ((Scope.DOCUMENT, ""), (REVIEW, Scope.DOCUMENT, ""), False),
        ((Scope.DOCUMENT, PAPER), (REVIEW, Scope.NARRATIVE, ""), False),
        ((Scope.DOCUMENT, PAPER), (OTHER, Scope.DOCUMENT, PAPER), False),
    ],
)
def test_a_receipt_covers_what_its_line_names_and_nothing_else(has, asked, answer):
    assert receipt(*has).covers(*asked) is answer


def test_a_receipt_in_a_log_line_shows_no_subject():
    assert "one" not in repr(receipt(Scope.IDENTITY, "one")).replace("<AccessReceipt line 7: identity of ", "")
