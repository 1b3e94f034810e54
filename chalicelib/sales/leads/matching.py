"""Matching: whether an enquiry comes from somebody who is a lead, a contact or an account already.

All that is known is looked up in one batch of guards. An equal e-mail is the same lead. An equal
phone is when the e-mails do not disagree, or the name is the same too; else it is a possible
duplicate, for a person to decide. Without e-mail and phone nothing is ever merged: who is alike in
name and address is found a moment later (`lookalikes`) and suggested. A key that names a merged
lead is its survivor's.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from chalicelib.core import guards, identity
from chalicelib.core.changelog import Entry
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.leads import likeness, lookalikes
from chalicelib.sales.leads.models import Lead


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells who somebody is, as guard keys: of leads by meaning, of customers by meaning."""

    own: Mapping[str, str]
    customers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """Who it is: the same lead and by what, or a customer; and leads it might be.

    `numbered_id` is the lead that its number names, wherever that has been merged since.
    """

    lead: Lead | None = None
    by: str | None = None
    contact_id: str | None = None
    account_id: str | None = None
    numbered_id: str | None = None
    possible: list[dict[str, Any]] = field(default_factory=list)
    free: list[str] = field(default_factory=list)


def evidence(details: Mapping[str, Any]) -> Evidence:
    """Return the guard keys of an enquiry's e-mail, phone and external id, and of its company."""
    email, phone, company = (details.get(name) for name in ("email", "phone", "company"))
    return Evidence(own_keys(details), accounts.identity_keys(email=email, phone=phone, company=company))


def own_keys(details: Mapping[str, Any]) -> dict[str, str]:
    """Return the guard keys that a lead of these details would hold, by meaning."""
    named = {"email": "email", "phone": "phone", "external": "external_id"}
    return {
        what: identity.key("lead", what, details[name]) for what, name in named.items() if details.get(name)
    }


def look_up(details: Mapping[str, Any]) -> Match:
    """Return whom an enquiry matches now."""
    known = evidence(details)
    holders = guards.holders([*known.own.values(), *known.customers.values()])
    held = {what: holders[key] for what, key in known.own.items() if key in holders}
    # Consistent: a lead made a moment ago by the same double click must be seen.
    found = Lead.many(held.values(), consistent=True)
    leads = {lead.id: survivor_of(lead) for lead in found}
    lead, by = same_lead(
        details, {what: leads[lead_id] for what, lead_id in held.items() if lead_id in leads}
    )
    customers = {what: holders[key] for what, key in known.customers.items() if key in holders}
    return Match(
        lead=lead,
        by=by,
        contact_id=customers.get("contact_email") or customers.get("contact_phone"),
        account_id=customers.get("account_company"),
        numbered_id=held.get("external"),
        possible=_possible(details, lead, held, leads),
        free=[key for what, key in known.own.items() if what not in held],
    )


def survivor_of(lead: Lead) -> Lead:
    """Return the lead that a merged one is now, through every merge since."""
    while lead.status == "MERGED":
        lead = Lead.fetch(str(lead.merged_into))
    return lead


def _possible(
    details: Mapping[str, Any], same: Lead | None, held: Mapping[str, str], leads: Mapping[str, Lead]
) -> list[dict[str, Any]]:
    """Return the leads that hold a key of an enquiry, and are not the same that it joins."""
    found = {}
    for what, lead in ((what, leads[lead_id]) for what, lead_id in held.items() if lead_id in leads):
        if same is None or lead.id != same.id:
            alike = likeness.compare(details, lookalikes.compared(lead), shared=what)
            found[lead.id] = lookalikes.possible(lead.id, alike)
    return lookalikes.noted(found.values())


def same_lead(details: Mapping[str, Any], holders: Mapping[str, Any]) -> tuple[Any | None, str | None]:
    """Return the lead an enquiry joins, and by what (external, email, phone); or nothing.

    `holders` are the leads that hold its external id, e-mail and phone.
    """
    for what in ("external", "email"):
        if what in holders:
            return holders[what], what
    if "phone" in holders and _agree(details, holders["phone"]):
        return holders["phone"], "phone"
    return None, None


def _agree(details: Mapping[str, Any], lead: Any) -> bool:
    emails = {each for each in (details.get("email"), lead.email) if each}
    return len(emails) < 2 or _plain(details.get("name")) == _plain(lead.name)


def is_another(details: Mapping[str, Any], lead: Lead, numbered_id: str) -> bool:
    """Return whether who comes under a lead's number is somebody else: neither name, e-mail nor phone is its.

    What is not told says nothing, and a name made of the number or the company is none. What the lead that
    the number names came in with is still its own, whatever people have put right since.
    """
    keys = set(own_keys({name: details.get(name) for name in ("email", "phone")}).values())
    made_of = {details.get(name) for name in ("external_id", "company", "email", "phone")}
    name = None if details.get("name") in made_of else _plain(details["name"])
    if not keys and name is None:
        return False
    if any(_is_known(each, keys, name) for each in (lead, *Lead.many(lead.merged_ids))):
        return False
    return not _is_known(_as_it_came(numbered_id), keys, name)


def _as_it_came(lead_id: str) -> Any:
    try:
        began = Entry.get(lead_id, 1).after or {}
    except Entry.DoesNotExist:
        began = {}
    return SimpleNamespace(claims=(), **{name: began.get(name) for name in ("name", "email", "phone")})


def _is_known(lead: Any, keys: Set[str], name: str | None) -> bool:
    own = own_keys({"email": lead.email, "phone": lead.phone}).values()
    return name == _plain(lead.name) or not keys.isdisjoint([*lead.claims, *own])


def _plain(name: Any) -> str:
    return "".join(str(name or "").casefold().split())
