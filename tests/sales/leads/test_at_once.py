"""What visitors do at the same instant, on an emulator that takes writes in parallel."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.core import access, clock, errors
from chalicelib.core.guards import Guard
from chalicelib.core.step import change
from chalicelib.organisation.people import directory
from chalicelib.organisation.people.models import User
from chalicelib.sales.leads import service
from chalicelib.sales.leads.assignment import EVERYBODY
from chalicelib.sales.leads.models import Lead, Submission, Touch
from tests.client import COLLEAGUE, OPERATIONS, REP
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import DEMO, LI, all_of, waiting

AT_ONCE = 2


def at_once(verb: Callable[[Any], Any], arguments: Iterable[Any], number: int = AT_ONCE) -> list[Any]:
    with ThreadPoolExecutor(number) as visitors:
        return list(visitors.map(verb, arguments))


def open_form(**parts: Any) -> str:
    """A form without tokens and in effect without limits."""
    limits = {name: {"posts": 100_000, "seconds": 60} for name in ("address_limit", "form_limit")}
    definition = DEMO | {"token_required": False} | limits | parts
    return service.add_form(by=OPERATIONS, **definition).id


def post(form_id: str, email: str) -> str:
    """Post to a form, from an address of one's own."""
    told = {"address": email, "origin": "", "host": "", "language": "en"}
    return service.submit(form_id, {**LI, "phone": "", "email": email}, **told).id


def arrive(submission_id: str) -> None:
    """Deliver a submission, as the stream does: what met another write comes again."""
    while True:
        try:
            service.receive(submission_id)
        except (errors.Busy, errors.Stale):
            continue
        return


def two_posts_of_each(people: int) -> None:
    form_id = open_form()
    for person in range(people):
        email = f"p{person}@example.cn"
        receipts = at_once(partial(post, form_id), [email] * AT_ONCE)
        at_once(arrive, [*receipts, receipts[0]])


def assert_one_lead_each(people: int) -> None:
    leads = all_of(Lead)
    assert len({lead.email for lead in leads}) == len(leads) == people
    assert {lead.touches for lead in leads} == {1}
    assert len(all_of(Touch)) == people
    assert {submission.status for submission in all_of(Submission)} == {"DONE"}


def test_two_identical_posts_at_the_same_instant_are_one_lead(emulated: str) -> None:
    hire_everybody()

    two_posts_of_each(15)

    assert_one_lead_each(15)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_identical_posts_are_one_lead_a_thousand_times_over(emulated: str) -> None:
    hire_everybody()

    two_posts_of_each(1_000)

    assert_one_lead_each(1_000)


def test_a_limit_holds_exactly_however_many_post_at_once(emulated: str) -> None:
    form_id = open_form(form_limit={"posts": 7, "seconds": 3600})

    def attempt(person: int) -> bool:
        while True:
            try:
                post(form_id, f"p{person}@example.cn")
            except errors.TooMany:
                return False
            except errors.Busy:
                continue
            return True

    taken = at_once(attempt, range(24), 8)

    assert sum(taken) == len(all_of(Submission)) == 7


def test_a_daily_cap_holds_exactly_however_many_leads_come_at_once(emulated: str) -> None:
    hire_everybody()
    change(User.fetch(REP.id), by=access.SYSTEM.id, daily_lead_cap=5)
    directory.forget()
    rule = {**EVERYBODY, "code": "rita", "user_ids": [REP.id]}
    service.put_assignment_rules(version=None, by=OPERATIONS, rules=[rule])
    form_id = open_form()
    receipts = [post(form_id, f"p{person}@example.cn") for person in range(12)]

    at_once(arrive, receipts, 4)

    owned = [lead.owner_id == REP.id for lead in all_of(Lead)]
    assert (owned.count(True), owned.count(False)) == (5, 7)
    counted = Guard.get(f"lead|given|{REP.id}|{clock.today().isoformat()}")
    assert counted.n == 5


def test_of_two_who_claim_a_lead_at_once_one_gets_it(emulated: str) -> None:
    hire_everybody()
    pool = service.add_pool(name="Web", by=OPERATIONS)
    leads = waiting(pool.id, 6)

    def claim(asked: Any) -> bool:
        lead, who = asked
        try:
            service.claim(lead.id, version=None, by=who)
        except (errors.Stale, errors.NotFound):
            return False
        return True

    got = at_once(claim, [(lead, who) for lead in leads for who in (REP, COLLEAGUE)], 4)

    assert sum(got) == 6
