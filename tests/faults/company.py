"""A company at work: its people, its teams, its customers."""

from itertools import count
from typing import Any, Final

from chalicelib.core.access import Principal
from chalicelib.organisation.people import service as people
from chalicelib.organisation.people.login import _link
from chalicelib.organisation.people.models import Team, User
from tests.client import ADMIN, NORTH, OPERATIONS
from tests.customers import builders as customers
from tests.organisation.people.builders import hire_everybody

WEEK: Final[dict[str, Any]] = {
    day: [{"opens": "09:00", "closes": "18:00"}] for day in ("mon", "tue", "wed", "thu", "fri")
} | {"sat": [], "sun": []}


class Company:
    """Everybody is hired; each method makes one more of what it is named for.

    Names carry a number, so that no two things are alike where they must not be.
    """

    def __init__(self) -> None:
        hire_everybody()
        self._numbers = count(100)

    def name(self, what: str) -> str:
        """A name that nothing else has."""
        return f"{what} No{next(self._numbers)}"

    def email(self) -> str:
        """An address that nobody else has."""
        return f"no{next(self._numbers)}@example.cn"

    def phone(self) -> str:
        """A number that nobody else has."""
        return f"+861380013{next(self._numbers):04d}"

    def code(self, what: str) -> str:
        """A code that nothing else has."""
        return self.name(what).replace(" ", "-")

    def principal(self, user: User) -> Principal:
        """A user as somebody who acts."""
        return people.principal(user)

    def user(self, *, gone: bool = False) -> User:
        """Somebody of team North; gone: who has left."""
        made = people.add_user(
            name=self.name("Paul"), email=self.email(), role="REP", team_id=NORTH, by=ADMIN
        )
        return people.let_go(made.id, version=None, by=ADMIN) if gone else made

    def known_user(self) -> User:
        """Somebody who has signed in before."""
        made = self.user()
        _link(made, self.name("subject"))
        return made

    def team(self) -> Team:
        """A team with nobody in it."""
        return people.add_team(name=self.name("Team"), by=OPERATIONS)

    def territory(self) -> Any:
        """A part of the market."""
        name = self.name("T")
        return people.add_territory(code=name.replace(" ", "-"), name=name, by=OPERATIONS)

    def calendar(self) -> Any:
        """Business hours."""
        return people.add_calendar(name=self.name("C"), zone="Asia/Shanghai", week=WEEK, by=OPERATIONS)

    def key(self) -> Any:
        """A program's way in."""
        return people.issue_key(name=self.name("ERP"), scopes=["orders:read"], by=ADMIN)[0]

    def account(self) -> Any:
        """A customer."""
        return customers.account(self.name("Acme"))

    def contact(self) -> Any:
        """Somebody at a customer's."""
        return customers.contact(self.account(), email=self.email())

    def task(self) -> Any:
        """Something to do."""
        return customers.task(self.name("Call"))
