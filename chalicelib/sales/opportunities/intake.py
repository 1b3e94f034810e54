"""How deals come in: opened by somebody, as part of a larger step, or out of another system's history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.core import clock, errors, ids, ownership
from chalicelib.core.access import SYSTEM, Principal, require
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, create
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import criteria, journey, pipelines, stalling
from chalicelib.sales.opportunities.evidence import Interactions
from chalicelib.sales.opportunities.lines import priced, summed
from chalicelib.sales.opportunities.models import Opportunity, Pipeline

Asked = Mapping[str, Any]


def open_deal(
    *,
    name: str,
    account_id: str,
    close_on: date,
    by: Principal,
    owner_id: str | None = None,
    contact_id: str | None = None,
    **details: Any,
) -> Opportunity:
    """Open a deal with an account in reach; its region and industry are the account's unless given.

    It is the caller's own; to open one for somebody else takes the right to approve.
    """
    if owner_id not in (None, by.id):
        require(by, "opportunities:approve")
    account = customer(account_id, contact_id, who=by)
    owner: dict[str, Any] = people.owner_fields(owner_id or by.id)
    step = Step(by=by.id)
    deal = put_opportunity(
        step,
        name=name,
        account_id=account_id,
        contact_id=contact_id,
        close_on=close_on,
        **owner,
        **{"region": account.region, "industry": account.industry, **details},
    )
    step.commit()
    return deal


def customer(account_id: str | None, contact_id: str | None, *, who: Principal) -> Any:
    """Return the account of a deal, None for none.

    Invalid when it, or the contact in it, is voided or not there for the caller.
    """
    account = _named("account_id", account_id, accounts.account, who=who)
    contact = _named("contact_id", contact_id, accounts.contact, who=who)
    if contact and contact.account_id != account_id:
        raise errors.Invalid.one("contact_id", "unknown_reference")
    return account


def _named(field: str, item_id: str | None, find: Callable[..., Any], *, who: Principal) -> Any:
    if item_id is None:
        return None
    try:
        found = find(item_id, who=who)
        ownership.require_standing(found)
    except (errors.NotFound, errors.Conflict):
        raise errors.Invalid.one(field, "unknown_reference") from None
    return found


def put_opportunity(
    step: Step,
    *,
    name: str,
    account_id: str,
    owner_id: str,
    team_id: str | None,
    close_on: date,
    amount: Money | None = None,
    pipeline_id: str | None = None,
    lines: Sequence[Asked] = (),
    **details: Any,
) -> Opportunity:
    """Add a new deal to a step, in the first stage of its pipeline (the default one for None).

    `lines` are as `lines.priced` takes them, and make the amount. `details` are further
    attributes: contact_id, lead_id, source, campaign, region, industry, next_step, … The account
    and the contact have been checked, or are made, by the caller. Invalid for a pipeline or
    product that is not there; Blocked when the stage's entry criteria are not met.
    """
    if lines and amount:
        raise errors.Invalid.one("amount", "follows_lines")
    pipeline = pipelines.for_new_deal(pipeline_id)
    stage = pipelines.open_stages(pipeline.stages)[0]
    kept, total = priced(lines) if lines else ([], amount or Money(0, settings().currency))
    now = clock.now()
    deal = Opportunity(
        name=name,
        account_id=account_id,
        owner_id=owner_id,
        team_id=team_id,
        close_on=close_on,
        amount=total,
        lines=kept,
        opened_on=clock.today(),
        journey=journey.begun(stage["id"]),
        **_standing(pipeline, stage),
        stage_since=now,
        **stalling.clock_of(stage, now),
        **details,
    )
    criteria.require([criteria.Gate(stage, stage["entry"])], deal, Interactions(None))
    step.create(deal)
    return deal


def join_lead(step: Step, deal: Opportunity, *, lead_id: str) -> None:
    """Add to a step that a lead goes into a deal there is: what was about it is about the deal too."""
    step.change(deal, joined_lead_ids=[*deal.joined_lead_ids, lead_id])


def bring_in(
    *,
    external_id: str,
    name: str,
    stage_id: str,
    owner_id: str,
    team_id: str | None,
    account_id: str | None = None,
    amount: Money | None = None,
    lines: Sequence[Asked] = (),
    opened_on: date | None = None,
    closed_on: date | None = None,
    through: Sequence[tuple[str, date]] = (),
    pipeline: Pipeline | None = None,
    by: str = SYSTEM.id,
    **details: Any,
) -> Opportunity | None:
    """Write a deal as another system's history tells it; one conditional write, no criteria.

    Its id follows from `external_id` (say whose: ``maven:1C1I7A6R``): None, and nothing written,
    when it is there already. The stage's type makes it open, won or lost. `through` are the open
    stages it has stood in, each with the day it came there, as far as they are known: an open
    deal's last one is its stage, a closed deal's last one the stage it was closed from. `lines`
    carry their unit prices, and make the amount unless one is given. `details` as in `put_opportunity`, and
    close_on. References (owner, account, products) are the caller's to check. Invalid for a stage
    that the pipeline (the default one for None) does not have, and for dates that cannot be.
    """
    pipeline = pipeline or pipelines.for_new_deal(None)
    stage = pipelines.stage(pipeline, stage_id)
    _require_dates(stage["type"], opened_on, closed_on)
    kept, total = summed(lines) if lines else ([], amount or Money(0, settings().currency))
    if amount and amount.currency != total.currency:
        raise errors.Invalid.one("amount", "one_currency", currency=total.currency)
    stays = [(code, clock.start_of(day)) for code, day in through]
    began = clock.start_of(opened_on) if opened_on else clock.now()
    since = clock.start_of(closed_on) if closed_on else stays[-1][1] if stays else began
    deal = Opportunity(
        ids.derived("opportunity", _NO_PARENT, external_id),
        external_id=external_id,
        name=name,
        account_id=account_id,
        owner_id=owner_id,
        team_id=team_id,
        amount=amount or total,
        lines=kept,
        opened_on=opened_on,
        closed_on=closed_on,
        closed_from=stays[-1][0] if stays and closed_on else None,
        journey=_way(stage, stays, since),
        **_standing(pipeline, stage),
        stage_since=since,
        **stalling.clock_of(stage, since),
        **details,
    )
    if opened_on:
        deal.created_month = clock.month(opened_on)
    return deal if _is_new(deal, by=by) else None


def _is_new(deal: Opportunity, *, by: str) -> bool:
    try:
        create(deal, by=by)
    except errors.AlreadyExists:
        return False
    return True


#: Ids made from what another system calls a deal carry no time of their own.
_NO_PARENT = f"opportunity_{0:026d}"


def _way(stage: pipelines.Stage, stays: Sequence[tuple[str, datetime]], closed: datetime) -> journey.Journey:
    if not stays:
        return journey.begun(stage["id"])
    way, (here, since) = journey.begun(stays[0][0]), stays[0]
    for there, came in stays[1:]:
        way = journey.moved(way, leaving=here, how="advanced", to=there, since=since, at=came)
        here, since = there, came
    if how := journey.OUTCOMES.get(stage["type"]):
        way = journey.moved(way, leaving=here, how=how, to=stage["id"], since=since, at=closed)
    return way


def _standing(pipeline: Pipeline, stage: pipelines.Stage) -> dict[str, Any]:
    return {
        "pipeline_id": pipeline.id,
        "stage_id": stage["id"],
        "status": stage["type"],
        "probability": stage["probability"],
        "forecast_category": stage["forecast_category"],
    }


def _require_dates(stage_type: str, opened_on: date | None, closed_on: date | None) -> None:
    wrong: list[FieldError] = []
    if stage_type == "OPEN" and closed_on:
        wrong.append(FieldError("closed_on", "open_stage"))
    if stage_type != "OPEN":
        needed = {"opened_on": opened_on, "closed_on": closed_on}
        wrong += [FieldError(name, "missing") for name, day in needed.items() if day is None]
    if opened_on and closed_on and closed_on < opened_on:
        wrong.append(FieldError("closed_on", "before_opening"))
    if wrong:
        raise errors.Invalid(*wrong)
