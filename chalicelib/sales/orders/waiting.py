"""What of an order waits for somebody's decision, and who is asked for it: approvers, and finance."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.access import Principal, Role, may
from chalicelib.core.changelog import Change
from chalicelib.core.money import Money
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.orders.chain import Approval, pending
from chalicelib.sales.orders.lines import Line, totals


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be decided (`key`, once for each time), and by whom.

    Those of whom the first of `tests` is true, or the next where there are none; not who asked for it.
    """

    key: str
    tests: tuple[Callable[[Principal], bool], ...]
    asked_by: str | None
    text: str
    told: Mapping[str, Any]


def ask(order: Change) -> None:
    """Ask for what has come to wait, and ask no more for what was decided. Safe to repeat."""
    before, now = (
        {each.key: each for each in _matters(image or {})} for image in (order.before, order.after)
    )
    for key in before.keys() - now.keys():
        activities.decided(order.id, key)
    for key in now.keys() - before.keys():
        _ask(order, now[key])


def _ask(order: Change, matter: Matter) -> None:
    image = order.after or {}
    found = (people.deciders(image["owner_id"], may=each, but=matter.asked_by) for each in matter.tests)
    activities.ask(
        next(filter(None, found), []),
        about_id=order.id,
        account_id=image["account_id"],
        matter=matter.key,
        text=matter.text,
        **{"number": image["number"], **matter.told},
    )


def _matters(image: Mapping[str, Any]) -> Iterator[Matter]:
    """Yield what an order, as it is kept, waits for."""
    currency = image.get("currency", "")
    if image.get("status") == "IN_APPROVAL":
        total = totals([Line.of_row(row, currency) for row in image["lines"]], currency).total
        asked = {"at": image["submitted_at"], "by": image["submitted_by"], "total": total}
        yield from _approval("approval", image.get("approvals", ()), **asked)
    if change := image.get("amendment"):
        asked = {"at": change["proposed_at"], "by": change["proposed_by"], "reason": change["reason"]}
        yield from _approval("amendment", change["approvals"], **asked)
    for row in image.get("invoices", ()):
        if not row["number"] and not row["refusal"]:
            told = {"amount": Money(row["amount_minor"], currency), "title": row["title"]}
            yield Matter(
                f"invoice|{row['reference']}", (_is_finance, _approves), None, "order.task.invoice", told
            )


def _approval(what: str, rows: Any, *, at: str, by: str, **told: Any) -> Iterator[Matter]:
    """Yield the step whose turn it is."""
    for step in pending(map(Approval.of_row, rows))[:1]:
        text, told = f"order.task.{what}", {**told, "step": step.step}
        yield Matter(f"{what}|{at}|{step.step}", (step.may_sign,), by, text, told)


def _is_finance(who: Principal) -> bool:
    """Whether invoices are somebody's work."""
    return who.role == Role.FINANCE


def _approves(who: Principal) -> bool:
    return may(who, "orders:approve")
