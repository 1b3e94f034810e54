"""Whose figures of what is owed and earned somebody may read: all, their teams', or their own."""

from collections.abc import Callable

from chalicelib.core import access, errors
from chalicelib.core.access import Principal
from chalicelib.core.table import Record


def usual(who: Principal) -> str:
    """Return the dimension somebody reads by when they do not say: teams, or themselves."""
    return "team" if who.sees_all or who.managed_teams else "owner"


def admitted(who: Principal, *, by: str, member: str | None) -> Callable[[str], bool]:
    """Return which members of a dimension somebody may read, or the one that was asked for.

    Forbidden for a dimension that is not theirs to read by, NotFound for a member out of reach.
    """
    if member is not None and not _reaches(who, by, member):
        raise errors.NotFound
    if member is None and not who.sees_all:
        if by == "team" and not who.managed_teams:
            raise errors.Forbidden
        return (lambda each: each in who.managed_teams) if by == "team" else (lambda each: each == who.id)
    return lambda each: member in (None, each)


def _reaches(who: Principal, by: str, member: str) -> bool:
    if who.sees_all or member == who.id or (by == "team" and member in who.managed_teams):
        return True
    found = Record.anywhere(member) if by == "owner" else None
    return found is not None and access.reaches(who, found)


def require_all(who: Principal) -> None:
    """Raise Forbidden unless somebody sees all: for the company's books as a whole."""
    if not who.sees_all:
        raise errors.Forbidden
