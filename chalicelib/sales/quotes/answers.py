"""What the customer does with a link: look, accept, or ask for changes. The link is the only right needed."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.quotes import links
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from chalicelib.sales.quotes.moves import end_version, note

#: Wishes for changes of one version.
MOST_REQUESTS: Final = 10


def opened(token: str) -> QuoteVersion:
    """Return what a link leads to. NotFound for one that does not hold."""
    return links.opened(token)


def accept(token: str, *, name: str, address: str) -> QuoteVersion:
    """Accept a version in somebody's name, from an address. Doing it again changes nothing.

    Conflict (`quote_closed`) when it was revised, has expired, or was turned down meanwhile.
    """
    return _answered(token, "ACCEPTED", lambda step, quote: _accepted(step, quote, name, address))


def ask_changes(token: str, *, name: str, message: str, address: str) -> QuoteVersion:
    """Ask for something else. The same wish again changes nothing; Conflict as for `accept`."""
    return _answered(token, None, lambda step, quote: _asked(step, quote, name, message, address))


def _answered(token: str, done: str | None, answer: Callable[[Step, Quote], None]) -> QuoteVersion:
    for last in (False, True):
        version = links.opened(token)
        if version.status == done:
            return version
        quote = Quote.fetch(version.quote_id)
        _require_open(version, quote)
        step = Step(by=access.SYSTEM.id)
        answer(step, quote)
        try:
            step.commit()
        except errors.Stale:
            # A second click, or the seller, was faster: what stands now decides.
            if last:
                raise
        else:
            break
    return links.opened(token)


def _require_open(version: QuoteVersion, quote: Quote) -> None:
    stands = version.status == quote.status == "PRESENTED" and version.revision == quote.revision
    if not stands or clock.today() > version.valid_until:
        state = version.status if version.status != "PRESENTED" else "EXPIRED"
        raise errors.Conflict("quote_closed", state=state)


def _accepted(step: Step, quote: Quote, name: str, address: str) -> None:
    told = {"name": name, "on": clock.today().isoformat(), "at": clock.iso(clock.now()), "address": address}
    note(step, quote, "accept", status="ACCEPTED", acceptance=told, due_minute=None)
    end_version(step, quote.id, quote.revision, "ACCEPTED")
    _tell_owner(step, quote, "accepted", name=name)


def _asked(step: Step, quote: Quote, name: str, message: str, address: str) -> None:
    mine = [each for each in quote.change_requests if each["revision"] == quote.revision]
    if any((each["name"], each["message"]) == (name, message) for each in mine):
        return
    if len(mine) >= MOST_REQUESTS:
        raise errors.TooMany(retry_after=86_400)
    wish = {
        "revision": quote.revision,
        "name": name,
        "message": message,
        "at": clock.iso(clock.now()),
        "address": address,
    }
    note(
        step, quote, "ask_changes", status=quote.status, change_requests=[*quote.change_requests, wish][-30:]
    )
    _tell_owner(step, quote, "changes", name=name, part=str(len(mine)))


def _tell_owner(step: Step, quote: Quote, about: str, *, name: str, part: str = "") -> None:
    owner = people.user_or_none(quote.owner_id)
    language = (owner and owner.language) or settings().language
    details: dict[str, Any] = {"about_id": quote.id, "account_id": quote.account_id}
    activities.add_task(
        step,
        id=ids.derived("task", quote.id, about, str(quote.revision), part),
        title=i18n.text(f"quote.task.{about}", language, number=quote.number, name=name)[:200],
        owner_id=quote.owner_id,
        team_id=quote.team_id,
        due_at=clock.now(),
        **details,
    )
