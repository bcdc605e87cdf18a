"""Our addresses, and beside them viewflow's own pages for the bare flow: its inbox, its queue, its lists."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from viewflow.urls import Site
from viewflow.workflow.flow import FlowAppViewset

from dhr.urls import urlpatterns as ours

from .bare_flow import BareFlow

stock = Site(title="viewflow", viewsets=[FlowAppViewset(BareFlow, icon="work")])


@csrf_exempt
@login_not_required
def plain_upload(request: HttpRequest) -> HttpResponse:
    """Django's own way: the file in clear in the temporary folder, then kept by the default storage."""
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    store = FileSystemStorage(location=settings.VAR / "plain")
    store.delete(store.save("paper", request.FILES["file"]))
    return HttpResponse("kept")


urlpatterns = [path("stock/", stock.urls), path("plain-upload/", plain_upload), *ours]
