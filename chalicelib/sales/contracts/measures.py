"""What a contract contributes to the figures: by status, and by the month it was activated in."""

from collections.abc import Iterator

from chalicelib.core.measures import Cell, Image


def contracts(contract: Image) -> Iterator[Cell]:
    """Yield the boards ``contracts|status``, ``contracts|team`` and ``contracts|owner``."""
    value = contract["value"]
    numbers = {"count": 1, "value": value["minor"]}
    yield Cell("contracts|status", f"{contract['status']}|{value['currency']}", numbers)
    if not contract.get("activated_on"):
        return
    for dim in ("team", "owner"):
        member = contract.get(f"{dim}_id") or "-"
        row = f"{contract['activated_on'][:7]}|{member}|{value['currency']}"
        yield Cell(f"contracts|{dim}", row, numbers)


MEASURES = {"contract": contracts}
