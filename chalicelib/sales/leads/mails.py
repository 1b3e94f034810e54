"""Mails to the company become leads: each once, with its text as an interaction; machines' are ignored."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.core import access, clock, errors, guards, i18n, identity, ids
from chalicelib.core.observe import count
from chalicelib.core.settings import settings
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import bringing, inbound_mail, matching, merging
from chalicelib.sales.leads.inbound_mail import Mail
from chalicelib.sales.leads.intake import Enquiry, Taken, take_in
from chalicelib.sales.leads.models import OPEN, Lead


@dataclass(frozen=True, slots=True)
class Received:
    """What a mail became: `how` is CREATED, JOINED, KNOWN; or IGNORED or SPAM, and then there is no lead."""

    how: str
    lead: Lead | None = None


def receive_mail(raw: bytes, *, by: str = access.SYSTEM.id) -> Received:
    """Take in a mail as it came over the wire; the same one again changes nothing.

    Its sender is the lead, or a touch of the one whose mail it answers. Invalid when it names no sender, or
    has a virus.
    """
    mail = inbound_mail.parse(raw)
    if mail.verdict == "VIRUS":
        raise errors.Invalid.one("raw", "virus")
    if mail.verdict == "SPAM":
        count("MailsSpam")
        return Received("SPAM")
    if mail.is_automatic:
        count("MailsIgnored")
        return Received("IGNORED")
    if mail.sender is None:
        raise errors.Invalid.one("raw", "no_sender")
    number = _number(mail.message_id or hashlib.sha256(raw).hexdigest())
    if (answered := _answered(mail)) is not None:
        number = f"{number} {mail.sender}"
        taken = _touch(mail, number, answered, by)
    else:
        taken, number = _taken(mail, number, by)
    lead = merging.survivor_of(taken.lead)
    _log(mail, number, lead)
    return Received(taken.how, lead)


def _number(message_id: str) -> str:
    return f"mail:{message_id}"


def _details(mail: Mail) -> dict[str, Any]:
    told = {"email": mail.sender, "message": mail.text or mail.subject, "channel": "EMAIL"}
    return told | ({"name": mail.name} if mail.name else {})


def _taken(mail: Mail, number: str, by: str) -> tuple[Taken, str]:
    details = _details(mail)
    at = clock.now()
    try:
        return bringing.bring_in(external_id=number, received_at=at, by=by, **details), number
    except errors.Invalid:
        # Some senders give all of their mails one id: then it takes their address to tell them apart.
        number = f"{number} {mail.sender}"
        return bringing.bring_in(external_id=number, received_at=at, by=by, **details), number


def _touch(mail: Mail, number: str, lead: Lead, by: str) -> Taken:
    """Note on the lead whose mail it answers who has joined in."""
    at = clock.now()
    return take_in(
        Enquiry(
            _details(mail) | {"external_id": number},
            at,
            origin=bringing.origin_of(number, at),
            by=by,
            joins=lead.id,
        )
    )


def _answered(mail: Mail) -> Lead | None:
    """Return the open lead whose mail it answers, when the sender is not known by their own address."""
    keys = [matching.own_keys({"external_id": _number(each)})["external"] for each in mail.thread]
    own = identity.key("lead", "email", str(mail.sender))
    held = guards.holders([own, *keys])
    if own in held:
        return None
    for key in keys:
        lead = Lead.find(held[key]) if key in held else None
        if lead is not None and (found := merging.survivor_of(lead)).status in OPEN:
            return found
    return None


def _log(mail: Mail, number: str, lead: Lead) -> None:
    subject = mail.subject or i18n.text("lead.mail.no_subject", settings().language)
    with suppress(errors.AlreadyExists):  # the same mail, delivered again
        activities.log_interaction(
            id=ids.derived("activity", lead.id, number),
            about_id=lead.id,
            type="EMAIL",
            direction="IN",
            subject=subject,
            body=mail.text,
            by=access.SYSTEM,
        )
