"""The verbs that lead a contract through its life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.contracts.billing_plan import Instalment
from chalicelib.sales.contracts.deadlines import due_minute, notice_by
from chalicelib.sales.contracts.drafting import require_span
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.milestones import Milestone, fulfilment_status
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.risk import standing
from chalicelib.sales.contracts.signatures import envelope, provider
from chalicelib.sales.contracts.versions import approvable, current_text, require_ready
from chalicelib.sales.orders import service as orders

#: What is known of a submission, and no longer when the contract is a draft again.
_OF_SUBMISSION: Final = (
    "submitted_at",
    "submitted_by",
    "approved_at",
    "approved_by",
    "approved_text",
    "sent_on",
    "signing_reference",
)


def submit(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Hand a draft in for approval.

    Blocked when its milestones come to more than its value, or its text is not ready.
    """
    contract = _ready("submit", contract_id, by=by, version=version)
    if text := current_text(contract):
        require_ready(text)
    require_within(contract.milestones, contract.billing_plan, contract.value)
    facts = {"submitted_at": clock.now(), "submitted_by": by.id, "rejection_reason": None}
    return _move(contract, "submit", "IN_APPROVAL", by=by, **facts)


def approve(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Approve a submitted contract and its text.

    Forbidden to who submitted or wrote it, administrators aside.
    """
    contract = _ready("approve", contract_id, by=by, version=version)
    if contract.submitted_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    text, approval = approvable(contract, by=by), {"approved_by": by.id, "approved_at": clock.now()}
    step = Step(by=by.id)
    note(
        step,
        contract,
        "approve",
        status="NEGOTIATING",
        approved_text=text.number if text else None,
        **approval,
    )
    if text:
        step.change(text, **approval)
    step.commit()
    return contract


def reject(contract_id: str, *, reason: str, by: Principal, version: int | None = None) -> Contract:
    """Refuse a submitted contract, with the reason."""
    contract = _ready("reject", contract_id, by=by, version=version)
    return _move(contract, "reject", "REJECTED", by=by, rejection_reason=reason)


def withdraw(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Take a submitted contract back to its draft."""
    contract = _ready("withdraw", contract_id, by=by, version=version)
    return _move(contract, "withdraw", "DRAFT", by=by, **_not_submitted())


def revise(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Open a contract for changes again; what is changed is to be approved anew."""
    contract = _ready("revise", contract_id, by=by, version=version)
    return _move(contract, "revise", "DRAFT", by=by, **_not_submitted())


def _not_submitted() -> dict[str, None]:
    return dict.fromkeys(_OF_SUBMISSION)


def send(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Send what was negotiated for signature.

    Blocked when the text was changed after its approval, or for what the signing provider lacks.
    """
    contract = _ready("send", contract_id, by=by, version=version)
    text = current_text(contract)
    if text and text.number != contract.approved_text:
        raise errors.Blocked(FieldError("text_version", "text_not_approved"))
    reference = provider().ask(envelope(contract, text))
    facts = {"sent_on": clock.today(), "decline_reason": None, "signing_reference": reference}
    return _move(contract, "send", "AWAITING_SIGNATURE", by=by, **facts, asked=contract.asked + 1)


def sign(
    contract_id: str,
    *,
    signed_by: str,
    by: Principal,
    version: int | None = None,
    signed_on: date | None = None,
    reference: str | None = None,
    by_hand: str | None = None,
) -> Contract:
    """Record the customer's signature: by whom, when, and of which text.

    Conflict when `reference` is not the one that `send` was answered with, and when the signing
    provider knows of no signature: then only `by_hand`, with the reason, which is kept.
    """
    contract = _ready("sign", contract_id, by=by, version=version)
    if reference not in (None, contract.signing_reference):
        raise errors.Conflict("other_signing")
    if by_hand is None and not provider().has_signed(contract.signing_reference):
        raise errors.Conflict("not_signed_there")
    text = current_text(contract)
    facts = {"signed_on": signed_on or clock.today(), "signed_by": signed_by, "signed_by_hand": by_hand}
    if text:
        facts |= {"signed_digest": text.digest, "signed_file_digest": text.file_digest}
    return _move(contract, "sign", "SIGNED", by=by, **facts)


def decline(contract_id: str, *, reason: str, by: Principal, version: int | None = None) -> Contract:
    """Record that the customer will not sign, and why."""
    contract = _ready("decline", contract_id, by=by, version=version)
    return _move(contract, "decline", "SIGNATURE_DECLINED", by=by, decline_reason=reason)


def negotiate(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Talk on about a contract that was not signed."""
    contract = _ready("negotiate", contract_id, by=by, version=version)
    return _move(contract, "negotiate", "NEGOTIATING", by=by)


def activate(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Put a signed contract in force: its milestones, its reminder and its end are watched from now on.

    Blocked when it has ended before it starts: today, where no start was agreed.
    """
    contract = _ready("activate", contract_id, by=by, version=version)
    today = clock.today()
    agreed: date | None = contract.starts_on
    starts_on = agreed or today
    require_span(starts_on, contract.ends_on, refusal=errors.Blocked)
    facts = {"activated_on": today, "starts_on": starts_on}
    return _move(contract, "activate", "ACTIVATED", by=by, **facts)


def fulfil(
    contract_id: str,
    *,
    number: int,
    by: Principal,
    version: int | None = None,
    done_on: date | None = None,
    evidence: str | None = None,
) -> Contract:
    """Record that a milestone was reached, and what shows it.

    Conflict when it was before; Invalid for a number that is not there.
    """
    contract = _ready("fulfil", contract_id, by=by, version=version)
    steps = {step.number: step for step in contract.milestones}
    if number not in steps:
        raise errors.Invalid.one("number", "unknown_reference")
    if steps[number].done_on:
        raise errors.Conflict("milestone_done", number=number)
    day = done_on or clock.today()
    steps[number] = replace(steps[number], done_on=day, evidence=evidence, overdue=False)
    return _move(
        contract,
        "fulfil",
        contract.status,
        by=by,
        milestone_rows=[step.row() for step in steps.values()],
        fulfilment_status=fulfilment_status(list(steps.values())),
    )


def give_notice(
    contract_id: str, *, by: Principal, version: int | None = None, given_on: date | None = None
) -> Contract:
    """Record that one side gave notice: the contract ends with its term, and renews no more.

    Conflict when it was given before, or after the last day for it.
    """
    contract = _ready("give_notice", contract_id, by=by, version=version)
    earlier: date | None = contract.notice_given_on
    if earlier:
        raise errors.Conflict("notice_given")
    day, last = given_on or clock.today(), notice_by(contract)
    if last is not None and day > last:
        raise errors.Conflict("notice_too_late", day=last.isoformat())
    return _move(contract, "give_notice", contract.status, by=by, notice_given_on=day)


def terminate(contract_id: str, *, reason: str, by: Principal, version: int | None = None) -> Contract:
    """End a signed contract before its time."""
    contract = _ready("terminate", contract_id, by=by, version=version)
    return _move(contract, "terminate", "TERMINATED", by=by, ended_on=clock.today(), end_reason=reason)


def cancel(contract_id: str, *, reason: str, by: Principal, version: int | None = None) -> Contract:
    """Give up a contract that was not signed; its quote, and its deal, can become something again."""
    contract = _ready("cancel", contract_id, by=by, version=version)
    step = Step(by=by.id)
    note(step, contract, "cancel", status="CANCELLED", ended_on=clock.today(), end_reason=reason)
    orders.free_origin(step, contract)
    step.commit()
    return contract


def require_within(milestones: Sequence[Milestone], plan: Sequence[Instalment], value: Money) -> None:
    """Raise Blocked when milestones and billing plan come to more than a contract's value."""
    amounts = [*(step.amount for step in milestones if step.amount), *(part.amount for part in plan)]
    planned = Money(sum(amount.minor for amount in amounts), value.currency)
    if planned.minor > value.minor:
        sums = {"planned": planned, "value": value}
        raise errors.Blocked(FieldError("milestones", "more_than_value", sums))


def _ready(verb: str, contract_id: str, *, by: Principal, version: int | None) -> Contract:
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require(verb, contract.status, by=by)
    return contract


def _move(contract: Contract, verb: str, status: str, *, by: Principal, **facts: Any) -> Contract:
    step = Step(by=by.id)
    note(step, contract, verb, status=status, **facts)
    step.commit()
    return contract


def note(step: Step, contract: Contract, verb: str, *, status: str, **facts: Any) -> None:
    """Add to a step what happened to a contract, and when it is to be looked at next."""
    CONTRACT.check(verb, contract.status, status)
    facts["status"] = status
    for name, fact in facts.items():
        setattr(contract, name, fact)
    step.change(contract, **facts, **standing(contract), due_minute=due_minute(contract))
