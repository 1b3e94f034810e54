"""What clients see of leads: a lead, what became of an enquiry, a touch, a submission."""

from datetime import date
from typing import Any

from pydantic import Field

from chalicelib.core.shapes import Instant, MoneyShape, View


class PossibleDuplicate(View):
    """A lead that is possibly the same person: how much speaks for it, and what, field by field."""

    lead_id: str
    score: int
    reasons: list[dict[str, Any]]


class TakenView(View):
    """What became of an enquiry: a lead of its own (CREATED), or part of another (JOINED, KNOWN).

    Of a lead out of reach only that.
    """

    id: str
    how: str = "KNOWN"
    matched_by: str | None = None
    status: str | None = None
    owner_id: str | None = None
    pool_id: str | None = None
    score: int | None = None
    rating: str | None = None
    possible_duplicates: list[PossibleDuplicate] = Field(default=[])


class CallView(View):
    """What became of a call: the lead (its own, or one it JOINED, or KNOWN), and the interaction."""

    lead_id: str
    how: str
    activity_id: str


class MailView(View):
    """What became of a mail: the lead it CREATED, JOINED or is KNOWN of; IGNORED, a machine's, or SPAM."""

    how: str
    lead_id: str | None


class BatchItem(View):
    """What became of one lead of a batch: `status` as by itself, `lead` or `problem`."""

    status: int
    lead: TakenView | None = None
    problem: dict[str, Any] | None = None


class BatchView(View):
    """What became of a batch, in its order."""

    items: list[BatchItem]
    created: int
    joined: int
    refused: int


class LeadView(View):
    """A lead, with why it scores as it does (`reasons`) and is with whom (`assignment`)."""

    id: str
    status: str
    owner_id: str | None
    team_id: str | None
    pool_id: str | None
    pool_due_at: Instant | None
    claimed_from: str | None
    shared_with: dict[str, str]
    received_at: Instant
    name: str
    company: str | None
    title: str | None
    email: str | None
    phone: str | None
    website: str | None
    country: str | None
    region: str | None
    territory: str | None
    city: str | None
    street: str | None
    postcode: str | None
    born_on: date | None
    industry: str | None
    employees: int | None
    products: list[str] | None
    value: MoneyShape | None
    language: str | None
    message: str | None
    answers: dict[str, Any]
    channel: str
    source: str | None
    campaign: str | None
    form_id: str | None
    external_id: str | None
    utm: dict[str, str]
    referrer: str | None
    page: str | None
    consent: dict[str, Any] | None
    touches: int
    last_touch_at: Instant | None
    possible_duplicates: list[PossibleDuplicate]
    score: int
    rating: str
    reasons: list[dict[str, Any]]
    assignment: dict[str, Any] | None
    sla_status: str | None
    sla_hours: int | None
    sla_by: dict[str, Any] | None
    sla_due_at: Instant | None
    sla_remind_at: Instant | None
    sla_reminded_at: Instant | None
    sla_breached_at: Instant | None
    escalated_to: str | None
    first_contacted_at: Instant | None
    contact_outcome: str | None
    last_activity_at: Instant | None
    qualified_at: Instant | None
    unqualified_reason: str | None
    return_reason: str | None
    converted_at: Instant | None
    account_id: str | None
    contact_id: str | None
    opportunity_id: str | None
    merged_into: str | None
    merged_ids: list[str]
    version: int
    created_at: Instant
    updated_at: Instant


class TouchView(View):
    """Somebody who was a lead already came again."""

    id: str
    lead_id: str
    received_at: Instant
    channel: str
    source: str | None
    campaign: str | None
    form_id: str | None
    matched_by: str
    details: dict[str, Any]


class NotDuplicateView(View):
    """What somebody said of a lead and another: DISMISSED they are not one person, or RECONSIDERED."""

    lead_id: str
    other_id: str
    status: str
    reason: str | None
    decided_by: str
    created_at: Instant
    updated_at: Instant


class SubmissionView(View):
    """A visitor's post to a form, and the lead it became."""

    id: str
    form_id: str
    status: str
    received_at: Instant
    lead_id: str | None
