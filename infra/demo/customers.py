"""Sixty companies and the people in them, each with the rep who looks after them."""

from dataclasses import dataclass
from random import Random
from typing import Any

from chalicelib.core.access import SYSTEM
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.accounts.models import Account, Contact
from infra.demo.people import COMPANY, Person, known_id, sellers


@dataclass(frozen=True, slots=True)
class Customer:
    """A company, whom to speak to there, whose it is, what it pays in, and how much it buys."""

    account: Account
    contact: Contact
    seller: Person
    currency: str
    weight: float


def add_all(dice: Random) -> list[Customer]:
    """Add every company of `company.json` with two contacts; return them."""
    found = []
    for team, market in COMPANY["markets"].items():
        for name in market["companies"]:
            found.append(_add(dice, team, market, name))
    return found


def _add(dice: Random, team: str, market: dict[str, Any], name: str) -> Customer:
    seller = dice.choice(sellers(team))
    owner: dict[str, Any] = {"owner_id": seller.id, "team_id": known_id("team", team)}
    region = next(each["region"] for each in COMPANY["teams"] if each["key"] == team)
    step = Step(by=SYSTEM.id)
    account = accounts.put_account(
        step,
        name=f"{name} {market['suffix']}" if market["suffix"].isascii() else name + market["suffix"],
        **owner,
        industry=dice.choice(COMPANY["industries"]),
        region=region,
        country=market["country"],
        city=dice.choice(market["cities"]),
        employees=round(dice.lognormvariate(5.5, 1)),
        source=_source(dice),
    )
    contacts = [
        accounts.put_contact(
            step,
            account_id=account.id,
            name=person,
            **owner,
            email=f"{known_id('contact', f'{name}|{person}')[-8:].lower()}@example.org",
            title=title,
        )
        for person, title in zip(
            dice.sample(market["people"], 2), ("Purchasing 采购", "Engineering 工程"), strict=True
        )
    ]
    step.commit()
    return Customer(account, contacts[0], seller, market["currency"], dice.paretovariate(1.4))


def _source(dice: Random) -> str:
    sources: dict[str, int] = COMPANY["sources"]
    return dice.choices(list(sources), list(sources.values()))[0]
