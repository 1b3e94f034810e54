"""Conversion 转换: a lead becomes an account, a contact and an opportunity, or part of those there are.

One transaction: all of it, or an answer that names the field and nothing written. The lead's story
goes along: the opportunity and the contact name the lead, and so list what is about it, the account a
moment later (`belong`).
"""

from datetime import timedelta
from typing import Any, Final

from chalicelib.core import access, clock, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import desk, moves, sla
from chalicelib.sales.leads.models import Lead
from chalicelib.sales.leads.wanted import Wanted
from chalicelib.sales.opportunities import service as opportunities

#: An opportunity is expected to close so many days on where nobody says otherwise.
CLOSES_IN: Final = timedelta(days=90)


def convert(lead_id: str, wanted: Wanted, *, version: int | None, by: Principal) -> Lead:
    """Convert a lead. Invalid names the field of a record that cannot be used or made.

    OutOfTurn when it is converted or given up already; of two at once, one is Stale.
    """
    lead = desk.lead(lead_id, who=by, to_write=True)
    moves.LIFECYCLE.require("convert", lead.status, by=by)
    expect(lead, version)
    owner = people.owner_fields(lead.owner_id or by.id)
    step = Step(by=by.id, about=lead.id)
    values: dict[str, Any] = {**owner, "pool_id": None, "status": "CONVERTED", "converted_at": clock.now()}
    values |= {"qualified_at": clock.now()} if lead.status != "QUALIFIED" else {}
    values |= sla.contacted(lead, clock.now())
    account_id = _account(step, lead, wanted, owner, by)
    contact_id = _contact(step, lead, wanted, account_id, owner, by)
    opportunity_id = _opportunity(step, lead, wanted, account_id, contact_id, owner, by)
    made: dict[str, Any] = {
        "account_id": account_id,
        "contact_id": contact_id,
        "opportunity_id": opportunity_id,
    }
    moves.move(step, lead, **values, **made)
    moves.release_keys(step, lead)
    _commit(step)
    return lead


def _account(step: Step, lead: Lead, wanted: Wanted, owner: dict[str, Any], by: Principal) -> str:
    known = wanted.account_id or (None if wanted.account.get("name") else lead.account_id)
    if known:
        with _naming("account_id"):
            return _standing(accounts.account(known, who=by), "account_id")
    name = wanted.account.get("name") or lead.company or lead.name
    copied = _copied(lead, ("industry", "region", "country", "city", "website", "employees"))
    details = copied | wanted.account | {"name": name, "allow_duplicate": wanted.allow_duplicate}
    told: dict[str, Any] = {"source": lead.source, "campaign": lead.campaign, "lead_id": lead.id}
    return accounts.put_account(step, **owner, **details, **told).id


def _contact(
    step: Step, lead: Lead, wanted: Wanted, account_id: str, owner: dict[str, Any], by: Principal
) -> str:
    if wanted.contact_id:
        return _contact_of(wanted.contact_id, account_id, who=by)
    if lead.contact_id and not _given(wanted.contact) and account_id == lead.account_id:
        # The system recognised it, in whosever reach it is; that it still stands is all there is to ask.
        return _contact_of(lead.contact_id, account_id, who=access.SYSTEM)
    details = _copied(lead, ("email", "phone", "title", "language")) | wanted.contact
    details |= {"name": wanted.contact.get("name") or lead.name, "allow_duplicate": wanted.allow_duplicate}
    told: dict[str, Any] = {"source": lead.source, "lead_id": lead.id}
    return accounts.put_contact(step, account_id=account_id, **owner, **details, **told).id


def _contact_of(contact_id: str, account_id: str, *, who: Principal) -> str:
    with _naming("contact_id"):
        contact = accounts.contact(contact_id, who=who)
    if contact.account_id != account_id:
        raise errors.Invalid.one("contact_id", "contact_of_other_account")
    return _standing(contact, "contact_id")


def _standing(record: Any, field: str) -> str:
    if record.status == ownership.VOIDED:
        raise errors.Invalid.one(field, "convert_into_voided")
    return str(record.id)


def _opportunity(
    step: Step,
    lead: Lead,
    wanted: Wanted,
    account_id: str,
    contact_id: str,
    owner: dict[str, Any],
    by: Principal,
) -> str | None:
    if wanted.opportunity_id:
        with _naming("opportunity_id"):
            deal = opportunities.opportunity(wanted.opportunity_id, who=by, to_write=True)
        if deal.account_id != account_id:
            raise errors.Invalid.one("opportunity_id", "deal_of_other_account")
        if deal.status != "OPEN":
            raise errors.Invalid.one("opportunity_id", "convert_into_closed")
        opportunities.join_lead(step, deal, lead_id=lead.id)
        return deal.id
    if wanted.opportunity is None:
        return None
    asked = _given(wanted.opportunity)
    with _naming("opportunity.pipeline_id", "pipeline_id"):
        deal = opportunities.put_opportunity(
            step,
            name=asked.get("name") or lead.company or lead.name,
            account_id=account_id,
            contact_id=contact_id,
            lead_id=lead.id,
            amount=asked.get("amount") or lead.value,
            close_on=asked.get("close_on") or clock.today() + CLOSES_IN,
            pipeline_id=asked.get("pipeline_id") or lead.pipeline_id,
            **_copied(lead, ("source", "campaign", "region", "industry")),
            **owner,
        )
    return deal.id


def belong(lead_id: str) -> None:
    """Let the interactions and tasks about a converted lead be its account's too. Safe to repeat."""
    lead = Lead.fetch(lead_id)
    if lead.status == "CONVERTED" and lead.account_id:
        activities.belong_to(lead.account_id, about_id=lead.id)


class _naming:  # noqa: N801 - reads as a word in `with`
    """Name the field of the request where a record it refers to is not there."""

    def __init__(self, field: str, inner: str | None = None) -> None:
        self.field, self.inner = field, inner

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        unknown = isinstance(error, errors.NotFound)
        if isinstance(error, errors.Invalid) and self.inner:
            unknown = any(each.field == self.inner for each in error.errors)
        if unknown:
            raise errors.Invalid.one(self.field, "unknown_reference") from error


def _commit(step: Step) -> None:
    fields = {
        "account_exists": "account.name",
        "contact_email_taken": "contact.email",
        "contact_phone_taken": "contact.phone",
    }
    try:
        step.commit()
    except errors.AlreadyExists as taken:
        if taken.code not in fields:
            raise
        raise errors.Invalid.one(fields[taken.code], taken.code) from taken


def _copied(lead: Lead, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(lead, name)) is not None}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
