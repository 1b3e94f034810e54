"""Dealing a book out: who of several gets which record. What belongs to one customer stays together."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import cycle, islice
from typing import Any, Final

from chalicelib.core import clock, guards
from chalicelib.core.step import Step
from chalicelib.core.table import Record
from chalicelib.organisation.people import service as people
from chalicelib.platform.handovers.models import Handover

#: For so long it is known who got which customer: no handover takes longer.
KNOWN_FOR: Final = timedelta(days=90)


def receivers(to_ids: Iterable[str]) -> list[str]:
    """Return those of the people named who work here now, in their order."""
    found = [people.user_or_none(user_id) for user_id in to_ids]
    return [user.id for user in found if user is not None and user.status == "ACTIVE"]


def deal(step: Step, handover: Handover, records: Sequence[Any], to: Sequence[str]) -> dict[str, Any]:
    """Return the batch of these records, each with who of `to` gets it, and whose turn it is then.

    A customer's records all go to who has the customer, if it is one of them, else to who got the
    first of them; so they are known by a key of the handover, which is added to the step.
    """
    if len(to) == 1:
        return {"batch": [{"id": record.id, "to": to[0]} for record in records], "turn": handover.turn}
    keys = {whole: f"handover|{handover.id}|{whole}" for whole in map(_belongs_to, records)}
    known = guards.holders(keys.values())
    whole_to = {whole: known[key] for whole, key in keys.items() if known.get(key) in to}
    new = [whole for whole in keys if whole not in whole_to]
    whole_to |= {whole: owner for whole, owner in _owners(new).items() if owner in to}
    in_turn = [whole for whole in new if whole not in whole_to]
    whole_to |= dict(zip(in_turn, islice(cycle(to), handover.turn % len(to), None), strict=False))
    for whole in new:
        _remember(step, keys[whole], whole_to[whole], was=known.get(keys[whole]))
    batch = [{"id": record.id, "to": whole_to[_belongs_to(record)]} for record in records]
    return {"batch": batch, "turn": handover.turn + len(in_turn)}


def _belongs_to(record: Any) -> str:
    """Return what a record is a part of: its account, what it is about, or itself."""
    for name in ("account_id", "about_id"):
        if whole := getattr(record, name, None):
            return str(whole)
    return str(record.id)


def _owners(wholes: Iterable[str]) -> dict[str, Any]:
    found = Record.many_anywhere(wholes)
    return {whole: getattr(record, "owner_id", None) for whole, record in found.items()}


def _remember(step: Step, key: str, who: str, *, was: str | None) -> None:
    if was is None:
        step.claim(key, who, until=clock.now() + KNOWN_FOR)
    else:
        # Whoever got the first of it has left since.
        step.hand_on(key, was, to=who)
