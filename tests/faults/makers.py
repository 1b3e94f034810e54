"""Random items of every kind that is measured, as plain images: whole and consistent. A new measured kind
adds its maker here, or a test fails.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.core.measures import Image
from tests.faults import stocking
from tests.faults.dice import (
    ACCOUNTS,
    CURRENCIES,
    PRODUCTS,
    REGIONS,
    Dice,
    Maker,
    Part,
    amount,
    day,
    instant,
    owner,
)

STAGES: Final = ("new", "offer", "terms")


def account(dice: Dice) -> Image:
    """Return an account that is a customer, or not yet."""
    since = dice.choice((day(dice), None))
    status = "CUSTOMER" if since else "PROSPECT"
    return {"status": status, "customer_since": since, "region": dice.choice(REGIONS), **owner(dice)}


def activity(dice: Dice) -> Image:
    """Return an interaction."""
    kind = dice.choice(("CALL", "EMAIL", "MEETING", "VISIT", "MESSAGE", "NOTE"))
    return {"status": "LOGGED", "type": kind, "created_month": day(dice)[:7], **owner(dice)}


def contract(dice: Dice) -> Image:
    """Return a contract, in force or not."""
    status = dice.choice(("DRAFT", "SIGNED", "ACTIVATED", "EXPIRED", "TERMINATED"))
    activated_on = day(dice) if status in ("ACTIVATED", "EXPIRED", "TERMINATED") else None
    value = {"minor": amount(dice), "currency": dice.choice(CURRENCIES)}
    row = {"number": 1, "name": "Acceptance", "due_on": day(dice), "amount_minor": dice.choice((None, 7))}
    step = {**row, "done_on": dice.choice((None, day(dice))), "overdue": dice.choice((True, False))}
    return {
        "status": status,
        "activated_on": activated_on,
        "value": value,
        "fulfilment_status": dice.choice(("NOT_APPLICABLE", "UNFULFILLED", "LAPSED", "FULFILLED")),
        "risk": dice.choice((None, "HIGH", "MEDIUM")),
        "milestones": dice.choice(([], [step])),
        **owner(dice),
    }


def lead(dice: Dice) -> Image:
    """Return a lead at some step of its life, in a pool or with somebody."""
    received = instant(dice)
    contacted = dice.choice((instant(dice), None))
    waiting = {"owner_id": None, "team_id": None}
    statuses = ("NEW", "ASSIGNED", "WORKING", "QUALIFIED", "UNQUALIFIED", "CONVERTED", "MERGED")
    return {
        "status": dice.choice(statuses),
        "created_month": received[:7],
        "received_at": received,
        "sla_started_at": dice.choice((received, None)),
        "sla_status": dice.choice((None, "DUE", "FULFILLED", "BREACHED")),
        "first_contacted_at": contacted,
        "qualified_at": dice.choice((instant(dice), None)),
        "source": dice.choice(("Web Site", "展会", None)),
        "campaign": dice.choice(("autumn", "a|b", None)),
        "form_id": dice.choice(("lead_form_1", None)),
        "rating": dice.choice(("HOT", "WARM", "COLD")),
        "region": dice.choice(REGIONS),
        **dice.choice((owner(dice), waiting)),
    }


def opportunity(dice: Dice) -> Image:
    """Return a deal, open or closed, with lines or without, that has gone some way."""
    opened, closed = sorted((day(dice), day(dice)))
    status = dice.choice(("OPEN", "WON", "LOST"))
    lines = [_deal_line(dice) for _ in range(dice.randrange(4))]
    minor = sum(line["amount_minor"] for line in lines) if lines else amount(dice)
    return {
        "status": status,
        "pipeline_id": dice.choice(("pipeline_1", "pipeline_2")),
        "stage_id": {"WON": "won", "LOST": "lost"}.get(status) or dice.choice(STAGES),
        "amount": {"minor": minor, "currency": dice.choice(CURRENCIES)},
        "probability": dice.randint(0, 100),
        "forecast_category": dice.choice(("PIPELINE", "COMMIT")),
        "category_override": dice.choice((None, None, "BEST_CASE")),
        "opened_on": opened,
        "closed_on": closed if status != "OPEN" else None,
        "account_id": dice.choice((*ACCOUNTS, None)),
        "lines": lines,
        "journey": {stage: _stay(dice) for stage in STAGES[: dice.randint(1, 3)]},
        "source": dice.choice(("Web Site", None)),
        "region": dice.choice(REGIONS),
        "industry": dice.choice(("retail", None)),
        "competitors": [{"name": each} for each in dice.choice(((), ("Acme",), ("ACME", "对手|1")))],
        "competitor": dice.choice((None, "acme", "Konex")),
        "lost_reason": dice.choice(("price", None)) if status == "LOST" else None,
        "member_splits": dice.choice(({}, {"user_8": 30}, {"user_8": 33, "user_9": 67})),
        **owner(dice),
    }


def _deal_line(dice: Dice) -> Part:
    return {
        "product_id": dice.choice(PRODUCTS),
        "quantity": dice.randint(1, 9),
        "amount_minor": dice.randrange(10**7),
    }


def _stay(dice: Dice) -> dict[str, int]:
    left = dice.randrange(3)
    return {
        "entered": left + dice.randrange(2),
        "left": left,
        "advanced": min(left, dice.randrange(2)),
        "lost": dice.randrange(2),
        "seconds": dice.randrange(10**6),
    }


def order(dice: Dice) -> Image:
    """Return an order, in force or not, partly shipped, sent back and paid."""
    status = dice.choice(("DRAFT", "APPROVED", "ACTIVATED", "PARTIALLY_SHIPPED", "COMPLETED", "CANCELLED"))
    lines = [_order_line(dice, number) for number in range(1, dice.randint(2, 4))]
    total = sum(line["total_minor"] for line in lines)
    active = status not in ("DRAFT", "APPROVED")
    gone = [_some(dice, each["number"], each["quantity"] - each["cancelled"]) for each in lines]
    payments = [_payment(dice, total) for _ in range(dice.randrange(3))] if active else []
    came = sum(each["amount_minor"] for each in payments if not each["taken_back_on"])
    return {
        "status": status,
        "activated_on": day(dice) if active else None,
        "ordered_on": day(dice),
        "currency": dice.choice(CURRENCIES),
        "account_id": dice.choice(ACCOUNTS),
        "lines": lines,
        "shipments": [{"lines": gone}] if active else [],
        "returns": [{"lines": [_some(dice, **each) for each in gone]}] if active else [],
        "payments": payments,
        "refunds": [{"amount_minor": dice.randint(0, came)}] if came else [],
        "payment_schedule": [_instalment(dice, part) for part in (total // 2, total - total // 2)],
        **owner(dice),
    }


def credit_note(dice: Dice) -> Image:
    """Return a credit note."""
    return {
        "status": "ISSUED",
        "issued_on": day(dice),
        "currency": dice.choice(CURRENCIES),
        "account_id": dice.choice(ACCOUNTS),
        "lines": [_order_line(dice, number) for number in range(1, dice.randint(2, 4))],
        **owner(dice),
    }


def _order_line(dice: Dice, number: int) -> Part:
    quantity = dice.randint(1, 9)
    return {
        "number": number,
        "product_id": dice.choice(PRODUCTS),
        "quantity": quantity,
        "cancelled": dice.choice((0, 0, dice.randint(0, quantity))),
        "net_minor": dice.randint(0, 10**7),
        "cost_minor": dice.choice((None, dice.randint(0, 10**7))),
        "total_minor": dice.randint(1, 10**7),
        "contents": dice.choice(({}, {each: dice.randint(1, 9) for each in PRODUCTS})),
    }


def _some(dice: Dice, number: int, quantity: int) -> Part:
    return {"number": number, "quantity": dice.randint(0, quantity)}


def _instalment(dice: Dice, minor: int) -> Part:
    return {"due_on": day(dice), "amount_minor": minor}


def _payment(dice: Dice, total: int) -> Part:
    taken_back_on = dice.choice((None, None, day(dice)))
    return {
        "amount_minor": dice.randrange(total // 2 + 1),
        "taken_back_on": taken_back_on,
        "instalment": dice.choice((None, 1, 2)),
    }


def credit_profile(dice: Dice) -> Image:
    """Return what a customer owes and may owe, in some currencies or none."""
    some = [{each: amount(dice) for each in CURRENCIES if dice.choice((True, False))} for _ in range(2)]
    return {"grade": dice.choice("ABCD"), "exposure": some[0], "limits": some[1]}


def quote(dice: Dice) -> Image:
    """Return a quote, sent or not yet."""
    status = dice.choice(("DRAFT", "PRESENTED", "ACCEPTED", "REJECTED", "EXPIRED"))
    before = amount(dice)
    sent = {"before_discount": before, "net": dice.randint(0, before), "total": before}
    was_sent = status != "DRAFT" or dice.choice((True, False))
    return {
        "status": status,
        "revision": dice.randint(1, 4),
        "account_id": dice.choice(ACCOUNTS),
        "currency": dice.choice(CURRENCIES),
        "first_sent_on": day(dice) if was_sent else None,
        "sent": sent if was_sent else {},
        **owner(dice),
    }


def receivable(dice: Dice) -> Image:
    """Return an instalment, open or paid, or paid beyond what is owed by now."""
    currency, minor = dice.choice(CURRENCIES), amount(dice)
    return {
        "status": "OPEN",
        "due_on": day(dice),
        "account_id": dice.choice(ACCOUNTS),
        "amount": {"minor": minor, "currency": currency},
        "paid": {"minor": dice.choice((0, minor, dice.randrange(10**9))), "currency": currency},
        **owner(dice),
    }


def revenue_schedule(dice: Dice) -> Image:
    """Return what is earned of something, billed and planned, in some months."""
    months = {name: {day(dice)[:7]: amount(dice)} for name in ("recognised", "billed")}
    return {
        "status": dice.choice(("OPEN", "FINISHED", "ENDED")),
        "value": {"minor": amount(dice), "currency": dice.choice(CURRENCIES)},
        "planned": {dice.choice((day(dice)[:7], "undated")): amount(dice)},
        **months,
        **owner(dice),
    }


MAKERS: Final[Mapping[str, Maker]] = {
    "account": account,
    "activity": activity,
    "contract": contract,
    "credit_note": credit_note,
    "credit_profile": credit_profile,
    "lead": lead,
    "opportunity": opportunity,
    "order": order,
    "quote": quote,
    "receivable": receivable,
    "revenue_schedule": revenue_schedule,
    "stock": stocking.stock,
    "stock_movement": stocking.stock_movement,
    "supply": stocking.supply,
}
