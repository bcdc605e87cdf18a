"""Addresses of every page. Who may ask for one is the page's own question; strangers get the sign-in page everywhere."""

from django.urls import include, path

urlpatterns = [
    path("", include("workflows.urls")),
    path("", include("dhr.accounts.urls")),
    path("", include("dhr.audit.urls")),
    path("", include("chairs.urls")),
    path("", include("restricted_docs.urls")),
    path("", include("dhr.board.urls")),
]

handler400 = "dhr.accounts.views.faults.bad_request"
handler403 = "dhr.accounts.views.faults.forbidden"
handler404 = "dhr.accounts.views.faults.not_found"
handler500 = "workflows.middleware.server_error"
