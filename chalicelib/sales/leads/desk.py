"""What somebody does with a lead on the desk: read, change, hand over, qualify, give up, void."""

from typing import Any, Final

from chalicelib.core import access, clock, errors, ids, ownership
from chalicelib.core.access import Principal, Role
from chalicelib.core.ownership import standing
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import intake, locating, matching, moves, placing, pool_setup, pools, rules, sla
from chalicelib.sales.leads.intake import Enquiry, Taken, take_in
from chalicelib.sales.leads.models import Lead, Touch

#: What a score is made of: a change of these scores anew.
_TELL: Final = ("email", "phone")


def add_lead(
    *,
    by: Principal,
    owner_id: str | None = None,
    channel: str = "API",
    origin: str | None = None,
    **details: Any,
) -> Taken:
    """Take in a lead that somebody typed in or another system sends; with the same `origin` only once.

    With an owner other than oneself the caller must be one who may assign. A rep's own lead stays
    with the rep; everything else the rules decide.
    """
    if owner_id not in (None, by.id):
        access.require(by, "leads:approve")
    if owner_id is None and by.role == Role.REP:
        owner_id = by.id
    place = placing.given(people.owner_fields(owner_id), "GIVEN", by=by.id) if owner_id else None
    named = {"name": details.get("company") or details.get("email") or details.get("phone")} | details
    return take_in(
        Enquiry(
            {**named, "channel": channel},
            clock.now(),
            origin=origin or ids.new("lead"),
            by=by.id,
            place=place,
        )
    )


def lead(lead_id: str, *, who: Principal, to_write: bool = False) -> Lead:
    """Return a lead in the caller's reach.

    One in a pool is in reach of the pool's members: to read, and to change for those who may assign.
    """
    found = Lead.fetch(lead_id)
    if access.reaches(who, found, to_write=to_write):
        return found
    if not _waits_for(who, found):
        access.require_reach(who, found, to_write=to_write)
    elif to_write:
        access.require(who, "leads:approve")
    return found


def is_seen(found: Lead, *, who: Principal) -> bool:
    """Whether somebody may read a lead (`lead`)."""
    return access.reaches(who, found) or _waits_for(who, found)


def _waits_for(who: Principal, found: Lead) -> bool:
    return bool(found.pool_id) and pool_setup.is_member(who, pool_setup.pool(str(found.pool_id)))


def leads(*, who: Principal, status: str | None = None, **which: Any) -> Page[Lead]:
    """Return a page of an owner's, a team's or a month's leads; with a status, of an owner's open ones."""
    if status is None:
        return ownership.owned_page(Lead, who=who, **which)
    if which.get("team_id") or which.get("month") or which.get("voided"):
        raise errors.Invalid.one("status", "status_of_owner")
    owner_id = which.get("owner_id") or who.id
    if owner_id != who.id and not (who.sees_all or who.managed_teams):
        raise errors.NotFound
    paging = {name: which[name] for name in ("limit", "after") if name in which}
    found = page(Lead.by_desk.query, moves.desk(owner_id, status) or "", between=standing(Lead), **paging)
    return Page([each for each in found.items if access.reaches(who, each)], found.after)


def touches(lead_id: str, *, who: Principal, **paging: Any) -> Page[Touch]:
    """Return a page of a lead's touches, the latest first."""
    found = lead(lead_id, who=who)
    # The post that a lead or touch came from names the lead too, and stands in the same index.
    return page(Touch.by_lead.query, found.id, between=Touch.id.startswith("touch_"), **paging)


def change_lead(lead_id: str, *, version: int | None, by: Principal, **changes: Any) -> Lead:
    """Change what is known of a lead; it is scored anew, and known by its new e-mail and phone.

    AlreadyExists when another lead is known by one of them.
    """
    found = _mine("change", lead_id, version=version, by=by)
    if changes.get("name", found.name) is None:
        raise errors.Invalid.one("name", "missing")
    if not set(changes).isdisjoint(locating.TELLING):
        changes |= locating.located({**intake.profile(found), **changes})
    after = intake.profile(found) | changes
    step = Step(by=by.id)
    if found.status not in ("CONVERTED", "VOIDED"):
        changes |= _known_as(step, found, after, [name for name in _TELL if name in changes])
    moves.move(step, found, **changes, **rules.score(after))
    step.commit()
    return found


