"""The demo company's people, as `company.json` names them, under ids that never change."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.core import ids
from chalicelib.core.access import Principal
from chalicelib.organisation.people import service as people

COMPANY: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("company.json").read_text("utf-8"))


def known_id(kind: str, key: str) -> str:
    """Return the id that something of the demo company always has."""
    return ids.derived(kind, f"{kind}_{0:026d}", key)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works in the demo company."""

    key: str
    name: str
    role: str
    language: str
    team: str | None = None
    zone: str = "Asia/Shanghai"
    level: int = 1

    @property
    def id(self) -> str:
        """The user's id."""
        return known_id("user", self.key)

    @property
    def email(self) -> str:
        """The user's address; example.com belongs to nobody."""
        return f"{self.key.replace('_', '.')}@example.com"


PEOPLE: Final = tuple(Person(**person) for person in COMPANY["people"])
#: Who can sign in to the sandbox, by what the login is called.
LOGINS: Final[dict[str, str]] = COMPANY["logins"]
#: The public form of the company's web site.
FORM_ID: Final = known_id("lead_form", "website")


def acting(user_id: str) -> Principal:
    """Return somebody of the demo company as who acts."""
    known: Any = people.user(user_id)
    return people.principal(known)


def sellers(team: str) -> list[Person]:
    """Return a team's reps."""
    return [person for person in PEOPLE if person.team == team and person.role == "REP"]
