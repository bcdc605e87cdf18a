"""Addresses of tasks, of what a second person confirms, and of recording a notification."""

from django.urls import path

from .confirm_views import Confirm
from .start_views import NewNotification
from .task_views import TaskPage, TypedAnswers

urlpatterns = [
    path("tasks/<int:step>/", TaskPage.as_view(), name="task"),
    path("tasks/<int:step>/typed/", TypedAnswers.as_view(), name="task-typed"),
    path("confirm/<uuid:waiting>/", Confirm.as_view(), name="confirm"),
    path("notifications/new/", NewNotification.as_view(), name="record-notification"),
]
