"""What an order contributes to the figures: ordered, paid, shipped, cancelled, and what is due when.

An order counts from its activation. Its month is that of its order date.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.core.measures import Cell, Image
from chalicelib.core.money import allocate
from chalicelib.sales.orders.collecting import received, settled

Numbers = dict[str, int]


def orders(order: Image) -> Iterator[Cell]:
    """Yield the boards ``orders|team``, ``|owner``, ``|account``, ``|product`` and ``receivables``."""
    if not (order.get("activated_on") or order["status"] == "CANCELLED"):
        return
    lines = [_figures(order, line) for line in order["lines"]]
    _share_out(received(order["payments"]), lines, order)
    whole: Numbers = {"count" if order["status"] != "CANCELLED" else "cancelled_count": 1}
    for figures in lines:
        for name in figures.keys() - {"count", "cancelled_count"}:
            whole[name] = whole.get(name, 0) + figures[name]
    for dim in ("team", "owner", "account"):
        yield _cell(order, dim, order.get(f"{dim}_id"), whole)
    for line, figures in zip(order["lines"], lines, strict=True):
        yield _cell(order, "product", line["product_id"], figures)
    yield from _receivables(order)


def _figures(order: Image, line: Mapping[str, Any]) -> Numbers:
    if order["status"] == "CANCELLED":
        return {"cancelled_count": 1, "cancelled_amount": line["total_minor"]}
    gone = sum(
        part["quantity"]
        for shipment in order["shipments"]
        for part in shipment["lines"]
        if part["number"] == line["number"]
    )
    return {
        "count": 1,
        "amount": line["total_minor"],
        "units": line["quantity"],
        "shipped_units": gone,
    }


def _share_out(paid: int, lines: list[Numbers], order: Image) -> None:
    # A payment is for the order; by product it counts in proportion to the lines' totals.
    if not paid:
        return
    weights = [line["total_minor"] for line in order["lines"]]
    for figures, part in zip(lines, allocate(paid, weights), strict=True):
        figures["paid"] = part


def _cell(order: Image, dim: str, member: str | None, numbers: Numbers) -> Cell:
    row = f"{order['ordered_on'][:7]}|{member or '-'}|{order['currency']}"
    return Cell(f"orders|{dim}", row, numbers)


def _receivables(order: Image) -> Iterator[Cell]:
    if order["status"] == "CANCELLED":
        return
    schedule = order["payment_schedule"]
    parts = settled([part["amount_minor"] for part in schedule], received(order["payments"]))
    for instalment, paid in zip(schedule, parts, strict=True):
        row = f"{instalment['due_on'][:7]}|{order['currency']}"
        yield Cell("receivables", row, {"due": instalment["amount_minor"], "paid": paid})


MEASURES = {"order": orders}
