"""Reviews whose panel is at work: one with many agency requests, one suspended for criminal proceedings."""

from __future__ import annotations

from dhr import clock
from dhr.reviews import learning, panel
from dhr.reviews.notifying import Named

from .. import pausing
from . import passages
from .tale import Story, Tale


def tell(story: Story) -> None:
    _many_requests(story)
    _suspended(story)


def _many_requests(story: Story) -> None:
    """Nine agencies were asked: returned, nil, not engaging, withdrawn, late and not due yet. Early learning began at once."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    lead = people.lead_chair
    tale.notified(
        172,
        death_ago=180,
        notifying_agency=agencies.police,
        notifier="Detective Inspector, major investigation team",
        people=[
            Named("deceased", "Winifred Ballantyne", "1988-01-15", "Person A"),
            Named("suspect", "Gerald Ballantyne", "1986-09-24", "Person B"),
        ],
        children_in_household=True,
        circumstances="A woman of 36 died after an argument at a family party. Her husband has been charged and "
        "has admitted it. Their children live with an aunt.",
    )
    passages.decided(
        tale,
        scoped=162,
        on=148,
        told=146,
        learned="Nine agencies knew somebody in the household. Eight will give an account.",
        learning_shared=False,
        reason="The criteria are met: a spouse. Police, health, social care and the women's aid service were consulted.",
    )
    tale.on(
        160,
        lambda: learning.record_learning(
            tale.review, by=tale.officer, learning="The call handler could not see earlier calls from the same address."
        ),
    )
    tale.action(
        158,
        "calls",
        agencies.police,
        "Show call handlers every earlier call from an address.",
        due_ago=30,
        scope="early_learning",
        owner=people.panel_member,
        recommendation="That every call is seen with those before it.",
    )
    tale.progress(
        70, "calls", "The change to the system is ordered; it comes next month.", by=people.panel_member, status="open"
    )
    tale.relative(
        140,
        "Cordelia Marsh",
        "The children's aunt",
        wants_contact=True,
        has_advocate=True,
        wishes="Please ring before writing: the children read the post.",
        contact_route="Mobile, after eight.",
    )
    passages.appointed(tale, 118, lead=lead, chairs=[people.third_chair], author=people.author)
    passages.panel(
        tale,
        92,
        lead=lead,
        drafting=None,
        questions="What did each agency know of the arguments, and what would have helped the children?",
    )
    tale.paper(
        76,
        "terms",
        "terms_of_reference",
        "Terms of reference as agreed",
        ("The panel looks at five years. It asks what each agency knew, and what would have helped the children.",),
        by=lead,
        audience="panel",
    )
    passages.before_the_panel(tale, 75, lead=lead, key="terms")
    tale.opened(72, "terms", people.panel_member, people.social_care)
    _requests(tale)
    tale.contact(60, "The children's aunt", "She will meet the chairs when the children are back at school.")
    tale.on(
        56,
        lambda: panel.record_meeting(
            tale.review,
            by=tale.officer,
            on=clock.today(),
            kind="progress",
            agencies=[agencies.police, agencies.social_care],
            notes="Four accounts are in. The chair writes to the others.",
        ),
    )


def _requests(tale: Tale) -> None:
    people, agencies = tale.people, tale.agencies
    passages.accounts(tale, 138, agencies.police, agencies.children, took=40)
    tale.asked(138, agencies.surgeries, author=people.surgery)
    tale.returned(88, agencies.surgeries, people.surgery, answer="The account is attached; our lead nurse signs it.")
    tale.asked(138, agencies.womens_aid, "short_report")
    tale.returned(120, agencies.womens_aid, nil=True, answer="We did not know the family.")
    tale.asked(136, agencies.housing, "chronology")
    tale.settled(50, agencies.housing, withdrawn=False)
    tale.asked(136, agencies.fire, "chronology")
    tale.settled(128, agencies.fire, withdrawn=True)
    tale.asked(136, agencies.mental_health)
    tale.asked(80, agencies.probation, "short_report", due_in=42)
    tale.asked(
        22,
        agencies.hospital,
        author=people.agency_author,
        signatory=people.agency_signatory,
        scope="Emergency department only, last five years.",
    )


def _suspended(story: Story) -> None:
    """A trial is listed: main tasks wait, agencies go on returning what they were asked for."""
    tale, people, agencies = Tale(story, story.people.second_officer), story.people, story.agencies
    lead = people.third_chair
    tale.notified(
        322,
        death_ago=330,
        notifying_agency=agencies.police,
        people=[
            Named("deceased", "Magnus Featherstone", "1992-11-19", "Person A"),
            Named("suspect", "Lavinia Crewe", "1994-02-28", "Person B"),
        ],
        relationship="household",
        circumstances="A man of 32 died at a shared house. A woman who lived there has been charged and denies it.",
    )
    passages.decided(
        tale,
        scoped=312,
        on=297,
        told=295,
        learned="Housing and the recovery service knew both.",
        reason="Members of the same household; the police agree that the criteria are met.",
    )
    tale.relative(
        290,
        "Horatio Featherstone",
        "His brother",
        wants_contact=True,
        wishes="Wants to wait for the trial.",
        contact_route="By e-mail.",
    )
    passages.appointed(tale, 262, lead=lead)
    tale.step(
        238, "convene_panel", members=[(people.panel_member, agencies.police), (people.womens_aid, agencies.womens_aid)]
    )
    tale.on(
        204,
        lambda: pausing.suspend(
            tale.review,
            by=tale.officer,
            code="criminal_proceedings",
            reason="The prosecution asked us to wait: witnesses are on our list.",
            look_again_on=story.next_board,
        ),
    )
    tale.asked(190, agencies.recovery)
    tale.returned(
        150, agencies.recovery, answer="The account was written before the trial and will not be shared until it ends."
    )
    tale.asked(190, agencies.housing, "chronology")
    tale.contact(100, "His brother", "Told him that the trial is listed for the spring.")
