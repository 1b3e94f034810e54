"""Records that people own: whose they are, lists by reach, handing over, sharing, voiding.

class Lead(Owned):
    Meta = meta("leads")
    kind = "lead"
    area = "leads"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead"))
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any, ClassVar, Final, TypeVar

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import access, clock, errors, ids
from chalicelib.core.access import Principal, Role
from chalicelib.core.attributes import DocumentAttribute
from chalicelib.core.changelog import Change
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, Record, expect, index, page

VOIDED: Final = "VOIDED"
#: What stands before the place of a voided record: it leaves the lists, and has a list of its own.
ASIDE: Final = "~"


class Owned(Record):
    """A record that somebody owns. `area` is what permissions on it are called (``leads:write``).

    `shared_with` maps a user's or team's id to "read" or "write". `listed` is its place in lists:
    the id, so the order of creation. A kind with another order writes ``<kind>_<order>…`` there
    itself. It begins with the kind because several kinds may share a table, and so an index.
    """

    area: ClassVar[str]

    status = UnicodeAttribute()
    owner_id = UnicodeAttribute()
    team_id = UnicodeAttribute(null=True)
    shared_with = DocumentAttribute(default=dict)
    created_month = UnicodeAttribute(default=lambda: clock.month(clock.today()))
    listed = UnicodeAttribute()
    voided_from = UnicodeAttribute(null=True)
    by_owner = index("owner_id", "listed")
    by_team = index("team_id", "listed")
    by_month = index("created_month", "listed")

    def __init__(self, *key: Any, **values: Any) -> None:
        super().__init__(*key, **values)
        self.listed = self.listed or self.id


#: Roles that sell: what they make is theirs.
_SELL: Final = frozenset({Role.REP, Role.MANAGER})

O = TypeVar("O", bound=Owned)  # noqa: E741 - the owned kind


def reached(model: type[O], item_id: str, *, who: Principal, to_write: bool = False) -> O:
    """Return a record in somebody's reach. NotFound otherwise; Forbidden when it is theirs to read only."""
    record = model.fetch(item_id)
    access.require_reach(who, record, to_write=to_write)
    return record


def owned_page(
    model: type[O],
    *,
    who: Principal,
    owner_id: str | None = None,
    team_id: str | None = None,
    month: str | None = None,
    voided: bool = False,
    between: Any = None,
    **paging: Any,
) -> Page[O]:
    """Return one page of an owner's, a team's or a month's records, newest first.

    `between` narrows it to a range of places (of `listed`); else all that stand, or the voided.

    Asked for none of them: a rep's own, a manager's first team, and this month's for those who
    see all. Invalid when asked for more than one; NotFound for a list out of reach.
    """
    require_one_list(owner_id=owner_id, team_id=team_id, month=month)
    query, key = _list(model, who, owner_id=owner_id, team_id=team_id, month=month)
    places = between if between is not None else standing(model, voided=voided)
    found = page(query, key, between=places, **paging)
    return in_reach(found, who) if owner_id else found


def _list(
    model: type[Owned], who: Principal, *, owner_id: str | None, team_id: str | None, month: str | None
) -> tuple[Callable[..., Any], str]:
    if month:
        require_list(who)
    else:
        owner_id, team_id = whose(who, owner_id=owner_id, team_id=team_id)
    if owner_id:
        return model.by_owner.query, owner_id
    if team_id:
        return model.by_team.query, team_id
    return model.by_month.query, month or clock.month(clock.today())


def whose(who: Principal, *, owner_id: str | None, team_id: str | None) -> tuple[str | None, str | None]:
    """Return the owner or the team whose list is asked for, or neither for everybody's.

    Asked for neither: a rep's own, a manager's first team's, everybody's for those who see all.
    Invalid when asked for both; NotFound for a list out of reach.
    """
    require_one_list(owner_id=owner_id, team_id=team_id)
    if not (owner_id or team_id or who.sees_all):
        team_id = min(who.managed_teams, default=None)
        owner_id = None if team_id else who.id
    require_list(who, owner_id=owner_id, team_id=team_id)
    return owner_id, team_id


def in_reach(found: Page[O], who: Principal) -> Page[O]:
    """Return a page without what is out of somebody's reach."""
    return Page([record for record in found.items if access.reaches(who, record)], found.after)


def require_one_list(**asked: Any) -> None:
    """Raise Invalid, naming each, when more than one list is asked for."""
    given = [name for name, value in asked.items() if value]
    if len(given) > 1:
        raise errors.Invalid(*(errors.FieldError(name, "one_list") for name in given))


