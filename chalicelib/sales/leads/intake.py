"""The one way in: form, API, batch and import all become a lead, or a touch of one, here.

Everything about one enquiry is one transaction, and losing a race means looking again: whoever
comes second finds the first, and joins it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.core import access, clock, errors, ids
from chalicelib.core.contention import tries
from chalicelib.core.observe import count
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.leads import consent, locating, lookalikes, matching, moves, placing, rules, sla
from chalicelib.sales.leads.matching import Match
from chalicelib.sales.leads.models import GONE, Lead, Touch
from chalicelib.sales.leads.placing import Place

TRIES: Final = 8
#: A touch fills these of a lead where they are empty; it never overwrites.
FILLED: Final = (
    "company", "title", "email", "phone", "website", "country", "region", "city", "street",
    "postcode", "born_on", "industry", "employees", "products", "value", "language", "message",
    "account_id", "contact_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What came in: a lead's attributes, when, and from where.

    `origin` is the id from which the ids of what it becomes follow, so that it becomes that once.
    `place` is set where the caller decides who gets it. `sla` is off for what is history. `number_in` is
    the field in which its external id came, to be named when that is another person's; None where
    whoever sends it may have learned better since. `joins` is the lead that it belongs to although somebody
    else sends it: it is a touch of that, and tells nothing of who the lead is.
    """

    details: Mapping[str, Any]
    received_at: datetime
    origin: str
    by: str
    place: Place | None = None
    sla: bool = True
    standing: Mapping[str, Any] | None = None
    number_in: str | None = None
    joins: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What an enquiry became: a lead of its own (CREATED), or a touch of another (JOINED by what)."""

    lead: Lead
    how: str
    matched_by: str | None = None


#: What else belongs into the transaction (a submission's being done), given the lead's id.
Also = Callable[[Step, str], None]


def take_in(enquiry: Enquiry, also: Also | None = None) -> Taken:
    """Make an enquiry a lead or a touch. Busy when others keep being faster.

    Invalid (its `number_in`) when somebody else came in under its number: it is not to be lost as known.
    """
    for _ in tries(TRIES):
        try:
            taken = _once(enquiry, also)
        except (errors.AlreadyExists, errors.Stale):
            if known := _already(enquiry):
                return known
            continue
        count("LeadsTakenIn" if taken.how == "CREATED" else "LeadsTouched")
        return taken
    raise errors.Busy


def _once(enquiry: Enquiry, also: Also | None) -> Taken:
    match = _matched(enquiry)
    step = Step(by=enquiry.by)
    taken = _join(step, enquiry, match) if match.lead else _create(step, enquiry, match)
    if also:
        also(step, taken.lead.id)
    step.commit()
    return taken


def _matched(enquiry: Enquiry) -> Match:
    if enquiry.joins is None:
        return matching.look_up(enquiry.details)
    match = matching.look_up({"external_id": enquiry.details["external_id"]})
    return match if match.lead else replace(match, lead=Lead.fetch(enquiry.joins), by="thread")


def _already(enquiry: Enquiry) -> Taken | None:
    # The lead or touch that follows from this very origin is there: an earlier delivery made it.
    if lead := Lead.find(ids.derived("lead", enquiry.origin)):
        return Taken(lead, "CREATED")
    touch = Touch.find(ids.derived("touch", enquiry.origin))
    return Taken(Lead.fetch(touch.lead_id), "JOINED", touch.matched_by) if touch else None


def _create(step: Step, enquiry: Enquiry, match: Match) -> Taken:
    details = _recognised(enquiry.details, match)
    details |= locating.located(details)
    details |= rules.score(details)
    place = enquiry.place or placing.find(details, _known(details))
    lead = Lead(
        ids.derived("lead", enquiry.origin),
        received_at=enquiry.received_at,
        created_month=clock.month(clock.business_date(enquiry.received_at)),
        possible_duplicates=match.possible,
        **{name: value for name, value in details.items() if name in Lead.get_attributes()},
        **place.values,
    )
    _promise(lead, enquiry, place)
    for name, value in (enquiry.standing or {}).items():
        setattr(lead, name, value)
    free = match.free
    if lead.status == "CONVERTED":
        free = [key for key in free if key not in moves.personal(free)]
    lead.claims = moves.personal(free)
    lead.desk = moves.desk(lead.owner_id, lead.status)
    lead.due_minute = moves.due_minute(lead)
    moves.count_open(step, after=moves.bearer(lead), most=place.capacity)
    step.create(lead)
    moves.claim_keys(step, lead, free)
    place.write(step)
    return Taken(lead, "CREATED")


def _recognised(details: Mapping[str, Any], match: Match) -> dict[str, Any]:
    """Return the details with the contact and account that the person is known as."""
    known: dict[str, Any] = {"contact_id": match.contact_id, "account_id": match.account_id}
    if match.contact_id:
        known["account_id"] = accounts.contact(match.contact_id, who=access.SYSTEM).account_id
    return {**details, **{name: value for name, value in known.items() if value}}


def _known(details: Mapping[str, Any]) -> Match:
    return Match(contact_id=details.get("contact_id"), account_id=details.get("account_id"))


def _promise(lead: Lead, enquiry: Enquiry, place: Place) -> None:
    if enquiry.sla:
        told = {**enquiry.details, "rating": lead.rating}
        for name, value in promise(told, enquiry.received_at, place).items():
            setattr(lead, name, value)


def promise(details: Mapping[str, Any], start: datetime, place: Place) -> dict[str, Any]:
    """Return the first-contact promise: by the form, a rule of source and rating, the rule that placed it."""
    named = rules.first_contact_rules().rules
    hours, calendar_id, by = sla.promised(details, named, placed_by=place.rule)
    return {**sla.begin(start, hours=hours, calendar_id=calendar_id), "sla_by": by}


def _join(step: Step, enquiry: Enquiry, match: Match) -> Taken:
    lead = match.lead
    assert lead is not None
    if lead.id == ids.derived("lead", enquiry.origin):
        # Delivered again: it is that lead, and no touch of it.
        return Taken(lead, "CREATED")
    if match.by == "external":
        # The same row again: delivered again it is what it was, imported again it is nothing new.
        return _already(enquiry) or _known_as(lead, enquiry, str(match.numbered_id))
    if lead.status in ("CONVERTED", *GONE):
        # Its keys went with that: a moment later they are seen to be free.
        raise errors.Stale
    details = enquiry.details
    apart = lookalikes.dismissed(lead.id, (each["lead_id"] for each in match.possible))
    possible = [each for each in match.possible if each["lead_id"] not in apart]
    values: dict[str, Any] = {
        "touches": lead.touches + 1,
        "last_touch_at": _later(enquiry.received_at, lead.last_touch_at),
        "claims": moves.personal([*lead.claims, *match.free]),
        "possible_duplicates": lookalikes.noted(lead.possible_duplicates, *possible),
    }
    if match.by != "thread":
        values |= {name: details[name] for name in FILLED if details.get(name) and not getattr(lead, name)}
        values["consent"] = consent.standing(lead.consent, details.get("consent"))
    values |= rules.score({**profile(lead), **values})
    capacity = None
    if lead.status in ("UNQUALIFIED", "RECYCLED"):
        place = enquiry.place or placing.again(lead)
        place.write(step)
        values |= _reopened(enquiry, place, str(values["rating"]))
        capacity = place.capacity
    moves.move(step, lead, capacity=capacity, **values)
    step.create(_touch(enquiry, lead, str(match.by)))
    moves.claim_keys(step, lead, match.free)
    return Taken(lead, "JOINED", match.by)


def _known_as(lead: Lead, enquiry: Enquiry, numbered_id: str) -> Taken:
    if enquiry.number_in and matching.is_another(enquiry.details, lead, numbered_id):
        raise errors.Invalid.one(enquiry.number_in, "number_of_another")
    return Taken(lead, "KNOWN", "external")


def _later(instant: datetime, other: datetime | None) -> datetime:
    return instant if other is None else max(instant, other)


def profile(lead: Lead) -> dict[str, Any]:
    """Return all that is known of a lead, by attribute."""
    return {name: getattr(lead, name) for name in Lead.get_attributes()}


def _touch(enquiry: Enquiry, lead: Lead, matched_by: str) -> Touch:
    details = enquiry.details
    told: dict[str, Any] = {name: details.get(name) for name in ("channel", "source", "campaign", "form_id")}
    return Touch(
        ids.derived("touch", enquiry.origin),
        lead_id=lead.id,
        received_at=enquiry.received_at,
        matched_by=matched_by,
        submission_id=enquiry.origin if ids.kind_of(enquiry.origin) == "submission" else None,
        details={name: value for name, value in details.items() if name not in told and value},
        **told,
    )


def _reopened(enquiry: Enquiry, place: Place, rating: str) -> dict[str, Any]:
    """Return the change of a lead that was given up and comes again: owned, promised anew."""
    return {
        **place.values,
        **promise({**enquiry.details, "rating": rating}, enquiry.received_at, place),
        "unqualified_reason": None,
        "return_reason": None,
    }
