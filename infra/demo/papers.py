"""What is agreed with customers: what credit grades give, offers for open deals, contracts of won ones."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.credit import service as credit
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.quotes import service as quotes
from infra.demo.people import COMPANY, acting, known_id

#: How far the offers have come, the first one drafted only.
OFFERS: Final = ("DRAFT", "IN_REVIEW", "PRESENTED", "ACCEPTED")
#: Contracts in force; one more is drafted.
AGREED: Final = 2
_YEAR: Final = timedelta(days=365)


def decide_credit() -> None:
    """Decide what the grades give; what earns them is as usual."""
    rules = credit.policy()
    grades = {
        each["grade"]: each | {"limits": _money(given["limits"])} | _given(given)
        for each in rules.rows
        for given in [COMPANY["credit"][each["grade"]]]
    }
    by = acting(known_id("user", "olga"))
    credit.set_policy(by=by, version=rules.version, default_grade=rules.default_grade, grades=grades)


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {"payment_days": told["payment_days"], "cash_only": told.get("cash_only", False)}


def _money(limits: dict[str, int]) -> list[Money]:
    return [Money(minor, currency) for currency, minor in limits.items()]


def offer(deals: Sequence[Opportunity]) -> None:
    """Offer what is asked for in open deals at home, each offer a step further than the one before."""
    standing = [each for each in deals if each.status == "OPEN" and each.amount.currency == "CNY"]
    director = acting(known_id("user", "li_na"))
    for status, deal in zip(OFFERS, reversed(standing), strict=False):
        seller = acting(deal.owner_id)
        quote = quotes.draft_from(deal.id, by=seller)
        if status != "DRAFT":
            quote = quotes.submit(quote.id, by=seller)
        if status in ("PRESENTED", "ACCEPTED"):
            if quote.status == "IN_REVIEW":
                quotes.approve(quote.id, by=director)
            quotes.send(quote.id, by_mail=False, by=seller)
        if status == "ACCEPTED":
            quotes.accept(quote.id, name="Purchasing 采购部", by=seller)


def agree(deals: Sequence[Opportunity]) -> None:
    """Agree on maintenance for what was won: in force for a while, and one that is drafted."""
    won = [each for each in deals if each.status == "WON"][-AGREED - 1 :]
    director = acting(known_id("user", "li_na"))
    for number, deal in enumerate(won):
        seller, starts_on = acting(deal.owner_id), clock.today() - timedelta(days=150)
        made = contracts.draft(by=seller, account_id=deal.account_id, **_terms(deal, starts_on))
        if number < AGREED:
            contracts.submit(made.id, by=seller)
            contracts.approve(made.id, by=director)
            contracts.send(made.id, by=seller)
            contracts.sign(made.id, signed_by="Purchasing 采购部", by=seller)
            contracts.activate(made.id, by=seller)


def _terms(deal: Opportunity, starts_on: Any) -> dict[str, Any]:
    told, visits = COMPANY["contract"], len(COMPANY["contract"]["milestones"])
    each = Money(deal.amount.minor // 20, deal.amount.currency)
    return {
        "title": f"{told['title']} · {deal.name}"[:200],
        "value": Money(each.minor * visits, each.currency),
        "starts_on": starts_on,
        "ends_on": starts_on + _YEAR,
        "milestones": [
            {"name": visit["name"], "due_on": starts_on + timedelta(days=visit["day"]), "amount": each}
            for visit in told["milestones"]
        ],
    }
