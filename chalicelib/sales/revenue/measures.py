"""What is owed and earned, as the figures have it: by due day, and by the month of the books."""

from collections.abc import Iterator

from chalicelib.core.measures import Cell, Image

DIMS = ("team", "owner")


def receivables(receivable: Image) -> Iterator[Cell]:
    """Yield ``receivables``, the ageing boards by month and by day, and what an account owes."""
    amount, due_on = receivable["amount"], receivable["due_on"]
    currency = amount["currency"]
    paid = receivable["paid"]["minor"]
    settled = min(paid, amount["minor"])
    yield Cell("receivables", f"{due_on[:7]}|{currency}", {"due": amount["minor"], "paid": settled})
    is_open = {"open": amount["minor"] - settled}
    for dim in DIMS:
        member = f"{receivable.get(f'{dim}_id') or '-'}|{currency}"
        yield Cell(f"ageing|{dim}", f"{due_on[:7]}|{member}", is_open)
        yield Cell(f"ageing_days|{dim}", f"{due_on}|{member}", is_open)
    yield Cell(f"ageing_account|{receivable['account_id']}", f"{due_on}|{currency}", is_open)
    yield Cell(f"debtors|{currency}", receivable["account_id"], is_open, rank="open")


def schedules(schedule: Image) -> Iterator[Cell]:
    """Yield ``revenue|team`` and ``revenue|owner``: recognised, billed and planned by month."""
    currency = schedule["value"]["currency"]
    for name in ("recognised", "billed", "planned"):
        for month, minor in schedule[name].items():
            for dim in DIMS:
                member = schedule.get(f"{dim}_id") or "-"
                yield Cell(f"revenue|{dim}", f"{month}|{member}|{currency}", {name: minor})


MEASURES = {"receivable": receivables, "revenue_schedule": schedules}
