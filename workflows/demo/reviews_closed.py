"""Reviews that have come to their end: one the whole way, one without a review, two passed on."""

from __future__ import annotations

from dhr.access.roles import Standing
from dhr.accounts.standing import give_role
from dhr.reviews import learning
from dhr.reviews.notifying import Named

from . import passages
from .tale import Story, Tale


def tell(story: Story) -> None:
    _the_whole_way(story)
    _no_review_upheld(story)
    _not_our_area(story)


def _the_whole_way(story: Story) -> None:
    """Three and a half years, from the police's letter to the last action."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    chair = people.third_chair
    tale.notified(
        1278,
        death_ago=1290,
        channel="writing",
        notifying_agency=agencies.police,
        notifier="Detective Superintendent, major investigation team",
        people=[
            Named("deceased", "Marianne Oakeshott", "1968-03-11", "Anna"),
            Named("suspect", "Derek Oakeshott", "1965-07-02", "Person B"),
        ],
        children_in_household=False,
        place_of_death="At home, in the north of the area.",
        circumstances="A woman of 54 was found dead at home. Her husband called the ambulance and was arrested. "
        "They had been married for thirty years; her sister had worried about her for some time.",
    )
    passages.decided(
        tale,
        scoped=1266,
        on=1254,
        told=1252,
        learned="The surgery and the hospital knew her; the police had been called once, nine years ago.",
        reason="The criteria of section 9 are met. The chair consulted the statutory partners, who agreed.",
    )
    passages.accounts(tale, 1240, agencies.police, agencies.surgeries, agencies.hospital)
    tale.relative(
        1236,
        "Patricia Lowndes",
        "Anna's sister",
        wants_contact=True,
        has_advocate=True,
        wishes="Wants to be asked before anything is published.",
        contact_route="By phone, in the evening.",
    )
    tale.contact(1205, "Anna's sister", "Explained what a review is and is not. She will meet the chair.")
    tale.public_name(1190, "Anna")
    passages.appointed(tale, 1214, lead=chair, author=people.author)
    passages.panel(
        tale,
        1188,
        lead=chair,
        looks=(story.day(2900), story.day(1290)),
        questions="What did agencies know of coercion in a long marriage? Could anybody have asked, and when?",
        drafting=1120,
    )
    passages.version(tale, 1040, by=people.author)
    passages.before_the_panel(tale, 1036, lead=chair)
    passages.agreed(tale, 1015, lead=chair)
    passages.signed_off(tale, 975, "SST 31/7")
    passages.copied(tale, 970)
    passages.submitted(tale, 963)
    tale.action(
        972,
        "training",
        agencies.surgeries,
        "Train reception and nursing staff to ask about home.",
        due_ago=700,
        recommendation="That surgeries ask, and record the answer where the next clinician sees it.",
        owner=people.surgery,
    )
    tale.action(
        972,
        "leaflet",
        agencies.womens_aid,
        "Write a leaflet for people in long marriages.",
        due_ago=760,
        recommendation="That help is described in words that older people recognise as theirs.",
    )
    passages.answered(tale, 800, "publish", "The quality assurance panel found a thoughtful and humane report.")
    passages.published(tale, 764, "anna")
    tale.progress(755, "leaflet", "The leaflet is at every surgery and library.")
    tale.progress(
        690, "training", "All 31 surgeries have taken part; the question is in the template.", by=people.surgery
    )
    tale.contact(
        758, "Anna's sister", "Sent her the published report and rang. She thanked the panel.", by=people.officer
    )
    tale.step(640, "keep_in_touch")
    tale.step(612, "complete_action_plan")


def _no_review_upheld(story: Story) -> None:
    """The Home Office looked at the decision and agreed."""
    tale, agencies = Tale(story), story.agencies
    tale.notified(
        704,
        death_ago=730,
        manner="unexplained",
        relationship="not_known",
        notifying_agency=agencies.hospital,
        people=[Named("deceased", "Stanley Whitcombe", "1949-11-23", "Person A")],
        circumstances="A man of 72 died in hospital some days after a fall at home. He lived with his brother.",
    )
    passages.decided(
        tale,
        scoped=694,
        on=676,
        told=674,
        outcome="no_review",
        learned="The coroner found natural causes. No agency had a concern about the brother.",
        reason="The death did not result from violence, abuse or neglect. Police and health were consulted and agree.",
    )
    tale.step(603, "keep_in_touch")
    tale.step(602, "await_scrutiny", answer="upheld")


def _not_our_area(story: Story) -> None:
    """Decided by the dated deputy while the chair of the board was away; and the same death told twice."""
    people, agencies = story.people, story.agencies
    story.on(
        268,
        lambda: give_role(
            people.board_member,
            by=people.administrator,
            role=Standing.BOARD_CHAIR,
            starts_on=story.day(266),
            ends_on=story.day(248),
            deputy=True,
        ),
    )
    tale = Tale(story, story.people.second_officer)
    tale.notified(
        263,
        death_ago=270,
        notifying_agency=agencies.mental_health,
        people=[Named("deceased", "Rowena Tarleton", "1990-05-30", "Person A")],
        circumstances="A woman of 33 who had moved to Fellshire last year died there. She was known to our services before.",
    )
    tale.step(258, "scope_with_agencies", learned="She had lived in Fellshire for eleven months.")
    tale.on(
        257,
        lambda: learning.record_learning(
            tale.review, by=tale.officer, learning="Files did not follow her when she moved: tell the services now."
        ),
    )
    tale.step(255, "share_early_learning")
    tale.step(
        254,
        "decide",
        people.board_member,
        outcome="not_our_area",
        criteria=["aged_16", "violence", "connected"],
        reason="She normally lived in Fellshire. Their partnership has been told and has taken it on.",
    )
