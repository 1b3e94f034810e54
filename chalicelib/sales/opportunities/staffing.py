"""Who works on a deal: its owner, and the members of its team with their roles and splits.

A split is the percent of the deal's credit that a member has; the owner has what the members'
splits leave, so that they are 100 together, whoever joins or leaves. Figures stay by owner.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core import errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import change
from chalicelib.core.table import expect
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities.models import Opportunity

WHOLE: Final = 100
#: A team is read with each page of a list; far more people would make it heavy.
MOST_MEMBERS: Final = 50


def set_member(
    deal_id: str,
    user_id: str,
    *,
    role: str | None,
    split_percent: int = 0,
    version: int | None,
    by: Principal,
) -> Opportunity:
    """Put a user on the deal's team in a role and with a split, change them, or (None) take them off it.

    Members read and write the deal. Invalid for the owner, or somebody who does not work here
    (`user_id`), for one more than a team may have, and for a split beyond what the others leave.
    """
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    ownership.require_standing(deal)
    expect(deal, version)
    roles, splits = _others(deal, user_id)
    if role:
        people.owner_fields(user_id, field="user_id")
        _require_place(deal, user_id, roles)
        _require_left(split_percent, splits)
        roles[user_id] = role
        splits |= {user_id: split_percent} if split_percent else {}
    change(deal, by=by.id, **_team(roles, splits))
    return deal


def reassign(deal_id: str, *, owner_id: str, version: int | None, by: Principal) -> Opportunity:
    """Give a deal to another owner; a member who becomes that is a member no more."""
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    team = _team(*_others(deal, owner_id))
    ownership.reassign(deal, to=people.owner_fields(owner_id), by=by, version=version, **team)
    return deal


def _others(deal: Opportunity, user_id: str) -> tuple[dict[str, str], dict[str, int]]:
    held: tuple[Mapping[str, Any], ...] = (deal.member_roles, deal.member_splits)
    roles, splits = ({user: of[user] for user in of if user != user_id} for of in held)
    return roles, splits


def _team(roles: Mapping[str, str], splits: Mapping[str, int]) -> dict[str, Any]:
    return {"member_roles": roles, "member_splits": splits, "member_ids": sorted(roles)}


def _require_place(deal: Opportunity, user_id: str, others: Mapping[str, str]) -> None:
    if user_id == deal.owner_id:
        raise errors.Invalid.one("user_id", "owner_already")
    if len(others) >= MOST_MEMBERS:
        raise errors.Invalid.one("user_id", "team_full", most=MOST_MEMBERS)


def _require_left(split: int, others: Mapping[str, int]) -> None:
    left = WHOLE - sum(others.values())
    if split > left:
        raise errors.Invalid.one("split_percent", "split_over", left=left)
