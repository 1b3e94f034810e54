"""What an interaction or a task is about: any record that somebody owns and the caller reaches."""

from collections.abc import Iterator, Sequence
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
    for item_id in filter(None, (found.about_id, found.account_id, *_became(found.about_id))):
        try:
            subject(item_id, who=who)
        except errors.NotFound:
            continue
        return
    raise errors.NotFound


def _became(about_id: str | None) -> Iterator[str | None]:
    """Yield the records that a lead has become: whoever sees one of them sees its story."""
    lead: Any = Record.anywhere(about_id) if about_id and ids.kind_of(about_id) == "lead" else None
    if lead is not None:
        yield from (lead.contact_id, lead.opportunity_id)


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

    What was about a lead is also about the contact and the deal that it became.
    `others` are lists that were asked for at the same time: Invalid when there is one.
    """
    ownership.require_one_list(about_id=about_id, **others)
    record: Any = subject(about_id, who=who)
    paging: dict[str, Any] = {"between": ownership.standing(model, voided=voided), "limit": limit}
    if record.kind == "account":
        return page(model.by_account.query, about_id, after=after, **paging)
    leads: list[str | None] = [getattr(record, "lead_id", None), *getattr(record, "joined_lead_ids", ())]
    return _page_of(model, [about_id, *filter(None, leads)], after=after, **paging)


def _page_of(model: type[T], about_ids: Sequence[str], *, after: Any, limit: int, between: Any) -> Page[T]:
    """Return a page of what is about any of some records; its place is one in the list of the first."""
    query, first = model.by_about.query, {"S": about_ids[0]}
    if len(about_ids) == 1 or (after is not None and after.get("about_id") != first):
        return page(query, about_ids[0], between=between, limit=limit, after=after)
    found = [
        page(query, each, between=between, limit=limit, after=after and {**after, "about_id": {"S": each}})
        for each in about_ids
    ]
    # Where one list goes on, nothing beyond that place is shown yet.
    goes_on = max((each.after["listed"]["S"] for each in found if each.after), default="")
    items = sorted(
        (item for each in found for item in each.items), key=lambda item: item.listed, reverse=True
    )
    shown = [item for item in items if item.listed >= goes_on][:limit]
    if not goes_on and len(shown) == len(items):
        return Page(shown)
    last = shown[-1]
    return Page(shown, {"about_id": first, "listed": {"S": last.listed}, "id": {"S": last.id}})


def told_of(about_id: str) -> Iterator[Activity]:
    """Yield every interaction about a record, the first one first."""
    return Activity.by_about.query(about_id, ownership.standing(Activity))


def hand_on(about_id: str, *, to: str) -> None:
    """Let all that is about a record be about another that it was merged into. Safe to repeat."""
    for each in _story(about_id):
        change(each, by=access.SYSTEM.id, about_id=to, moved_from=[*each.moved_from, about_id])


def belong_to(account_id: str, *, about_id: str) -> None:
    """Let all that is about a record be an account's too. Safe to repeat."""
    for each in _story(about_id):
        if each.account_id != account_id:
            change(each, by=access.SYSTEM.id, account_id=account_id)


def hand_back(about_id: str, *, to: str) -> None:
    """Let what came to a record from another be about that one again. Safe to repeat."""
    its = {"about_id": to, "account_id": account_of(Record.anywhere(to))}
    for each in _story(about_id):
        if each.moved_from[-1:] == [to]:
            change(each, by=access.SYSTEM.id, **its, moved_from=each.moved_from[:-1])


def _story(about_id: str) -> Iterator[Any]:
    for voided in (False, True):
        yield from Activity.by_about.query(about_id, ownership.standing(Activity, voided=voided))
        yield from Task.by_about.query(about_id, ownership.standing(Task, voided=voided))


def owner_of(record: Any, *, otherwise: str) -> dict[str, Any]:
    """Return a record's owner and team, for what is added to it; `otherwise` owns what nobody does."""
    return {"owner_id": record.owner_id or otherwise, "team_id": record.team_id}
