"""Addresses of the access log."""

from django.urls import path

from .views.export import Export
from .views.pages import AccessLog, EntryPage
from .views.proofs import Proofs
from .views.questions import QuestionsPage
from .views.spreadsheet import Spreadsheet
from .views.verifying import VerifyLog

urlpatterns = [
    path("access-log/", AccessLog.as_view(), name="access-log"),
    path("access-log/verify/", VerifyLog.as_view(), name="access-log-verify"),
    path("access-log/export/", Export.as_view(), name="access-log-export"),
    path("access-log/spreadsheet/", Spreadsheet.as_view(), name="access-log-spreadsheet"),
    path("access-log/questions/", QuestionsPage.as_view(), name="access-log-questions"),
    path("access-log/proofs/", Proofs.as_view(), name="access-log-proofs"),
    path("access-log/<int:seq>/", EntryPage.as_view(), name="access-log-entry"),
]
