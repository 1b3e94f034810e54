"""Keeping receivables: one for each bill of a source, with what is paid of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.core import clock, errors, ids
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.revenue.billing import Bill
from chalicelib.sales.revenue.dunning import wake
from chalicelib.sales.revenue.models import Receivable, RevenuePolicy
from chalicelib.sales.revenue.planning import Plan
from chalicelib.sales.revenue.sources import Source

#: Receivables written in one step.
MOST: Final = 45
#: The one partition of what is open; the sparse index is as small as what is owed.
OPEN_LIST: Final = "open"


def receivable_id(source_id: str, number: int) -> str:
    """Return the id of an instalment's receivable."""
    return ids.derived("receivable", source_id, str(number))


def keep(step: Step, facts: Source, made: Plan, rules: RevenuePolicy, *, before: int) -> int:
    """Add to a step what receivables are to become; return how many are left for the next step.

    There were so many `before`: what is not billed any more is not owed. Stale when one of them
    follows from a later version of the source than the one in hand.
    """
    most = max(before, len(made.bills))
    numbered = [receivable_id(facts.id, number) for number in range(1, most + 1)]
    kept = {each.id: each for each in Receivable.many(numbered, consistent=True)}
    if any(each.source_version > facts.version for each in kept.values()):
        raise errors.Stale
    changes = list(_changes(facts, made, kept))
    for found, values in changes[:MOST]:
        if found is None:
            new = Receivable(**values, source_id=facts.id, source_version=facts.version)
            new.due_minute = wake(new, rules)
            step.create(new)
        else:
            for name, value in values.items():
                setattr(found, name, value)
            step.change(found, **values, source_version=facts.version, due_minute=wake(found, rules))
    return len(changes[MOST:])


def _changes(
    facts: Source, made: Plan, kept: Mapping[str, Receivable]
) -> Iterator[tuple[Receivable | None, dict[str, Any]]]:
    """Yield each receivable that is to be another, with what is to be: all of it where there is none."""
    wanted = [_values(facts, bill, paid) for bill, paid in zip(made.bills, made.paid, strict=True)]
    named = {values["id"] for values in wanted}
    nothing = Money(0, facts.currency)
    wanted += [{"id": each, **_amounts(nothing, nothing)} for each in kept if each not in named]
    for values in wanted:
        found = kept.get(values["id"])
        if found is None:
            yield None, values
        elif changed := {name: value for name, value in values.items() if getattr(found, name) != value}:
            yield found, changed


def _values(facts: Source, bill: Bill, paid: int) -> dict[str, Any]:
    item_id = receivable_id(facts.id, bill.number)
    place = f"{bill.due_on.isoformat()}|{item_id}"
    amounts = _amounts(Money(bill.gross, facts.currency), Money(paid, facts.currency), place)
    return {
        **facts.owner,
        **amounts,
        "id": item_id,
        "number": bill.number,
        "document": f"{facts.document}/{bill.number}",
        "account_id": facts.account_id,
        "contact_id": facts.contact_id,
        "billed_on": bill.on,
        "due_on": bill.due_on,
        "created_month": clock.month(bill.due_on),
        "listed": f"receivable_{place}",
    }


def _amounts(amount: Money, paid: Money, place: str = "") -> dict[str, Any]:
    """Return what follows from the sums: how far it is paid, and its place among what is open."""
    is_open = paid.minor < amount.minor
    return {
        "amount": amount,
        "paid": paid,
        "status": status(amount.minor, paid.minor),
        "open_since": place if is_open else None,
        "open_list": OPEN_LIST if is_open else None,
    }


def status(amount: int, paid: int) -> str:
    """Return how far an amount is paid; CANCELLED when nothing of it is owed any more.

    Less than nothing is owed to the customer: CREDIT.
    """
    if amount < 0:
        return "CREDIT"
    if paid < amount:
        return "PARTLY_PAID" if paid else "OPEN"
    return "PAID" if paid else "CANCELLED"
