"""The register of chairs: few who can, some who would. The board has asked where more can be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chairs.register import add_chair_to_register, update_chair
from dhr.accounts.models import User

from .tale import Story

BOARD_ASKED = 210  # days ago: the process was shared with the fire service, for people who retire from it


def tell(story: Story) -> None:
    people = story.people
    done = {
        "home_office_1": story.day(1400).isoformat(),
        "home_office_2": story.day(1390).isoformat(),
    }
    soon = story.today + timedelta(days=120)
    chairs: tuple[tuple[int, User, dict[str, Any]], ...] = (
        (
            1295,
            people.third_chair,
            {
                "services": "chair",
                "source": "other_retiree",
                "training": done,
                "max_live": 2,
                "region": "North west",
                "employment_history": "Probation, thirty years; retired nine years ago.",
                "day_rate": 520,
            },
        ),
        (
            1294,
            people.author,
            {
                "services": "author",
                "source": "network",
                "training": done,
                "max_live": 8,
                "region": "Wales",
                "day_rate": 460,
            },
        ),
        (
            1150,
            people.lead_chair,
            {
                "services": "both",
                "source": "advertisement",
                "training": done,
                "max_live": 3,
                "region": "Northshore",
                "employment_history": "Head teacher until 2014; school governor.",
                "review_on": soon,
            },
        ),
        (
            1010,
            people.joint_chair,
            {
                "services": "chair",
                "source": "fire_retiree",
                "training": done,
                "max_live": 2,
                "region": "Northshore",
                "employment_history": "Fire and rescue service until eleven years ago.",
                "specialisms": ["older_people"],
            },
        ),
    )
    for ago, user, facts in chairs:
        _enter(story, ago, user.name, user=user, stage="available", **facts)
    others: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (880, "Hilary Stott", {"stage": "available", "source": "other_retiree", "region": "Fellshire"}),
        (
            BOARD_ASKED - 8,
            "Alan Birtwhistle",
            {
                "stage": "prospect",
                "source": "fire_retiree",
                "region": "Northshore",
                "notes": "Watch manager, retired last year. Came to the open evening at the fire station.",
            },
        ),
        (
            BOARD_ASKED - 8,
            "Sheila Moorcroft",
            {
                "stage": "prospect",
                "source": "fire_retiree",
                "region": "Northshore",
                "notes": "Group manager, retires in summer.",
            },
        ),
        (
            BOARD_ASKED - 15,
            "Desmond Achebe",
            {"stage": "expression_of_interest", "source": "police_retiree", "region": "Estuary"},
        ),
    )
    for ago, name, facts in others:
        _enter(story, ago, name, **facts)
    story.on(
        90,
        lambda: update_chair(
            story.register["Alan Birtwhistle"],
            by=people.officer,
            stage="training",
            training={"home_office_1": story.day(95).isoformat()},
        ),
    )


def _enter(story: Story, ago: int, name: str, **facts: Any) -> None:
    def act() -> None:
        story.register[name] = add_chair_to_register(story.partnership, by=story.people.officer, name=name, **facts)

    story.on(ago, act)
