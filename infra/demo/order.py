"""The company's order: its teams and people, its products, its sales process."""

from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.organisation.people import seats
from chalicelib.organisation.people.login import email_key
from chalicelib.organisation.people.models import Team, User
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.opportunities import service as opportunities
from infra.demo.people import COMPANY, PEOPLE, Person, known_id


def set_up() -> list[Product]:
    """Hire everybody, form the teams, list the products, draw the pipeline; return the products."""
    step = Step(by=SYSTEM.id)
    for team in COMPANY["teams"]:
        step.create(
            Team(
                known_id("team", team["key"]),
                name=team["name"],
                type=team.get("type", "TEAM"),
                parent_id=known_id("team", team["parent"]) if "parent" in team else None,
                manager_id=known_id("user", team["manager"]),
                region=team.get("region"),
            )
        )
    for person in PEOPLE:
        step.create(_user(person))
        step.claim(email_key(person.email), person.id)
    above = (known_id("team", team["parent"]) for team in COMPANY["teams"] if "parent" in team)
    within = (known_id("team", person.team) for person in PEOPLE if person.team)
    seats.furnish(step, [*above, *within])
    step.commit()
    opportunities.ensure_default_pipeline()
    return [
        catalog.add_product(
            code=each["code"],
            name=each["name"],
            family=each["family"],
            list_price=Money(each["price"], "CNY"),
            by=SYSTEM,
        )
        for each in COMPANY["products"]
    ]


def _user(person: Person) -> User:
    regions = {team["key"]: team.get("region") for team in COMPANY["teams"]}
    return User(
        person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        team_id=known_id("team", person.team) if person.team else None,
        region=regions[person.team] if person.team else None,
        language=person.language,
        zone=person.zone,
        level=person.level,
    )
