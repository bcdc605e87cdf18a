"""What a use case refuses is shown beside the question it is about."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

from dhr.govuk.fields import TextField
from dhr.govuk.forms import GovukForm
from dhr.govuk.pages import blame


class Report(GovukForm):
    title = TextField(label="Title", required=False)
    done_on = TextField(label="Done on", required=False)


class Credit(GovukForm):
    done_on = TextField(label="When was it?", required=False)
    evidence = TextField(label="Evidence", required=False)


def forms() -> tuple[BaseForm, BaseForm]:
    asked = Report({}), Credit({})
    assert all(form.is_valid() for form in asked)
    return asked


def test_each_sentence_stands_at_the_first_form_that_asks_the_question() -> None:
    report, credit = forms()
    blame(ValidationError({"evidence": "Choose the paper.", "done_on": ["Too early.", "Too late."]}), report, credit)
    assert (report.errors, credit.errors) == (
        {"done_on": ["Too early.", "Too late."]},
        {"evidence": ["Choose the paper."]},
    )


def test_what_nobody_asked_stands_above_the_first_form() -> None:
    report, credit = forms()
    blame(ValidationError({"reason": "Give the reason."}), report, credit)
    blame(ValidationError("Nobody is chair today."), report, credit)
    assert report.errors == {NON_FIELD_ERRORS: ["Give the reason.", "Nobody is chair today."]}
    assert not credit.errors


def test_a_refusal_keeps_its_code() -> None:
    report, _ = forms()
    blame(ValidationError({"title": ValidationError("It may name somebody.", code="names")}), report)
    assert [error.code for error in report.errors.as_data()["title"]] == ["names"]
