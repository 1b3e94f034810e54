"""The people and teams at hand: small sets, each one Query, kept for at most half a minute.

What this process writes it sees at once (`forget`); what another wrote, half a minute later.
Decisions about one person (may they sign in, may they own) read that person instead.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from chalicelib.core.table import Record, all_of
from chalicelib.organisation.people.models import BusinessCalendar, Team, Territory, User

#: Seconds for which a set is taken as it was read.
KEPT: Final = 30.0

R = TypeVar("R", bound=Record)


@dataclass
class _Kept(Generic[R]):
    """A set of records by id, read again when it is older than `KEPT`."""

    read: Callable[[], list[R]]
    until: float = 0.0
    found: dict[str, R] = field(default_factory=dict)

    def __call__(self) -> dict[str, R]:
        if time.monotonic() >= self.until:
            self.found = {record.id: record for record in self.read()}
            self.until = time.monotonic() + KEPT
        return self.found

    def forget(self) -> None:
        self.until = 0.0


def read_users(status: str) -> list[User]:
    """Return the users of a status as they are now, by id: one Query."""
    # Teams and the like have a status too, and stand in the same index.
    return all_of(User.by_status.query, status, range_key_condition=User.id.startswith("user_"))


def read_teams() -> list[Team]:
    """Return the teams and departments as they are now: one Query."""
    return [team for team in all_of(Team.by_group.query, "teams") if team.status == "ACTIVE"]


def read_territories() -> list[Territory]:
    """Return the territories as they are now: one Query."""
    found = all_of(Territory.by_group.query, "territories")
    return [territory for territory in found if territory.status == "ACTIVE"]


def read_calendars() -> list[BusinessCalendar]:
    """Return the business calendars as they are now: one Query."""
    found = all_of(BusinessCalendar.by_group.query, "calendars")
    return [calendar for calendar in found if calendar.status == "ACTIVE"]


#: Who works here, by id.
users: Final = _Kept(lambda: read_users("ACTIVE"))
#: Teams and departments, by id.
teams: Final = _Kept(read_teams)
territories: Final = _Kept(read_territories)
calendars: Final = _Kept(read_calendars)


def forget() -> None:
    """Read everything anew at the next look: something was written."""
    for kept in (users, teams, territories, calendars):
        kept.forget()
