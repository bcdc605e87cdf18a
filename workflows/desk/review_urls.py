"""Addresses of Your work, of the lists, and of a review's sections. Included at the root of the site."""

from django.urls import path

from . import (
    account_views,
    action_views,
    family_views,
    people_views,
    request_views,
    review_views,
    sections,
    steering_views,
    summary_views,
)

_ONE = "reviews/<uuid:review>"
_STEP = f"{_ONE}/tasks/<int:step>"

urlpatterns = [
    path("", review_views.YourWork.as_view(), name="your-work"),
    path("reviews/", review_views.Reviews.as_view(), name="reviews"),
    path("reviews/download/", review_views.ReviewsDownload.as_view(), name="reviews-download"),
    path("caseload/", summary_views.Caseload.as_view(), name="caseload"),
    path("caseload/hand-over/", summary_views.HandOver.as_view(), name="hand-over"),
    path("board/summary/", summary_views.BoardSummary.as_view(), name="board-summary"),
    # sections
    path(f"{_ONE}/", sections.Tasks.as_view(), name="review"),
    path(f"{_ONE}/details/", sections.Details.as_view(), name="review-details"),
    path(f"{_ONE}/family/", sections.Family.as_view(), name="review-family"),
    path(f"{_ONE}/report/", sections.Report.as_view(), name="review-report"),
    path(f"{_ONE}/documents/", sections.Documents.as_view(), name="review-documents"),
    path(f"{_ONE}/people/", people_views.People.as_view(), name="review-people"),
    path(f"{_ONE}/requests/", request_views.Requests.as_view(), name="review-requests"),
    path(f"{_ONE}/actions/", action_views.Actions.as_view(), name="review-actions"),
    path(f"{_ONE}/history/", sections.History.as_view(), name="review-history"),
    path(f"{_ONE}/process/", sections.Process.as_view(), name="review-process"),
    # steering
    path(f"{_ONE}/suspend/", steering_views.Suspend.as_view(), name="suspend"),
    path(f"{_ONE}/resume/", steering_views.Resume.as_view(), name="resume"),
    path(f"{_ONE}/cancel/", steering_views.Cancel.as_view(), name="cancel-review"),
    path(f"{_STEP}/undo/", steering_views.Undo.as_view(), name="undo"),
    path(f"{_STEP}/reassign/", steering_views.Reassign.as_view(), name="reassign"),
    # the account
    path(f"{_ONE}/pseudonym/", account_views.ChoosePseudonym.as_view(), name="choose-pseudonym"),
    path(f"{_ONE}/names/add/", account_views.AddName.as_view(), name="add-name"),
    path(f"{_ONE}/names/<uuid:identity>/", sections.RevealName.as_view(), name="reveal-name"),
    path(f"{_ONE}/notification/correct/", account_views.CorrectNotification.as_view(), name="correct-notification"),
    path(f"{_ONE}/learning/add/", account_views.AddLearning.as_view(), name="add-learning"),
    path(f"{_ONE}/meetings/add/", account_views.AddMeeting.as_view(), name="add-panel-meeting"),
    path(f"{_ONE}/family/add/", family_views.AddRelative.as_view(), name="add-relative"),
    path(f"{_ONE}/family/<uuid:relative>/contact/", family_views.AddContact.as_view(), name="add-contact"),
    path(f"{_ONE}/family/<uuid:relative>/wishes/", family_views.ChangeWishes.as_view(), name="change-wishes"),
    # people
    path(f"{_ONE}/people/add/", people_views.AddMember.as_view(), name="add-member"),
    path(f"{_ONE}/people/<uuid:membership>/dates/", people_views.ChangeDates.as_view(), name="change-dates"),
    path(f"{_ONE}/people/<uuid:membership>/end/", people_views.EndMembership.as_view(), name="end-membership"),
    # agency requests and actions
    path(f"{_ONE}/requests/ask/", request_views.AskAgency.as_view(), name="ask-agency"),
    path("requests/<uuid:commission>/", request_views.RequestPage.as_view(), name="request"),
    path("requests/<uuid:commission>/settle/", request_views.SettleRequest.as_view(), name="settle-request"),
    path(f"{_ONE}/actions/add/", action_views.AddAction.as_view(), name="add-action"),
    path(f"{_ONE}/actions/<uuid:action>/change/", action_views.AssignAction.as_view(), name="assign-action"),
    path("actions/<uuid:action>/", action_views.ActionPage.as_view(), name="action"),
]
