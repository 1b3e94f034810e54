"""The approval that a stage may ask for: of the deal as it stands there, up to its amount of then."""

from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.money import Money
from chalicelib.core.step import change
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.moves import movable


def approve_stage(deal_id: str, *, version: int | None, by: Principal) -> Opportunity:
    """Approve a deal in its stage; one that is approved stays as it is.

    Forbidden to its owner (administrators aside), and without the right to approve.
    """
    deal = movable("approve_stage", deal_id, version=version, by=by)
    if deal.owner_id == by.id and by.role is not Role.ADMIN:
        raise errors.Forbidden("own_deal")
    if not deal.stage_approval:
        amount = {"minor": deal.amount.minor, "currency": deal.amount.currency}
        given = {"by": by.id, "at": clock.iso(clock.now()), "amount": amount}
        change(deal, by=by.id, stage_approval=given)
    return deal


def lost_with(deal: Opportunity, amount: Money) -> dict[str, Any]:
    """Return what becomes of a deal's approval with another amount: above the approved one, it is lost."""
    if not deal.stage_approval:
        return {}
    approved = Money(**deal.stage_approval["amount"])
    held = amount.currency == approved.currency and amount.minor <= approved.minor
    return {} if held else {"stage_approval": None}
