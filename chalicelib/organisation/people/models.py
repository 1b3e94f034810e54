"""The company's people and order as they are kept. No e-mail address stands in a key."""

from datetime import date, datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
)
from chalicelib.core.table import Record, index, meta


class User(Record):
    """Somebody who works here; ACTIVE or INACTIVE.

    `daily_lead_cap` and `capacity` (open leads at most) are without limit when None; `level` is
    experience, from 1. Away from `away_from` to `away_until`, both days included.
    """

    Meta = meta("people")
    kind = "user"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("user"))
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    team_id = UnicodeAttribute(null=True)
    region = UnicodeAttribute(null=True)
    industries = ListOfAttribute(default=list)
    products = ListOfAttribute(default=list)
    language = UnicodeAttribute(default="")
    zone = UnicodeAttribute(default="")
    daily_lead_cap = IntegerAttribute(null=True)
    capacity = IntegerAttribute(null=True)
    level = IntegerAttribute(default=1)
    away_from = DateAttribute(null=True)
    away_until = DateAttribute(null=True)
    stand_in_id = UnicodeAttribute(null=True)
    by_status = index("status", "id")

    def is_away(self, day: date) -> bool:
        """Whether the person is away on a day. An end left open lasts."""
        first: date | None = self.away_from
        last: date | None = self.away_until
        return first is not None and first <= day <= (last or date.max)

    def takes_leads(self, at: datetime) -> bool:
        """Whether work can be given to the person: sells, works here, and is there that day."""
        sells = self.status == "ACTIVE" and self.role in ("REP", "MANAGER")
        return sells and not self.is_away(clock.business_date(at, self.zone))


class Team(Record):
    """A team or a department, one below another; ACTIVE or VOIDED."""

    Meta = meta("people")
    kind = "team"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("team"))
    group = UnicodeAttribute(default="teams")
    type = UnicodeAttribute(default="TEAM")
    name = UnicodeAttribute()
    parent_id = UnicodeAttribute(null=True)
    manager_id = UnicodeAttribute(null=True)
    region = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default="ACTIVE")
    by_group = index("group", "id")


class Territory(Record):
    """A part of the market and whose it is; ACTIVE or VOIDED. An empty list means no such rule."""

    Meta = meta("people")
    kind = "territory"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("territory"))
    group = UnicodeAttribute(default="territories")
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    countries = ListOfAttribute(default=list)
    regions = ListOfAttribute(default=list)
    cities = ListOfAttribute(default=list)
    team_id = UnicodeAttribute(null=True)
    owner_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default="ACTIVE")
    by_group = index("group", "id")


class BusinessCalendar(Record):
    """When business is open, in an IANA zone; ACTIVE or VOIDED.

    `week` maps ``mon`` … ``sun`` to ``[{"opens": "09:00", "closes": "18:00"}, …]``; `holidays` are
    closed days; `special_days` (``[{"day": …, "hours": […]}]``) have hours of their own, such as a
    Saturday worked to make up for a holiday.
    """

    Meta = meta("people")
    kind = "calendar"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("calendar"))
    group = UnicodeAttribute(default="calendars")
    name = UnicodeAttribute()
    zone = UnicodeAttribute()
    week = DocumentAttribute()
    holidays = ListOfAttribute(default=list)
    special_days = ListOfAttribute(default=list)
    status = UnicodeAttribute(default="ACTIVE")
    by_group = index("group", "id")


class ApiKey(Record):
    """A program's way in; ACTIVE or REVOKED. Only the digest of the secret is kept."""

    Meta = meta("people")
    kind = "api_key"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("api_key"))
    group = UnicodeAttribute(default="api_keys")
    name = UnicodeAttribute()
    scopes = ListOfAttribute()
    digest = UnicodeAttribute()
    issued_by = UnicodeAttribute()
    expires_at = InstantAttribute(null=True)
    status = UnicodeAttribute(default="ACTIVE")
    by_group = index("group", "id")


RECORDS = (User, Team, Territory, BusinessCalendar, ApiKey)