def _known_as(step: Step, found: Lead, after: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    if not changed:
        return {}
    before = {name: getattr(found, name) for name in changed}
    old = set(matching.own_keys(before).values()) & set(found.claims)
    new = set(matching.own_keys({name: after[name] for name in changed}).values())
    for key in old - new:
        step.release(key, found.id)
    moves.claim_keys(step, found, sorted(new - set(found.claims)))
    return {"claims": [key for key in found.claims if key not in old - new] + sorted(new - set(found.claims))}


def reassign_lead(lead_id: str, *, owner_id: str, version: int | None, by: Principal) -> Lead:
    """Give a lead to another owner. Its owner may, and whoever may assign; also out of a pool."""
    found = lead(lead_id, who=by, to_write=True)
    if found.owner_id != by.id:
        access.require(by, "leads:approve")
    _require_turn("reassign", found, version=version, by=by)
    place = placing.given(people.owner_fields(owner_id), "REASSIGNED", by=by.id)
    status = found.status if found.status in ("WORKING", "QUALIFIED") else "ASSIGNED"
    return _moved(found, by, **{**place.values, "status": status})


def share_lead(lead_id: str, *, version: int | None, by: Principal, **sharing: Any) -> Lead:
    """Share a lead with a user or team, or end that."""
    found = Lead.fetch(lead_id)
    ownership.share(found, by=by, version=version, **sharing)
    return found


def return_lead(lead_id: str, *, version: int | None, by: Principal, **why: Any) -> Lead:
    """Return a lead to a pool, with the reason."""
    return pools.give_back(Lead.fetch(lead_id), version=version, by=by, **{"pool_id": None, **why})


def qualify_lead(lead_id: str, *, version: int | None, by: Principal) -> Lead:
    """Confirm that a lead is worth an opportunity; who confirms that has been in contact."""
    found = _mine("qualify", lead_id, version=version, by=by)
    now = clock.now()
    return _moved(found, by, status="QUALIFIED", qualified_at=now, **sla.contacted(found, now))


def unqualify_lead(lead_id: str, *, reason: str, version: int | None, by: Principal) -> Lead:
    """Give a lead up, with the reason; it comes back when the person does."""
    found = _mine("unqualify", lead_id, version=version, by=by)
    ended = {"unqualified_reason": reason, "pool_id": None, **sla.ended(found)}
    return _moved(found, by, status="UNQUALIFIED", **ended)


def void_lead(lead_id: str, *, version: int | None, by: Principal) -> Lead:
    """Take a lead out of lists and figures; the same person may be a new lead then."""
    found = _mine("void", lead_id, version=version, by=by)
    step = Step(by=by.id)
    also = moves.following(step, found, status="VOIDED")
    if found.status != "CONVERTED":
        moves.release_keys(step, found)
    ownership.void(step, found, **also)
    step.commit()
    return found


def restore_lead(lead_id: str, *, version: int | None, by: Principal) -> Lead:
    """Bring a voided lead back. AlreadyExists when the person is another lead by now."""
    found = _mine("restore", lead_id, version=version, by=by)
    step = Step(by=by.id)
    before = str(found.voided_from)
    if before != "CONVERTED":
        moves.claim_keys(step, found, moves.personal(found.claims))
    ownership.restore(step, found, **moves.following(step, found, status=before))
    step.commit()
    return found


def _mine(verb: str, lead_id: str, *, version: int | None, by: Principal) -> Lead:
    found = lead(lead_id, who=by, to_write=True)
    _require_turn(verb, found, version=version, by=by)
    return found


def _require_turn(verb: str, found: Lead, *, version: int | None, by: Principal) -> None:
    moves.LIFECYCLE.require(verb, found.status, by=by)
    expect(found, version)


def _moved(found: Lead, by: Principal, **values: Any) -> Lead:
    step = Step(by=by.id)
    moves.move(step, found, **values)
    step.commit()
    return found
