"""What a contract contributes to the figures: by status, by month of activation, and its fulfilment."""

from collections.abc import Iterator

from chalicelib.core.measures import Cell, Image


def contracts(contract: Image) -> Iterator[Cell]:
    """Yield the boards ``contracts|status``, ``…|team``, ``…|owner`` and those of fulfilment."""
    value = contract["value"]
    numbers = {"count": 1, "value": value["minor"]}
    yield Cell("contracts|status", f"{contract['status']}|{value['currency']}", numbers)
    if not contract.get("activated_on"):
        return
    for dim in ("team", "owner"):
        member = contract.get(f"{dim}_id") or "-"
        row = f"{contract['activated_on'][:7]}|{member}|{value['currency']}"
        yield Cell(f"contracts|{dim}", row, numbers)
    yield from _fulfilment(contract, numbers)


def _fulfilment(contract: Image, numbers: dict[str, int]) -> Iterator[Cell]:
    """Yield ``contracts|fulfilment`` and ``|risk`` of what is under way, and ``|milestones`` by due month."""
    currency = contract["value"]["currency"]
    under_way = contract["status"] in ("ACTIVATED", "EXPIRED")
    if under_way:
        yield Cell("contracts|fulfilment", f"{contract['fulfilment_status']}|{currency}", numbers)
    if contract.get("risk"):
        yield Cell("contracts|risk", f"{contract['risk']}|{currency}", numbers)
    for step in contract.get("milestones", ()) if under_way else ():
        row = f"{step['due_on'][:7]}|{contract.get('team_id') or '-'}|{currency}"
        amount = step["amount_minor"] or 0
        done = {"done": 1, "done_amount": amount} if step["done_on"] else {}
        late = {"overdue": 1, "overdue_amount": amount} if step["overdue"] else {}
        yield Cell("contracts|milestones", row, {"due": 1, "due_amount": amount, **done, **late})


MEASURES = {"contract": contracts}
