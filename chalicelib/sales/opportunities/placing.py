"""Where a deal stands in lists: its owner's, its team's, its month's, and those of its members."""

from typing import Any

from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.sales.opportunities.models import Membership, Opportunity


def place(deal: Opportunity, *, by: Principal, **values: Any) -> None:
    """Change a deal, and its place in all lists along with it."""
    place_before = deal.listed
    step = Step(by=by.id)
    step.change(deal, **deal.placed(**values))
    if deal.listed != place_before:
        place_for_members(step, deal)
    step.commit()


def place_for_members(step: Step, deal: Opportunity) -> None:
    """Add to a step that changes a deal where it stands in its members' lists."""
    for user_id in deal.member_ids:
        place_for(step, deal, user_id)


def place_for(step: Step, deal: Opportunity, user_id: str) -> None:
    """Add to a step that changes a deal where it stands in somebody's list: in none, off its team.

    It is written whatever stood there before: whoever changes the deal holds the deal's version.
    """
    works_on_it = user_id in deal.member_ids
    step.add(
        Membership(Membership.id_of(deal.id, user_id)),
        {},
        opportunity_id=deal.id,
        owner_id=user_id if works_on_it else None,
        listed=Membership.place_of(deal) if works_on_it else None,
    )
