"""Customers' credit and the credit policy over HTTP."""

from typing import Any

from chalicelib.core.endpoint import Answer, Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.credit import service
from chalicelib.sales.credit.models import CreditPolicy
from chalicelib.sales.credit.schemas import (
    CreditPolicyChange,
    CreditPolicyView,
    CreditQuery,
    CreditView,
    Review,
    Stop,
)
from chalicelib.sales.credit.telling import told

credit = Room("credit", prefix="/credit")
policy = Room("credit_policy", prefix="/credit-policy")
routes = (credit, policy)


@credit.get("", needs="credit:read", query=CreditQuery, answers=CreditView, listed=True)
def list_credit(call: Call[None, CreditQuery]) -> Page[dict[str, Any]]:
    """List customers of a grade, with what they owe and may owe."""
    found = service.customers(grade=call.query.grade, who=call.who, **call.page)
    return Page([told(standing) for standing in found.items], found.after)


@credit.get("/{account_id}", needs="credit:read", answers=CreditView)
def read_credit(call: Call[Any, NoQuery], account_id: str) -> Answer:
    """Read how an account stands: grade and why, limits, what it owes, terms."""
    standing = service.credit_of(account_id, who=call.who)
    return Answer(told(standing), headers={"ETag": f'"{standing.profile.version}"'})


@credit.post("/{account_id}/review", needs="credit:approve", body=Review, answers=CreditView, resumes=True)
def review_credit(call: Call[Review, NoQuery], account_id: str) -> Answer:
    """Give an account a grade or limits of its own for a time."""
    if not call.resumed:
        service.review(account_id, **call.body.values(), version=call.version, by=call.who)
    return read_credit(call, account_id)


@credit.delete("/{account_id}/review", needs="credit:approve", answers=CreditView)
def end_credit_review(call: Call[None, NoQuery], account_id: str) -> Answer:
    """Let an account's own conduct count again."""
    service.end_review(account_id, version=call.version, by=call.who)
    return read_credit(call, account_id)


@credit.post("/{account_id}/stop", needs="credit:approve", body=Stop, answers=CreditView, resumes=True)
def stop_credit(call: Call[Stop, NoQuery], account_id: str) -> Answer:
    """Sell and ship nothing more to an account."""
    if not call.resumed:
        service.stop(account_id, **call.body.values(), version=call.version, by=call.who)
    return read_credit(call, account_id)


@credit.post("/{account_id}/lift", needs="credit:approve", answers=CreditView, resumes=True)
def lift_credit_stop(call: Call[None, NoQuery], account_id: str) -> Answer:
    """Sell and ship to an account again."""
    if not call.resumed:
        service.lift(account_id, version=call.version, by=call.who)
    return read_credit(call, account_id)


@policy.get("", needs="credit:read", answers=CreditPolicyView)
def read_credit_policy(call: Call[None, NoQuery]) -> CreditPolicy:
    """Read the credit policy; version 0 until operations set one."""
    return service.policy()


@policy.put("", needs="credit:configure", body=CreditPolicyChange, answers=CreditPolicyView)
def set_credit_policy(call: Call[CreditPolicyChange, NoQuery]) -> CreditPolicy:
    """Replace the credit policy; limits hold at once, customers are graded anew in the night."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)
