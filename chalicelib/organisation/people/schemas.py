"""What clients send and see of people and API keys."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.access import Role
from chalicelib.core.shapes import (
    Day,
    Email,
    Id,
    Instant,
    Language,
    Line,
    ListQuery,
    Shape,
    View,
    Zone,
)

UserStatus = Literal["ACTIVE", "INACTIVE"]
Lines = Annotated[list[Line], Field(max_length=50)]
#: What a key may do: ``leads:read``, ``*:read``, ``orders:*``. Nothing gives a key administration.
Scope = Annotated[
    str, Field(pattern=r"^([a-z][a-z_]{0,30}:(read|write|approve|configure|\*)|\*:(read|write))$")
]


class UserDetails(Shape):
    """What may be known of somebody. `daily_lead_cap` and `capacity` (open leads): null is no limit."""

    team_id: Id | None = None
    region: Line | None = None
    industries: Lines = Field(default_factory=list)
    products: Annotated[list[Id], Field(max_length=50)] = Field(default_factory=list)
    language: Language | Literal[""] = ""
    zone: Zone | Literal[""] = ""
    daily_lead_cap: Annotated[int, Field(ge=0, le=10_000)] | None = None
    capacity: Annotated[int, Field(ge=0, le=100_000)] | None = None
    level: Annotated[int, Field(ge=1, le=10)] = 1


class NewUser(UserDetails):
    """Somebody to add. Who has a verified e-mail address at the identity provider signs in as this user."""

    name: Line
    email: Email
    role: Role


class UserChange(UserDetails):
    """What to change of a user; fields left out stay, null clears."""

    name: Line = Field(default_factory=str)
    email: Email = Field(default_factory=str)
    role: Role = Field(default_factory=lambda: Role.READ_ONLY)


class Preferences(Shape):
    """One's own language and time zone; empty is the company's."""

    language: Language | Literal[""] = ""
    zone: Zone | Literal[""] = ""


class Absence(Shape):
    """When somebody is away, both days included, and who stands in; all null: back again."""

    away_from: Day | None = None
    away_until: Day | None = None
    stand_in_id: Id | None = None


class UserView(View):
    """Somebody who works here, or did."""

    id: str
    name: str
    email: str
    role: Role
    status: UserStatus
    team_id: str | None
    region: str | None
    industries: list[str]
    products: list[str]
    language: str
    zone: str
    daily_lead_cap: int | None
    capacity: int | None
    level: int
    away_from: Day | None
    away_until: Day | None
    stand_in_id: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class UserQuery(ListQuery):
    """Which users to list; `q` is a part of the name."""

    status: UserStatus = "ACTIVE"
    team_id: Id | None = None
    q: Line | None = None


class MeView(View):
    """Who is calling, what they may do, and their user (null for an API key)."""

    id: str
    name: str
    role: Role
    permissions: list[str]
    teams: list[str]
    managed_teams: list[str]
    user: UserView | None


class NewKey(Shape):
    """A key to make for a program: what it may do, and until when."""

    name: Line
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=50)]
    expires_at: Instant | None = None


class KeyView(View):
    """An API key without its secret."""

    id: str
    name: str
    scopes: list[str]
    status: Literal["ACTIVE", "REVOKED"]
    issued_by: str
    expires_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant


class IssuedKey(KeyView):
    """An API key with `key`, the token itself: shown this once, kept nowhere (null when asked again)."""

    key: str | None = None
