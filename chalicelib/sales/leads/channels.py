"""Channels: another system's posts, signed by it, become leads by a mapping that operations set up.

A post is checked against its signature as it came, byte for byte, or by the key in it. Each record in it
is stored like a visitor's post and taken in off the stream; its number is its external id, so that a post
that comes again, for whatever reason, changes nothing. A post of the right sender in which nobody is found
is refused, so that it comes again, and kept in quarantine, so that somebody mends the channel.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core import access, clock, errors, quarantine, signing
from chalicelib.core.access import Principal
from chalicelib.core.observe import count
from chalicelib.core.parsing import checked
from chalicelib.core.step import Step, change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.leads import lead_ads, payload
from chalicelib.sales.leads.forms import ticked
from chalicelib.sales.leads.models import LeadChannel, Submission
from chalicelib.sales.leads.schemas import Agreed, LeadDetails
from chalicelib.sales.leads.submission import limit_posts

#: So many records one post may have: all are stored in one step.
MOST_RECORDS: Final = 50
#: The longest text of a record that is kept.
LONGEST: Final = 500
#: Where a record says what somebody agreed to: whether at all, and what else a channel does not say itself.
CONSENT: Final = ("consent", "consent_text", "consent_version", "consent_at")
#: What LinkedIn asks to be signed.
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@dataclass(frozen=True, slots=True)
class Provider:
    """How somebody signs: in which header, what stands before the digest, and before the body.

    Who signs nothing sends the secret itself, as the member `key` of the body; `test` marks a trial.
    """

    header: str = ""
    before_digest: str = ""
    before_body: bytes = b""
    key: str = ""
    test: str = ""


#: A digest is HMAC-SHA-256 in hexadecimal digits everywhere.
PROVIDERS: Final[Mapping[str, Provider]] = {
    "GENERIC": Provider("x-salestream-signature", "sha256="),
    "META": Provider("x-hub-signature-256", "sha256="),
    "LINKEDIN": Provider("x-li-signature", before_body=b"hmacsha256="),
    "GOOGLE": Provider(key="google_key", test="is_test"),
}


def add_channel(
    *, secret: str | None, access_token: str | None = None, by: Principal, **settings: Any
) -> tuple[LeadChannel, str]:
    """Set up a channel; return it and the secret that its posts are signed with (made unless given).

    Invalid (`access_token`) for a token of another network than Meta.
    """
    told = secret or secrets.token_urlsafe(32)
    found = LeadChannel(verify_token=secrets.token_urlsafe(32), **settings)
    found.secret = signing.seal(found.id, told)
    found.access_token = _sealed(found, access_token)
    create(found, by=by.id)
    return found, told


def change_channel(channel_id: str, *, version: int | None, by: Principal, **changes: Any) -> LeadChannel:
    """Change a channel, pause it, or replace its secret. Invalid as in `add_channel`."""
    found = channel(channel_id)
    expect(found, version)
    if "access_token" in changes:
        changes["access_token"] = _sealed(found, changes["access_token"])
    if secret := changes.pop("secret", None):
        changes["secret"] = signing.seal(found.id, secret)
    change(found, by=by.id, **changes)
    return found


def _sealed(found: LeadChannel, token: str | None) -> str | None:
    if token and found.provider != "META":
        raise errors.Invalid.one("access_token", "not_of_provider", provider=found.provider)
    return signing.seal(found.id, token) if token else None


def channel(channel_id: str) -> LeadChannel:
    """Return a channel."""
    return LeadChannel.fetch(channel_id)


def channels(**paging: Any) -> Page[LeadChannel]:
    """Return a page of channels, by name."""
    return page(LeadChannel.by_group.query, "lead_channels", newest_first=False, **paging)


def deliveries(channel_id: str, **paging: Any) -> Page[Submission]:
    """Return a page of what came by a channel, the latest first."""
    return page(Submission.by_form.query, channel(channel_id).id, **paging)


def greet(channel_id: str, *, token: str | None, challenge: str | None) -> str:
    """Return what a network that registers the channel is answered: its challenge.

    Invalid without the channel's token.
    """
    found = _open(channel_id)
    if not token or not challenge or not hmac.compare_digest(token.encode(), found.verify_token.encode()):
        raise errors.Invalid.one("hub.verify_token", "bad_signature")
    return challenge


def answer_challenge(channel_id: str, challenge: str) -> str:
    """Return LinkedIn's challenge, signed with the secret that it shares with the channel.

    Invalid for another network's channel, and for anything but a UUID: whoever asks gets a signature,
    and it must be one that no post can bear.
    """
    found = _open(channel_id)
    if found.provider != "LINKEDIN" or not _UUID.fullmatch(challenge):
        raise errors.Invalid.one("challengeCode", "bad_challenge")
    return _digest(found, challenge.encode())


def take_delivery(
    channel_id: str, body: Mapping[str, Any], *, raw: bytes, headers: Mapping[str, str]
) -> list[str]:
    """Store the records of a post; return their receipts. A trial is read like any other, and not stored.

    Invalid when it is not signed as said (the header, or the key), has no record where the channel says, or
    one that is nobody; TooMany beyond the limit; Busy while a lead ad cannot be read at Meta.
    """
    found = _open(channel_id)
    _require_signed(found, body, raw, headers)
    provider = PROVIDERS[found.provider]
    try:
        read_ones = [_submission(found, record) for record in _records(found, body)]
    except errors.Invalid as refused:
        post = {name: value for name, value in body.items() if name != provider.key}
        quarantine.park("channel", {"channel": found.id, "post": post}, refused)
        raise
    if provider.test and body.get(provider.test) is True:
        return []
    step = Step(by=access.SYSTEM.id)
    limit_posts(step, f"channel|posts|{found.id}", found.post_limit)
    for each in read_ones:
        step.create(each)
    step.commit()
    count("ChannelRecords", len(read_ones))
    return [each.id for each in read_ones]


def _records(found: LeadChannel, body: Mapping[str, Any]) -> list[Any]:
    if not found.records:
        return [body]
    if payload.leads_nowhere(body, found.records):
        raise errors.Invalid.one(found.records, "no_records")
    records = payload.found(body, found.records)
    if len(records) > MOST_RECORDS:
        raise errors.Invalid.one(found.records, "too_many_records", most=MOST_RECORDS)
    if not found.access_token:
        return records
    token, secret = (signing.opened(found.id, sealed) for sealed in (found.access_token, found.secret))
    return [lead_ads.told(record, token=token, secret=secret) for record in records]


def _open(channel_id: str) -> LeadChannel:
    found = channel(channel_id)
    if found.status != "ACTIVE":
        raise errors.NotFound
    return found


def _require_signed(
    found: LeadChannel, body: Mapping[str, Any], raw: bytes, headers: Mapping[str, str]
) -> None:
    provider = PROVIDERS[found.provider]
    if provider.key:
        told, wanted = str(body.get(provider.key, "")), signing.opened(found.id, found.secret)
    else:
        told = headers.get(provider.header, "")
        wanted = provider.before_digest + _digest(found, provider.before_body + raw)
    if not hmac.compare_digest(told.encode(), wanted.encode()):
        count("ChannelPostsUnsigned")
        raise errors.Invalid.one(provider.key or provider.header, "bad_signature")


def _digest(found: LeadChannel, signed: bytes) -> str:
    secret = signing.opened(found.id, found.secret)
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _submission(found: LeadChannel, record: Any) -> Submission:
    event = payload.text(record, found.event) if found.event else None
    number = event or hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    told = {"channel": "SOCIAL", "source": found.source or found.name, "campaign": found.campaign}
    details = {name: value for name, value in told.items() if value}
    details |= read(record, found.mapping, consent=found.consent)
    return Submission(
        form_id=found.id,
        received_at=clock.now(),
        details={**details, "external_id": f"{found.id}:{number[:100]}"},
    )


def read(
    record: Any, mapping: Mapping[str, str], *, consent: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a record's details of a lead. What does not fit its attribute is kept among the answers.

    `consent` (`text`, `version`) is what people agree to where the record comes from. Invalid when it names
    neither a name nor a company, an e-mail or a phone number.
    """
    found = payload.details(record, mapping)
    # Not cut short: what somebody agreed to is all of it.
    said: dict[str, str] = {name: found.pop(name) for name in CONSENT if name in found}
    texts = {name: value[:LONGEST] for name, value in found.items()}
    answers = {
        name.removeprefix("answers."): texts.pop(name) for name in [*texts] if name.startswith("answers.")
    }
    has_agreed = "consent" not in mapping or any(map(ticked, payload.found(record, mapping["consent"])))
    agreed = _agreed(said, consent or {}) if has_agreed else None
    try:
        details = checked(LeadDetails, texts).values()
    except errors.Invalid as refused:
        unfit = {error.field.partition(".")[0] for error in refused.errors}
        answers |= {name: texts.pop(name) for name in unfit}
        details = checked(LeadDetails, texts).values()
    if name := next(
        (details[each] for each in ("name", "company", "email", "phone") if each in details), None
    ):
        if agreed:
            return {**details, "name": name, "answers": answers, "consent": agreed}
        answers |= {name: value[:LONGEST] for name, value in said.items()}
        return {**details, "name": name, "answers": answers}
    raise errors.Invalid.one("", "nobody")


def _agreed(said: Mapping[str, str], consent: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a record says, or else its channel, that somebody agreed to; None when neither does."""
    named = {"text": "consent_text", "version": "consent_version", "given_at": "consent_at"}
    told = {**consent, **{name: said[path] for name, path in named.items() if path in said}}
    try:
        return checked(Agreed, told).kept()
    except errors.Invalid:
        return None
