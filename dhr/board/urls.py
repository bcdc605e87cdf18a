"""Addresses of the board's meetings, beneath /board/."""

from django.urls import path

from .views import items, meetings

urlpatterns = [
    path("meetings/", meetings.Meetings.as_view(), name="meetings"),
    path("meetings/add/", meetings.AddMeeting.as_view(), name="add-meeting"),
    path("meetings/<uuid:pk>/", meetings.Meeting.as_view(), name="meeting"),
    path("meetings/<uuid:pk>/issue-agenda/", meetings.IssueAgenda.as_view(), name="issue-agenda"),
    path("meetings/<uuid:pk>/confirm-minutes/", meetings.ConfirmMinutes.as_view(), name="confirm-minutes"),
    path("meetings/<uuid:pk>/add-item/", items.AddItem.as_view(), name="add-item"),
    path("items/<uuid:pk>/put-paper/", items.PutPaper.as_view(), name="put-paper"),
    path("items/<uuid:pk>/close/", items.CloseItem.as_view(), name="close-item"),
    path("items/<uuid:pk>/resolve/", items.Resolve.as_view(), name="resolve"),
]
