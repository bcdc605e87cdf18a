"""Documents, their sealed versions, who was granted them, restrictions, and uploads waiting for a form to be mended."""

from .documents import Document, DocumentGrant, DocumentVersion
from .erasures import Erasure
from .parked import ArrivingUpload, ParkedUpload, UploadPart
from .restrictions import Restriction

__all__ = [
    "ArrivingUpload",
    "Document",
    "DocumentGrant",
    "DocumentVersion",
    "Erasure",
    "ParkedUpload",
    "Restriction",
    "UploadPart",
]
