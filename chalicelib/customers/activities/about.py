"""What an interaction or a task is about: any record that somebody owns and the caller reaches."""

from collections.abc import Iterator
from typing import Any, TypeVar

from chalicelib.core import access, errors, ids, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import change
from chalicelib.core.table import Page, Record, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities.models import Activity, Task

T = TypeVar("T", Activity, Task)


def subject(about_id: str, *, who: Principal) -> Any:
    """Return the record. NotFound when there is none that is owned and in reach."""
    if ids.kind_of(about_id) == "contact":
        return accounts.contact(about_id, who=who)
    record = Record.anywhere(about_id)
    if record is None or not hasattr(record, "owner_id"):
        raise errors.NotFound
    access.require_reach(who, record)
    return record


def require_seen(found: Activity | Task, *, who: Principal, to_write: bool = False) -> None:
    """Raise NotFound unless somebody reaches it, what it is about, or its account: as lists show it.

    Forbidden to change one that is reached by what it is about only.
    """
    if access.reaches(who, found, to_write=to_write):
        return
    _require_seen_about(found, who=who)
    if to_write:
        raise errors.Forbidden


def _require_seen_about(found: Activity | Task, *, who: Principal) -> None:
    if access.reaches(who, found):
        return
    for item_id in filter(None, (found.about_id, found.account_id)):
        try:
            subject(item_id, who=who)
        except errors.NotFound:
            continue
        return
    raise errors.NotFound


def named(about_id: str, *, who: Principal) -> Any:
    """Return the record that a request names. Invalid (`about_id`) instead of NotFound."""
    try:
        return subject(about_id, who=who)
    except errors.NotFound:
        raise errors.Invalid.one("about_id", "unknown_reference") from None


def account_of(record: Any) -> str | None:
    """Return the account that a record is, or belongs to."""
    found: str | None = record.id if record.kind == "account" else getattr(record, "account_id", None)
    return found


def page_about(
    model: type[T],
    about_id: str,
    *,
    who: Principal,
    limit: int,
    after: Any = None,
    voided: bool = False,
    **others: str | None,
) -> Page[T]:
    """Return a page of what is about a record in reach, or about anything of an account, latest first.

    `others` are lists that were asked for at the same time: Invalid when there is one.
    """
    ownership.require_one_list(about_id=about_id, **others)
    subject(about_id, who=who)
    of_account = ids.kind_of(about_id) == "account"
    query = (model.by_account if of_account else model.by_about).query
    return page(query, about_id, between=ownership.standing(model, voided=voided), limit=limit, after=after)


def told_of(about_id: str) -> Iterator[Activity]:
    """Yield every interaction about a record, the first one first."""
    return Activity.by_about.query(about_id, ownership.standing(Activity))


def hand_on(about_id: str, *, to: str) -> None:
    """Let all that is about a record be about another that it was merged into. Safe to repeat."""
    for each in _story(about_id):
        change(each, by=access.SYSTEM.id, about_id=to, moved_from=[*each.moved_from, about_id])


def hand_back(about_id: str, *, to: str) -> None:
    """Let what came to a record from another be about that one again. Safe to repeat."""
    for each in _story(about_id):
        if each.moved_from[-1:] == [to]:
            change(each, by=access.SYSTEM.id, about_id=to, moved_from=each.moved_from[:-1])


def _story(about_id: str) -> Iterator[Any]:
    for voided in (False, True):
        yield from Activity.by_about.query(about_id, ownership.standing(Activity, voided=voided))
        yield from Task.by_about.query(about_id, ownership.standing(Task, voided=voided))


def owner_of(record: Any, *, otherwise: str) -> dict[str, Any]:
    """Return a record's owner and team, for what is added to it; `otherwise` owns what nobody does."""
    return {"owner_id": record.owner_id or otherwise, "team_id": record.team_id}
