"""The verbs of quotes, each with a request that succeeds."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.core.money import Money
from chalicelib.sales.quotes import service as quotes
from tests.client import MANAGER, OPERATIONS, REP
from tests.faults.asks import WHY, Ask, Row, given, new, on, shared
from tests.faults.world import World


def quote(world: World, status: str = "DRAFT") -> Any:
    """A quote that has come to a status; it takes an approval, as Rita gives half of the price away."""
    line = {"product_id": world.press.id, "quantity": 10, "unit_price": Money(500, "CNY")}
    made = quotes.draft(by=REP, account_id=world.account().id, currency="CNY", lines=[line])
    ways: list[Callable[[], Any]] = [
        lambda: quotes.submit(made.id, by=REP),
        lambda: quotes.approve(made.id, by=MANAGER),
        lambda: quotes.send(made.id, by_mail=False, by=REP),
        lambda: quotes.accept(made.id, name="Li Wei", by=REP),
    ]
    for verb in ways:
        if made.status == status:
            break
        made = verb()
    assert made.status == status
    return made


def by_link(world: World, **body: str) -> Ask:
    """A customer's answer to a quote, by its link."""
    token = quotes.link(quote(world, "PRESENTED").id, who=REP).rpartition("/")[2]
    return Ask(REP, (token,), {"name": "Li Wei", **body})


QUOTES: Final[dict[str, Row]] = {
    "quotes.draft_quote": lambda w: new(
        {
            "account_id": w.account().id,
            "currency": "CNY",
            "lines": [{"product_id": w.press.id, "quantity": 3}],
        }
    ),
    "quotes.draft_quote_of_opportunity": lambda w: new({"opportunity_id": w.deal().id}),
    "quotes.edit_quote": lambda w: on(quote(w), body={"title": "by sea"}),
    "quotes.submit_quote": lambda w: on(quote(w)),
    "quotes.approve_quote": lambda w: on(quote(w, "IN_REVIEW"), by=MANAGER),
    "quotes.send_quote_back": lambda w: on(quote(w, "IN_REVIEW"), by=MANAGER, body=WHY),
    "quotes.withdraw_quote": lambda w: on(quote(w, "APPROVED")),
    "quotes.send_quote": lambda w: on(quote(w, "APPROVED"), body={"to": "li@example.cn"}),
    "quotes.revise_quote": lambda w: on(quote(w, "PRESENTED")),
    "quotes.record_acceptance": lambda w: on(quote(w, "PRESENTED"), body={"name": "Li Wei"}),
    "quotes.record_rejection": lambda w: on(quote(w, "PRESENTED"), body=WHY),
    "quotes.void_quote": lambda w: on(quote(w, "PRESENTED"), body=WHY),
    "quotes.restore_quote": lambda w: on(quotes.void(quote(w, "PRESENTED").id, reason="x", by=REP)),
    "quotes.renew_quote_link": lambda w: on(quote(w, "PRESENTED")),
    "quotes.revoke_quote_link": lambda w: on(quote(w, "PRESENTED")),
    "quote_links.accept_quote": by_link,
    "quote_links.ask_changes": lambda w: by_link(w, message="Two more dies"),
    "quotes.reassign_quote": lambda w: given(quote(w)),
    "quotes.share_quote": lambda w: shared(quote(w)),
    "quote_policy.set_quote_policy": lambda w: Ask(
        OPERATIONS, body={"number_prefix": "Q", "valid_days": 14}, match=quotes.policy().version
    ),
}
