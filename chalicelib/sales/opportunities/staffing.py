"""Who works on a deal: its owner, and the members of its team with their roles and splits.

A split is the percent of the deal's credit that a member has; the owner has what the members'
splits leave, so that they are 100 together, whoever joins or leaves. Figures by split show the credit of
each, all others stay by owner.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core import clock, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import todo
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.placing import place_for

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
    Who was put on it by somebody else has a task about it.
    """
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    ownership.require_standing(deal)
    expect(deal, version)
    roles, splits = _others(deal, user_id)
    step = Step(by=by.id, about=deal.id)
    if role:
        member = people.owner_fields(user_id, field="user_id")
        _require_place(deal, user_id, roles)
        _require_left(split_percent, splits)
        roles[user_id] = role
        splits |= {user_id: split_percent} if split_percent else {}
        if user_id not in {by.id, *deal.member_ids}:
            part = f"{user_id}|{deal.version}"
            todo.add_task(step, deal, "member", part, due_at=clock.now(), owner=member)
    was_on_it = user_id in deal.member_ids
    step.change(deal, **_team(roles, splits))
    if role or was_on_it:
        place_for(step, deal, user_id)
    step.commit()
    return deal


def reassign(deal_id: str, *, owner_id: str, version: int | None, by: Principal) -> Opportunity:
    """Give a deal to another owner; a member who becomes that is a member no more."""
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    was_on_it = owner_id in deal.member_ids
    team = _team(*_others(deal, owner_id))
    step = Step(by=by.id, about=deal.id)
    ownership.reassign(deal, to=people.owner_fields(owner_id), by=by, version=version, step=step, **team)
    if was_on_it:
        place_for(step, deal, owner_id)
    step.commit()
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
