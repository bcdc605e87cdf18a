"""Forms and template tags of the design system, as a person and a screen reader meet them."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import get_template

from dhr.govuk import fields
from dhr.govuk.dates import ApproximateDate, DateKind
from dhr.govuk.forms import Fieldset, GovukForm


def needed(sentence: str) -> dict[str, str]:
    return {"required": sentence}


class Notification(GovukForm):
    fieldsets = (Fieldset("Who told you", ["who", "email"]),)

    notified = fields.DateField(
        label="Date notified",
        called="Date notified",
        error_messages=needed("Enter the date."),
        validators=[fields.NotAfter(lambda: date(2026, 11, 22), "Date notified must be today or in the past.")],
    )
    died = fields.ApproximateDateField(
        label="When did they die?", called="Date of death", error_messages=needed("Say whether the date is known.")
    )
    who = fields.TextField(label="Who told you", help_text="<b>Name</b>", error_messages=needed("Enter who told you."))
    email = fields.EmailField(label="Email", required=False)
    kind = fields.Radios(
        label="Kind of death",
        choices=[("homicide", "Homicide"), ("other", "Something else")],
        reveals={"other": "other"},
        error_messages=needed("Select what kind of death this is."),
    )
    other = fields.TextField(label="Say what it was", error_messages=needed("Say what kind of death it was."))
    agencies = fields.MultipleChoice(
        label="Agencies", choices=[("p", "Police"), ("h", "Health")], error_messages=needed("Select an agency.")
    )
    words = fields.LongTextField(label="What you know", max_words=3, required=False)
    sure = fields.Confirmation(label="I have checked", error_messages=needed("Tick the box when you have checked."))


GOOD = {
    "notified_day": "3",
    "notified_month": "March",
    "notified_year": "2026",
    "died_kind": "not_known",
    "who": "A. Officer",
    "kind": "homicide",
    "agencies": ["p"],
    "sure": "on",
}


class Paper(GovukForm):
    paper = fields.FileField(
        label="Paper", accept=(".pdf", ".docx"), max_bytes=2_000_000, error_messages=needed("Choose a file.")
    )


class Ids(HTMLParser):
    """Every id of a page with its element's name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.twice: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if id_ := dict(attrs).get("id"):
            self.twice += [id_] if id_ in self.found else []
            self.found[id_] = tag


def page(form: forms.Form, **values: Any) -> str:
    return get_template("govuk/form_page.html").render({"form": form, "heading": "Record it", **values})


def notification(**changes: Any) -> Notification:
    return Notification(GOOD | changes)


def test_a_form_without_its_own_required_sentence_cannot_be_made() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"Careless\.name needs"):
        type("Careless", (GovukForm,), {"name": fields.TextField(label="Name")})


def test_good_answers_become_plain_values() -> None:
    form = notification()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["notified"] == date(2026, 3, 3)
    assert form.cleaned_data["died"] == ApproximateDate.not_known()


def test_every_line_of_the_error_summary_lands_on_a_control() -> None:
    html = page(Notification({"notified_day": "3", "died_kind": "between", "died_from_day": "1", "kind": "other"}))
    controls = Ids(html).found
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert len(targets) == len(set(targets)) == 7
    assert {controls[target] for target in targets} <= {"input", "select", "textarea"}
    assert targets[:3] == ["id_notified_month", "id_died_from_month", "id_died_to_day"]


def test_a_page_has_no_id_twice_and_no_inline_style_or_script() -> None:
    html = page(Notification({}))
    assert Ids(html).twice == []
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*src=)", html)


def test_the_title_says_error_only_when_there_is_one() -> None:
    assert "<title>Error: Record it" in page(Notification({}))
    assert "<title>Record it" in page(Notification())


def test_what_was_typed_comes_back_escaped() -> None:
    html = page(notification(who='"><script>', notified_month="Smarch"))
    assert 'value="Smarch"' in html
    assert "<script>" not in html.split("</head>")[1]
    assert "&lt;b&gt;Name" in html


def test_browsers_are_not_asked_to_demand_answers() -> None:
    assert not re.search(r"<(input|select|textarea)[^>]* required", page(Notification()))


@pytest.mark.parametrize(
    ("typed", "sentence", "landing"),
    [
        (("", "", ""), "Enter the date.", "day"),
        (("3", "", ""), "Date notified must include a month and year.", "month"),
        (("31", "2", "2026"), "Date notified must be a real date: February 2026 has no day 31.", "day"),
        (("3", "13", "2026"), "Date notified must have a month from 1 to 12, or its name.", "month"),
        (("3", "ma", "2026"), "Date notified must have a month from 1 to 12, or its name.", "month"),
        (("3", "3", "26"), "Date notified must have a year with four digits, for example 2026.", "year"),
        (("x", "3", "2026"), "Date notified must have a day from 1 to 31.", "day"),
        (("²", "3", "2026"), "Date notified must have a day from 1 to 31.", "day"),
        (("23", "11", "2026"), "Date notified must be today or in the past.", "day"),
    ],
)
def test_a_date_says_what_is_wrong_and_where(typed: tuple[str, str, str], sentence: str, landing: str) -> None:
    form = notification(**dict(zip(("notified_day", "notified_month", "notified_year"), typed, strict=True)))
    assert form.errors["notified"] == [sentence]
    assert form["notified"].first_input_id == f"id_notified_{landing}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "Mar.", "MARCH"])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    assert notification(notified_month=month).is_valid()


