"""Reviews at their beginning: no chair yet, chairs just appointed, a late decision, a question to answer, one of this week."""

from __future__ import annotations

from datetime import timedelta

from chairs.models import ChairProfile, Sounding
from chairs.register import record_answer, sound_out
from dhr.reviews.notifying import Named

from . import passages
from .tale import Story, Tale


def tell(story: Story) -> None:
    _no_chair(story)
    _just_appointed(story)
    _more_information(story)
    _decision_late(story)
    _of_this_week(story)


def _no_chair(story: Story) -> None:
    """Nobody to chair it: five people were asked."""
    tale, agencies = Tale(story), story.agencies
    tale.notified(
        142,
        death_ago=150,
        notifying_agency=agencies.police,
        people=[
            Named("deceased", "Adelaide Rushworth", "1970-06-06", "Person A"),
            Named("suspect", "Clifford Rushworth", "1969-05-05", "Person B"),
        ],
        circumstances="A woman of 54 died at home. Her husband also died. Their grown-up children found them.",
        manner="homicide_suicide",
    )
    passages.decided(
        tale,
        scoped=132,
        on=118,
        told=116,
        learned="Only the surgery and an employer knew them.",
        learning_shared=False,
        reason="The criteria are met: a spouse.",
    )
    for ago, name, answer, note in (
        (112, "Dorothea Finch", "declined", "Has two reviews already and will take no third."),
        (110, "Bernard Quilliam", "declined", "Two reviews at once are enough."),
        (104, "Hilary Stott", "conflict", "Worked for the surgery until last year."),
        (60, "Alan Birtwhistle", "interested", "Would like to, once the training is done."),
        (24, "Sheila Moorcroft", "", ""),
    ):
        _sounded(tale, ago, name, answer, note)
    tale.asked(112, agencies.surgeries)
    tale.returned(66, agencies.surgeries, answer="Attached.")
    tale.signed(61, agencies.surgeries)
    tale.relative(
        100,
        "Juliet Rushworth",
        "Their daughter",
        wants_contact=True,
        has_advocate=True,
        wishes="Asks each month who will lead the review.",
        contact_route="By phone.",
    )
    tale.contact(48, "Their daughter", "Told her that we are still looking for a chair, and why.")
    tale.contact(16, "Their daughter", "Told her of the meeting of the board.")


def _sounded(tale: Tale, ago: int, name: str, answer: str, note: str) -> None:
    register = tale.story.register
    tale.on(ago, lambda: sound_out(tale.review, by=tale.officer, chair=register[name]))
    if answer:
        tale.on(ago - 7, lambda: _answered(tale, register[name], answer, note))


def _answered(tale: Tale, chair: ChairProfile, answer: str, note: str) -> None:
    asked = Sounding.objects.get(review=tale.review, chair=chair)
    record_answer(asked, by=tale.officer, answer=answer, note=note)


def _just_appointed(story: Story) -> None:
    """The chair has declared independence, the report author not yet: the panel waits for it."""
    tale, people, agencies = Tale(story, story.people.second_officer), story.people, story.agencies
    tale.notified(
        88,
        death_ago=97,
        relationship="relative",
        notifying_agency=agencies.hospital,
        people=[
            Named("deceased", "Ignatius Thornbury", "1951-03-30", "Person A"),
            Named("suspect", "Percival Thornbury", "1980-10-10", "Person B"),
        ],
        circumstances="A man of 74 died in hospital of an injury at home. His son, who lived with him, was arrested.",
    )
    passages.decided(
        tale,
        scoped=78,
        on=62,
        told=60,
        learned="The hospital, social care and the recovery service knew them.",
        reason="The criteria are met: a relative in the same household.",
    )
    register = story.register
    chosen = ((people.joint_chair, "lead_chair"), (people.author, "report_author"))
    tale.step(
        6,
        "appoint_chairs",
        appointments=lambda: [{"chair": register[user.name], "role": role, "user": user} for user, role in chosen],
    )
    tale.declared(3, people.joint_chair, passages.INDEPENDENT, "Fire and rescue service, until eleven years ago.")
    tale.asked(40, agencies.hospital, author=people.agency_author, signatory=people.agency_signatory)
    tale.paper(
        9,
        "hospital",
        "short_report",
        "Hospital account",
        ("He came three times in a year. Each time he said that he fell.",),
        by=people.agency_author,
        commission=lambda: tale.requests[agencies.hospital],
    )
    tale.returned(8, agencies.hospital, people.agency_author, answer="Attached, ready to be signed.")


def _more_information(story: Story) -> None:
    """The chair of the board asked for more before deciding; the day for it has passed. And the same death, told twice."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    tale.notified(
        66,
        death_ago=70,
        manner="suicide",
        notifying_agency=agencies.mental_health,
        people=[Named("deceased", "Verity Langstaff", "1999-12-24", "Person A")],
        circumstances="A woman of 25 took her own life. Friends spoke of a partner who was always there.",
    )
    tale.step(55, "scope_with_agencies", learned="Her surgery knew her; the university has not answered.")
    tale.step(
        41,
        "decide",
        people.board_chair,
        outcome="more_information",
        criteria=["aged_16"],
        answer_due_on=story.today - timedelta(days=12),
        reason="We need the university's account before the circumstances can be weighed.",
    )
    again = Tale(story)
    again.notified(
        58,
        notifying_agency=agencies.surgeries,
        channel="phone",
        manner="suicide",
        people=[Named("deceased", "Verity Langstaff", "1999-12-24", "Person A")],
        circumstances="The surgery rang about a patient who died.",
    )
    again.step(57, "scope_with_agencies", scoped=False, reason="It is the death that we were told of last week.")
    again.step(53, "share_early_learning")
    again.step(
        52,
        "decide",
        people.board_chair,
        outcome="same_death",
        leading_review=lambda: tale.review.reference,
        reason="The same death as the earlier notification, which goes on.",
    )


def _decision_late(story: Story) -> None:
    """A month has passed, and the decision with it."""
    tale, agencies = Tale(story), story.agencies
    tale.notified(
        47,
        death_ago=52,
        notifying_agency=agencies.police,
        notifier="Duty superintendent",
        people=[
            Named("deceased", "Ottoline Prescott", "1982-08-08", "Person A"),
            Named("suspect", "Barnaby Prescott", "1981-07-17", "Person B"),
        ],
        circumstances="A woman of 43 died at home. Her husband has been arrested. There are two children at school.",
        children_in_household=True,
        media_interest=True,
    )
    tale.paper(
        44,
        "letter",
        "correspondence",
        "Letter of the senior investigating officer",
        ("We ask the partnership to consider a review. A file will go to the prosecutors in the spring.",),
    )
    tale.opened(18, "letter", story.people.board_chair)
    tale.step(
        21, "scope_with_agencies", learned="Police were called twice; the school and the surgery knew the family."
    )


def _of_this_week(story: Story) -> None:
    """Told by e-mail two days ago: nothing has been done about it yet."""
    tale, agencies = Tale(story), story.agencies
    tale.notified(
        2,
        death_ago=5,
        notifying_agency=agencies.police,
        notifier="Duty inspector",
        relationship="not_known",
        manner="unexplained",
        people=[Named("deceased", "Florian Haverstock", "1976-04-04", "Person A")],
        circumstances="A man of 49 was found at home by a neighbour. The police are treating it as unexplained for now.",
    )
