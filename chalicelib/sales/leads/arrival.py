"""What becomes of a submission: taken off the stream, it is a lead or a touch, exactly once."""

from typing import Any

from chalicelib.core import access
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.leads.intake import Enquiry, Taken, take_in
from chalicelib.sales.leads.models import Submission


def receive(submission_id: str) -> Taken | None:
    """Take in a submission. None when that has been done before.

    Invalid when its number is another person's: what a channel takes for the number of a record is none.
    """
    submission = Submission.fetch(submission_id)
    if submission.status == "DONE":
        return None

    def done(step: Step, lead_id: str) -> None:
        step.change(submission, status="DONE", lead_id=lead_id)

    details = _exact(submission.details)
    enquiry = Enquiry(
        details,
        submission.received_at,
        origin=submission.id,
        by=access.SYSTEM.id,
        number_in="external_id",
    )
    return take_in(enquiry, also=done)


def _exact(details: dict[str, Any]) -> dict[str, Any]:
    value = details.get("value")
    return {**details, "value": Money(value["minor"], value["currency"])} if value else details