def test_a_date_in_the_record_fills_its_boxes() -> None:
    html = str(Notification(initial={"notified": date(2026, 3, 9), "died": ApproximateDate.known(date(2026, 2, 1))}))
    assert re.search(r'id="id_notified_month"[^>]* value="3"', html)
    assert re.search(r'id="id_died_kind_known"[^>]* checked', html)
    assert re.search(r'id="id_died_on_year"[^>]* value="2026"', html)


def between(first: int, last: int) -> dict[str, str]:
    ends = {"from": first, "to": last}
    days = {f"died_{end}_day": str(day) for end, day in ends.items()}
    return {"died_kind": "between"} | days | {f"died_{end}_{part}": v for end in ends for part, v in YEAR_AND_MONTH}


YEAR_AND_MONTH = (("month", "2"), ("year", "2026"))


def test_a_death_between_two_days_keeps_both() -> None:
    form = notification(**between(1, 4))
    assert form.is_valid(), form.errors
    assert str(form.cleaned_data["died"]) == "between 1 February 2026 and 4 February 2026"


def test_two_days_in_the_wrong_order_are_refused() -> None:
    assert notification(**between(4, 1)).errors["died"] == ["The last day must be 4 February 2026 or after."]


def test_a_known_date_needs_its_boxes_and_an_invented_answer_is_refused() -> None:
    assert notification(died_kind="known").errors["died"] == ["Date of death must include a day, month and year."]
    assert notification(died_kind="<x>").errors["died"] == ["Say whether the date is known."]


def test_an_approximate_date_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no days"):
        ApproximateDate(DateKind.NOT_KNOWN, date(2026, 1, 1))
    with pytest.raises(ValueError, match="both ends"):
        ApproximateDate(DateKind.KNOWN)
    with pytest.raises(ValueError, match="before the first"):
        ApproximateDate.between(date(2026, 1, 2), date(2026, 1, 1))


def test_a_question_is_demanded_only_when_the_answer_that_shows_it_is_chosen() -> None:
    assert notification(kind="other").errors["other"] == ["Say what kind of death it was."]
    unshown = notification(kind="homicide", other="typed before the answer changed")
    assert unshown.is_valid()
    assert unshown.cleaned_data["other"] == ""


def test_a_shown_question_is_drawn_once_beneath_its_answer() -> None:
    html = str(Notification())
    assert html.count('id="id_other"') == 1
    assert html.index('id="id_kind_1"') < html.index('id="id_other"') < html.index('id="id_agencies_0"')


def test_too_many_words_are_counted_not_cut_off() -> None:
    form = notification(words="one two three four")
    assert form.errors["words"] == ["Shorten this to 3 words or fewer."]
    html = str(form)
    assert 'data-maxlength="3" data-count-type="words"' in html
    short = type("Short", (GovukForm,), {"note": fields.LongTextField(max_length=5, required=False)})
    assert 'data-maxlength="5"' in str(short())
    assert not re.search(r"<textarea[^>]* maxlength", str(short()))


def test_what_may_be_left_out_says_so_except_in_filters() -> None:
    assert "Email (optional)" in str(Notification())
    quiet = type(
        "Filter", (GovukForm,), {"q": fields.TextField(label="Search", required=False), "mark_optional": False}
    )
    assert "(optional)" not in str(quiet())


def test_a_file_says_its_limits_before_and_after() -> None:
    assert "PDF or DOCX, no larger than 2 MB." in str(Paper())
    assert 'accept=".pdf,.docx"' in str(Paper())


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("a.exe", 10, "Choose another format: PDF or DOCX."),
        ("a.PDF", 2_000_001, "Choose a file no larger than 2 MB."),
        ("a.pdf", 0, "The file is empty. Choose another file."),
    ],
)
def test_a_file_that_is_not_accepted_says_why(name: str, size: int, sentence: str) -> None:
    assert Paper({}, {"paper": SimpleUploadedFile(name, b"x" * size)}).errors["paper"] == [sentence]


def test_a_form_with_a_file_is_sent_with_progress_and_as_parts() -> None:
    html = page(Paper())
    assert 'enctype="multipart/form-data" data-upload' in html
    assert "upload.js" in html
    assert "upload.js" not in page(Notification())


def test_yes_and_no_become_true_and_false() -> None:
    form_class = type("F", (GovukForm,), {"inquest": fields.YesNo(label="Inquest?", error_messages=needed("Say."))})
    assert form_class({"inquest": "no"}).is_valid()
    form = form_class({"inquest": "yes"})
    form.full_clean()
    assert form.cleaned_data["inquest"] is True
    assert re.search(r'value="no"[^>]* checked', str(form_class(initial={"inquest": False})))
