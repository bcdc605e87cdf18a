"""Nothing typed is lost and nothing is half done: by keyboard alone, with faults, late, twice, without a session or a part."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from chairs.appointing import stand_down
from dhr import clock
from dhr.reviews.models import Notification, Review, TermsOfReference
from tests.build import review_at
from tests.cast import PASSWORD, Cast
from tests.web.matrix.world import give
from workflows.models import Step

from .people import Person, fill_in_a_notification

Arrive = Callable[..., Person]
TYPED = "A neighbour telephoned on the Sunday evening."
ENDED = "Your session ended, but what you typed is still here"
AGAIN = re.compile("Send again")


def typed_letter(officer: Person) -> None:
    officer.goes_to("record-notification", reads="Record a notification")
    fill_in_a_notification(officer, name="Marigold Featherstone", circumstances=TYPED)


# ---- by keyboard alone


def test_a_task_is_found_and_done_by_keyboard_alone(cast: Cast, arrives: Arrive) -> None:
    review = review_at("agree_terms", cast)
    lead = arrives(cast.lead_chair)
    lead.goes_to("review", review.pk, reads="Next: Agree the terms of reference")
    page = lead.page
    assert lead.tabs_to(page.locator(".govuk-skip-link")) == 1
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert lead.tabs_to(page.locator("a.govuk-button")) <= 2  # a warning's remedy may stand before it
    lead.hits("Enter", reads="What does the review ask?")
    lead.tabs_to(page.get_by_label("What does the review ask?"))
    lead.types("What was known?")
    lead.tabs_to(page.get_by_role("button", name="Record the agreed terms"))
    lead.hits("Enter", reads="Done: Agree the terms of reference.")

    assert TermsOfReference.objects.filter(review=review).count() == 1


def test_the_fault_summary_takes_the_focus_and_each_fault_leads_to_its_control(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer)
    officer.goes_to("record-notification", reads="Record a notification")
    officer.presses("Record the notification", reads="There is a problem")
    page = officer.page
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Error: Record a notification"))
    faults = page.locator(".govuk-error-summary__list a")
    assert faults.count() == 8
    for number in range(faults.count()):
        faults.nth(number).focus()
        page.keyboard.press("Enter")
        assert focused(page.locator(":focus")) == (faults.nth(number).get_attribute("href") or "")[1:]


def focused(control: Locator) -> str:
    """The id of the control that has the focus; fails where it is none that takes an answer."""
    assert control.evaluate("element => element.matches('input, select, textarea')")
    return control.get_attribute("id") or ""


# ---- answers stay


def test_faults_leave_every_answer_where_it_was(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer)
    typed_letter(officer)
    officer.question("When were you told of the death?").get_by_label("Year").fill(str(clock.today().year + 1))
    officer.presses("Record the notification", reads="The date cannot be in the future.")

    expect(officer.page.get_by_label("What is known of the circumstances?")).to_have_value(TYPED)
    expect(officer.question("How were you told?").get_by_label("Secure e-mail")).to_be_checked()
    assert not Review.objects.exists()


def test_what_is_saved_for_later_is_there_later(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer)
    typed_letter(officer)
    officer.presses("Save and come back later", reads="What you typed is saved.")
    officer.opens("Record a notification", reads="We kept what you typed. Nothing has been recorded yet.")

    expect(officer.page.get_by_label("What is known of the circumstances?")).to_have_value(TYPED)
    officer.presses("Record the notification", reads="Recorded as N-")


def test_a_session_that_ends_in_the_middle_of_a_long_form_loses_nothing(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer)
    typed_letter(officer)
    officer.leaves()
    officer.presses("Record the notification", reads=ENDED)
    assert not Review.objects.exists()
    with officer.page.expect_popup() as opened:
        officer.page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    door = opened.value
    door.get_by_label("Email address").fill(cast.officer.email)
    door.get_by_label("Password").fill(PASSWORD)
    door.get_by_role("button", name="Sign in", exact=True).click()
    expect(door.locator("h1")).to_have_text("Record a notification")
    door.close()
    officer.presses("Send again", reads="This page was opened before you last signed in")
    officer.waits_a_moment()
    officer.presses("Send again", reads="Recorded as N-")
    officer.goes_to("review-details", Review.objects.get().pk, reads=TYPED)


def test_a_task_whose_session_ended_is_sent_again_too(cast: Cast, arrives: Arrive) -> None:
    review = review_at("agree_terms", cast)
    lead = arrives(cast.lead_chair)
    lead.goes_on("Agree the terms of reference")
    lead.writes("What does the review ask?", TYPED)
    lead.leaves()
    lead.presses("Record the agreed terms", reads=ENDED)
    lead.comes_in()
    lead.page.locator("form", has=lead.page.get_by_role("button", name=AGAIN)).wait_for()
    lead.waits_a_moment()
    lead.page.get_by_role("button", name=AGAIN).click()
    lead.reads("Done: Agree the terms of reference.")

    assert TermsOfReference.objects.filter(review=review).count() == 1


# ---- twice, late, and without a part


def test_a_double_click_records_one_notification(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer)
    typed_letter(officer)
    officer.page.get_by_role("button", name="Record the notification").dblclick()
    officer.reads("Recorded as N-")

    assert Review.objects.count() == Notification.objects.count() == 1


def test_the_second_of_two_people_reads_that_it_is_done_and_keeps_what_they_typed(cast: Cast, arrives: Arrive) -> None:
    review = review_at("scope_with_agencies", cast)
    give(review, by=cast.officer, user=cast.second_officer, role="officer")
    first, second = arrives(cast.officer), arrives(cast.second_officer)
    for person, words in ((first, "Two agencies knew them."), (second, TYPED)):
        person.goes_on("Scope with agencies")
        person.chooses("Have the agencies been asked whether they knew the people?", "Yes")
        person.writes("What did they say?", words)
    first.presses("Record the scoping", reads="Done: Scope with agencies.")
    second.presses("Record the scoping", reads="This has been done already")

    second.reads("Olive Officer", "What you sent has not been recorded.", "What you typed was kept.")
    second.opens("Read what you typed", reads=TYPED)
    assert Step.objects.filter(review=review, node="decide").count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_chair_who_stood_down_and_has_the_page_still_open_is_told_and_does_nothing(
    cast: Cast, arrives: Arrive, scripts: bool
) -> None:
    review = review_at("agree_terms", cast)
    lead = arrives(cast.lead_chair, scripts=scripts)
    lead.goes_on("Agree the terms of reference")
    lead.writes("What does the review ask?", TYPED)
    stand_down(review.appointment_set.get(user=cast.lead_chair), by=cast.officer, reason="Fell ill.")
    lead.presses("Record the agreed terms", reads="What you sent has not been recorded")

    lead.reads("you have no part, or no longer a part")
    lead.does_not_read(review.reference)
    assert not TermsOfReference.objects.filter(review=review).exists()
    assert lead.goes_to("review", review.pk) == 404
