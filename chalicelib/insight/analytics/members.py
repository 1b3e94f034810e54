"""Whose figures somebody may read, and what those members are called.

Roles that see all read by any dimension; managers by team, owner and split, for the teams they
manage; everybody else their own.
"""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.core import access, errors
from chalicelib.core.access import Principal
from chalicelib.core.table import Record

#: The member of a row whose record names none.
NOBODY: Final = "-"
#: The dimensions whose members are users.
_OF_USERS: Final = ("owner", "split")


def usual(who: Principal) -> str:
    """Return the dimension somebody reads by when they do not say: teams, or themselves."""
    return "team" if who.sees_all or who.managed_teams else "owner"


def admitted(who: Principal, *, by: str, member: str | None) -> str | None:
    """Return the member to read (None: all in reach); a rep's is always the rep.

    Forbidden for a dimension that is not theirs to read by, NotFound for a member out of reach.
    """
    if who.sees_all:
        return member
    if by not in _OF_USERS and not (by == "team" and who.managed_teams):
        raise errors.Forbidden
    if member is None:
        return None if who.managed_teams else who.id
    if not _reaches(who, by, member, Record.anywhere(member)):
        raise errors.NotFound
    return member


def require_all(who: Principal) -> None:
    """Raise Forbidden unless somebody sees all: for figures of the company as a whole."""
    if not who.sees_all:
        raise errors.Forbidden


def names(who: Principal, *, by: str, members: Iterable[str]) -> dict[str, str | None]:
    """Return the members in reach with their names, from one batched read for 100 of them.

    What is no id (a region, a source) is its own name.
    """
    given = set(members)
    known = Record.many_anywhere(given)
    return {
        member: _name(member, known.get(member))
        for member in given
        if who.sees_all or _reaches(who, by, member, known.get(member))
    }


def shown(member: str) -> str | None:
    """Return a member as it is shown: None for records that name none."""
    return None if member == NOBODY else member


def _reaches(who: Principal, by: str, member: str, record: Any) -> bool:
    if by == "team":
        return member in who.managed_teams
    return member == who.id or (record is not None and access.reaches(who, record))


def _name(member: str, record: Any) -> str | None:
    return str(record.name) if record is not None else shown(member)
