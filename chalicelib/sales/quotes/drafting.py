"""How a quote comes to be: drafted, or made of an opportunity; and edited while it is a draft."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.numbering import document_number
from chalicelib.core.ownership import owner_to_be, reached
from chalicelib.core.references import References
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.quotes.lifecycle import QUOTE
from chalicelib.sales.quotes.models import Quote
from chalicelib.sales.quotes.policy import policy
from chalicelib.sales.quotes.pricing import Asked, asked_again, priced

#: What decides prices beside the lines: changing it prices all of them anew.
_MARKET: Final = frozenset({"lines", "discount", "channel"})


def draft(
    *,
    by: Principal,
    account_id: str,
    currency: str,
    lines: Sequence[Asked] = (),
    discount: Money | None = None,
    contact_id: str | None = None,
    opportunity_id: str | None = None,
    owner_id: str | None = None,
    **terms: Any,
) -> Quote:
    """Draft a quote, priced as of today for the account's grade and region (`catalog.priced_lines`).

    `terms`: title, language, channel, valid_until, terms, note. Invalid, naming the fields, for
    references and prices that are not there. Forbidden when given to somebody else without the right.
    """
    account, contact = _customer(by, account_id, contact_id, opportunity_id)
    owner = owner_to_be(Quote.area, by=by, asked=owner_id, otherwise=account.owner_id)
    rules = policy()
    language = terms.pop("language", None) or _language(contact, by)
    agreed: dict[str, Any] = {
        "valid_until": clock.today() + timedelta(days=rules.valid_days),
        "terms": rules.terms.get(language),
    } | {name: term for name, term in terms.items() if term is not None}
    _require_to_come(agreed["valid_until"])
    quote = Quote(
        number=document_number(rules.number_prefix, clock.today()),
        account_id=account_id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        currency=currency,
        language=language,
        priced_on=clock.today(),
        line_rows=priced(lines, account, currency, channel=agreed.get("channel"), discount=discount),
        **people.owner_fields(owner),
        **agreed,
    )
    step = Step(by=by.id)
    step.create(quote)
    step.commit()
    return quote


def draft_from(
    opportunity_id: str, *, by: Principal, lines: Sequence[Asked] | None = None, **terms: Any
) -> Quote:
    """Draft a quote of an opportunity: its account, contact and products, at the prices it has.

    `lines` stand in place of its products, where these want options or prices that a deal does not have.
    A deal without products becomes one line of its amount. Blocked when it has no account.
    """
    named = References(by)
    deal = named.take("opportunity_id", opportunities.opportunity, opportunity_id)
    named.check()
    if deal.account_id is None:
        raise errors.Blocked(FieldError("account_id", "missing"))
    given = {"title": deal.name, "contact_id": deal.contact_id}
    given |= {name: term for name, term in terms.items() if term is not None}
    return draft(
        by=by,
        account_id=deal.account_id,
        opportunity_id=deal.id,
        currency=deal.amount.currency,
        lines=_of_deal(deal) if lines is None else lines,
        **given,
    )


def _of_deal(deal: Any) -> list[dict[str, Any]]:
    if not deal.lines:
        return [{"name": deal.name, "quantity": 1, "unit_price": deal.amount}] if deal.amount.minor else []
    return [
        {
            "product_id": line["product_id"],
            "quantity": line["quantity"],
            "unit_price": Money(line["unit_price_minor"], deal.amount.currency),
        }
        for line in deal.lines
    ]


def edit(
    quote_id: str, *, by: Principal, version: int | None, reprice: bool = False, **changes: Any
) -> Quote:
    """Change a draft; `lines` are replaced as a whole, and priced as of today. `reprice`: as they stand.

    A discount on the whole, and another channel, come with the lines that they are to apply to, or
    with `reprice`.
    """
    quote = reached(Quote, quote_id, who=by, to_write=True)
    expect(quote, version)
    QUOTE.require("edit", quote.status, by=by)
    if changes.get("contact_id"):
        _customer(by, quote.account_id, changes["contact_id"], None)
    if reprice:
        changes = asked_again(quote) | changes
    if changes.get("valid_until"):
        _require_to_come(changes["valid_until"])
    if "lines" not in changes:
        if lost := sorted(_MARKET & changes.keys()):
            raise errors.Invalid(*(FieldError(name, "with_lines") for name in lost))
    else:
        channel = changes.get("channel", quote.channel)
        asked, discount = changes.pop("lines"), changes.pop("discount", None)
        # Of a quote shared with somebody the customer need not be in reach.
        account = accounts.account(quote.account_id, who=SYSTEM)
        rows = priced(asked, account, quote.currency, channel=channel, discount=discount)
        changes |= {"line_rows": rows, "priced_on": clock.today()}
    step = Step(by=by.id)
    step.change(quote, **changes)
    step.commit()
    return quote


def _customer(
    by: Principal, account_id: str, contact_id: str | None, opportunity_id: str | None
) -> tuple[Any, Any]:
    """Return account and contact. Invalid, naming each, for them and for what is not of this account."""
    named = References(by)
    account = named.take("account_id", accounts.account, account_id)
    contact = named.take("contact_id", accounts.contact, contact_id, account_id=account_id)
    named.take("opportunity_id", opportunities.opportunity, opportunity_id, account_id=account_id)
    named.check()
    return account, contact


def _language(contact: Any, by: Principal) -> str:
    return (contact and contact.language) or by.language or "en"


def _require_to_come(day: date) -> None:
    if day < clock.today():
        raise errors.Invalid.one("valid_until", "in_past")
