"""Sending the form of a task as one of the cast."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dhr import clock
from dhr.accounts.models import User
from dhr.reviews.models import Review
from tests import build


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client


def pdf(name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, build.PDF, content_type="application/pdf")


def on(field: str) -> dict[str, str]:
    today = clock.today()
    return {f"{field}_day": str(today.day), f"{field}_month": str(today.month), f"{field}_year": str(today.year)}


def url_of(review: Review, node: str) -> str:
    return reverse("task", args=[build.step_of(review, node).pk])


def send(user: User, review: Review, node: str, **answers: Any) -> Any:
    return as_(user).post(url_of(review, node), answers)


def text(response: Any) -> str:
    return str(response.content.decode())
