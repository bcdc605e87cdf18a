"""Addresses of the board's meetings. Included at the root of the site."""

from django.urls import path

from .views import items, meetings

urlpatterns = [
    path("board/meetings/", meetings.Meetings.as_view(), name="meetings"),
    path("board/meetings/add/", meetings.AddMeeting.as_view(), name="add-meeting"),
    path("board/meetings/<uuid:pk>/", meetings.Meeting.as_view(), name="meeting"),
    path("board/meetings/<uuid:pk>/issue-agenda/", meetings.IssueAgenda.as_view(), name="issue-agenda"),
    path("board/meetings/<uuid:pk>/confirm-minutes/", meetings.ConfirmMinutes.as_view(), name="confirm-minutes"),
    path("board/meetings/<uuid:pk>/add-item/", items.AddItem.as_view(), name="add-item"),
    path("board/items/<uuid:pk>/put-paper/", items.PutPaper.as_view(), name="put-paper"),
    path("board/items/<uuid:pk>/close/", items.CloseItem.as_view(), name="close-item"),
    path("board/items/<uuid:pk>/resolve/", items.Resolve.as_view(), name="resolve"),
]
