"""Reviews with the Home Office: one waiting for its answer, one sent back."""

from __future__ import annotations

from dhr.reviews.notifying import Named

from . import passages
from .tale import Story, Tale


def tell(story: Story) -> None:
    _waiting_for_an_answer(story)
    _sent_back(story)


def _waiting_for_an_answer(story: Story) -> None:
    """Signed off at a meeting and recorded from its minute; the family preferred not to read the draft."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    lead, met = people.third_chair, story.ago(story.board_before)
    tale.notified(
        742,
        death_ago=750,
        manner="suicide",
        relationship="intimate",
        notifying_agency=agencies.mental_health,
        people=[
            Named("deceased", "Laurence Pemberton", "1979-08-14", "Jack"),
            Named("other", "Simone Hartley", "1981-01-20", "Person B"),
        ],
        circumstances="A man of 43 took his own life. He had told his doctor of control and fear in his relationship.",
    )
    passages.decided(
        tale,
        scoped=730,
        on=716,
        told=714,
        learned="His surgery and the crisis team knew of the control that he described.",
        reason="The circumstances give rise to concern; agencies agree that there is much to learn about men who are abused.",
    )
    passages.accounts(tale, 705, agencies.surgeries, agencies.mental_health)
    tale.relative(
        700,
        "Eleanor Pemberton",
        "Jack's daughter",
        wants_contact=False,
        wishes="Does not want to take part now. May be told when it is published.",
        contact_route="By letter.",
    )
    passages.appointed(tale, 676, lead=lead, author=people.author)
    passages.panel(
        tale, 650, lead=lead, drafting=590, questions="How was a man who spoke of abuse heard, and what was he offered?"
    )
    passages.version(tale, 380, by=people.author)
    passages.before_the_panel(tale, 378, lead=lead)
    passages.agreed(
        tale,
        350,
        lead=lead,
        family="declined",
        family_reason="His daughter prefers not to read it. She was asked twice.",
    )
    passages.signed_off_at_a_meeting(tale, met - 5, met, "SST 41/6")
    tale.action(
        met - 6,
        "men",
        agencies.womens_aid,
        "Open the advice line to men and say so.",
        due_ago=-20,
        recommendation="That men who are abused find a door.",
    )
    passages.submitted(tale, met - 12)
    passages.copied(tale, met - 16)


def _sent_back(story: Story) -> None:
    """The Home Office wants more analysis: a second version is agreed and its checks are being made again, one of them late."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    lead = people.lead_chair
    tale.notified(
        992,
        death_ago=1001,
        notifying_agency=agencies.police,
        people=[
            Named("deceased", "Yvonne Castlemaine", "1977-10-30", "Lily"),
            Named("suspect", "Rupert Dunmore", "1974-03-03", "Person B"),
        ],
        circumstances="A woman of 45 was found dead at a friend's flat. A former partner pleaded guilty.",
    )
    passages.decided(
        tale,
        scoped=980,
        on=964,
        told=962,
        learned="Probation, housing and the recovery service each knew one part.",
        reason="The criteria are met: a former intimate partner.",
    )
    passages.accounts(tale, 950, agencies.probation, agencies.recovery, agencies.housing)
    tale.relative(
        948,
        "Maureen Castlemaine",
        "Lily's mother",
        wants_contact=True,
        has_advocate=True,
        wishes="Wants to read every version.",
        contact_route="By phone.",
    )
    passages.appointed(tale, 920, lead=lead, chairs=[people.joint_chair], author=people.author)
    passages.panel(
        tale, 896, lead=lead, drafting=820, questions="What was done when he was released, and who told her?"
    )
    passages.version(tale, 640, by=people.author)
    passages.before_the_panel(tale, 638, lead=lead)
    passages.agreed(tale, 612, lead=lead)
    passages.signed_off(tale, 570, "SST 38/4")
    passages.copied(tale, 566)
    passages.submitted(tale, 556)
    passages.answered(
        tale,
        190,
        "resubmit",
        "The panel finds the report clear and kind. It asks for more analysis of the release, and to see it again.",
        "More analysis of the release from custody is wanted; it goes back to the Home Office.",
    )
    tale.step(
        178,
        "plan_changes",
        board_sees_it_again=True,
        reason="The findings change, so the board should see it again before it goes back.",
    )
    passages.version(tale, 72, by=people.author, lapses=["fact", "anonymisation"])
    passages.before_the_panel(tale, 70, lead=lead)
    tale.step(44, "agree_draft", lead, agreed=True, dissent_noted=True)
    tale.step(30, "check_anonymisation", result="passed")
    tale.contact(
        28, "Lily's mother", "Read the new section with her. She asked for one word to be changed, and it was.", by=lead
    )
