"""What two people do at the same instant, on an emulator that takes writes in parallel."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from chalicelib.core import access, errors
from chalicelib.customers.accounts import service as accounts
from tests.client import REP
from tests.customers import builders
from tests.organisation.people.builders import hire_everybody

AT_ONCE = 8
ROUNDS = 10


def _at_once(verb: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(verb, arguments))


def test_a_company_added_by_many_at_once_is_one_account(emulated: str) -> None:
    hire_everybody()

    def add(name: str) -> str | None:
        try:
            return builders.account(name).id
        except errors.AlreadyExists as refused:
            return refused.holder

    for company in range(ROUNDS):
        names = [f"Company {company}"] * AT_ONCE
        assert len(set(_at_once(add, names))) == 1
    assert len(accounts.accounts(who=REP, limit=200).items) == ROUNDS


def test_of_wins_recorded_at_once_the_earliest_counts(emulated: str) -> None:
    hire_everybody()
    account = builders.account()

    def record(on: date) -> None:
        while True:  # as the stream does: what met another write comes again
            try:
                return accounts.record_win(account.id, on, access.SYSTEM.id)
            except errors.Stale:
                continue

    _at_once(record, [date(2026, 1, day) for day in range(AT_ONCE, 0, -1)])

    assert accounts.account(account.id, who=REP).customer_since == date(2026, 1, 1)
