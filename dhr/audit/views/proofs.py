"""The log with its proofs, for somebody who checks it elsewhere: what shall be shown, and the file as it is made."""

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.urls import reverse

from dhr import clock
from dhr.audit import export
from dhr.audit.forms import ProofsForm
from dhr.audit.models import THE_HEAD, LogHead

from .door import AuditorsOnly

BYTES_A_LINE = 170  # in the zip, measured
LINES_A_SECOND = 20_000


class Proofs(AuditorsOnly):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        return page(request, ProofsForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The line that says so is committed before the first byte leaves; what streams is bounded by the head after it."""
        form = ProofsForm(request.POST)
        if not form.is_valid():
            return page(request, form, status=422)
        wanted = export.Wanted(form.cleaned_data["reference"], form.cleaned_data["since"])
        try:
            export.record(wanted, person=request.user.pk)
        except export.NothingToExport as error:
            form.add_error("reference", str(error))
            return page(request, form, status=422)
        response = StreamingHttpResponse(export.stream(wanted), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="access-log-{clock.today():%Y-%m-%d}.zip"'
        return response


def page(request: HttpRequest, form: ProofsForm, status: int = 200) -> HttpResponseBase:
    head = LogHead.objects.filter(pk=THE_HEAD).first()
    lines = head.size if head else 0
    megabytes, minutes = round(lines * BYTES_A_LINE / 1_000_000), round(lines / (LINES_A_SECOND * 60))
    context = {
        "form": form,
        "heading": "Export the log with its proofs",
        "back_url": reverse("access-log"),
        "submit_text": "Export the log",
        "lines": lines,
        "bytes": lines * BYTES_A_LINE,
        "megabytes": f"about {megabytes:,} MB" if megabytes else "less than 1 MB",
        "time": f"about {minutes:,} minute{pluralize(minutes)}" if minutes else "less than a minute",
    }
    return render(request, "audit/proofs.html", context, status=status)
