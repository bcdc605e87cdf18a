"""Reviews in drafting: the joint chairs' report on its way to the board, and a directed one that is late."""

from __future__ import annotations

from dhr import clock
from dhr.reviews import panel
from dhr.reviews.notifying import Named
from restricted_docs.models import Restriction
from restricted_docs.restricting import decide_restriction, propose_restriction

from . import passages
from .tale import Story, Tale

CLOSED = "The findings would let readers know the living members of a family before they have read it themselves."


def tell(story: Story) -> Tale:
    """Answers the tale of the joint chairs: the board's agenda needs it."""
    _directed(story)
    return _joint_chairs(story)


def _joint_chairs(story: Story) -> Tale:
    """Two chairs report to the board's next meeting, with one paper restricted under paragraph 7 and one member to read it."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    lead = people.lead_chair
    tale.notified(
        588,
        death_ago=597,
        channel="writing",
        notifying_agency=agencies.police,
        notifier="Detective Chief Inspector, public protection",
        outside_references="Coroner's file; serious crime review.",
        people=[
            Named("deceased", "Josephine Arkwright", "1958-04-27", "May"),
            Named("suspect", "Leonard Arkwright", "1955-12-12", "Person B"),
            Named("child", "Nicholas Arkwright", "2008-02-02", "Grandchild 1"),
        ],
        children_in_household=True,
        media_interest=True,
        place_of_death="At home.",
        circumstances="A woman of 65 died at home, where she and her husband were bringing up a grandchild. "
        "He had lately given up work because of his own health.",
    )
    passages.decided(
        tale,
        scoped=576,
        on=562,
        told=560,
        learned="The surgery, the hospital and the school knew the family well; nobody knew of violence.",
        reason="The criteria are met: a spouse in the same household.",
    )
    _accounts_of(tale)
    tale.relative(
        548,
        "Rosalind Keane",
        "May's sister",
        wants_contact=True,
        has_advocate=True,
        wishes="Wants the grandchild to be told by her, and nobody else.",
        contact_route="At her home.",
    )
    passages.appointed(tale, 530, lead=lead, chairs=[people.joint_chair], author=people.author)
    passages.panel(
        tale,
        508,
        lead=lead,
        looks=(story.day(2400), story.day(597)),
        drafting=430,
        questions="What changes when a carer's health fails? Who asks how they are, and who listens to a grandmother?",
    )
    tale.on(
        494,
        lambda: panel.record_meeting(
            tale.review,
            by=tale.officer,
            on=clock.today(),
            kind="first",
            agencies=[agencies.police, agencies.social_care, agencies.womens_aid],
            notes="The panel met the sister's advocate and agreed the period to look at.",
        ),
    )
    tale.contact(420, "May's sister", "Both chairs visited. She spoke of her sister for two hours.", by=lead)
    passages.version(tale, 240, by=people.author)
    tale.step(214, "agree_draft", lead, agreed=False, reason="More on what the school saw, and less jargon.")
    passages.version(tale, 72, by=people.author)
    passages.before_the_panel(tale, 70, lead=lead)
    passages.agreed(tale, 45, lead=lead)
    tale.contact(29, "May's sister", "Read the draft with her over two afternoons.", by=people.joint_chair)
    passages.for_sign_off(
        tale,
        16,
        "overview",
        "Overview and key findings for the board",
        (
            "The joint chairs report on the circumstances of the review and its key findings.",
            "Finding 1: a carer's own ill health was known to three services and joined up by none.",
            "Finding 2: questions about home were asked of her only when he was in the room.",
            "Finding 3: the school's concern for the grandchild had no way to reach the surgery.",
            "The board is asked to sign the report off for submission to the Home Office.",
        ),
    )
    tale.on(15, lambda: propose_restriction(tale.papers["overview"], by=lead, paragraphs=[7], public_interest=CLOSED))
    tale.opened(13, "overview", people.monitoring, people.joint_chair)
    tale.on(10, lambda: _uphold(tale))
    tale.opened(4, "overview", lead)
    return tale


def _accounts_of(tale: Tale) -> None:
    """The hospital's own people return and sign here; the others write by e-mail."""
    people, agencies = tale.people, tale.agencies
    tale.asked(
        550,
        agencies.hospital,
        author=people.agency_author,
        signatory=people.agency_signatory,
        scope="Both patients, from the first appointment in the period.",
    )
    tale.paper(
        512,
        "hospital",
        "imr",
        "Hospital management review",
        ("The hospital saw both of them at eleven appointments. Each was asked about home twice, never alone.",),
        by=people.agency_author,
        commission=lambda: tale.requests[agencies.hospital],
    )
    tale.returned(
        511, agencies.hospital, people.agency_author, answer="Our review is attached. We have begun to act on it."
    )
    tale.signed(505, agencies.hospital, people.agency_signatory)
    passages.accounts(tale, 549, agencies.police, agencies.surgeries)


def _uphold(tale: Tale) -> None:
    proposed = Restriction.objects.open().get(document=tale.papers["overview"])
    decide_restriction(
        proposed,
        by=tale.people.monitoring,
        upheld=True,
        review_on=tale.story.next_board,
        reason="Closed until the family has read the final report; to be looked at again at the meeting.",
    )


def _directed(story: Story) -> None:
    """The Home Office directed a review that had been decided against. Its report is a year in the writing and late."""
    tale, people, agencies = Tale(story, story.people.second_officer), story.people, story.agencies
    lead = people.joint_chair
    tale.notified(
        534,
        death_ago=560,
        manner="unexplained",
        notifying_agency=agencies.surgeries,
        people=[Named("deceased", "Beatrix Holloway", "1996-07-07", "Person A")],
        circumstances="A woman of 27 was found dead at home. The cause was not clear for some weeks. A partner had moved out.",
    )
    passages.decided(
        tale,
        scoped=522,
        on=506,
        told=503,
        outcome="no_review",
        learned="Her surgery had no concern. The women's aid service did not know her.",
        reason="There was no known violence. The chair consulted the police, who had closed their enquiry.",
    )
    tale.step(
        440, "await_scrutiny", answer="directed", reason="A call to the police two years before had not been found."
    )
    passages.appointed(tale, 400, lead=lead, author=people.author)
    passages.panel(
        tale, 372, lead=lead, drafting=300, questions="Why was the earlier call not found, and what did it say?"
    )
    passages.accounts(tale, 368, agencies.police)
    tale.paper(
        96,
        "notes",
        "other",
        "Working notes for the first version",
        ("Chapters 1 to 3 are written. The chronology waits for one more call record.",),
        by=people.author,
    )
    tale.on(
        40,
        lambda: propose_restriction(
            tale.papers["notes"],
            by=people.author,
            paragraphs=[1, 7],
            public_interest="The notes name staff of two agencies who have not yet seen them.",
        ),
    )
    tale.action(
        430,
        "records",
        agencies.police,
        "Search by address as well as by name when a death is looked into.",
        due_ago=250,
        scope="early_learning",
    )
    tale.progress(262, "records", "The search is now part of the form.")
    tale.paper(
        120,
        "call",
        "police_material",
        "Record of the earlier call",
        ("A call of four minutes, closed without a visit.",),
    )
    tale.relative(420, "Theodora Holloway", "Her mother", wants_contact=None)
    tale.on(
        200,
        lambda: panel.record_meeting(
            tale.review,
            by=lead,
            on=tale.story.day(202),
            kind="progress",
            agencies=[agencies.police, agencies.womens_aid],
            notes="The author needs two more months.",
        ),
    )
    tale.contact(150, "Her mother", "Rang to say that the report takes longer than we had told her.", by=lead)
