"""Addresses of documents: always beneath their review. Restrictions are the monitoring officer's own list."""

from django.urls import path

from .views import arriving, could_open, documents, filing, read, reader, receipt, restrictions

_OF_REVIEW = "reviews/<uuid:review>/documents"
_ONE = f"{_OF_REVIEW}/<uuid:document>"
_VERSION = f"{_ONE}/versions/<int:number>"

urlpatterns = [
    path(f"{_OF_REVIEW}/file/", filing.FileDocument.as_view(), name="file-document"),
    path(f"{_ONE}/", documents.DocumentPage.as_view(), name="document"),
    path(f"{_ONE}/add-version/", filing.AddVersion.as_view(), name="add-version"),
    path(f"{_ONE}/release/", filing.ReleaseDocument.as_view(), name="release-document"),
    path(f"{_ONE}/audience/", filing.DocumentAudience.as_view(), name="document-audience"),
    path(f"{_ONE}/title/", filing.DocumentTitle.as_view(), name="document-title"),
    path(f"{_ONE}/restriction/", restrictions.ProposeRestriction.as_view(), name="propose-restriction"),
    path(f"{_VERSION}/read/", read.DocumentRead.as_view(), name="document-read"),
    path(f"{_VERSION}/pages/<int:page>/", reader.DocumentPageImage.as_view(), name="document-page"),
    path(f"{_VERSION}/pages/<int:page>/text/", reader.DocumentPageText.as_view(), name="document-page-text"),
    path(f"{_VERSION}/open/", documents.DocumentOpen.as_view(), name="document-open"),
    path(f"{_VERSION}/receipt/", receipt.DocumentReceipt.as_view(), name="document-receipt"),
    path(f"{_VERSION}/download/", documents.DocumentDownload.as_view(), name="document-download"),
    path("uploads/<uuid:upload>/", arriving.Arriving.as_view(), name="arriving-upload"),
    path("access-log/could-open/", could_open.CouldOpen.as_view(), name="access-log-could-open"),
    path("restrictions/", restrictions.Restrictions.as_view(), name="restrictions"),
    path("restrictions/<uuid:restriction>/", restrictions.DecideRestriction.as_view(), name="decide-restriction"),
    path("restrictions/<uuid:restriction>/take-up/", restrictions.TakeUpProposal.as_view(), name="take-up-proposal"),
]
