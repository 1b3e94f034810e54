"""Who may do what: one policy, decided for each record.

Two questions, and only two:
- `require(who, "leads:write")`: may this role (or this key's scopes) do that at all? → Forbidden
- `require_reach(who, record)`: is this record theirs to see (or to change)? → NotFound, the same
  as for a record that is not there.

A record that people own has `owner_id`, `team_id` and `shared_with` (a dict of user or team id →
"read" | "write").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from chalicelib.core import errors


class Role(StrEnum):
    """What somebody is in the company."""

    ADMIN = "ADMIN"
    OPERATIONS = "OPERATIONS"
    MANAGER = "MANAGER"
    REP = "REP"
    FINANCE = "FINANCE"
    READ_ONLY = "READ_ONLY"
    INTEGRATION = "INTEGRATION"


#: What each role may do: ``area:verb``, either part may be ``*``. Verbs: read, write, approve
#: (step in for others: approvals, reassigning), configure (rules, stages, forms), admin (users, keys).
GRANTS: Final[Mapping[Role, frozenset[str]]] = {
    Role.ADMIN: frozenset({"*:*"}),
    Role.OPERATIONS: frozenset({"*:read", "*:write", "*:approve", "*:configure"}),
    Role.MANAGER: frozenset({"*:read", "*:write", "*:approve"}),
    Role.REP: frozenset({"*:read", "*:write"}),
    Role.FINANCE: frozenset(
        {
            "*:read",
            "orders:write",
            "orders:approve",
            "contracts:write",
            "costs:approve",
            "credit:approve",
            "revenue:write",
            "revenue:configure",
        }
    ),
    Role.READ_ONLY: frozenset({"*:read"}),
    Role.INTEGRATION: frozenset(),
}
#: Roles that reach every record; the others reach what is theirs.
SEES_ALL: Final = frozenset({Role.ADMIN, Role.OPERATIONS, Role.FINANCE, Role.READ_ONLY, Role.INTEGRATION})


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody or something that acts. `managed_teams` includes the teams below those managed."""

    id: str
    role: Role
    name: str = ""
    teams: frozenset[str] = frozenset()
    managed_teams: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    language: str = ""
    zone: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def sees_all(self) -> bool:
        """Whether every record is in reach."""
        return self.role in SEES_ALL


#: The house itself: public intake, reactions to changes, schedules.
SYSTEM: Final = Principal(id="system", role=Role.OPERATIONS, name="Salestream")


def may(who: Principal, permission: str) -> bool:
    """Whether the role or the key's scopes grant a permission such as ``leads:write``.

    No scope grants administration, ``people:*`` neither: who has a key must not make another.
    """
    area, _, verb = permission.partition(":")
    granted = GRANTS[who.role] if verb == "admin" else GRANTS[who.role] | who.scopes
    return not granted.isdisjoint({permission, f"*:{verb}", f"{area}:*", "*:*"})


def require(who: Principal, permission: str) -> None:
    """Raise Forbidden unless the permission is granted."""
    if not may(who, permission):
        raise errors.Forbidden(permission=permission)


def reaches(who: Principal, record: Any, *, to_write: bool = False) -> bool:
    """Whether a record is in somebody's reach: all, own, team's, shared."""
    owner = getattr(record, "owner_id", None)
    if who.sees_all or owner == who.id:
        return True
    if getattr(record, "team_id", None) in who.managed_teams:
        return True
    if who.id in (getattr(record, "member_ids", None) or ()):
        return True
    shared: Mapping[str, str] = getattr(record, "shared_with", None) or {}
    granted = {shared.get(who.id), *(shared.get(team) for team in who.teams)}
    return "write" in granted or (not to_write and "read" in granted)


def require_reach(who: Principal, record: Any, *, to_write: bool = False) -> None:
    """Raise NotFound unless the record is in reach; Forbidden when it may be read but not changed."""
    if not reaches(who, record):
        raise errors.NotFound
    if to_write and not reaches(who, record, to_write=True):
        raise errors.Forbidden
