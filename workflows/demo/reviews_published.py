"""Reviews at publication and after: one with an action plan that is late in places, one about to be published."""

from __future__ import annotations

from dhr.reviews.notifying import Named
from restricted_docs.vocabulary import DocumentKind

from . import passages
from .tale import Story, Tale


def tell(story: Story) -> None:
    _late_actions(story)
    _published_after_changes(story)


def _late_actions(story: Story) -> None:
    """Published over a year ago; two of its actions are late, another body follows a third."""
    tale, people, agencies = Tale(story), story.people, story.agencies
    lead = people.lead_chair
    tale.notified(
        1130,
        death_ago=1138,
        notifying_agency=agencies.police,
        manner="homicide",
        relationship="relative",
        people=[
            Named("deceased", "Constance Merrifield", "1943-02-19", "Nell"),
            Named("suspect", "Adrian Merrifield", "1971-09-08", "Person B"),
        ],
        circumstances="A woman of 79 died at home. Her adult son, who cared for her, was arrested and later convicted.",
    )
    passages.decided(
        tale,
        scoped=1118,
        on=1104,
        told=1101,
        learned="Social care had assessed her twice; her son's own needs were known to another team.",
        reason="The criteria are met: a relative in the same household.",
    )
    passages.accounts(tale, 1090, agencies.social_care, agencies.mental_health)
    tale.relative(
        1088,
        "Gwendolen Ferris",
        "Nell's niece",
        wants_contact=True,
        wishes="Would like letters, not calls.",
        contact_route="By post.",
    )
    passages.appointed(tale, 1062, lead=lead, author=people.author)
    tale.public_name(1040, "Nell")
    passages.panel(
        tale,
        1038,
        lead=lead,
        questions="Who saw the carer as somebody who needed help, and who saw what his mother lived with?",
        drafting=960,
    )
    passages.version(tale, 880, by=people.author)
    passages.before_the_panel(tale, 878, lead=lead)
    passages.agreed(tale, 860, lead=lead)
    passages.signed_off(tale, 820, "SST 36/5")
    passages.copied(tale, 816)
    passages.submitted(tale, 808)
    passages.answered(tale, 290, "publish", "We would like to see the report published as it is.")
    passages.published(tale, 225, "nell")
    _plan_of(tale)
    tale.contact(224, "Nell's niece", "Wrote to her on the day of publication.")


def _plan_of(tale: Tale) -> None:
    people, agencies = tale.people, tale.agencies
    tale.action(
        815,
        "carers",
        agencies.social_care,
        "Offer every family carer an assessment of their own.",
        due_ago=520,
        recommendation="That whoever cares is asked how they are, alone.",
        owner=people.social_care,
    )
    tale.action(
        815,
        "joint",
        agencies.mental_health,
        "Agree how the two teams tell each other of a shared household.",
        due_ago=64,
        recommendation="That teams who know the same household know it of each other.",
    )
    tale.action(
        815,
        "housing",
        agencies.housing,
        "Check in with tenants over 75 who live with an adult child.",
        due_ago=25,
        recommendation="That landlords notice change.",
        owner=people.housing,
    )
    tale.action(
        815,
        "national",
        agencies.social_care,
        "Write to the Department about carers in reviews.",
        due_ago=-75,
        scope="national",
        recommendation="That national guidance on carers mentions abuse.",
    )
    tale.action(
        815,
        "region",
        agencies.surgeries,
        "Add a question on carers to the health check.",
        due_ago=-40,
        scope="regional",
        monitored_by="Estuary Domestic Abuse Partnership Board",
        owner=people.surgery,
        recommendation="That surgeries ask both the carer and the cared-for.",
    )
    tale.progress(530, "carers", "Letters went to 1,140 carers; 212 assessments were made.", by=people.social_care)
    tale.progress(
        110, "housing", "The list of tenants is made; visits begin in spring.", by=people.housing, status="open"
    )


def _published_after_changes(story: Story) -> None:
    """The Home Office asked for changes, which are made; how to publish has been waiting to be decided."""
    tale, people, agencies = Tale(story, story.people.second_officer), story.people, story.agencies
    lead = people.joint_chair
    tale.notified(
        872,
        death_ago=880,
        notifying_agency=agencies.police,
        people=[
            Named("deceased", "Imelda Strangway", "1985-12-01", "Rose"),
            Named("suspect", "Conrad Vickers", "1983-06-17", "Person B"),
            Named("child", "Tabitha Vickers", "2012-04-05", "Child 1"),
        ],
        children_in_household=True,
        circumstances="A woman of 37 died after a separation. A former partner was convicted. A child lives with a grandmother.",
    )
    passages.decided(
        tale,
        scoped=862,
        on=846,
        told=844,
        learned="Police, school and the women's aid service knew the family.",
        reason="The criteria are met: a former intimate partner.",
    )
    passages.accounts(tale, 835, agencies.police, agencies.children)
    tale.relative(
        830,
        "Philomena Strangway",
        "Rose's mother",
        wants_contact=True,
        has_advocate=True,
        wishes="Her granddaughter must not be found by the report.",
        contact_route="Through the advocate.",
    )
    passages.appointed(tale, 806, lead=lead, author=people.author)
    passages.panel(
        tale,
        784,
        lead=lead,
        drafting=720,
        questions="What happened at the moment of separation, when risk is highest, and who knew of it?",
    )
    passages.version(tale, 600, by=people.author)
    passages.before_the_panel(tale, 598, lead=lead)
    passages.agreed(tale, 580, lead=lead)
    passages.signed_off(tale, 540, "SST 39/4")
    passages.copied(tale, 536)
    passages.submitted(tale, 528)
    tale.action(
        534,
        "school",
        agencies.children,
        "Tell schools on the same day when police attend a child's home.",
        due_ago=-30,
        recommendation="That schools know by the next morning.",
    )
    passages.answered(
        tale,
        96,
        "publish_after_changes",
        "Please say more of the child's experience, and shorten section 2.",
        "More of the child's experience; a shorter section 2.",
    )
    tale.step(
        90,
        "plan_changes",
        board_sees_it_again=False,
        reason="The chair and the officer agree: the findings stay as they are.",
    )
    passages.version(tale, 64, by=people.author)
    tale.step(52, "agree_draft", lead, agreed=True)
    tale.paper(
        50,
        "advice",
        DocumentKind.LEGAL_ADVICE,
        "Advice on publication",
        ("A child could be identified if the school's name or the street were given. Neither is in this version.",),
        audience="legal",
    )
