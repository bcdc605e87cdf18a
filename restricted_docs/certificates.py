"""The certificate of an erasure: what was destroyed, and the proof that the access log says so. No names.

The log's line carries a SHA-256 of the facts; the line is proved to be in the tree (RFC 6962), and the tree's root is
signed in a checkpoint (c2sp.org/tlog-checkpoint). So it can be checked without this service, by who has the log's key.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from dhr.audit.checkpoints import BadCheckpoint, verifier
from dhr.audit.entry_bytes import entry_bytes
from dhr.audit.merkle import inclusion_holds, inclusion_proof, leaf_hash
from dhr.audit.models import THE_HEAD, AuditEntry, LogHead

from .models import Erasure
from .vault.files import make_folder, write_over

FORMAT = "dhr-erasure-certificate/1"
COLUMNS = (
    "seq",
    "at_us",
    "event",
    "person",
    "on_behalf_of",
    "review",
    "reference",
    "object",
    "object_id",
    "version",
    "details",
)
SAYS = (
    "The key of this review was destroyed in this service and in its second key folder. What it sealed, here and in every "
    "backup made as docs/runbooks/keys.md says, can never be read again. References, codes, dates and titles stay."
)


def facts_of(erasure: Erasure) -> dict[str, Any]:
    """What is certified."""
    review = erasure.review
    return {
        "format": FORMAT,
        "reference": review.reference,
        "review": str(review.pk),
        "reason": str(erasure.reason),
        "ordered_at": erasure.ordered_at.isoformat(),
        "completed_at": erasure.completed_at.isoformat() if erasure.completed_at else "",
        "keys": sorted(erasure.keys),
        "papers": erasure.papers,
        "says": SAYS,
    }


def facts_digest(erasure: Erasure) -> str:
    """SHA-256 of the facts, in hex."""
    return _digest(facts_of(erasure))


def certify(erasure: Erasure) -> Path:
    """Make the certificate of a completed erasure, keep it with the erasure and as a file; returns the file."""
    entry = AuditEntry.objects.filter(event="erasure.completed", review=erasure.review_id).latest("seq")
    head = LogHead.objects.get(pk=THE_HEAD)
    leaves = [
        bytes(leaf)
        for leaf in AuditEntry.objects.filter(seq__lte=head.size).order_by("seq").values_list("leaf", flat=True)
    ]
    told = {name: getattr(entry, name) for name in COLUMNS} | {"review": str(entry.review)}
    proof = [step.hex() for step in inclusion_proof(leaves, entry.seq - 1)]
    certificate = {**facts_of(erasure), "log": {"line": told, "proof": proof, "checkpoint": head.checkpoint}}
    erasure.certificate = json.dumps(certificate, indent=1, ensure_ascii=True) + "\n"
    erasure.save(update_fields=["certificate"])
    path = certificate_file(erasure)
    make_folder(path.parent)
    path.with_name(f"{path.name}.part").unlink(missing_ok=True)  # left by a run that was cut short
    write_over(path, erasure.certificate.encode())
    return path


def certificate_file(erasure: Erasure) -> Path:
    """Where the certificate lies."""
    name = f"erasure-{erasure.review.reference}-{erasure.review_id.hex[:8]}.json"
    return Path(settings.VAR) / "certificates" / name


def problem_with(certificate: str) -> str:
    """Why this certificate does not hold for this log's key; "" where it does."""
    try:
        told = json.loads(certificate)
        log = told.pop("log")
        line = {
            **log["line"],
            "review": Erasure._meta.get_field("review").target_field.to_python(log["line"]["review"]),
        }
        leaf = leaf_hash(entry_bytes(**line))
        checkpoint = verifier().read(log["checkpoint"])
        proof = [bytes.fromhex(step) for step in log["proof"]]
        index, details = int(line["seq"]) - 1, json.loads(line["details"])
    except (BadCheckpoint, ValueError, KeyError, TypeError):
        return "This is no certificate, or its checkpoint was not signed by this log's key."
    if not inclusion_holds(leaf=leaf, index=index, size=checkpoint.size, root=checkpoint.root, proof=proof):
        return "Its line is not in the log that the checkpoint signs."
    if line["event"] != "erasure.completed" or details.get("facts") != _digest(told):
        return "What it says is not what the log's line was written about."
    return ""


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
