"""Addresses of the desk."""

from django.urls import include, path

from .desk.pack_views import DownloadPack

urlpatterns = [
    path("", include("workflows.desk.review_urls")),
    path("", include("workflows.desk.task_urls")),
    path("reviews/<uuid:review>/pack/", DownloadPack.as_view(), name="pack"),
]