def require_list(who: Principal, *, owner_id: str | None = None, team_id: str | None = None) -> None:
    """Raise NotFound unless somebody may ask for an owner's list, a team's, or (neither given) all.

    A manager may ask for anybody's: what is not the team's is left out (`in_reach`).
    """
    if who.sees_all:
        return
    allowed = owner_id == who.id or bool(who.managed_teams) if owner_id else team_id in who.managed_teams
    if not allowed:
        raise errors.NotFound


def standing(model: type[Owned], *, voided: bool = False) -> Any:
    """Return the range condition for a kind's records in a list: those that stand, or the voided."""
    # Upper-case letters and digits follow the kind; a longer kind's name goes on in lower case.
    first = (ASIDE if voided else "") + model.kind + "_"
    return model.listed.between(first, first + "Z~")


def owner_to_be(area: str, *, by: Principal, asked: str | None, otherwise: str) -> str:
    """Return who is to own a new record: who was asked for, else the caller who sells, else `otherwise`.

    Forbidden to ask for somebody else without the right to approve in the area.
    """
    if asked and asked != by.id:
        access.require(by, f"{area}:approve")
    return asked or (by.id if by.role in _SELL else otherwise)


def reassign(
    record: Owned,
    *,
    to: Mapping[str, Any],
    by: Principal,
    version: int | None = None,
    step: Step | None = None,
    **also: Any,
) -> None:
    """Give a record to another owner; `to` has the new `owner_id` and `team_id`.

    Its owner may, and whoever may approve in its area. `also` are further attributes to set; with a
    step it is a part of it. Conflict when it is voided.
    """
    _require_say(record, by)
    expect(record, version)
    own = step or Step(by=by.id)
    own.change(record, **to, **also)
    if step is None:
        own.commit()


def share(
    record: Owned, *, with_id: str, right: str | None, by: Principal, version: int | None = None
) -> None:
    """Let a user or team read or write a record; `right` None ends it.

    Its owner may, and whoever may approve in its area. Invalid (`with_id`) for nobody known,
    Conflict when it is voided.
    """
    _require_say(record, by)
    expect(record, version)
    if right and (ids.kind_of(with_id) not in {"user", "team"} or Record.anywhere(with_id) is None):
        raise errors.Invalid.one("with_id", "unknown_reference")
    others = {holder: had for holder, had in record.shared_with.items() if holder != with_id}
    change(record, by=by.id, shared_with=others | ({with_id: right} if right else {}))


def require_standing(record: Owned) -> None:
    """Raise Conflict when a record is voided: it is restored first, then worked with."""
    if record.status == VOIDED:
        raise errors.Conflict("voided")


def _require_say(record: Owned, by: Principal) -> None:
    access.require_reach(by, record, to_write=True)
    if record.owner_id != by.id:
        access.require(by, f"{record.area}:approve")
    require_standing(record)


def void(step: Step, record: Owned, **also: Any) -> None:
    """Take a record out of lists and figures; it can be restored. Conflict when it is voided."""
    require_standing(record)
    step.change(record, status=VOIDED, voided_from=record.status, listed=ASIDE + record.listed, **also)


def restore(step: Step, record: Owned, **also: Any) -> None:
    """Bring a voided record back as it was. Conflict when it is not voided."""
    if record.status != VOIDED:
        raise errors.Conflict("not_voided")
    listed = record.listed.removeprefix(ASIDE)
    step.change(record, status=record.voided_from, voided_from=None, listed=listed, **also)


def follow_owner(moved: Change, *models: type[Owned]) -> None:
    """React to a user's change of team: what they own moves along, the voided too.

    A voided record that stayed would come back, when it is restored, to a team its owner has left.
    Safe to repeat, and to run late: it looks at the team the owner is in now.
    """
    if "team_id" not in moved.fields or moved.before is None:
        return
    owner: Any = Record.anywhere(moved.id)
    if owner is None:
        return
    for model, voided in product(models, (False, True)):
        for record in model.by_owner.query(owner.id, standing(model, voided=voided)):
            if record.team_id != owner.team_id:
                change(record, by=access.SYSTEM.id, team_id=owner.team_id)


def stay_with_owner(came: Change) -> None:
    """React to a record that came to an owner: it stands in the team the owner is in now.

    Who wrote it had read the owner's team before; an owner who moved in between has been followed
    (`follow_owner`) by all but this one. Safe to repeat, and to run late.
    """
    image = came.after or {}
    if not image.get("owner_id") or {"owner_id", "team_id"}.isdisjoint(came.fields):
        return
    owner: Any = Record.anywhere(image["owner_id"])
    if owner is None or owner.team_id == image.get("team_id"):
        return
    record: Any = Record.anywhere(came.id)
    if record is not None and record.owner_id == owner.id and record.team_id != owner.team_id:
        change(record, by=access.SYSTEM.id, team_id=owner.team_id)
