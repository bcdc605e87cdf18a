"""Addresses of the register, of soundings and of appointments. Included at the root of the site."""

from django.urls import path

from .views import appointments, register, soundings

urlpatterns = [
    path("chairs/", register.Register.as_view(), name="chairs"),
    path("chairs/add/", register.AddChair.as_view(), name="add-chair"),
    path("chairs/appointments/<uuid:pk>/", appointments.AppointmentPage.as_view(), name="appointment"),
    path("chairs/appointments/<uuid:pk>/stand-down/", appointments.StandDown.as_view(), name="stand-down"),
    path("chairs/appointments/<uuid:pk>/make-lead/", appointments.MakeLead.as_view(), name="make-lead"),
    path("chairs/<uuid:pk>/", register.Chair.as_view(), name="chair"),
    path("chairs/<uuid:pk>/edit/", register.EditChair.as_view(), name="edit-chair"),
    path("reviews/<uuid:pk>/chairs/sound-out/", soundings.SoundOut.as_view(), name="sound-out"),
    path("reviews/<uuid:pk>/chairs/appoint/", appointments.AppointAnother.as_view(), name="appoint-another"),
    path("chairs/soundings/<uuid:pk>/answer/", soundings.RecordAnswer.as_view(), name="record-answer"),
]
