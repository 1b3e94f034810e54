"""What goes on around the deals: enquiries, interactions, orders that are shipped and paid."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Final

from chalicelib.core import clock
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.orders import service as orders
from infra.demo.people import COMPANY, acting, known_id, sellers

ENQUIRIES: Final = 40
INTERACTIONS: Final = 40
#: Deals won in so many days before today have an order.
ORDERED_DAYS: Final = 12
_STATUSES: Final = {"QUALIFIED": 3, "UNQUALIFIED": 3, "CONVERTED": 3, "WORKING": 4}
_TALK: Final = (
    ("CALL", "OUT", "Call about the offer 报价沟通"),
    ("VISIT", "OUT", "Visit to the plant 工厂拜访"),
    ("EMAIL", "OUT", "Data sheets sent 发送资料"),
    ("MEETING", "OUT", "Technical meeting 技术交流"),
)


def enquire(dice: Random) -> None:
    """Bring in leads of the last months, in every status; the newest wait for their first contact."""
    for number in range(ENQUIRIES):
        team = dice.choice(list(COMPANY["markets"]))
        market, name = COMPANY["markets"][team], dice.choice(COMPANY["markets"][team]["people"])
        days_ago = dice.randrange(150)
        status = dice.choices(list(_STATUSES), list(_STATUSES.values()))[0] if days_ago else None
        leads.bring_in(
            external_id=f"demo:{number:04d}",
            received_at=clock.now() - timedelta(days=days_ago, minutes=dice.randrange(600)),
            status=status,
            owner_id=dice.choice(sellers(team)).id,
            name=name,
            email=f"lead{number:04d}@example.org",
            company=f"{dice.choice(market['cities'])} {dice.choice(COMPANY['industries'])} {number}",
            country=market["country"],
            city=dice.choice(market["cities"]),
            source=dice.choice(list(COMPANY["sources"])),
            industry=dice.choice(COMPANY["industries"]),
        )


def talk(dice: Random, deals: Sequence[Opportunity]) -> None:
    """Log interactions of the last weeks about open deals."""
    standing = [deal for deal in deals if deal.status == "OPEN"]
    for _ in range(INTERACTIONS):
        deal = dice.choice(standing)
        kind, direction, subject = dice.choice(_TALK)
        opened = clock.start_of(deal.opened_on)
        at = opened + (clock.now() - opened) * dice.random()
        activities.log_interaction(
            about_id=deal.id,
            type=kind,
            direction=direction,
            subject=subject,
            happened_at=at,
            minutes=dice.randrange(5, 90),
            by=acting(deal.owner_id),
        )


def order(dice: Random, deals: Sequence[Opportunity]) -> None:
    """Order what was won lately: approved by the director, shipped, and mostly paid."""
    since = clock.today() - timedelta(days=ORDERED_DAYS)
    won = [deal for deal in deals if deal.status == "WON" and deal.closed_on >= since]
    director, finance = (acting(known_id("user", key)) for key in ("li_na", "fang"))
    for number, deal in enumerate(won):
        seller = acting(deal.owner_id)
        with clock.at(clock.start_of(deal.closed_on) + timedelta(hours=14)):
            made = orders.draft_from(deal.id, by=seller)
            orders.submit(made.id, by=seller)
            orders.approve(made.id, by=director)
            orders.activate(made.id, by=seller)
        if dice.random() < 0.8:
            orders.ship(made.id, reference=f"DN-{number:04d}", by=seller)
        if dice.random() < 0.6:
            orders.pay(
                made.id, reference=f"TT-{number:04d}", amount=made.total, method="TRANSFER", by=finance
            )
