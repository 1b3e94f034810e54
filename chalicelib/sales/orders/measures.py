"""What an order contributes to the figures: ordered, shipped, sent back, paid, cancelled.

An order counts from its activation, in the month of its order date. What was cancelled or sent back
is due no more; `amount` is without what was cancelled, but with what was sent back later. `margin` is
earned on `margin_of`: the price without tax of what costs are known of.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.core.measures import Cell, Image
from chalicelib.core.money import allocate
from chalicelib.sales.orders.balance import Balance, balance
from chalicelib.sales.orders.lines import worth
from chalicelib.sales.orders.shipping import pieces

Numbers = dict[str, int]

#: What is counted once for an order, however many lines it has.
_ONCE: Final = frozenset({"count", "cancelled_count"})


def orders(order: Image) -> Iterator[Cell]:
    """Yield the boards ``orders|…`` (team, owner, account, product, part) and ``buyers|…``.

    Of what a bundle holds, ``orders|part`` counts the units that are wanted with it, beside the bundle's own.
    """
    if not (order.get("activated_on") or order["status"] == "CANCELLED"):
        return
    sums = _balance(order)
    lines = list(_by_line(order))
    _share_out("paid", sums.held, lines, order)
    _share_out("refunded", sums.refunded, lines, order)
    whole: Numbers = {"count" if order["status"] != "CANCELLED" else "cancelled_count": 1}
    for figures in lines:
        for name in figures.keys() - _ONCE:
            whole[name] = whole.get(name, 0) + figures[name]
    for dim in ("team", "owner", "account"):
        yield _cell(order, dim, order.get(f"{dim}_id"), whole)
    for line, figures in zip(order["lines"], lines, strict=True):
        yield _cell(order, "product", line["product_id"], figures)
        for part_id, each in line.get("contents", {}).items():
            yield _cell(order, "part", part_id, {"units": each * figures.get("units", 0)})
    if order["status"] != "CANCELLED":
        yield from _buyer(order, order["ordered_on"], whole)


def credit_notes(note: Image) -> Iterator[Cell]:
    """Yield what came back: on the boards of the orders, in the month of the note."""
    lines = [
        {"returned_units": row["quantity"], "returned_amount": row["total_minor"]} for row in note["lines"]
    ]
    value = sum(figures["returned_amount"] for figures in lines)
    whole = {
        "credit_notes": 1,
        "returned_units": sum(figures["returned_units"] for figures in lines),
        "returned_amount": value,
    }
    month = {**note, "ordered_on": note["issued_on"]}
    for dim in ("team", "owner", "account"):
        yield _cell(month, dim, note.get(f"{dim}_id"), whole)
    for row, figures in zip(note["lines"], lines, strict=True):
        yield _cell(month, "product", row["product_id"], figures)
    yield from _buyer(note, note["issued_on"], {"returned_amount": value})


def _buyer(document: Image, day: str, figures: Numbers) -> Iterator[Cell]:
    """Yield a customer's place among the buyers, of the year and ever: by what they bought and kept."""
    numbers = {name: figures.get(name, 0) for name in ("count", "amount", "returned_amount")}
    numbers["kept_amount"] = numbers["amount"] - numbers["returned_amount"]
    for span in ("all", day[:4]):
        board = f"buyers|{span}|{document['currency']}"
        yield Cell(board, document["account_id"], numbers, rank="kept_amount")


def _balance(order: Image) -> Balance:
    return balance(
        lines=order["lines"],
        returns=order.get("returns", ()),
        payments=order["payments"],
        refunds=order.get("refunds", ()),
        cancelled=order["status"] == "CANCELLED",
    )


def _by_line(order: Image) -> Iterator[Numbers]:
    gone, back = pieces(order["shipments"]), pieces(order.get("returns", ()))
    for line in order["lines"]:
        if order["status"] == "CANCELLED":
            yield {"cancelled_count": 1, "cancelled_amount": line["total_minor"]}
        else:
            yield _figures(line, gone[line["number"]], back[line["number"]])


def _figures(line: Mapping[str, Any], gone: int, back: int) -> Numbers:
    wanted = line["quantity"] - line.get("cancelled", 0)
    amount = worth(line, wanted)
    return {
        "count": 1,
        "amount": amount,
        "units": wanted,
        "shipped_units": gone,
        "returned_units": back,
        "returned_amount": amount - worth(line, wanted - back),
        "cancelled_amount": line["total_minor"] - amount,
        **_margin(line, wanted),
    }


def _margin(line: Mapping[str, Any], wanted: int) -> Numbers:
    """Return what is earned on pieces whose cost is known, and their price, both without tax."""
    if line.get("cost_minor") is None:
        return {}
    net, cost = (line[name] * wanted // line["quantity"] for name in ("net_minor", "cost_minor"))
    return {"margin": net - cost, "margin_of": net}


def _share_out(name: str, minor: int, lines: list[Numbers], order: Image) -> None:
    # A payment is for the order; by product it counts in proportion to the lines' totals.
    if not minor:
        return
    weights = [line["total_minor"] for line in order["lines"]]
    for figures, part in zip(
        lines, allocate(minor, weights if any(weights) else [1] * len(lines)), strict=True
    ):
        figures[name] = part


def _cell(order: Image, dim: str, member: str | None, numbers: Numbers) -> Cell:
    row = f"{order['ordered_on'][:7]}|{member or '-'}|{order['currency']}"
    return Cell(f"orders|{dim}", row, numbers)


MEASURES = {"order": orders, "credit_note": credit_notes}
