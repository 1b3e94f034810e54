"""A visitor's post: checked, limited and stored in two round trips; the rest hangs off the stream."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.core import access, clock, errors, ids
from chalicelib.core.observe import count
from chalicelib.core.signing import digest
from chalicelib.core.step import RawItem, Refusal, Step
from chalicelib.sales.leads import consent, forms, tokens
from chalicelib.sales.leads.form_setup import open_form
from chalicelib.sales.leads.models import LeadForm, Submission
from chalicelib.sales.leads.tokens import Token

#: One counter row takes about so many posts a minute without conflicts; a larger limit is split.
ROW_PER_MINUTE: Final = 600


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a visitor gets: the submission's id, and where to go next (None: the thank-you page)."""

    id: str
    redirect: str | None


class _Again(errors.Conflict):
    """The same post once more: its receipt is that of the first."""


def submit(
    form_id: str, sent: Mapping[str, Any], *, address: str, origin: str, host: str, language: str
) -> Receipt:
    """Take what a visitor sent to a form.

    Invalid with every wrong field; Forbidden from a site that is not allowed; TooMany beyond the
    limits; Conflict (`token_used`) when the token came with another post before. What a robot
    fills in is thanked for and dropped.
    """
    form = open_form(form_id)
    _require_origin(form, origin, host)
    redirect = _redirect(form, sent.get("redirect"))
    if sent.get(form.honeypot):
        count("HoneypotFilled")
        return Receipt(ids.new("submission"), redirect)
    fields = {name: value for name, value in sent.items() if name != form.honeypot}
    details = forms.accepted(form, fields) | _origin_of(form, fields, language)
    token = _token(form, fields.get("token"))
    submission = Submission(form_id=form_id, received_at=clock.now(), details=details)
    try:
        _step(form, submission, token, seen=_fingerprint(sent), address=address).commit()
    except _Again as again:
        return Receipt(again.values["receipt"], redirect)
    count("FormPosts")
    return Receipt(submission.id, redirect)


def _require_origin(form: LeadForm, origin: str, host: str) -> None:
    # Without an Origin it is no browser on somebody's page; our own hosted page is always allowed.
    if form.origins and origin and origin not in form.origins and urlsplit(origin).netloc != host:
        raise errors.Forbidden("origin")


def _redirect(form: LeadForm, wanted: Any) -> str | None:
    if not wanted:
        return form.redirects[0] if form.redirects else None
    if wanted not in form.redirects:
        raise errors.Invalid.one("redirect", "redirect")
    return str(wanted)


def _token(form: LeadForm, sent: Any) -> Token | None:
    if not sent and not form.token_required:
        return None
    text = sent if isinstance(sent, str) else None
    return tokens.check(text, form_id=form.id, seconds=form.token_seconds)


def _origin_of(form: LeadForm, sent: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what the form, not the visitor, says of a lead: source, campaign, consent's text."""
    told: dict[str, Any] = {
        "channel": "FORM",
        "form_id": form.id,
        "source": form.source,
        "campaign": form.campaign,
        "pipeline_id": form.pipeline_id,
        "language": language,
        "sla_hours": form.sla_hours,
        "sla_calendar_id": form.sla_calendar_id,
    }
    if form.consent:
        told["consent"] = consent.consented(
            given=forms.ticked(sent.get("consent")),
            version=form.consent["version"],
            text=form.consent["text"][language],
        )
    return {name: value for name, value in told.items() if value is not None}


def _fingerprint(sent: Mapping[str, Any]) -> str:
    return digest("form-post", json.dumps(sent, sort_keys=True))


def _step(form: LeadForm, submission: Submission, token: Token | None, *, seen: str, address: str) -> Step:
    step = Step(by=access.SYSTEM.id)
    if token:
        # First, so that a post that was taken is told so, whatever the limits say by now.
        step.claim(token.key, f"{submission.id}|{seen}", until=token.until, refusal=_used(seen))
    sender = digest("form-address", f"{form.id}|{address}")
    limit_posts(step, f"form|address|{sender}", form.address_limit)
    limit_posts(step, f"form|posts|{form.id}", form.form_limit)
    step.create(submission)
    return step


def _used(seen: str) -> Refusal:
    def used(stood: RawItem | None) -> errors.SalesError:
        receipt, _, before = (stood or {}).get("holder", {}).get("S", "").partition("|")
        return _Again(receipt=receipt) if before == seen else errors.Conflict("token_used")

    return used


def limit_posts(step: Step, key: str, limit: Mapping[str, int]) -> None:
    """Count a post in the present window, exactly: the one beyond the limit is refused."""
    seconds, most = limit["seconds"], limit["posts"]
    now = clock.now().timestamp()
    window = int(now // seconds)
    ends = datetime.fromtimestamp((window + 1) * seconds, UTC)
    rows = max(1, most * 60 // (seconds * ROW_PER_MINUTE))
    row = random.randrange(rows)  # noqa: S311 - spreads load
    wait = max(1, int((window + 1) * seconds - now) + 1)
    step.count(
        f"{key}|{window}|{row}",
        limit=most // rows + (1 if row < most % rows else 0),
        until=ends + timedelta(hours=1),
        refusal=lambda _: errors.TooMany(retry_after=wait),
    )
