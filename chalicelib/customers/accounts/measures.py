"""What accounts contribute to the figures: how many became customers, when and where."""

from collections.abc import Iterator

from chalicelib.core.measures import Cell, Image


def customers(account: Image) -> Iterator[Cell]:
    """Count a customer in the month of its first win, under its region ("-" when unknown)."""
    if since := account.get("customer_since"):
        yield Cell("accounts|customers", f"{since[:7]}|{account.get('region') or '-'}", {"count": 1})


MEASURES = {"account": customers}
