"""Documents, their sealed versions, who was granted them, restrictions, and uploads waiting for a form to be mended."""

from .documents import Document, DocumentGrant, DocumentVersion
from .parked import ParkedUpload
from .restrictions import Restriction

__all__ = ["Document", "DocumentGrant", "DocumentVersion", "ParkedUpload", "Restriction"]
